"""What reading leaves in the trail: who looked at, printed or took along which answer (ICH E6(R3) 4.2.2)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class AnswerShown(BaseModel):
    """A person read an answer of the inspector's page; `how` says whether it stayed on the screen or left as a file.

    `question` is its name, `about` the field or day that was asked for, `document` the SHA-256 of the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["AnswerShown"] = "AnswerShown"
    question: str
    about: str = ""
    how: Literal["shown", "printed", "saved"]
    document: str | None = None
