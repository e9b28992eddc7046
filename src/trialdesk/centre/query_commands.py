"""What `trialdesk centre query`, `lock`, `verify` and `receipts` print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import cast, get_args

from trialdesk.centre.admission import Caller, admit, admit_intake, admit_second
from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import SourceKind
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage import projections
from trialdesk.storage.centre_lists import CentreLists, QueryLine

SOURCES: tuple[str, ...] = get_args(SourceKind)


def open_query(folder: Path, who: Caller, subject: str, fields: Sequence[str], says: Text, draft: bool) -> str:
    """Ask about one field or several; drafted only, or on its way with the next receipt."""
    with _Sitting(folder, who) as sitting:
        ask = sitting.reviewer.propose if draft else sitting.reviewer.issue
        return sitting.said(ask(subject, [_item(field) for field in fields], says))


def issue(folder: Path, who: Caller, names: Sequence[str]) -> str:
    """Send drafted queries out, all of them where none is named."""
    with _Sitting(folder, who) as sitting:
        lines = sitting.lists.queries(("Candidate",), limit=100_000)
        if unknown := [name for name in names if name not in {line.id for line in lines}]:
            raise KnownError(_NO_DRAFT.format(names=", ".join(unknown)))
        chosen = [line for line in lines if not names or line.id in names]
        said = [sitting.said(sitting.reviewer.issue_candidate(line.subject, line.id)) for line in chosen]
        return "\n".join([*said, _GO_OUT.format(n=len(chosen)).en, _GO_OUT.format(n=len(chosen)).zh])


def settle(folder: Path, who: Caller, name: str, words: str, cancelled: bool) -> str:
    """Close or cancel a query, or drop a drafted one."""
    with _Sitting(folder, who) as sitting:
        line = sitting.query(name)
        return sitting.said(sitting.reviewer.close(line.subject, name, words, cancelled))


def ask_again(folder: Path, who: Caller, name: str, says: Text) -> str:
    """Put an answered or closed query again in its own thread."""
    with _Sitting(folder, who) as sitting:
        return sitting.said(sitting.reviewer.ask_again(sitting.query(name).subject, name, says))


def check(folder: Path, who: Caller) -> str:
    """Let the rules look at every participant; what they find becomes drafted system queries."""
    with _Sitting(folder, who) as sitting:
        rules = rules_of_centre(sitting.reviewer.centre)
        made = [
            record for subject in sitting.reviewer.trail.subjects() for record in sitting.reviewer.check(subject, rules)
        ]
        drafted = sum(1 for record in made if record.change.kind == "QueryProposed")
        return f"{drafted} queries drafted, {len(made) - drafted} drafts settled by themselves"


def listing(folder: Path, states: Sequence[str], as_json: bool, now: datetime | None = None) -> str:
    """The query board as lines, the longest waiting first, with days since asked."""
    centre = Centre.open(folder)
    try:
        projections.refresh(centre.engine)
        lines = CentreLists(centre.engine).queries(states, limit=10_000)
    finally:
        centre.close()
    today = (now or datetime.now().astimezone()).date()
    if as_json:
        return json.dumps([asdict(line) | {"days": age(line, today)} for line in lines], ensure_ascii=False, indent=1)
    return (
        "\n".join(
            f"{line.id:<16}{line.state:<10}{age(line, today):>4} d  {line.subject:<10}{line.source:<16}"
            f"{', '.join(line.paths)}\n  {line.says_en}\n  {line.says_zh}"
            + (f"\n  answer: {line.said}" if line.said else "")
            for line in lines
        )
        or "no queries"
    )


def age(line: QueryLine, today: object) -> int:
    """Whole days from asking to settling, or to today for a query that waits."""
    from datetime import date

    end = datetime.fromisoformat(line.settled).date() if line.settled else today
    assert isinstance(end, date)
    return max(0, (end - datetime.fromisoformat(line.opened).date()).days)


def form_act(folder: Path, who: Caller, act: str, subject: str, form: str, second: Caller, words: str) -> str:
    """Freeze, thaw, lock or unlock a form."""
    path = _form(form)
    with _Sitting(folder, who) as sitting:
        one = sitting.reviewer
        if act in ("lock", "unlock"):
            sitting.let_second_in(second)
        if act == "lock":
            return sitting.said(one.lock(subject, path, second.user))
        if act == "unlock":
            return sitting.said(one.unlock(subject, path, second.user, words))
        return sitting.said(one.freeze(subject, path) if act == "freeze" else one.thaw(subject, path))


def verify(folder: Path, who: Caller, subject: str, fields: Sequence[str], source: str, where: str) -> str:
    """Note that answers were compared with a source."""
    with _Sitting(folder, who) as sitting:
        kind = cast(SourceKind, source)
        return sitting.said(sitting.reviewer.verify(subject, [_item(field) for field in fields], kind, where))


def unverify(folder: Path, who: Caller, subject: str, record: str, words: str) -> str:
    """Take a comparison back."""
    with _Sitting(folder, who) as sitting:
        return sitting.said(sitting.reviewer.unverify(subject, record, words))


def receipts(folder: Path, who: Caller, out: Path, service_key: Path | None = None) -> str:
    """Write a receipt for every workstation with all it has not confirmed."""
    centre = Centre.open(folder)
    try:
        admit_intake(centre, who, service_key)
        return "\n".join(f"receipt {path}" for path in write_receipts(centre, out)) or "no workstation has sent yet"
    finally:
        centre.close()


class _Sitting:
    """An open centre and one person who signed in at it."""

    def __init__(self, folder: Path, who: Caller) -> None:
        self.centre = Centre.open(folder)
        try:
            self.user = admit(self.centre, who)
        except BaseException:
            self.centre.close()
            raise
        self.reviewer = Reviewer(self.centre, self.user.id, self.user.role)

    def let_second_in(self, who: Caller) -> None:
        """The second person of an act gives a passphrase of their own."""
        admit_second(self.centre, who, self.user)

    def __enter__(self) -> _Sitting:
        projections.refresh(self.centre.engine)
        return self

    def __exit__(self, *_: object) -> None:
        projections.refresh(self.centre.engine)
        self.centre.close()

    @property
    def lists(self) -> CentreLists:
        return CentreLists(self.centre.engine)

    def query(self, name: str) -> QueryLine:
        found = self.lists.query(name)
        if found is None:
            raise KnownError(_NO_QUERY.format(name=name))
        return found

    def said(self, done: tuple[AuditRecord, ...] | Refusal) -> str:
        """What was recorded; a refusal becomes the command's error."""
        return said(done)


def said(done: tuple[AuditRecord, ...] | Refusal) -> str:
    """Each record that was made: its name, what happened in both languages; a refusal becomes the command's error."""
    from trialdesk.services.inspection.record_words import what

    if isinstance(done, Refusal):
        raise KnownError(done.says)
    lines = []
    for record in done:
        words = what(record)
        lines.append(f"{record.id} {record.change.kind} {record.subject or ''}".rstrip() + f": {words.en} {words.zh}")
    return "\n".join(lines)


def _item(text: str) -> ItemPath:
    try:
        return ItemPath.parse(text)
    except ValueError as fault:
        raise KnownError(_NO_PLACE.format(text=text)) from fault


def _form(text: str) -> FormPath:
    try:
        return FormPath.parse(text)
    except ValueError as fault:
        raise KnownError(_NO_PLACE.format(text=text)) from fault


_NO_QUERY = Text(
    en="There is no query {name}. List them with: trialdesk centre query list FOLDER",
    zh="没有质疑 {name}。可用 trialdesk centre query list FOLDER 列出全部质疑。",
)
_GO_OUT = Text(en="queries that go out with the next receipts: {n}", zh="随下次回执发出的质疑：{n} 条")
_NO_DRAFT = Text(
    en="No drafted query is named {names}; nothing was sent. List the drafts with: trialdesk centre query list FOLDER "
    "--state Candidate",
    zh="没有名为 {names} 的质疑草稿，未发出任何质疑。可用 trialdesk centre query list FOLDER --state Candidate 列出草稿。",
)
_NO_PLACE = Text(
    en="{text} names no field. Write EVENT[1]/FORM/GROUP[1]/ITEM, for a form EVENT[1]/FORM.",
    zh="{text} 不是字段名。字段写作 EVENT[1]/FORM/GROUP[1]/ITEM，表单写作 EVENT[1]/FORM。",
)
