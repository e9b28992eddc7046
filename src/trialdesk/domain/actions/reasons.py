"""The short lists of reasons a person chooses from: one home for screen, paper and export."""

from __future__ import annotations

from trialdesk.domain.text import Text

Choices = tuple[tuple[str, Text], ...]

MISSING: Choices = (
    ("ND", Text(en="Not done", zh="未做")),
    ("UNK", Text(en="Unknown", zh="不详")),
    ("NA", Text(en="Not applicable", zh="不适用")),
)
"""Why an answer has no value (CDASH: not done, unknown, not applicable)."""

EXPLANATIONS: Choices = (
    ("LOGISTICS", Text(en="Product or ward logistics", zh="制品或排程")),
    ("MEDICAL", Text(en="Medical reason", zh="医学原因")),
    ("SUBJECT", Text(en="Participant's wish", zh="受试者原因")),
    ("CONFIRMED", Text(en="Checked against the source", zh="已与源文件核对")),
    ("OTHER", Text(en="Other…", zh="其他…")),
)
"""Why a value is kept in spite of a soft finding; the digit is the place in this list."""

CHANGES: Choices = (
    ("TRANSCRIPTION", Text(en="Transcription error", zh="抄录错误")),
    ("SOURCE", Text(en="The source was corrected", zh="源文件已更正")),
    ("LATE", Text(en="Result came late", zh="结果后到")),
    ("QUERY", Text(en="Answer to a query", zh="答复质疑")),
    ("OTHER", Text(en="Other…", zh="其他…")),
)
"""Why something is changed after the form was complete."""

CHANGED: Choices = (
    *CHANGES,
    ("UNDO", Text(en="Taken back by the person who typed it", zh="录入者撤销")),
    ("REDO", Text(en="Put back by the person who took it back", zh="录入者重做")),
    ("IMPORT", Text(en="From the laboratory system, confirmed", zh="来自检验系统，已确认")),
)
"""Every reason a change may carry in the trail: those a person chooses, Ctrl+Z and Ctrl+Y, and a confirmed import."""


def words_of(choices: Choices, code: str, added: str = "") -> Text:
    """The words of a reason with what the person added; an unknown code (of a newer list) stands for itself."""
    known = dict(choices).get(code, Text(en=code, zh=code))
    if not added:
        return known
    return Text(en=f"{known.en.rstrip('…')}: {added}", zh=f"{known.zh.rstrip('…')}：{added}")
