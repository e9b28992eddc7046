"""What every named part of a study has: a label in both languages."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from trialdesk.domain.text import Text


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
