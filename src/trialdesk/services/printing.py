"""Everything that can be printed, by name: for the window, the command line and the folder it is saved to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.actions.outcome import refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk, look

Progress = Callable[[int, int], bool]


@dataclass(frozen=True)
class Sheet:
    """One kind of paper: its name, what it needs, and its label."""

    name: str
    label: Text
    subject: bool = False
    form: bool = False


SHEETS = (
    Sheet("crf", Text(en="This form", zh="本表单"), subject=True, form=True),
    Sheet("casebook", Text(en="Casebook by visit", zh="全册（按访视）"), subject=True),
    Sheet("casebook-by-form", Text(en="Casebook by form", zh="全册（按表单）"), subject=True),
    Sheet("timeline", Text(en="Timeline", zh="时间线"), subject=True),
    Sheet("sae", Text(en="Report of this serious event", zh="本严重不良事件报告"), subject=True, form=True),
    Sheet("blank", Text(en="Blank forms", zh="空白表单")),
    Sheet("annotated", Text(en="Annotated CRF", zh="注释病例报告表")),
    Sheet("summary", Text(en="Study summary", zh="研究摘要")),
    Sheet("delegation", Text(en="Delegation and signature log", zh="授权与签名记录")),
    Sheet("ledger", Text(en="Bundle ledger", zh="数据包台账")),
    Sheet("keycard", Text(en="Key card", zh="按键卡")),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}


@dataclass(frozen=True)
class Printed:
    """A finished paper and the name its file gets."""

    sheet: Sheet
    file: str
    pdf: bytes
    subject: str | None = None
    form: FormPath | None = None


def make(
    desk: OpenDesk,
    name: str,
    subject: str | None = None,
    form: FormPath | None = None,
    progress: Progress = lambda done, total: True,
) -> Printed | None:
    """Make one paper; None when `progress` answered False. Raises KnownError for what is missing or not allowed."""
    sheet = BY_NAME.get(name)
    if sheet is None:
        raise KnownError(_UNKNOWN.format(name=name, names=", ".join(BY_NAME)))
    refusal = refuse_role(desk.session.user.role, Act.PRINT)
    if refusal and name not in ("keycard", "ledger", "delegation", "summary", "annotated", "blank"):
        raise KnownError(refusal.says)
    if (sheet.subject and subject not in desk.subjects()) or (sheet.form and form is None):
        raise KnownError(_NEEDS.format(what=sheet.label))
    pdf = _make(desk, name, subject or "", form, progress)
    if pdf is None:
        return None
    whose = subject if sheet.subject else None
    where = form if sheet.form or name == "blank" else None
    about = [name, *(part for part in (whose, _short(where)) if part)]
    return Printed(sheet, "_".join(about) + ".pdf", pdf, whose, where)


def _make(desk: OpenDesk, name: str, subject: str, form: FormPath | None, progress: Progress) -> bytes | None:
    if name in ("casebook", "casebook-by-form"):
        from trialdesk.services.casebook_paper import casebook_pdf

        return casebook_pdf(desk, subject, "form" if name.endswith("form") else "visit", progress)
    if form is not None and name in ("crf", "sae"):
        from trialdesk.services.crf_paper import crf_pdf
        from trialdesk.services.safety_paper import safety_pdf

        if name == "sae":
            return safety_pdf(desk.casebook(subject), form)
        return crf_pdf(desk.casebook(subject), form, look(desk.home).kind == "training")
    if name == "timeline":
        from trialdesk.services.timeline_paper import timeline_pdf

        return timeline_pdf(desk.casebook(subject))
    if name == "blank":
        from trialdesk.services.blank_paper import blank_pdf

        forms = (form.form,) if form else ()
        study = desk.casebook(subject).study(form) if subject else desk.study
        return blank_pdf(study, study.version, desk.session.site, forms, subject, form)
    if name in ("delegation", "ledger"):
        from trialdesk.services import desk_paper

        return desk_paper.delegation_pdf(desk) if name == "delegation" else desk_paper.ledger_pdf(desk)
    return _of_study(desk, name)


def _of_study(desk: OpenDesk, name: str) -> bytes:
    from trialdesk.documents.study_summary import render_summary
    from trialdesk.services.desk import STUDY_FILE
    from trialdesk.services.key_card import key_card_pdf
    from trialdesk.services.study_paper import annotated_pdf
    from trialdesk.services.study_release import StudyRelease
    from trialdesk.services.study_summary import summary_content

    if name == "keycard":
        return key_card_pdf()
    content = (desk.home / STUDY_FILE).read_bytes()
    release = StudyRelease(content, desk.fingerprint)
    if name == "annotated":
        return annotated_pdf(release)
    return render_summary(summary_content(release, desk.session.today), content)


def save(desk: OpenDesk, printed: Printed, folder: Path) -> Path:
    """Write a paper into a folder and record that it was saved; raises KnownError when the folder cannot be written."""
    path = folder / printed.file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(printed.pdf)
    except OSError as fault:
        raise KnownError(_NOT_WRITTEN.format(folder=folder, why=fault.strerror or fault)) from fault
    record_made(desk, printed, "saved")
    return path


def record_made(desk: OpenDesk, printed: Printed, what: str) -> None:
    """Record in the trail that a paper was printed or saved, by the hash of its file (21 CFR 11.10, ICH E6 R3 4.2.2)."""
    import hashlib

    from trialdesk.domain.clinical.changes import DocumentMade

    made = DocumentMade(
        what="saved" if what == "saved" else "printed",
        document=hashlib.sha256(printed.pdf).hexdigest(),
        form=printed.form,
    )
    if not printed.subject:
        desk.session.record([made])
        return
    casebook = desk.casebook(printed.subject)
    casebook.apply(desk.session.record([made], printed.subject, under=casebook.version))


def _short(form: FormPath | None) -> str:
    return f"{form.event}{form.repeat}_{form.form}" if form else ""


_UNKNOWN = Text(en="{name} is no paper; there are: {names}.", zh="没有“{name}”这种文件；可选：{names}。")
_NEEDS = Text(
    en="{what}: say which participant and form it is for (--subject, --form), or open it and print from there.",
    zh="{what}：请指明受试者与表单（--subject、--form），或打开后从该处打印。",
)
_NOT_WRITTEN = Text(
    en="The paper could not be written to {folder}: {why}. Choose another folder.",
    zh="无法写入 {folder}：{why}。请另选文件夹。",
)
