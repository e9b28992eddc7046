"""What the centre's sign-in window shows before anyone has signed in: the study, its people, and no participant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.domain.text import Text
from trialdesk.services.desk import DeskInfo

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre


def reception(centre: Centre) -> DeskInfo:
    """The centre as a sign-in window sees it; `origin` says where its records lie."""
    study = centre.release.study
    store = "PostgreSQL" if centre.engine.dialect.name == "postgresql" else "SQLite"
    file = centre.folder / "centre.db"
    return DeskInfo(
        home=centre.folder,
        kind=centre.kind,
        origin=store,
        site=Text(en="Coordinating centre", zh="协调中心"),
        study_title=study.title,
        study_name=study.name,
        registration=study.registration,
        protocol_version=study.protocol_version,
        users=centre.attendance.people(),
        size=file.stat().st_size if file.is_file() else 0,
        keys_sealed=not centre.plain_secrets,
    )
