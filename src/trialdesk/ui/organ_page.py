"""The sheet of an organ assessment: findings by organ, stages and grade derived, the investigator's own grade beside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.organ_grade import OrganGrade, course, grade_words, organ_grade
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.study.sheet import OrganSheet
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts
from trialdesk.ui.field_label import LabelWords
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.grade_panel import GradePanel
from trialdesk.ui.organ_row import (
    LABEL,
    NARROW_FIELDS,
    NARROW_LABEL,
    NARROW_STAGE,
    NARROW_SURE,
    STAGE,
    SURE,
    OrganRow,
    Wrapped,
)

FIELDS = 420
"""Width a question of an organ may take before its choices wrap."""

PANEL, NARROW_PANEL = 296, 250
"""Width of the result beside the organs, and of it on the small laptop at 125 %."""


class OrganPage(FormPage):
    """All sections of a graded assessment on one page, organ by organ."""

    wide = True
    room = 236

    def __init__(
        self,
        casebook: Casebook,
        form: FormPath,
        group: ItemGroupDef,
        label_width: int = 212,
        parent: QWidget | None = None,
    ) -> None:
        self._definition = casebook.study(form).form[form.form]
        assert self._definition.organs is not None
        self._sheet: OrganSheet = self._definition.organs
        self._narrow = label_width < 212
        super().__init__(casebook, form, group, 0, parent)

    # -- parts

    def _groups(self) -> tuple[ItemGroupDef, ...]:
        return self._definition.groups

    def _questions(self) -> list[tuple[ItemDef, ItemPath]]:
        """The questions organ by organ, then what stands below, then whatever the sheet does not name."""
        place = {item.name: (group, item) for group in self._definition.groups for item in group.items}
        named = list(dict.fromkeys(self._sheet.items()))
        own = [name for name in (self._sheet.override, self._sheet.override_reason) if name]
        order = [name for name in (*named, *place) if name in place and name not in own] + own
        return [(place[name][1], self._form.item(place[name][0].oid, name)) for name in dict.fromkeys(order)]

    def _lay_out(self, layout: QVBoxLayout) -> None:
        layout.setContentsMargins(0, 0, 0, 0)
        across = QHBoxLayout()
        across.setSpacing(0)
        layout.addLayout(across, 1)
        most = NARROW_FIELDS if self._narrow else 1000
        self._above, self._after = Wrapped(most), Wrapped(most)
        self._above.setContentsMargins(18, 0, 8, 0)
        self._after.setContentsMargins(18, 6, 8, 0)
        self.organs = [OrganRow(organ, self._narrow) for organ in self._sheet.organs]
        content = (self._above, self._heads(), *self.organs, self._after, None)
        self._sheet_area = _area(parts.plane("surface", *content, gap=0, margins=(0, 4, 0, 8)))
        across.addWidget(self._sheet_area, 1)
        self.panel = GradePanel()
        beside = _area(self.panel)
        beside.setFixedWidth(NARROW_PANEL if self._narrow else PANEL)
        across.addWidget(beside)

    def _reveal(self, row: FieldRow) -> None:
        if row in self.rows:
            self._sheet_area.ensureWidgetVisible(row, 0, 12)

    def _heads(self) -> QFrame:
        def head(text: Text, wide: int | None) -> QWidget:
            made = parts.row(
                parts.words(look.first(text), "small", "ink2"),
                parts.words(look.second(text), "small", "ink3"),
                None,
                gap=5,
            )
            if wide is not None:
                made.setFixedWidth(wide)
            return made

        label, stage, sure = (NARROW_LABEL, NARROW_STAGE, NARROW_SURE) if self._narrow else (LABEL, STAGE, SURE)
        line = parts.plane(
            "sunken",
            head(Text(en="Organ", zh="器官"), label),
            head(Text(en="What is seen, written first", zh="原始所见（先填这里）"), None),
            head(Text(en="Stage", zh="分级（自动）"), stage),
            head(Text(en="Confidence", zh="把握度"), sure),
            gap=6,
            margins=(28, 5, 8, 5),
            across=True,
        )
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        return line

    def _waits(self, item: ItemDef, path: ItemPath) -> bool:
        assessment = self._casebook.assessment(self._form)
        if self._home(item) is not None or item.name in (self._sheet.override, self._sheet.override_reason):
            # Of an organ that shows nothing most questions are never asked.
            return path in assessment.skipped
        # What is derived is drawn as a scale; its row has a place for findings and nothing else to show.
        return not assessment.at(path)

    def _add_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        made = super()._add_row(item, path)
        if self.isVisible():
            self._order()
        return made

    def _home(self, item: ItemDef) -> Wrapped | None:
        """Where a question stands; None for what is derived and drawn as a scale."""
        for row in self.organs:
            if item.name in row.organ.findings:
                return row.fields
            if item.name == row.organ.confidence:
                return row.sure
        if item.derived:
            return None
        return self._above if item.name in self._sheet.before else self._after

    def _make_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        home = self._home(item)
        own = item.name in (self._sheet.override, self._sheet.override_reason)
        rank = self._reading_order[path][0]
        below = None if own or home is None else home.panels(rank)
        if below is None and not own:
            staged = next((r.fields for r in self.organs if r.organ.stage == item.name), self._after)
            below = staged.panels(rank)
        sure = any(r.sure is home for r in self.organs)
        room = (NARROW_SURE if self._narrow else SURE) - 20 if sure else FIELDS
        if own or (self._narrow and not sure):
            room = self.room if not self._narrow else NARROW_PANEL - 56 if own else NARROW_FIELDS - 20
        inside = self.panel if own else home if home is not None else self
        said: LabelWords = "none" if sure else "first" if home is not None or own else "both"
        made = FieldRow(item, path, self._options(item), self._said, 0, room, below, None, inside, said)
        if home is not None or own:
            made.shorten()
        return made

    def _place_row(self, made: FieldRow) -> None:
        if made.item.name in (self._sheet.override, self._sheet.override_reason):
            made.fit((NARROW_PANEL if self._narrow else PANEL) - 40)
            self.panel.own.addWidget(made)
            return
        home = self._home(made.item)
        if home is None:
            made.setParent(self)
            made.hide()
        else:
            home.add(made, self._rank(made))

    # -- what is shown

    def grade(self) -> OrganGrade:
        """The grade as it stands now."""
        session = self._casebook.session
        return organ_grade(self._casebook.book(self._form), self._casebook.data, self._form, self._sheet, session.today)

    def refresh(self) -> None:
        """Show what stands now."""
        super().refresh()
        assessment = self._casebook.assessment(self._form)
        for row in self.rows:
            if self._home(row.item) is not None or row.item.name in (self._sheet.override, self._sheet.override_reason):
                row.setVisible(row.path not in assessment.skipped)
        made = self.grade()
        for organ in self.organs:
            skipped = [
                assessment.skipped.get(path)
                for path, (_, item) in self._reading_order.items()
                if item.name in organ.organ.findings
            ]
            # The cause is asked only of an organ that is staged: the first question says why none is asked at all.
            why = skipped[0].because if skipped and skipped[0] is not None and all(skipped) else None
            lead = Text(en="Asked only where: {why}", zh="仅在此时填写：{why}").format(why=why) if why else None
            organ.show_stage(made.stages[organ.organ.stage], organ.organ in made.deciding, lead)
        self._show_panel(made)

    def _show_panel(self, made: OrganGrade) -> None:
        session = self._casebook.session
        book = self._casebook.book(self._form)
        study = book.study
        item = study.item(self._sheet.grade)
        order = tuple(one.code for one in study.codelist[item.codelist].items) if item.codelist else ()
        unknown = Text(en="cannot tell yet", zh="暂不能判断")
        words = study.words(item, made.grade) or unknown if made.grade else unknown
        says = grade_words(book, self._sheet, made)
        least = self._least() if made.grade is None else None
        if least is not None:
            says = Text(en="{says} At least: {g}.", zh="{says}目前至少为：{g}。").format(says=says, g=least)
        own = study.words(item, made.override) if made.override and made.override != made.grade else None
        severe = made.counts in order and order.index(made.counts or "") >= 2
        self.panel.show_grade(made, says, words, own, severe)
        found = course(book, self._casebook.data, self._sheet, session.today)
        self.panel.course.show_course(order, found, self._form, self._day_0())

    def _least(self) -> Text | None:
        """What the grade is at least while organs are missing, where the study derives that."""
        if self._sheet.least is None:
            return None
        study = self._casebook.book(self._form).study
        _, group, item = study.place[self._sheet.least]
        code = self._casebook.shown(self._form.item(group.oid, item.name))
        return study.words(item, code) if code else None

    def focus_after(self, row: FieldRow) -> None:
        """The next question that is shown."""
        after = self.rows[self.rows.index(row) + 1 :] if row in self.rows else []
        following = next((made for made in after if made.can_take_focus() and not made.isHidden()), None)
        if following is not None:
            following.focus()
        else:
            self.end_reached.emit()


def _area(content: QWidget) -> QScrollArea:
    """A part that scrolls by itself, so that findings and result stay side by side."""
    made = QScrollArea()
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(content)
    return made
