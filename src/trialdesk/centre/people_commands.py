"""What `trialdesk centre person`, `protect` and `service-key` print."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

from trialdesk.centre import people
from trialdesk.centre.admission import Caller, admit, admit_if_founded, first_line, passphrase_of
from trialdesk.centre.centre import Centre
from trialdesk.centre.key_files import plain_secrets
from trialdesk.centre.service_key import end_service_key, make_service_key
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import ask_passphrase
from trialdesk.services.transfer import require_stick


def add(folder: Path, who: Caller, id: str, role: str, en: str | None, zh: str | None, new: Path | None) -> str:
    """Make an account; the first of a centre needs nobody to make it, and its passphrase is its own from the start."""
    with opened(folder) as centre:
        by = admit_if_founded(centre, who)
        user = User(id, _named(centre, Role(role), en, zh), Role(role))
        first = new_passphrase(id, new)
        if by is None:
            people.found(centre, user, first)
            return f"{id} is the administrator of the centre in {folder}\n{notice(centre)}"
        people.add_person(centre, by.id, user, first)
    return f"{id} may sign in as {ROLE_WORDS[user.role].en.lower()} after setting a passphrase of their own:\n" + (
        f"  trialdesk centre person passphrase {folder} --as {id}"
    )


def begin(folder: Path, id: str, passphrase: str, stick: Path | None) -> str:
    """Give a new centre its first administrator and, with a stick, seal its keys at once."""
    from trialdesk.centre.key_files import protect as seal_keys

    with opened(folder) as centre:
        user = User(id, _named(centre, Role.ADMINISTRATOR, None, None), Role.ADMINISTRATOR)
        people.found(centre, user, passphrase)
        lines = [f"{id} is the administrator of the centre in {folder}"]
        if stick is None:
            return "\n".join([*lines, notice(centre)])
        done = seal_keys(centre, people.sign_in(centre, id, passphrase, "protect"), stick)
    return "\n".join([*lines, _sealed(done, stick)])


def _sealed(done: Sequence[str], stick: Path) -> str:
    said = ", ".join(done) or "nothing was left to do"
    return f"sealed: {said}\nthe recovery key lies in {stick}; keep it apart from the folder, two persons to reach it"


def role(folder: Path, who: Caller, id: str, role: str) -> str:
    """Give a person another role."""
    with opened(folder) as centre:
        people.change_role(centre, admit(centre, who).id, id, Role(role))
    return f"{id} is {ROLE_WORDS[Role(role)].en.lower()} from now on"


def reset(folder: Path, who: Caller, id: str, new: Path | None) -> str:
    """Set a new first passphrase."""
    with opened(folder) as centre:
        by = admit(centre, who)
        people.reset_passphrase(centre, by.id, id, new_passphrase(id, new))
    return f"{id} may sign in after setting a passphrase of their own; the trail says who let them in again"


def deactivate(folder: Path, who: Caller, id: str) -> str:
    """End an account."""
    with opened(folder) as centre:
        people.deactivate(centre, admit(centre, who).id, id)
    return f"{id} may not sign in any more; what {id} did keeps the name"


def own_passphrase(folder: Path, who: Caller, new: Path | None) -> str:
    """Let a person set their own passphrase."""
    with opened(folder) as centre:
        old = passphrase_of(centre, who.user, who.passphrase_file)
        people.change_own_passphrase(centre, who.user, old, new_passphrase(who.user, new))
    return f"{who.user} has a passphrase nobody else knows"


def recover(folder: Path, id: str, identity: Path, new: Path | None) -> str:
    """Let an administrator in again with the offline key."""
    try:
        secret = identity.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise KnownError(_UNREADABLE.format(path=identity)) from fault
    with opened(folder) as centre:
        people.recover(centre, secret, id, new_passphrase(id, new))
    return f"{id} may sign in after setting a passphrase of their own; the trail says that the recovery key was used"


def protect(folder: Path, who: Caller, stick: Path) -> str:
    """Seal the keys."""
    from trialdesk.centre.key_files import protect as seal_keys

    with opened(folder) as centre:
        by = admit(centre, who)
        require_stick(stick)
        return _sealed(seal_keys(centre, by, stick), stick)


def service(folder: Path, who: Caller, name: str, out: Path | None) -> str:
    """Make a service's key, or end it."""
    with opened(folder) as centre:
        by = admit(centre, who)
        if out is None:
            end_service_key(centre, by, name)
            return f"the service {name} is shut out"
        make_service_key(centre, by, name, out)
    return f"{out} takes in bundles and answers them, and can do nothing else; keep it apart from the folder"


def listing(folder: Path, on: str | None, as_json: bool) -> str:
    """Everyone who has or had an account, or who had which role on a day."""
    with opened(folder) as centre:
        known = centre.attendance.accounts()
        said = notice(centre)
        wrong = {id: len(centre.attendance.refusals(id)) for id in known}
    if on is not None:
        moment = f"{_day(on).isoformat()}T23:59:59.999Z"
        held = {id: role for id, one in sorted(known.items()) if (role := one.role_at(moment)) is not None}
        if as_json:
            return json.dumps(held, indent=1)
        return "\n".join(f"{id:<16}{role}" for id, role in held.items()) or f"nobody had an account on {on}"
    if as_json:
        return json.dumps([asdict(one) for _, one in sorted(known.items())], ensure_ascii=False, indent=1)
    lines = []
    for id, one in sorted(known.items()):
        state = "ended" if one.user.retired else "has to set a passphrase" if one.lent else "may sign in"
        tries = f"; {wrong[id]} wrong passphrases since the last right one" if wrong[id] else ""
        lines.append(f"{id:<16}{one.user.name.zh} {one.user.name.en}: {state}{tries}")
        lines += [
            f"  {p.role:<16}{p.begins[:16]} to {p.ends[:16] if p.ends else 'today'} UTC, given by {p.by}"
            for p in one.periods
        ]
    return "\n".join([*lines, *([said] if said else [])]) or "nobody has an account"


def notice(centre: Centre) -> str:
    """What the folder still lacks to be safe when stolen, in both languages; nothing for a demonstration."""
    if centre.kind == "demo":
        return ""
    if not centre.attendance.is_founded:
        return "\n".join((_NOBODY.en.format(folder=centre.folder), _NOBODY.zh.format(folder=centre.folder)))
    plain = plain_secrets(centre.folder)
    if not plain:
        return ""
    says = _PLAIN.format(names=", ".join(plain), folder=centre.folder)
    return f"{says.en}\n{says.zh}"


@contextmanager
def opened(folder: Path) -> Iterator[Centre]:
    """An open centre, closed again whatever happens."""
    centre = Centre.open(folder)
    try:
        yield centre
    finally:
        centre.close()


def new_passphrase(user: str, file: Path | None) -> str:
    """A new passphrase from a file, or asked twice without echo."""
    if file is not None:
        return first_line(file)
    given = ask_passphrase(f"new passphrase of {user}: ", _NEW_VARIABLE)
    if given != ask_passphrase("once more: ", _NEW_VARIABLE):
        raise KnownError(_DIFFER)
    return given


def _named(centre: Centre, role: Role, en: str | None, zh: str | None) -> Text:
    """The name given, or the role with a number, as every example names people."""
    words = ROLE_WORDS[role]
    number = 1 + sum(1 for one in centre.attendance.accounts().values() if one.periods[0].role is role)
    return Text(en=en or f"{words.en} {number}", zh=zh or f"{words.zh} {number}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise KnownError(_NO_DAY.format(text=text)) from fault


_NEW_VARIABLE = "TRIALDESK_NEW_PASSPHRASE"
_DIFFER = Text(en="The two are not the same. Nothing was changed.", zh="两次输入不一致，未作改动。")
_UNREADABLE = Text(en="{path} cannot be read. Check the stick.", zh="无法读取 {path}，请检查 U 盘。")
_NO_DAY = Text(en="{text} is no day. Write YYYY-MM-DD.", zh="{text} 不是日期，请写作 YYYY-MM-DD。")
_NOBODY = Text(
    en="Nobody has an account at this centre yet: trialdesk centre person add {folder} admin1 --role administrator",
    zh="本中心尚无人员账户：trialdesk centre person add {folder} admin1 --role administrator",
)
_PLAIN = Text(
    en="NOTICE: {names} lie in the folder without a passphrase; whoever takes the folder can use them. "
    "Seal them: trialdesk centre protect {folder} --recovery STICK",
    zh="注意：{names} 未加口令存放在文件夹中，取得文件夹者即可使用。请封存：trialdesk centre protect {folder} --recovery U盘",
)
