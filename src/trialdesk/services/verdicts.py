"""A verdict on a file someone hands over: a bundle, a CRF, or a whole desk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

if TYPE_CHECKING:
    from trialdesk.security.trust import StudyTrust
    from trialdesk.services.document_trail import DocumentTrail

Kind = Literal["crf", "report", "bundle", "backup", "desk", "unknown"]


@dataclass(frozen=True)
class Line:
    """One thing that was looked at."""

    fine: bool
    says: Text
    step: int = 0
    flaw: str | None = None


@dataclass(frozen=True)
class FileVerdict:
    """What a file is, whether it may be trusted, and why.

    `steps` names the steps its lines belong to, if it has any; `about` are facts beside the verdict, such as the level
    of the signatures.
    """

    file: str
    kind: Kind
    lines: tuple[Line, ...]
    steps: tuple[Text, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    complete: bool = True

    @property
    def ok(self) -> bool:
        """True when everything that was looked at is fine."""
        return self.complete and bool(self.lines) and all(line.fine for line in self.lines)

    def as_text(self) -> str:
        """The verdict in both languages, one line for each thing looked at."""
        said = [f"{'GOOD' if self.ok else 'BAD'}  {self.file} ({self.kind})"]
        said += [f"  {name}: {value}" for name, value in self.about]
        for number, step in enumerate(self.steps, start=1):
            lines = [line for line in self.lines if line.step == number]
            result = (
                "not reached 未进行"
                if not lines
                else "passed 通过"
                if all(x.fine for x in lines)
                else "NOT PASSED 未通过"
            )
            said.append(f"  {number}. {step.en} {step.zh}: {result}")
            said += [_line(line, 5) for line in lines]
        said += [_line(line, 2) for line in self.lines if not line.step]
        return "\n".join(said)

    def as_json(self) -> str:
        """The verdict as one JSON object."""
        plain = {
            "file": self.file,
            "kind": self.kind,
            "ok": self.ok,
            "about": dict(self.about),
            "steps": [asdict(step) for step in self.steps],
            "lines": [asdict(line) for line in self.lines],
        }
        return json.dumps(plain, ensure_ascii=False)


def _line(line: Line, indent: int) -> str:
    return f"{' ' * indent}{'ok  ' if line.fine else 'NOT '} {line.says.en} {line.says.zh}"


def verify_files(
    files: Sequence[Path], trust: Path | None, trail: DocumentTrail | None = None
) -> tuple[FileVerdict, ...]:
    """Judge each file by what it is; with a `trail` a CRF must be one that it names."""
    return tuple(_verify(file, trust, trail) for file in files)


def _verify(file: Path, trust: Path | None, trail: DocumentTrail | None) -> FileVerdict:
    try:
        if file.is_dir():
            return _desk(file)
        content = file.read_bytes()
        if file.suffix.lower() == ".pdf" or content.startswith(b"%PDF"):
            return _report(file, content, trust) or _crf(file, content, study_trust(file, trust), trail)
        if file.suffix.lower() == ".tdk":
            return _backup(file)
        if says := _JUDGED_ELSEWHERE.get(file.suffix.lower()):
            raise KnownError(says)
        return _bundle(file, study_trust(file, trust))
    except KnownError as fault:
        return FileVerdict(str(file), _kind(file), (Line(False, fault.text),))
    except OSError as fault:
        says = Text(en="The file cannot be read: {why}.", zh="无法读取文件：{why}。").format(
            why=fault.strerror or fault
        )
        return FileVerdict(str(file), "unknown", (Line(False, says),))


def _report(file: Path, content: bytes, trust: Path | None) -> FileVerdict | None:
    """The verdict on a signed report; None for any other PDF, which is judged as a CRF."""
    from trialdesk.documents.report_verdict import judge_report

    judged = judge_report(content, study_trust(file, trust))
    if judged is None:
        return None
    return FileVerdict(str(file), "report", tuple(Line(one.fine, one.says) for one in judged))


def _kind(file: Path) -> Kind:
    if file.is_dir():
        return "desk"
    by_ending: dict[str, Kind] = {".pdf": "crf", ".tdb": "bundle", ".tdk": "backup"}
    return by_ending.get(file.suffix.lower(), "unknown")


def _crf(file: Path, content: bytes, trust: StudyTrust, trail: DocumentTrail | None) -> FileVerdict:
    from trialdesk.documents.verdict import STEPS
    from trialdesk.documents.verifying import verify_crf

    verdict = verify_crf(content, trust, trail, file.name)
    about = [("level", verdict.level)] if verdict.ok else []
    if verdict.ok and verdict.sealed_at is not None:
        about.append(("sealed by the centre 中心封存", verdict.sealed_at.strftime("%Y-%m-%d %H:%M:%S UTC")))
    for one in verdict.signers:
        when = one.at.isoformat(sep=" ", timespec="seconds") if one.at else "-"
        about.append((one.field, f"{one.signer} ({one.role}), {when} by the signer's clock 签署人本机时间"))
    if trail is not None:
        about += trail.became(hashlib.sha256(content).hexdigest())
    lines = tuple(Line(gate.fine, gate.says, gate.step, gate.flaw) for gate in verdict.gates)
    if verdict.ok:
        lines += _odm_line(content)
    return FileVerdict(str(file), "crf", lines, STEPS, tuple(about), {line.step for line in lines} == {1, 2, 3, 4, 5})


def _odm_line(content: bytes) -> tuple[Line, ...]:
    """The ODM inside beside the glyphs of the pages; a form of an early release has none."""
    from trialdesk.documents.verdict import Flaw
    from trialdesk.services.crf_paper import copies_differ

    differing = copies_differ(content)
    if differing is None:
        return ()
    if not differing:
        says = Text(en="Every printed value is the one in the embedded ODM.", zh="打印值与嵌入的 ODM 逐项一致。")
        return (Line(True, says, 4),)
    says = Text(
        en="Printed values and the embedded ODM differ at {places}.",
        zh="打印值与嵌入的 ODM 在以下位置不一致：{places}。",
    ).format(places="; ".join(differing[:6]))
    return (Line(False, says, 4, Flaw.NOT_ON_PAGE),)


def _bundle(file: Path, trust: StudyTrust) -> FileVerdict:
    from trialdesk.exchange.bundle import read_sealed
    from trialdesk.security import cms

    sealed = read_sealed(file, lambda content, signature: cms.verify(content, signature, trust.root, trust.revoked))
    signer, header = sealed.signer, sealed.header
    fine = signer.kind == "workstation" and (signer.id, signer.site) == (header.origin, header.site)
    who = Text(en="Signed by workstation {id} of site {site}.", zh="由研究中心 {site} 的工作站 {id} 签署。").format(
        id=signer.id, site=signer.site
    )
    what = Text(
        en="Bundle {number}: records {first} to {last}, encrypted; the contents are as they were signed.",
        zh="第 {number} 号数据包：第 {first}～{last} 条记录，已加密；内容与签署时一致。",
    ).format(number=header.number, first=header.first, last=header.last)
    return FileVerdict(str(file), "bundle", (Line(fine, who), Line(True, what)))


def _backup(file: Path) -> FileVerdict:
    """Look through a backup, lay it out in a folder that is gone afterwards, and judge the desk in it."""
    import tempfile

    from trialdesk.services.restoring import read_backup, unpack_backup

    backup = read_backup(file)
    what = Text(
        en="Backup of {origin}: records 1 to {up_to}, made {made} UTC; its parts are as they were written.",
        zh="{origin} 的备份：第 1～{up_to} 条记录，备份时间 {made} UTC；各部分与写出时一致。",
    ).format(origin=backup.origin, up_to=backup.up_to, made=backup.made[:16].replace("T", " "))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as inside:
        unpack_backup(backup, Path(inside) / "desk")
        return FileVerdict(str(file), "backup", (Line(True, what), *_desk(Path(inside) / "desk").lines))


def _desk(folder: Path) -> FileVerdict:
    """Unlock with TRIALDESK_USER and TRIALDESK_PASSPHRASE, or by asking, and check every seal and document."""
    import os

    from trialdesk.services.desk import look, sign_in_from_command

    info = look(folder)
    desk = sign_in_from_command(folder, os.environ.get("TRIALDESK_USER") or info.users[0].id)
    try:
        verdict = desk.verify()
        chain = Text(en="{n} records; every seal follows.", zh="共 {n} 条记录，封印连续。").format(n=verdict.records)
        broken = Text(
            en="The chain breaks at record {where}: the database was changed outside TrialDesk.",
            zh="封印链在第 {where} 条记录处断开：数据库在 TrialDesk 之外被改动。",
        ).format(where=", ".join(f"{b.origin}:{b.seq}" for b in verdict.breaks))
        names = list(desk.documents.names())
        for name in names:
            desk.documents.read(name)
        kept = Text(en="{n} documents; each is as it was stored.", zh="共 {n} 份文件，均与存入时一致。").format(
            n=len(names)
        )
        return FileVerdict(
            str(folder), "desk", (Line(verdict.whole, chain if verdict.whole else broken), Line(True, kept))
        )
    finally:
        desk.close()


def study_trust(file: Path, trust: Path | None) -> StudyTrust:
    """The root certificate named, or the one that lies near the file, with the revocation lists that lie beside it."""
    from trialdesk.security.certificates import load_certificate
    from trialdesk.security.trust import StudyTrust, load_list

    if trust is not None and not trust.is_file():
        # Another certificate that lies near the file is not the one the reader trusts.
        raise KnownError(_NO_ROOT.format(path=trust))
    places = [trust] if trust else []
    for folder in list(file.resolve().parents)[:3]:
        places += [folder / "root.pem", folder / "trust" / "root.pem"]
        places += sorted(folder.glob("desk*/trust/root.pem")) if folder.name else []
    for place in places:
        if place is not None and place.is_file():
            root = load_certificate(place.read_bytes())
            sites = tuple(load_certificate(path.read_bytes()) for path in sorted(place.parent.glob("site*.pem")))
            lists = tuple(load_list(path.read_bytes(), root, sites) for path in sorted(place.parent.glob("*.crl")))
            return StudyTrust(root, lists, sites)
    raise KnownError(
        Text(
            en="The root certificate of the study is needed to judge this file. Name it with --trust ROOT.PEM.",
            zh="判断此文件需要研究的根证书，请用 --trust ROOT.PEM 指定。",
        )
    )


_NO_ROOT = Text(
    en="There is no root certificate {path}. Name the study's root.pem with --trust; the file was not judged.",
    zh="找不到根证书 {path}。请用 --trust 指定研究的 root.pem；未对该文件作出判断。",
)
_JUDGED_ELSEWHERE = {
    ".tdr": Text(
        en="This is a receipt of the centre. The desk judges it when it takes it in, at Transfer or with "
        "trialdesk send --receipt.",
        zh="这是中心的回执，由工作台在接收时核验：在“传输”页，或用 trialdesk send --receipt。",
    ),
    ".tdv": Text(
        en="This is a monitor's visit pack. It is judged when its monitor opens it: trialdesk visit PACK --keys KEYS.",
        zh="这是监查访视包，由监查员打开时核验：trialdesk visit 访视包 --keys 密钥文件夹。",
    ),
    ".tdvr": Text(
        en="This is the result of a monitor's visit. The centre judges it when it takes it in: trialdesk centre "
        "take-visit.",
        zh="这是监查访视结果，由中心接收时核验：trialdesk centre take-visit。",
    ),
}
"""Files of TrialDesk that are judged where they are taken in, by ending."""
