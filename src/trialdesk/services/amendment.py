"""A desk takes up a study release that the centre gave out, from its effective day on; nothing recorded changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.clinical.changes import StudyAdopted, StudyReleased
from trialdesk.services.clock import Clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

WAITING = "study.next"


def take_up_due(home: Path, engine: Engine, meta: dict[str, str], origin: str, clock: Clock) -> dict[str, str]:
    """Take up the newest release that is due, before anyone works; returns what the database then knows of itself.

    The new file lies beside the old one before the trail names it, so a power cut leaves one of the two whole and named.
    """
    from trialdesk.services.desk import DESK_FILE, STUDY_FILE
    from trialdesk.services.desk_setup import record_as_system, write_file
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.database import read_meta, write_meta
    from trialdesk.storage.document_store import DocumentStore
    from trialdesk.storage.study_library import fingerprint, thaw

    waiting = home / WAITING
    if waiting.is_file() and fingerprint(waiting.read_bytes()) == meta["fingerprint"]:
        waiting.replace(home / STUDY_FILE)
    today = clock.now().date().isoformat()
    told = AuditTrail(engine).records(origin=f"CENTRE-{origin}", kinds=("StudyReleased",))
    due = [r.change for r in told if isinstance(r.change, StudyReleased) and r.change.effective <= today]
    if not due or due[-1].fingerprint in (meta["fingerprint"], meta.get("fingerprint_before")):
        return meta
    release = due[-1]
    if release.fingerprint not in set(DocumentStore(engine).names()):
        return meta
    content = DocumentStore(engine).read(release.fingerprint).content
    study = thaw(content)
    write_file(waiting, content)
    write_meta(engine, fingerprint=release.fingerprint, fingerprint_before=meta["fingerprint"])
    waiting.replace(home / STUDY_FILE)
    change = StudyAdopted(study=study.oid, version=study.version, fingerprint=release.fingerprint)
    record_as_system(engine, [change], origin, meta["site"], study.version, clock)
    shown = json.loads((home / DESK_FILE).read_text(encoding="utf-8")) | {"protocol_version": study.protocol_version}
    write_file(home / DESK_FILE, json.dumps(shown, ensure_ascii=False, indent=1).encode())
    return read_meta(engine)
