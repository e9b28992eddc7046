"""An answer before it is printed: the pages of the very file, recorded under its hash when it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.inspection.answer import Answer
from trialdesk.services.inspection.paper import answer_pdf, note_printed, save_pdf
from trialdesk.services.printing import Printed, Sheet
from trialdesk.ui import job
from trialdesk.ui.print_preview import PrintPreview


class AnswerPreview(PrintPreview):
    """The pages of one answer."""

    def __init__(self, desk: OpenDesk, answer: Answer, parent: QWidget | None = None) -> None:
        self._answer = answer
        self._sheet = Sheet("answer", answer.question.label)
        super().__init__(desk, parent=parent)

    def offered(self) -> list[Sheet]:
        """This answer alone."""
        return [self._sheet]

    def make(self, name: str) -> None:
        """Make the pages."""
        self._busy = True
        self._say(Text(en="Making {what}…", zh="正在生成{what}…").format(what=self._sheet.label), "ink2")
        self._allow(False)

        def work() -> Any:
            pdf = answer_pdf(self._desk, self._answer)
            return Printed(self._sheet, f"{self._answer.question.name}.pdf", pdf)

        job.start(self, work, self._made, self._failed)

    def note(self, printed: Printed) -> None:
        """Record that the pages went to a printer."""
        note_printed(self._desk, self._answer, printed.pdf, "printed")

    def keep(self, printed: Printed, folder: Path) -> Path:
        """Write the file and record it."""
        return save_pdf(self._desk, self._answer, printed.pdf, folder)
