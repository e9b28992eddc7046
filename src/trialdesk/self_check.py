"""`trialdesk self-check`: installation, operation and desk of this laptop, tried out and written down; needs no network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.self_check import (
    Check,
    SelfCheck,
    as_data,
    as_text,
    computer,
    installation,
    joined,
    of_desk,
    report_pdf,
    tried,
)

ACKNOWLEDGED = 25
"""Commits a process makes and acknowledges before it is killed."""


def run(home: Path | None, user: str | None, out: Path | None, expected: str | None, as_json: bool) -> int:
    """Check, print, and write the report where a folder is named; returns 0 when the laptop is fit for use.

    With a person of the desk the desk itself is checked, the report is signed by the workstation (CMS beside the PDF)
    and stands in the trail by its hash.
    """
    from trialdesk.paths import desk_home
    from trialdesk.services.desk import sign_in_from_command

    begun = time.perf_counter()
    parts = [installation(expected), operation()]
    desk = sign_in_from_command(home or desk_home(), user) if user else None
    try:
        if desk is not None:
            parts.append(of_desk(desk))
        check = SelfCheck(joined(parts), datetime.now().astimezone(), computer(), time.perf_counter() - begun)
        print(json.dumps(as_data(check), ensure_ascii=False, indent=1) if as_json else as_text(check))
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            pdf = report_pdf(check)
            path = out / f"self-check_{check.at:%Y%m%d-%H%M%S}.pdf"
            path.write_bytes(pdf)
            if desk is not None:
                from trialdesk.domain.clinical.changes import DocumentMade

                path.with_suffix(".p7s").write_bytes(desk.sign_as_workstation(pdf))
                desk.session.record([DocumentMade(what="saved", document=hashlib.sha256(pdf).hexdigest())])
            print(path, file=sys.stderr if as_json else sys.stdout)
    finally:
        if desk is not None:
            desk.close()
    return 0 if check.fine else 1


def operation() -> list[Check]:
    """A synthetic participant goes the whole way on a desk made for it: entered, signed, printed, sent, confirmed."""
    with tempfile.TemporaryDirectory(prefix="self-check-", ignore_cleanup_errors=True) as folder:
        trial = _Trial(Path(folder))
        try:
            return [tried("operation", name, work) for name, work in trial.steps()]
        finally:
            trial.close()


class _Trial:
    """The steps in order; a step that fails lets the next ones fail with their own sentence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def close(self) -> None:
        for name in ("desk", "centre"):
            one = self.__dict__.get(name)
            if one is not None:
                one.close()

    def steps(self) -> tuple[tuple[Text, Callable[[], Text]], ...]:
        return (
            (Text(en="Making a centre and an encrypted desk", zh="建立中心与加密工作台"), self._make),
            (Text(en="A commit survives the process being killed", zh="已确认的提交在进程被杀后仍在"), self._killed),
            (
                Text(
                    en="Enrolling and entering; a late date is found by its rule", zh="登记与录入；超窗日期由规则发现"
                ),
                self._enter,
            ),
            (Text(en="A change after completion needs a reason", zh="完成后的更改须说明原因"), self._correct),
            (Text(en="Signing by data entry and investigator", zh="录入者与研究者签署"), self._sign),
            (
                Text(
                    en="The signed PDF/A is judged good, a changed one is not", zh="已签 PDF/A 判定合格，被改动者不合格"
                ),
                self._judge,
            ),
            (
                Text(
                    en="A bundle is taken in and confirmed, a changed one refused", zh="数据包接收并签收，被改动者拒收"
                ),
                self._send,
            ),
            (Text(en="The trail cannot be changed and is found whole", zh="稽查轨迹不可更改且核对完整"), self._trail),
            (Text(en="A backup is written, read back and opened", zh="备份写出、读回并打开"), self._back_up),
        )

    def _make(self) -> Text:
        from trialdesk.centre.centre import Centre
        from trialdesk.demo import DEMO_PASSPHRASE, NURSE, make_demo_desk
        from trialdesk.services.clock import SetClock
        from trialdesk.services.desk import sign_in
        from trialdesk.services.study_release import shipped_release

        self.clock = SetClock(datetime.now().astimezone())
        self.centre = Centre.init(self.folder / "centre", shipped_release(), now=self.clock.now())
        make_demo_desk(self.folder / "desk", self.centre, self.clock)
        self.desk = sign_in(self.folder / "desk", NURSE, DEMO_PASSPHRASE, self.clock)
        content = (self.folder / "desk" / "trail.db").read_bytes()
        if b"SQLite format" in content or NURSE.encode() in content:
            raise KnownError(Text(en="The database can be read without its key.", zh="数据库可在无密钥时读取。"))
        return Text(en="nothing readable in the file", zh="文件中无可读内容")

    def _killed(self) -> Text:
        from trialdesk.storage.audit_trail import AuditTrail
        from trialdesk.storage.database import open_desk

        path, key, salt = self.folder / "killed.db", os.urandom(32), os.urandom(16)
        begun = time.perf_counter()
        call = f"from trialdesk.self_check import write_and_die; write_and_die({str(path)!r}, {key!r}, {salt!r})"
        search = os.pathsep.join([str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, "-c", call], capture_output=True, text=True, check=False, timeout=60,
            env=os.environ | {"PYTHONPATH": search},
        )  # fmt: skip
        acknowledged = done.stdout.count("\n")
        engine = open_desk(path, key, salt)
        try:
            verdict = AuditTrail(engine).verify()
        finally:
            engine.dispose()
        if acknowledged < ACKNOWLEDGED or verdict.records < acknowledged or not verdict.whole:
            raise KnownError(
                Text(
                    en=f"{acknowledged} acknowledged, {verdict.records} found.",
                    zh=f"确认 {acknowledged} 条，找到 {verdict.records} 条。",
                )
            )
        seconds = time.perf_counter() - begun
        return Text(
            en=f"{acknowledged} acknowledged, {verdict.records} found, seals whole ({seconds:.1f} s)",
            zh=f"确认 {acknowledged} 条，找到 {verdict.records} 条，封印完整（{seconds:.1f} 秒）",
        )

    def _enter(self) -> Text:
        from trialdesk.domain.oid import FormPath
        from trialdesk.domain.study.rule import WindowRule

        subject = self.desk.enrol("TEST")
        if not isinstance(subject, str):
            raise KnownError(subject.says)
        self.book = self.desk.casebook(subject)
        today = self.clock.now().date()
        chemo, self.form = FormPath("CHEMO", 1, "CHEMO"), FormPath("DLI", 1, "DLI")
        self._answer(
            chemo, CHSTDAT=str(today - timedelta(days=24)), CHENDAT=str(today - timedelta(days=20)), CHDAYS="5"
        )
        self._answer(self.form, DLIDAT=str(today), DLISTTIM="10:20", DLICD3="50.0")
        windows = {rule.id for rule in self.desk.study.rules if isinstance(rule, WindowRule)}
        found = [f for f in self.book.assessment(self.form).findings if f.rule in windows]
        if not found:
            raise KnownError(Text(en="No rule spoke of the late infusion.", zh="没有规则提示输注超窗。"))
        return Text(
            en=f"{subject}, {len(self.book.data.items)} answers, rule {found[0].rule}",
            zh=f"{subject}，{len(self.book.data.items)} 项录入，规则 {found[0].rule}",
        )

    def _answer(self, form, **answers: str) -> None:  # type: ignore[no-untyped-def]
        from trialdesk.domain.actions.outcome import Refusal

        for item, typed in answers.items():
            done = self.book.enter(form.item(self.desk.study.place[item][1].oid, item), typed)
            if isinstance(done, Refusal):
                raise KnownError(done.says)

    def _correct(self) -> Text:
        from trialdesk.domain.actions.outcome import Refusal
        from trialdesk.domain.clinical.audit_record import Reason

        for finding in self.book.assessment(self.form).to_finish:
            if finding.severity == "missing":
                self.book.enter(finding.path, "", "UNK")
            elif finding.severity == "soft":
                self.book.explain(finding.path, finding.rule, "MEDICAL")
        done = self.book.complete(self.form)
        if isinstance(done, Refusal):
            raise KnownError(done.says)
        path = self.form.item(self.desk.study.place["DLICD3"][1].oid, "DLICD3")
        refused = self.book.enter(path, "51.0")
        changed = self.book.enter(path, "51.0", reason=Reason(code="SOURCE"))
        if not isinstance(refused, Refusal) or isinstance(changed, Refusal):
            raise KnownError(
                Text(en="A completed form was changed without a reason.", zh="完成的表单在无原因的情况下被更改。")
            )
        again = self.book.complete(self.form)
        if isinstance(again, Refusal):
            raise KnownError(again.says)
        return Text(en="refused without, kept with its reason", zh="无原因被拒，有原因则记录")

    def _sign(self) -> Text:
        from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
        from trialdesk.domain.actions.outcome import Refusal
        from trialdesk.services.signing import certify, sign

        for done in (
            certify(self.desk, self.book, self.form, DEMO_PASSPHRASE, NURSE),
            sign(self.desk, self.book, self.form, DEMO_PASSPHRASE, INVESTIGATOR),
        ):
            if isinstance(done, Refusal):
                raise KnownError(done.says)
            self.pdf = done.pdf
        return Text(en=f"PDF of {len(self.pdf) // 1000} kB", zh=f"PDF {len(self.pdf) // 1000} kB")

    def _judge(self) -> Text:
        from trialdesk.services.verdicts import verify_files

        good, bad = self.folder / "good.pdf", self.folder / "bad.pdf"
        good.write_bytes(self.pdf)
        changed = bytearray(self.pdf)
        changed[len(changed) // 3] ^= 1
        bad.write_bytes(changed)
        verdicts = verify_files([good, bad], self.folder / "desk" / "trust" / "root.pem")
        if not verdicts[0].ok or verdicts[1].ok:
            raise KnownError(Text(en="The verdict on a signed form is wrong.", zh="对已签表单的判定有误。"))
        return Text(en="both as they must be", zh="两者判定均正确")

    def _send(self) -> Text:
        from trialdesk.domain.actions.outcome import Refusal
        from trialdesk.services.transfer import send, take_receipt

        stick = self.folder / "stick"
        stick.mkdir()
        sent = send(self.desk, stick)
        if isinstance(sent, Refusal):
            raise KnownError(sent.says)
        content = bytearray(sent.path.read_bytes())
        content[len(content) // 2] ^= 1
        forged = stick / "forged.tdb"
        forged.write_bytes(content)
        try:
            self.centre.receive(forged, self.clock.now())
        except KnownError:
            pass
        else:
            raise KnownError(Text(en="A changed bundle was taken in.", zh="被改动的数据包被接收。"))
        taken = self.centre.receive(sent.path, self.clock.now())
        receipt = stick / "receipt.tdr"
        receipt.write_bytes(taken.receipt)
        now = take_receipt(self.desk, receipt)
        if isinstance(now, Refusal) or now.accepted_to != sent.last:
            raise KnownError(Text(en="The receipt does not confirm what was sent.", zh="回执与发送内容不符。"))
        return Text(
            en=f"records 1 to {now.accepted_to} confirmed by the signed receipt",
            zh=f"第 1～{now.accepted_to} 条已由签名回执确认",
        )

    def _trail(self) -> Text:
        from trialdesk.storage.probe import try_tampering

        through = [one.statement for one in try_tampering(self.desk.engine) if not one.refusal]
        verdict = self.desk.verify()
        if through or not verdict.whole:
            raise KnownError(Text(en=f"Let through: {through}", zh=f"未被阻止：{through}"))
        return Text(
            en=f"12 attempts refused, {verdict.records} seals hold", zh=f"12 种企图被拒，{verdict.records} 条封印完整"
        )

    def _back_up(self) -> Text:
        from trialdesk.services.backup import back_up
        from trialdesk.services.inspection.keeping import drill

        made = back_up(self.desk)
        found = drill(self.desk)
        if found is None or not found.whole:
            raise KnownError(Text(en="The backup does not open.", zh="备份无法打开。"))
        return Text(en=f"records 1 to {made.up_to}, opened", zh=f"第 1～{made.up_to} 条，已打开")


def write_and_die(path: str, key: bytes, salt: bytes) -> None:
    """Write and acknowledge records one by one, then end as a machine does whose power fails."""
    from trialdesk.domain.clinical.audit_record import AuditRecord, stamp
    from trialdesk.domain.clinical.changes import SessionNoted
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.database import open_desk

    trail = AuditTrail(open_desk(Path(path), key, salt))
    at, zone = stamp(datetime.now().astimezone())
    for seq in range(1, ACKNOWLEDGED + 1):
        change = SessionNoted(what="signed_in", detail=str(seq))
        trail.append(
            [
                AuditRecord(
                    origin="T1", seq=seq, at=at, zone=zone, user="SYSTEM", role="system", site="00", study="-", change=change
                )
            ]
        )  # fmt: skip
        print(seq, flush=True)
    os.abort() if os.name == "nt" else os.kill(os.getpid(), 9)
