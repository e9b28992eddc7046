"""The whole trail as files: sortable tables, and lines that carry their seals with a program that checks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from trialdesk.exchange.sheet_file import Sheet, Value, write_csv, write_workbook

LINES, PROGRAM, TABLE, BOOK = "trail.jsonl", "verify_trail.py", "trail.csv", "trail.xlsx"
COLUMNS = (
    "workstation", "number", "utc", "local", "account", "name", "role", "site", "study_version", "participant", "event",
    "what", "visit", "repeat", "form", "section", "row", "item", "item_label", "old_value", "new_value", "unit",
    "reason_code", "reason", "seal_sha256",
)  # fmt: skip


@dataclass(frozen=True)
class TrailLine:
    """One stored record: its number, its exact bytes, its seal, and its columns for the tables."""

    origin: str
    number: int
    content: bytes
    seal: str
    cells: tuple[Value, ...]


def write_trail(
    lines: Callable[[], Iterable[TrailLine]], heads: Mapping[str, tuple[int, str]], folder: Path
) -> list[Path]:
    """Write the four files into a folder; `lines` gives the trail anew for each of them, `heads` what it must end with."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LINES).open("wb") as file:
        for line in lines():
            about = {"body": line.content.decode(), "number": line.number, "seal": line.seal, "trail": line.origin}
            file.write(orjson.dumps(about, option=orjson.OPT_APPEND_NEWLINE))
    write_csv(Sheet("trail", COLUMNS, (line.cells for line in lines())), folder / TABLE)
    write_workbook([Sheet("trail", COLUMNS, (line.cells for line in lines()))], folder / BOOK)
    ends = {origin: [number, seal] for origin, (number, seal) in sorted(heads.items())}
    (folder / PROGRAM).write_text(VERIFIER.replace("HEADS = {}", f"HEADS = {ends!r}"), encoding="utf-8")
    return [folder / name for name in (LINES, TABLE, BOOK, PROGRAM)]


VERIFIER = '''"""Checks every seal of trail.jsonl with Python alone (3.8 or newer), without TrialDesk.

    python verify_trail.py [trail.jsonl]

Each line holds a record's exact text ("body") and its seal. The seal of a record is SHA-256 over one zero byte, the
seal of the record before it (64 zeros before the first of a trail) and the body in UTF-8. So a changed, missing,
added or swapped record breaks the chain from there on. HEADS names the last record and seal of each trail when the
file was written; compare them with the seal printed on a signed form or with the centre's receipt.
"""

import hashlib
import json
import sys

HEADS = {}


def main(path):
    ends, faults, count = {}, [], 0
    with open(path, encoding="utf-8") as file:
        for place, text in enumerate(file, start=1):
            try:
                line = json.loads(text)
                trail, number, body, seal = line["trail"], line["number"], line["body"], line["seal"]
                record = json.loads(body)
                last, before = ends.get(trail, (0, "0" * 64))
                due = hashlib.sha256(b"\\0" + bytes.fromhex(before) + body.encode("utf-8")).hexdigest()
            except (ValueError, KeyError, TypeError) as fault:
                faults.append("line %d cannot be read (%s)" % (place, fault))
                continue
            count += 1
            if number != last + 1:
                faults.append("line %d: record %s of %s comes after %s" % (place, number, trail, last))
            if (record["origin"], record["seq"]) != (trail, number):
                faults.append("line %d: the record says it is %s:%s" % (place, record["origin"], record["seq"]))
            if due != seal:
                faults.append("line %d: the seal of record %s of %s does not hold" % (place, number, trail))
            ends[trail] = (number, seal)
    for trail, (number, seal) in HEADS.items():
        if ends.get(trail) != (number, seal):
            faults.append("trail %s must end with record %d and seal %s..." % (trail, number, seal[:16]))
    for trail, (number, seal) in sorted(ends.items()):
        print("%s: records 1 to %d, last seal %s" % (trail, number, seal))
    print("\\n".join(faults[:20]) or "%d records: every seal holds." % count)
    return 1 if faults or not count else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "trail.jsonl"))
    except (OSError, UnicodeDecodeError) as fault:
        sys.exit("The file cannot be read (%s). Name it: python verify_trail.py FOLDER/trail.jsonl" % fault)
'''
"""The program that goes along: the standard library alone, one page to read."""
