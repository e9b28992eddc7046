"""A sentence for people, in both languages of the ward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Text:
    """One message or label in English and Chinese; `{name}` marks a place to fill.

    A plain dataclass, so that the sign-in window need not wait for the validation library; models that hold a Text
    validate it all the same.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    en: str
    zh: str

    def format(self, **names: object) -> Text:
        """Fill the named places of both languages; a `Text` given as a name fills each language with its own words."""
        english = {key: value.en if isinstance(value, Text) else value for key, value in names.items()}
        chinese = {key: value.zh if isinstance(value, Text) else value for key, value in names.items()}
        return Text(en=self.en.format(**english), zh=self.zh.format(**chinese))

    def show(self, language: Language) -> str:
        """Return the words in one language."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return f"{self.en} / {self.zh}"
