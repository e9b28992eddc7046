"""Checking a laptop before data are entered on it: what is installed, whether its desk is sound, and the report of it.

The qualification of an installation and of its operation (21 CFR 11.10(a), ICH E6(R3) 4.3.4), done by the program.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trialdesk import __version__
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.paths import resources

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk
    from trialdesk.services.study_release import StudyRelease

Part = Literal["installation", "operation", "desk"]
PARTS: dict[Part, Text] = {
    "installation": Text(en="Installation (IQ)", zh="安装确认（IQ）"),
    "operation": Text(en="Operation, tried on a desk made for it (OQ)", zh="运行确认（OQ，于临时工作台上实测）"),
    "desk": Text(en="The desk of this laptop", zh="本机工作台"),
}
ROOM = 1_000_000_000
"""Free bytes below which a disk is called too full."""
PACKAGES = (
    "pyside6-essentials", "shiboken6", "sqlcipher3", "sqlalchemy", "pydantic", "reportlab", "pikepdf", "pyhanko",
    "cryptography", "pyrage",
)  # fmt: skip
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-SemiBold.ttf")


@dataclass(frozen=True)
class Check:
    """One thing that was checked: its name, whether it is as it must be, and what was found."""

    part: Part
    name: Text
    fine: bool
    found: Text


@dataclass(frozen=True)
class SelfCheck:
    """Everything that was checked, when, on which computer, and in how many seconds."""

    checks: tuple[Check, ...]
    at: datetime
    computer: str
    seconds: float

    @property
    def fine(self) -> bool:
        """True when nothing is wrong."""
        return all(check.fine for check in self.checks)

    @property
    def verdict(self) -> Text:
        """The result in one sentence."""
        bad = sum(not check.fine for check in self.checks)
        if not bad:
            return Text(en="Fit for use: {n} checks, all passed.", zh="可以使用：共 {n} 项检查，全部通过。").format(
                n=len(self.checks)
            )
        return Text(
            en="NOT fit for use: {b} of {n} checks failed. Enter no data on this laptop and call the data manager.",
            zh="不可使用：共 {n} 项检查，{b} 项未通过。请勿在本机录入数据，并联系数据管理员。",
        ).format(b=bad, n=len(self.checks))


def plain(words: str) -> Text:
    """What reads the same in both languages."""
    return Text(en=words, zh=words)


def tried(part: Part, name: Text, work: Callable[[], Text]) -> Check:
    """A check whose work says what it found, or raises; nothing it raises ends the run."""
    try:
        return Check(part, name, True, work())
    except KnownError as fault:
        return Check(part, name, False, fault.text)
    except Exception as fault:
        return Check(part, name, False, plain(f"{type(fault).__name__}: {fault}"[:200]))


def fingerprint_of(folder: Path, *endings: str) -> tuple[int, str]:
    """How many files of these endings lie in a folder, and one SHA-256 over their names and contents, in order."""
    whole = hashlib.sha256()
    paths = sorted(path for path in folder.rglob("*") if path.suffix in endings and "__pycache__" not in path.parts)
    for path in paths:
        whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return len(paths), whole.hexdigest()


def installation(expected: str | None = None) -> list[Check]:
    """What is installed: versions, the fingerprint of the program and its resources, fonts, the study that ships."""
    source, kept = Path(__file__).resolve().parents[1], resources()
    made: list[Check] = []

    def add(name: Text, work: Callable[[], Text]) -> None:
        made.append(tried("installation", name, work))

    def program() -> Text:
        count, whole = fingerprint_of(source, ".py")
        if expected is not None and whole != expected:
            raise KnownError(
                Text(
                    en=f"{whole}, not the expected {expected}: these are not the released files.",
                    zh=f"{whole}，与预期的 {expected} 不符：并非发布的文件。",
                )
            )
        compared = " = " if expected else " "
        return Text(en=f"{count} files, SHA-256{compared}{whole}", zh=f"{count} 个文件，SHA-256{compared}{whole}")

    def fonts() -> Text:
        from trialdesk.documents import fonts as faces

        study = _shipped().content.decode()
        lacking = {sign for sign in study if ord(sign) >= 32} - faces.signs(faces.REGULAR)
        if lacking:
            raise KnownError(Text(en=f"The font lacks {sorted(lacking)[:8]}.", zh=f"字体缺字：{sorted(lacking)[:8]}。"))
        sums = ", ".join(
            f"{name} {hashlib.sha256((kept / 'fonts' / name).read_bytes()).hexdigest()[:12]}…"
            for name in FONTS
            if (kept / "fonts" / name).is_file()
        )
        return Text(en=f"every character of the study can be printed; {sums}", zh=f"研究全部文字均可打印；{sums}")

    add(Text(en="Program", zh="程序"), lambda: plain(f"TrialDesk {__version__}, Python {platform.python_version()}"))
    add(
        Text(en="Computer", zh="计算机"),
        lambda: plain(f"{platform.system()} {platform.release()}, {platform.machine()}"),
    )
    add(Text(en="Files of the program", zh="程序文件"), program)
    add(Text(en="Resources (studies, fonts, terminology)", zh="资源（研究、字体、术语）"), lambda: _resources(kept))
    add(Text(en="Packages", zh="软件包"), _packages)
    add(Text(en="Fonts", zh="字体"), fonts)
    add(Text(en="Study that ships, and every example of its rules", zh="随附研究及其规则全部示例"), _study)
    add(Text(en="Clock", zh="时钟"), _clock)
    return made


def _shipped() -> StudyRelease:
    from trialdesk.services.study_release import shipped_release

    return shipped_release()


def _resources(kept: Path) -> Text:
    count, whole = fingerprint_of(kept, ".yaml", ".yml", ".csv", ".json", ".ttf", ".txt", ".tsv", ".xsd")
    return Text(en=f"{count} files, SHA-256 {whole}", zh=f"{count} 个文件，SHA-256 {whole}")


def _packages() -> Text:
    """The versions that are installed, held against the lock file where it lies beside the program."""
    from importlib.metadata import version

    found = {name: version(name) for name in PACKAGES}
    lock = resources().parent / "requirements.lock"
    said = ", ".join(f"{name} {number}" for name, number in found.items())
    if not lock.is_file():
        return Text(en=f"{said} (no lock file to compare with)", zh=f"{said}（无锁定文件可比对）")
    lines = (line.partition("==") for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line)
    due = {name.strip().lower(): rest.split()[0].rstrip("\\;") for name, _, rest in lines}
    other = {name: number for name, number in found.items() if due.get(name, number) != number}
    if other:
        raise KnownError(Text(en=f"Not as locked: {other}", zh=f"与锁定版本不符：{other}"))
    return Text(en=f"as locked: {said}", zh=f"与锁定版本一致：{said}")


def _study() -> Text:
    from trialdesk.services.study_release import check_folder, shipped_study

    looked = check_folder(shipped_study())
    if looked.problems:
        raise KnownError(plain(f"{looked.closing_line}: {looked.problems[0]}"))
    print_ = _shipped().fingerprint
    return Text(en=f"{looked.closing_line}; fingerprint {print_}", zh=f"{looked.closing_line}；指纹 {print_}")


def _clock() -> Text:
    """The clock stands in a zone, runs forward like the processor's own, and is not before the program was made."""
    wall, ticks = time.time(), time.monotonic()
    time.sleep(0.2)
    drift = abs((time.time() - wall) - (time.monotonic() - ticks))
    now = datetime.now().astimezone()
    newest = datetime.fromtimestamp(Path(__file__).stat().st_mtime).astimezone()
    if drift > 0.1:
        raise KnownError(
            Text(en=f"The clock jumped by {drift:.1f} s while it was watched.", zh=f"观察期间时钟跳变 {drift:.1f} 秒。")
        )
    if now < newest:
        raise KnownError(
            Text(
                en=f"The clock ({now:%Y-%m-%d %H:%M}) stands before the program was installed ({newest:%Y-%m-%d %H:%M}). Set it.",
                zh=f"时钟（{now:%Y-%m-%d %H:%M}）早于程序安装时间（{newest:%Y-%m-%d %H:%M}），请校准。",
            )
        )
    return Text(
        en=f"{now:%Y-%m-%d %H:%M:%S %z}, steady ({drift * 1000:.0f} ms in 0.2 s)",
        zh=f"{now:%Y-%m-%d %H:%M:%S %z}，走时平稳（0.2 秒内偏差 {drift * 1000:.0f} 毫秒）",
    )


def of_desk(desk: OpenDesk) -> list[Check]:
    """The desk of this laptop: seals, documents, study, certificates, backup, room, and a commit that lasts."""
    from trialdesk.services.backup import backup_sentence, backup_state, is_late
    from trialdesk.services.certificates import standings
    from trialdesk.services.inspection.keeping import drill
    from trialdesk.storage.probe import try_tampering

    made: list[Check] = []

    def add(name: Text, work: Callable[[], Text]) -> None:
        made.append(tried("desk", name, work))

    def seals() -> Text:
        verdict = desk.verify()
        if verdict.breaks:
            first = verdict.breaks[0]
            raise KnownError(plain(f"{first.origin}:{first.seq}"))
        return Text(en=f"{verdict.records} records, every seal holds", zh=f"{verdict.records} 条记录，封印全部完整")

    def documents() -> Text:
        names = list(desk.documents.names())
        for name in names:
            desk.documents.read(name)
        return Text(en=f"{len(names)}, each as it was stored", zh=f"{len(names)} 份，均与存入时一致")

    def guards() -> Text:
        through = [one.statement for one in try_tampering(desk.engine) if not one.refusal]
        if through:
            raise KnownError(plain("; ".join(through)))
        return Text(en="every way to change or hide a record was refused", zh="更改或隐藏记录的各种方式均被拒绝")

    def certificates() -> Text:
        lacking = [one for one in standings(desk) if one.why is not None]
        if lacking:
            one = lacking[0]
            who = one.user.name if one.user else Text(en="Workstation", zh="工作站")
            raise KnownError(Text(en="{who}: {why}", zh="{who}：{why}").format(who=who, why=one.why))
        return Text(en="all valid", zh="全部有效")

    def backup() -> Text:
        state = backup_state(desk)
        now = desk.session.clock.now()
        found = drill(desk)
        if is_late(state, now) or (found is not None and not found.whole):
            raise KnownError(found.fault if found and found.fault else backup_sentence(state, now))
        if found is None:
            return backup_sentence(state, now)
        return Text(
            en=f"{found.file} opened, {found.records} records, every seal holds",
            zh=f"{found.file} 已打开，{found.records} 条记录，封印全部完整",
        )

    def room() -> Text:
        free = shutil.disk_usage(desk.home).free
        if free < ROOM:
            raise KnownError(Text(en=f"{free / 1e9:.1f} GB free; free some.", zh=f"仅剩 {free / 1e9:.1f} GB，请清理。"))
        return Text(en=f"{free / 1e9:.0f} GB free", zh=f"剩余 {free / 1e9:.0f} GB")

    add(Text(en="Study of the desk", zh="工作台的研究"), lambda: plain(f"{desk.session.version}, {desk.fingerprint}"))
    add(Text(en="Audit trail", zh="稽查轨迹"), seals)
    add(Text(en="Documents", zh="文件"), documents)
    add(Text(en="Guards of the database", zh="数据库防护"), guards)
    add(Text(en="Certificates", zh="证书"), certificates)
    add(Text(en="Backup", zh="备份"), backup)
    add(Text(en="Disk", zh="磁盘"), room)
    return made


def report_pdf(check: SelfCheck) -> bytes:
    """The report as PDF/A-3b of one or two pages."""
    from trialdesk.documents.content import CrfTable
    from trialdesk.documents.fonts import cleaned
    from trialdesk.documents.paper import About
    from trialdesk.documents.study_summary import SheetFrame, sheets

    title = Text(en="Self-check of the installation", zh="安装与运行自检报告")
    heads = (Text(en="Checked", zh="检查项目"), Text(en="Result", zh="结果"), Text(en="Found", zh="所见"))
    tables = []
    for part, name in PARTS.items():
        rows = [
            (
                f"{one.name.zh} {one.name.en}",
                "通过 passed" if one.fine else "未通过 FAILED",
                cleaned(one.found.zh if one.found.zh == one.found.en else f"{one.found.zh}\n{one.found.en}"),
            )
            for one in check.checks
            if one.part == part
        ]
        if rows:
            tables.append(CrfTable(name, heads, tuple(rows), weights=(30, 12, 58)))
    signing = CrfTable(
        Text(en="Accepted by", zh="确认人"),
        (Text(en="Name, role", zh="姓名与角色"), Text(en="Date", zh="日期"), Text(en="Signature", zh="签名")),
        (("\n", "", ""),),
        weights=(40, 20, 40),
    )
    made = f"TrialDesk {__version__}   {check.computer}   {check.at:%Y-%m-%d %H:%M:%S %z}"
    frame = SheetFrame(title, made, f"{check.seconds:.1f} s   {made}")
    about = About(f"{title.zh} {title.en}", "TrialDesk", "TrialDesk", check.at)
    return sheets(frame, about, (*tables, signing), (check.verdict,))


def as_text(check: SelfCheck) -> str:
    """The report for a terminal, both languages."""
    lines = []
    for one in check.checks:
        lines.append(f"{'ok  ' if one.fine else 'NOT '} {one.name.en} {one.name.zh}: {one.found.en}")
    return "\n".join([*lines, check.verdict.en, check.verdict.zh, f"{check.seconds:.1f} s"])


def as_data(check: SelfCheck) -> dict[str, object]:
    """The report for another program."""
    return {
        "fit": check.fine, "at": check.at.isoformat(), "computer": check.computer, "seconds": round(check.seconds, 2),
        "checks": [
            {"part": c.part, "name": c.name.en, "fine": c.fine, "found": c.found.en} for c in check.checks
        ],
    }  # fmt: skip


def computer() -> str:
    """The name of this computer, which the report stands for."""
    return f"{platform.node()} ({sys.platform})"


def joined(parts: Sequence[Sequence[Check]]) -> tuple[Check, ...]:
    """All checks in one row."""
    return tuple(check for part in parts for check in part)
