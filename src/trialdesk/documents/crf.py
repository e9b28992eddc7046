"""A form on paper: both languages, answers with units and ranges, findings with reasons, queries, changes.

Everything reads in black and white: states are shapes and words, the only colour is the participant's plate.
"""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.documents import fonts
from trialdesk.documents.binding import bind
from trialdesk.documents.content import (
    CrfAuditLine,
    CrfContent,
    CrfFinding,
    CrfNote,
    CrfQuery,
    CrfRow,
    CrfSection,
    CrfSignature,
    CrfTable,
)
from trialdesk.documents.glyphs import MissingGlyph
from trialdesk.documents.paper import BODY, FOOT, HEIGHT, MARGIN, WIDTH, About, Attachment, Paper
from trialdesk.documents.tables import GAP, row, table, title
from trialdesk.documents.wrapping import GREY, INK, Line, Piece, Style, flow
from trialdesk.domain.text import Text

SIGNATURE_SPACE = 132.0 - FOOT
"""Height kept free at the end of the last page for the two signature stamps, in points; see `signing.BOXES`."""

_PLACES = (MARGIN + 3, MARGIN + 3 + BODY * 0.37, MARGIN + 3 + BODY * 0.63)
_WIDTHS = (BODY * 0.37 - GAP, BODY * 0.26 - GAP, BODY * 0.37 - GAP)
_KINDS = ("TH", "TD", "TD")
_LABEL, _LABEL_EN, _NAME = Style(9), Style(7.4, GREY, english=True), Style(6, GREY)
_VALUE, _WORDS_EN, _SMALL = Style(9, strong=True), Style(7.4, GREY, english=True), Style(7, GREY)
_NOTE, _NOTE_EN, _NOTE_STRONG = Style(7), Style(7, GREY, english=True), Style(7, strong=True)
_SCANS = Text(en="Keyed from paper", zh="据纸质表单录入")
_SHAPES = {"soft": "△ ", "hard": "■ ", "missing": "□ "}
_SEVERITY = {"hard": Text(en="must be corrected", zh="必须改正"), "missing": Text(en="missing", zh="未填")}


def render_crf(content: CrfContent) -> bytes:
    """The pages of a form as PDF/A-3b, judged before it is returned; raises KnownError for missing glyphs."""
    from trialdesk.documents.archival import judged

    return judged(draw(content))


def draw(content: CrfContent) -> bytes:
    """The same file before it is judged; every character is looked for in the font before a page is begun."""
    paper = Paper()
    try:
        draw_form(paper, content, level=0)
        paper.need(SIGNATURE_SPACE)
        paper.finish()
    except MissingGlyph:
        fonts.refuse_missing(words_by_field(content))
        raise
    return bind(paper, about(content))


def about(content: CrfContent) -> About:
    """What the file says of itself, with the data of the form inside."""
    says = f"{content.form.en} {content.subject} {content.path}".strip()
    inside = []
    if content.odm:
        inside.append(Attachment(content.odm_name, content.odm, f"CDISC ODM 1.3.2: {says}", "text/xml", "Data"))
    if content.data:
        inside.append(Attachment(content.data_name, content.data, f"records: {says}", "application/json", "Source"))
    return About(
        title=f"{content.form.zh} {content.form.en}",
        subject=f"{content.subject} {content.visit.en}",
        author=f"TrialDesk {content.registration}",
        made=content.made,
        attachments=tuple(inside),
    )


def draw_form(paper: Paper, content: CrfContent, level: int, above: Text | None = None) -> None:
    """The pages of one form; `level` is where its bookmark stands, `above` a bookmark that opens a chapter."""
    paper.section(CrfFrame(content))
    if above is not None:
        paper.bookmark(f"{above.zh} {above.en}", level - 1)
    paper.bookmark(f"{content.form.zh} {content.form.en}", level)
    paper.begin("Sect")
    for part in content.parts:
        if isinstance(part, CrfSection):
            _section(paper, part, level + 1)
        else:
            table(paper, part, bookmark=level + 1)
            for finding in part.findings:
                paper.paragraph(_finding(finding), after=1)
            for query in part.queries:
                paper.paragraph(_query(query), after=1)
            for note in part.written:
                paper.paragraph(_written(note), after=1)
        paper.y -= 10
    if content.signatures:
        table(paper, signature_table(content.signatures), bookmark=level + 1)
        paper.y -= 10
    if content.scans:
        heads = (
            Text(en="When", zh="时间"),
            Text(en="Account", zh="账户"),
            Text(en="Scan (SHA-256)", zh="扫描件（SHA-256）"),
        )
        table(paper, CrfTable(_SCANS, heads, content.scans, weights=(20, 16, 64)), bookmark=level + 1)
        paper.y -= 10
    if content.audit:
        table(paper, audit_table(content.audit), bookmark=level + 1)
        paper.y -= 10
    paper.end()


def _section(paper: Paper, section: CrfSection, level: int) -> None:
    label = section.row_label
    words = section.title
    if label:
        words = Text(en=f"{words.en}, {label.en}", zh=f"{words.zh}，{label.zh}")
    title(paper, words, bookmark=level)
    paper.begin("Table")
    for one in section.rows:
        row(paper, (_label(one), _answer(one), _remarks(one)), _PLACES, _KINDS)
    paper.end()


def _label(one: CrfRow) -> list[Line]:
    pieces: list[Piece] = [(one.label.zh, _LABEL)]
    if one.setting:
        pieces.append((" ◇", _SMALL))
    pieces += [(f"  {one.label.en}", _LABEL_EN), (f"  {one.name}", _NAME)]
    return flow(pieces, _WIDTHS[0])


def _answer(one: CrfRow) -> list[Line]:
    if not one.value:
        return flow([("未填 ", _SMALL), ("not answered", _NOTE_EN)], _WIDTHS[1])
    if one.words is None:
        pieces: list[Piece] = [(one.value, _VALUE, one.path)]
        if one.unit:
            pieces.append((f" {one.unit}", _SMALL))
        return flow(pieces, _WIDTHS[1])
    coded = f"{one.path}|zh" if one.path else ""
    return flow(
        [
            (one.words.zh, _VALUE, coded),
            (f"  {one.words.en}", _WORDS_EN),
            (f" [{one.value}]", _SMALL, one.path),
        ],
        _WIDTHS[1],
    )


def _remarks(one: CrfRow) -> list[Line]:
    parts: list[list[Piece]] = []
    if one.range:
        parts.append([(f"参考 expected {one.range}", _SMALL)])
    if one.derived:
        parts.append([("计算值 computed", _SMALL)])
    parts += [[(f"{note.zh} ", _NOTE), (note.en, _NOTE_EN)] for note in one.notes]
    parts += [_finding(finding) for finding in one.findings]
    parts += [_query(query) for query in one.queries]
    parts += [_written(note) for note in one.written]
    if not parts:
        return []
    pieces = parts[0]
    for part in parts[1:]:
        pieces = [*pieces, ("\n", _NOTE), *part]
    return flow(pieces, _WIDTHS[2])


def _finding(finding: CrfFinding) -> list[Piece]:
    pieces: list[Piece] = [(_SHAPES[finding.severity], _NOTE), (finding.rule, _NOTE_STRONG), (" ", _NOTE)]
    known = _SEVERITY.get(finding.severity)
    if known:
        pieces += [(f"{known.zh} ", _NOTE_STRONG), (f"{known.en} ", _NOTE_EN)]
    pieces += [(f"{finding.says.zh} ", _NOTE), (finding.says.en, _NOTE_EN)]
    if finding.reason is not None:
        pieces += [
            ("\n✓ 已说明 ", _NOTE),
            ("kept: ", _NOTE_EN),
            (f"{finding.reason.zh} ", _NOTE_STRONG),
            (finding.reason.en, _NOTE_EN),
        ]
        if finding.kept_by:
            pieces.append((f"  {finding.kept_by}", _SMALL))
    return pieces


def _query(query: CrfQuery) -> list[Piece]:
    pieces: list[Piece] = [
        ("? 质疑 ", _NOTE),
        ("query ", _NOTE_EN),
        (f"{query.state.zh} ", _NOTE_STRONG),
        (f"{query.state.en}: ", _NOTE_EN),
        (f"{query.says.zh} ", _NOTE),
        (query.says.en, _NOTE_EN),
    ]
    pieces += [(f"\n→ {words}", _NOTE) for words in query.said]
    return pieces


def _written(note: CrfNote) -> list[Piece]:
    pieces: list[Piece] = [("备注 ", _NOTE_STRONG), ("note ", _NOTE_EN)]
    if note.where is not None:
        pieces += [(f"{note.where.zh} ", _NOTE), (f"{note.where.en}: ", _NOTE_EN)]
    return [*pieces, (note.words, _NOTE), (f"  {note.written_by}", _SMALL)]


def audit_table(lines: tuple[CrfAuditLine, ...]) -> CrfTable:
    """The changes of a form, oldest first."""
    heads = (
        Text(en="When", zh="时间"), Text(en="Who", zh="人员"), Text(en="Item", zh="项目"),
        Text(en="Before", zh="原值"), Text(en="After", zh="新值"), Text(en="Why", zh="原因"),
    )  # fmt: skip
    cells = tuple((one.at, one.who.zh, one.item, one.before, one.after, one.why) for one in lines)
    return CrfTable(Text(en="Changes", zh="稽查轨迹摘要"), heads, cells)


def signature_table(signatures: tuple[CrfSignature, ...]) -> CrfTable:
    """The signatures given so far, each with its meaning."""
    heads = (
        Text(en="When", zh="时间"), Text(en="Who", zh="人员"), Text(en="Meaning", zh="签名含义"),
        Text(en="Signed file (SHA-256)", zh="签名文件（SHA-256）"),
    )  # fmt: skip
    cells = tuple(
        (one.at, f"{one.who.zh} {one.role.zh}", f"{one.meaning.zh} {one.meaning.en}", one.document[:16] + "…")
        for one in signatures
    )
    return CrfTable(Text(en="Signatures", zh="签名"), heads, cells)


@dataclass(frozen=True)
class CrfFrame:
    """Head and foot of a form's pages."""

    content: CrfContent

    def head(self, paper: Paper) -> None:
        """Who, which form, which visit, which study; and the large grey word of a training desk."""
        content, top, right = self.content, HEIGHT - 40, WIDTH - MARGIN
        if content.training:
            training(paper)
        paper.plate(content.number, MARGIN, top - 18, content.hue)
        paper.artifact(content.form.zh, MARGIN + 56, top - 2, Style(14, strong=True))
        paper.artifact(content.form.en, MARGIN + 56, top - 16, Style(8.5, GREY))
        who = "   ".join(part for part in (content.initials, content.person.zh, content.person.en) if part)
        paper.artifact(who, right, top - 2, Style(9), "right")
        visit = f"{content.visit.zh} {content.visit.en}   {content.visit_date}".rstrip()
        paper.artifact(visit, right, top - 15, Style(8.5), "right")
        study = f"{content.registration}   {content.study.zh}   方案 protocol {content.protocol_version}   中心 site {content.site}"
        paper.artifact(study, MARGIN, top - 34, Style(7.5, GREY))
        state = f"{content.state.zh} {content.state.en}   {content.form_oid} v{content.form_version}"
        paper.artifact(state, right, top - 34, Style(7.5), "right")
        paper.rule(top - 41, ink=INK, w=1.2)

    def foot(self, paper: Paper, page: int, pages: int) -> None:
        """The seal of the last record, when it was printed, the page, and what the marks mean."""
        content, right = self.content, WIDTH - MARGIN
        paper.rule(FOOT, w=0.5)
        seal = f"记录 record {content.record_number}   链 chain {content.chain_head[:16]}…{content.chain_head[-8:]}"
        paper.artifact(seal, MARGIN, FOOT - 12, Style(7, GREY))
        made = f"{content.printed_at}   版本 release {content.study_version}   {content.subject}"
        paper.artifact(made, MARGIN, FOOT - 22, Style(7, GREY))
        paper.artifact(f"第 {page} 页，共 {pages} 页   page {page} / {pages}", right, FOOT - 12, Style(7.5), "right")
        paper.artifact(SETTING_MARK, right, FOOT - 22, Style(6.5, GREY), "right")


SETTING_MARK = "◇ 研究设定，注册信息未规定 study setting, not in the registration"


def training(paper: Paper) -> None:
    """The large grey word of a training desk, behind everything else."""
    x, y = WIDTH / 2, HEIGHT / 2
    style = Style(60, "#EDEDED", strong=True)
    paper._code.append(f"q 0.819 0.574 -0.574 0.819 {x:.1f} {y:.1f} cm")
    paper.artifact("训练 TRAINING", 0, 0, style, "centre")
    paper._code.append("Q")
    paper._ink = ""


def words_by_field(content: CrfContent) -> dict[str, str]:
    """Every word that will be printed, by the field (or part of the page) it stands in."""
    found = {"": " ".join((content.initials, content.visit_date, content.printed_at))}
    for text in (content.study, content.person, content.visit, content.form, content.state):
        found[""] += f" {text.zh} {text.en}"
    for part in content.parts:
        if isinstance(part, CrfSection):
            for one in part.rows:
                found[f"{one.name} {one.label.zh}"] = _every_word(one)
        else:
            found[part.title.zh] = repr(part)
    found["audit"] = repr(content.audit) + repr(content.signatures)
    return found


def _every_word(one: CrfRow) -> str:
    said = [one.value, one.label.zh, one.label.en, one.unit or "", one.range or ""]
    said += [f"{text.zh} {text.en}" for text in (one.words, *one.notes) if text]
    said += [repr(finding) for finding in one.findings] + [repr(query) for query in one.queries]
    said += [repr(note) for note in one.written]
    return " ".join(said)
