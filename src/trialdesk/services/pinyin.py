"""How the Han characters of labels are read, fetched from its file when first asked for."""

from __future__ import annotations

from functools import cache

from trialdesk.domain.pinyin import Readings


@cache
def readings() -> Readings:
    """The readings that ship with TrialDesk."""
    from trialdesk.paths import resources
    from trialdesk.storage.readings import read_readings

    return read_readings(resources() / "pinyin" / "readings.csv")
