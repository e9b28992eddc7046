"""Everything known of one field at the centre: value, why it is hidden, findings, verification, queries, history."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from trialdesk.domain.clinical.changes import SourceVerified
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.centre_record import HeldAnswer, history
from trialdesk.ui import look, parts
from trialdesk.ui.centre.thread import Thread


def field_parts(study: Study, data: SubjectData, field: HeldAnswer) -> Iterator[QWidget]:
    """The parts of a field's card from top to bottom."""
    yield parts.words(look.first(field.label), "heading", wrap=True)
    yield parts.words(look.second(field.label), "small", "ink3", wrap=True)
    value = f"{look.first(field.value)} {field.unit or ''}".strip() if field.value else "–"
    quiet = field.state in ("skipped", "parked", "ghost", "struck")
    yield parts.words(value, "title", "ink3" if quiet else "ink", wrap=True)
    if field.state in ("skipped", "parked", "ghost") and field.because is not None:
        yield _sentence("info", "not_done", _HIDDEN.format(why=field.because))
    elif field.state == "struck":
        yield _sentence("info", "not_done", _STRUCK)
    for finding in field.findings:
        tone = "ok" if finding.settled else "hard" if finding.severity == "hard" else "warn"
        shape = "check" if finding.settled else "hard" if finding.severity == "hard" else "soft"
        yield _sentence(
            tone, shape, Text(en=f"{finding.says.en} {finding.rule}", zh=f"{finding.says.zh} {finding.rule}")
        )
    if field.verified is not None and isinstance(field.verified.change, SourceVerified):
        change = field.verified.change
        said = f"SDV: {change.source}, {change.where}, {field.verified.user} {field.verified.at[:10]}"
        yield _sentence("ok", "check", Text(en=said, zh=said))
    for query in field.queries:
        thread = Thread(study)
        thread.show_query(data, query.id, fields=False)
        yield thread
    yield parts.words(look.first(_HISTORY), "smallstrong", "ink2")
    lines = history(study, data, field.path)
    if not lines:
        yield parts.words(look.first(_NEVER), "small", "ink3", wrap=True)
    for line in reversed(lines):
        said = Text(en="{at}  {who}: {act} {value}", zh="{at}  {who}：{act} {value}").format(
            at=line.at, who=line.who, act=line.act, value=line.value
        )
        shown = [parts.words(look.first(said), "small", "ink2", wrap=True)]
        about = f"{look.first(line.role)}  {line.record}"
        about += f"  {look.first(line.why)}" if line.why else ""
        shown.append(parts.words(about, "small", "ink3", wrap=True))
        yield parts.column(*shown, gap=1)


def _sentence(tone: str, shape: str, says: Text) -> QWidget:
    line = parts.plane(
        tone, parts.icon(shape, 16, tone, f"{tone}_soft"), parts.words(look.first(says), "small", wrap=True),
        margins=(10, 6, 10, 6), across=True,
    )  # fmt: skip
    line.layout().setStretch(1, 1)  # type: ignore[union-attr]
    return line


_HISTORY = Text(en="History", zh="历史")
_NEVER = Text(en="Nothing was ever recorded here.", zh="此处从未有记录。")
_HIDDEN = Text(en="The ward does not see this field: {why}", zh="病房界面不显示此项：{why}")
_STRUCK = Text(
    en="The row was struck out; it counts nowhere and stays readable.", zh="该行已划去，不计入任何统计，仍可查阅。"
)
