"""What stands out in a site's audit trail, whose trail is to be looked through whole, and what each person entered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import Act, Role, may
from trialdesk.domain.clinical.trail_review import SIGN_WORDS, TrailSign
from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import ShieldRow, SiteMonitoring, chosen_people, visit_words
from trialdesk.ui import look, parts
from trialdesk.ui.centre.table import Cell, Table
from trialdesk.ui.visit.entry_line import EntryLine

_TONES = {
    "late": "warn",
    "after_signature": "hard",
    "night": "info",
    "rate": "warn",
    "corrected": "warn",
    "clock": "hard",
}


class TrailList(QWidget):
    """`reviewed` names participant and conclusion, `wanted` participant and form of a sign that was opened."""

    reviewed = Signal(str, str)
    wanted = Signal(str, object)

    def __init__(self, study: Study, role: Role) -> None:
        super().__init__()
        self._study = study
        self.title = parts.words("", "heading")
        head = parts.row(self.title, None, margins=(16, 10, 16, 6))
        self.table = Table(_HEADS, (146, 118, 170, 96, 96, 0))
        self.table.opened.connect(self._open)
        self.signs: tuple[TrailSign, ...] = ()
        signs = parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8))
        self.rates = Table(_RATE_HEADS, (0, 66, 78, 66, 58), high=34)
        rates_head = parts.row(parts.words(look.first(_RATES), "heading"), None, margins=(14, 10, 14, 6))
        rates = parts.plane("card", rates_head, self.rates, gap=0, margins=(1, 1, 1, 8))
        self.subject = QComboBox()
        self.subject.setAccessibleName(look.both(_PARTICIPANT))
        self.conclusion = EntryLine(_CONCLUSION)
        self.conclusion.returnPressed.connect(lambda: self._done())
        self.done = parts.Button(Text(en="Reviewed", zh="已审查"), "primary", "Enter", shape="check", high=32)
        self.done.clicked.connect(lambda: self._done())
        self.said = parts.words("", "small", "hard", wrap=True)
        self.todo = parts.words("", "small", "ink2", wrap=True)
        title = parts.words(look.first(_WHOLE), "heading")
        acts = parts.column(self.subject, self.conclusion, parts.row(None, self.done), self.said, gap=6)
        acts.setVisible(may(role, Act.REVIEW_TRAIL))
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(12)
        beside.addWidget(parts.plane("card", title, self.todo, acts, gap=6))
        beside.addWidget(rates, 1)
        right = QWidget()
        right.setFixedWidth(352)
        right.setLayout(beside)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        across.addWidget(signs, 1)
        across.addWidget(right)

    def show_site(self, held: SiteMonitoring) -> None:
        """Show a site."""
        self.title.setText(look.first((_SIGNS if held.signs else _NO_SIGNS).format(n=len(held.signs))))
        initials = {row.subject: row.initials for row in held.rows}
        self.signs = held.signs
        lines = []
        for sign in held.signs:
            about = (
                Cell(sign.subject, initials.get(sign.subject, ""), plate=True)
                if sign.subject
                else Cell(held.site, tone="ink2")
            )
            when = sign.at[:16].replace("T", " ")
            lines.append(
                [
                    Cell(look.first(SIGN_WORDS[sign.kind]), tone=_TONES[sign.kind], strong=True),
                    about,
                    self._form(sign.form),
                    Cell(sign.user),
                    Cell(when[:10], when[11:]),
                    Cell(look.first(sign.says)),
                ]
            )
        self.table.show_lines(lines)
        self.rates.show_lines(
            [
                [
                    Cell(one.user), Cell(str(one.answers)), Cell(f"{one.corrected_percent:.0f} %"), Cell(str(one.busiest)),
                    Cell(str(one.at_night)),
                ]
                for one in held.rates
            ]
        )  # fmt: skip
        self._show_people(list(chosen_people(held.rows)), held)

    def _form(self, form: FormPath | None) -> Cell:
        if form is None:
            return Cell("")
        known = self._study.form.get(form.form)
        return Cell(look.first(known.label) if known else form.form, look.first(visit_words(self._study, form)))

    def _show_people(self, chosen: list[ShieldRow], held: SiteMonitoring) -> None:
        seen = sum(1 for row in chosen if row.trail_seen)
        self.todo.setText(look.first(_TODO.format(n=len(chosen), seen=seen)))
        before = self.subject.currentData()
        self.subject.clear()
        for row in sorted(held.rows, key=lambda one: (one.review.full is None, one.trail_seen, one.review.place)):
            mark = _SEEN if row.trail_seen else _ASKED if row.review.full else None
            self.subject.addItem(
                f"{row.subject} {row.initials}" + (f"  {look.first(mark)}" if mark else ""), row.subject
            )
        at = self.subject.findData(before)
        self.subject.setCurrentIndex(max(0, at))

    def _open(self, row: int) -> None:
        sign = self.signs[row]
        if sign.subject is not None:
            self.wanted.emit(sign.subject, sign.form)

    def _done(self) -> None:
        if self.subject.currentData():
            self.reviewed.emit(self.subject.currentData(), self.conclusion.text())


_HEADS = (
    Text(en="What", zh="类型"), Text(en="Participant", zh="受试者"), Text(en="Form", zh="表单"), Text(en="By", zh="人员"),
    Text(en="When (UTC)", zh="时间（UTC）"), Text(en="Where it shows", zh="内容"),
)  # fmt: skip
_RATE_HEADS = (
    Text(en="Person", zh="人员"), Text(en="Answers", zh="答案"), Text(en="Corrected", zh="更正"),
    Text(en="In 10 min", zh="10 分钟"), Text(en="Night", zh="夜间"),
)  # fmt: skip
_RATES = Text(en="What each person entered", zh="各人员录入情况")
_SIGNS = Text(en="Stands out in the trail: {n}", zh="稽查轨迹提示 {n} 条")
_NO_SIGNS = Text(en="Nothing stands out in the trail", zh="稽查轨迹未见提示")
_WHOLE = Text(en="Review of the whole trail", zh="稽查轨迹审查")
_TODO = Text(
    en="By the plan {n} participants are reviewed whole; {seen} are, up to their last answer.",
    zh="按计划 {n} 名受试者须审查全部轨迹；其中 {seen} 名已审查至最新记录。",
)
_PARTICIPANT = Text(en="Participant", zh="受试者")
_CONCLUSION = Text(en="Conclusion, such as: nothing to note", zh="结论，例如：未见异常")
_SEEN = Text(en="reviewed", zh="已审查")
_ASKED = Text(en="to review", zh="待审查")
