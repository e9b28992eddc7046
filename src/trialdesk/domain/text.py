"""A sentence for people, in both languages of the ward."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

Language = Literal["zh", "en"]


class Text(BaseModel):
    """One message or label in English and Chinese; `{name}` marks a place to fill."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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


class Labelled(BaseModel):
    """Something with a label; files may write `en:` and `zh:` beside the other fields instead of under `label:`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Text

    @model_validator(mode="before")
    @classmethod
    def _gather_label(cls, data: Any) -> Any:
        if isinstance(data, dict) and "label" not in data and ("en" in data or "zh" in data):
            rest = {key: value for key, value in data.items() if key not in ("en", "zh")}
            return rest | {"label": {key: data[key] for key in ("en", "zh") if key in data}}
        return data
