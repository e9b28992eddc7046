"""Every colour and letter size of the window, named by what it is for (contrast figures: design notes, section 2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """One colour scheme."""

    window: str
    surface: str
    sunken: str
    hover: str
    selected: str
    line: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    fill: str
    on_fill: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    hard: str
    hard_soft: str
    query: str
    query_soft: str
    info: str
    info_soft: str
    idle: str
    idle_soft: str
    grade1: str
    grade2: str
    grade3: str
    grade4: str
    grade5: str
    scrim: str


LIGHT = Tokens(
    window="#F1F3F6",
    surface="#FFFFFF",
    sunken="#F7F8FA",
    hover="#EEF1F5",
    selected="#E8EEFA",
    line="#E2E6EB",
    edge="#7F8A97",
    ink="#17202B",
    ink2="#465260",
    ink3="#5F6B79",
    accent="#2555B5",
    fill="#2A5CC2",
    on_fill="#FFFFFF",
    ok="#1B7340",
    ok_soft="#E3F3E8",
    warn="#855B00",
    warn_soft="#FCF1D9",
    hard="#AD0F2F",
    hard_soft="#FCE8EB",
    query="#7A2AA0",
    query_soft="#F4EAFA",
    info="#1F5E86",
    info_soft="#E4F0F7",
    idle="#5F6B79",
    idle_soft="#EDF0F3",
    grade1="#E9C46A",
    grade2="#E39A3B",
    grade3="#CC5A1E",
    grade4="#9B2412",
    grade5="#3A0F0A",
    scrim="#5C17202B",
)

DARK = Tokens(
    window="#12161B",
    surface="#1A2027",
    sunken="#161B21",
    hover="#232A33",
    selected="#22304A",
    line="#2A323C",
    edge="#6F7C8A",
    ink="#E9EDF2",
    ink2="#B7C0CB",
    ink3="#97A3B0",
    accent="#8FB4FF",
    fill="#3B6FDB",
    on_fill="#FFFFFF",
    ok="#5FC79C",
    ok_soft="#17342A",
    warn="#F0B45A",
    warn_soft="#3A2C12",
    hard="#FF8A8A",
    hard_soft="#43201F",
    query="#F0AEDD",
    query_soft="#3A2234",
    info="#4FA8E0",
    info_soft="#152E3F",
    idle="#97A3B0",
    idle_soft="#262E37",
    grade1="#E9C46A",
    grade2="#EBA24A",
    grade3="#EE7F45",
    grade4="#F4624A",
    grade5="#FFB3A8",
    scrim="#99070A0D",
)


# Role: height of the letters in pixels and weight; 600 and not 700 keeps Han open at 14 px.
TYPE: dict[str, tuple[int, int]] = {
    "display": (24, 600),
    "title": (18, 600),
    "heading": (15, 600),
    "label": (14, 600),
    "body": (14, 400),
    "strong": (13, 600),
    "text": (13, 400),
    "small": (12, 400),
    "smallstrong": (12, 600),
    "micro": (11, 400),
    "number": (20, 600),
}
