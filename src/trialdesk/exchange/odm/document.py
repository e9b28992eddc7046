"""A whole ODM file from parts: metadata, people and places, subjects; for one form or a whole study."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.exchange.odm import names
from trialdesk.exchange.odm.clinical_data import People, subject_data
from trialdesk.exchange.odm.metadata import metadata, version_oid
from trialdesk.exchange.odm.text import xml

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
LEGAL_REASON = Text(
    en="21 CFR 11.50; Electronic Signature Law of the People's Republic of China (2019), article 13",
    zh="《中华人民共和国电子签名法》（2019）第十三条",
)
"""Stands where a signature of an early release recorded no legal reason of its own."""


@dataclass(frozen=True)
class OdmFile:
    """What a file is about; `forms` limits metadata and data, None means all.

    `users` gives names by user id, `made` is when it is written (aware). Snapshot holds what stands now, Transactional
    every record in order. `flat` makes each row of a repeating section a section of its own, for readers that show
    only the last of several (a snapshot of a whole study).
    """

    study: Study
    oid: str
    made: datetime
    version: str
    users: dict[str, Text] = field(default_factory=dict)
    kind: Literal["Snapshot", "Transactional"] = "Snapshot"
    struck: bool = True
    flat: bool = False


def write_odm(
    about: OdmFile,
    subjects: Iterable[SubjectData],
    forms: Collection[FormPath] | None = None,
    only_forms: Collection[str] | None = None,
) -> bytes:
    """The file as UTF-8 XML, strict to CDISC's schema; `forms` picks places of one subject, `only_forms` form OIDs."""
    people = People()
    history = about.kind == "Transactional"
    data: list[str] = []
    for one in subjects:
        data += subject_data(about.study, one, people, forms, history, about.struck)
    wanted = only_forms if only_forms is not None else {form.form for form in forms} if forms is not None else None
    version = version_oid(about.study)
    parts = [*_head(about, wanted), _admin(about, people, version), _opening(about, version), *data, _END]
    return "".join(parts).encode()


def write_odm_file(
    about: OdmFile,
    subjects: Iterable[SubjectData],
    path: Path,
    left_out: Callable[[SubjectData], Collection[ItemPath]] | None = None,
) -> int:
    """Write the whole study to a file and return how many participants it holds.

    One participant is in memory at a time: who signed and where is known only after the last one but stands before the
    first, so the clinical data wait in a file beside the target.
    """
    people, count = People(), 0
    history = about.kind == "Transactional"
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=path.parent) as waiting:
        for one in subjects:
            hidden = left_out(one) if left_out else ()
            waiting.writelines(subject_data(about.study, one, people, None, history, about.struck, hidden, about.flat))
            count += 1
        waiting.seek(0)
        version = version_oid(about.study)
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = people.rows if about.flat else None
            file.writelines([*_head(about, None, rows), _admin(about, people, version), _opening(about, version)])
            shutil.copyfileobj(waiting, file, 1 << 20)
            file.write(_END)
    return count


_END = "</ClinicalData></ODM>"


def _head(
    about: OdmFile, wanted: Collection[str] | None, rows: Mapping[tuple[str, str], int] | None = None
) -> tuple[str, ...]:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<ODM xmlns="{NAMESPACE}" ODMVersion="1.3.2" FileType="{about.kind}" FileOID="{xml(about.oid)}" '
        f'CreationDateTime="{about.made.isoformat(timespec="seconds")}" SourceSystem="TrialDesk" '
        f'SourceSystemVersion="{xml(about.version)}" Granularity="All">',
        metadata(about.study, wanted, rows),
    )


def _opening(about: OdmFile, version: str) -> str:
    return f'<ClinicalData StudyOID="{about.study.oid}" MetaDataVersionOID="{version}">'


def _admin(about: OdmFile, people: People, version: str) -> str:
    parts = [f'<AdminData StudyOID="{about.study.oid}">']
    for user in sorted(people.users):
        name = about.users.get(user, Text(en=user, zh=user))
        first, _, last = name.en.partition(" ")
        parts.append(
            f'<User OID="{names.user(user)}"><LoginName>{xml(user)}</LoginName><FullName>{xml(f"{name.zh} {name.en}")}'
            f"</FullName><FirstName>{xml(first)}</FirstName><LastName>{xml(last or first)}</LastName></User>"
        )
    day = about.made.date().isoformat()
    for site in sorted(people.sites):
        name = about.study.sites.get(site, Text(en=site, zh=site))
        parts.append(
            f'<Location OID="{names.site(site)}" Name="{xml(name.en)}" LocationType="Site"><MetaDataVersionRef '
            f'StudyOID="{about.study.oid}" MetaDataVersionOID="{version}" EffectiveDate="{day}"/></Location>'
        )
    for (meaning, reason), oid in people.meanings.items():
        binds = reason or LEGAL_REASON
        parts.append(
            f'<SignatureDef OID="{oid}" Methodology="Digital"><Meaning>{xml(f"{meaning.zh} {meaning.en}")}</Meaning>'
            f"<LegalReason>{xml(f'{binds.zh} {binds.en}')}</LegalReason></SignatureDef>"
        )
    return "".join(parts) + "</AdminData>"
