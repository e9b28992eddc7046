"""One term of the adverse event terminology, and the words that stand for its grades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialdesk.domain.text import Text

Whose = Literal["project", "general", "official"]
"""Whose words are shown: the project's own note, the general scale, or the NCI's imported wording."""

GRADES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Term:
    """One CTCAE v5.0 term: its class, the grades that exist, the study's Chinese name, and GVHD organs it resembles."""

    name: str
    soc: str
    soc_zh: str
    grades: tuple[int, ...]
    zh: str
    resembles_gvhd: str

    @property
    def label(self) -> Text:
        """The name in both languages."""
        return Text(en=self.name, zh=self.zh)

    @property
    def overlap_groups(self) -> tuple[str, ...]:
        """The GVHD organs it is mistaken for, such as `acute lower_gi`."""
        return tuple(group.strip() for group in self.resembles_gvhd.split(";") if group.strip())


@dataclass(frozen=True, slots=True)
class GradeWords:
    """What a grade of a term means, and whose words these are."""

    words: Text
    whose: Whose


GENERAL = {
    1: Text(en="Slight; no treatment needed", zh="轻度，无需处理"),
    2: Text(
        en="Moderate; small or local treatment; housework, shopping limited",
        zh="中度；需少量或局部处理；影响做饭、购物等",
    ),
    3: Text(
        en="Severe, no danger to life now; admission or longer stay; self-care limited",
        zh="重度，尚未危及生命；需住院或延长住院；影响自理",
    ),
    4: Text(en="Danger to life, act now", zh="危及生命，须立即处理"),
    5: Text(en="Fatal", zh="死亡"),
}
"""The general five-grade scale in the project's words (source: CTCAE v5.0, guideline to the grades)."""
