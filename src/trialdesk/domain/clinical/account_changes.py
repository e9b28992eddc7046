"""What can happen to an account and to the keys of the centre; part of the closed list in `changes.py`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RoleChanged(_Change):
    """A person has another role from now on; what was done before stands in the role of that time."""

    kind: Literal["RoleChanged"] = "RoleChanged"
    user: str
    role: str


class PassphraseChanged(_Change):
    """A person set a passphrase of their own; nobody else knows it from now on."""

    kind: Literal["PassphraseChanged"] = "PassphraseChanged"
    user: str


class KeysChanged(_Change):
    """What became of the centre's keys: sealed under passphrases, or a service let in or shut out.

    `detail` names the files, or the service.
    """

    kind: Literal["KeysChanged"] = "KeysChanged"
    what: Literal["sealed", "service_let_in", "service_shut_out"]
    detail: str = ""
