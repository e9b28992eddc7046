"""The records of one participant, domain by domain, as the mapping says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.sdtm import SUBJECT, DomainDef, RecordsDef
from trialdesk.exchange.sdtm.reading import CasebookReader
from trialdesk.exchange.sdtm.standard import Dataset
from trialdesk.exchange.sdtm.timing import Span, epoch_at, study_day, visit_of

_REASONS = {code: words.en.upper() for code, words in MISSING}


@dataclass
class Record:
    """One record: its values by variable, what links it to others, and its supplemental qualifiers."""

    values: dict[str, str | int | float | None]
    links: dict[str, str] = field(default_factory=dict)
    supplements: dict[str, tuple[str, str, str]] = field(default_factory=dict)


class Records:
    """Makes the records of one participant; `usubjid` names the participant across studies.

    Every domain is made first and finished later, when `reference`, the day that counts as day 1, is known.
    """

    def __init__(self, reader: CasebookReader, usubjid: str) -> None:
        self.reader, self.usubjid = reader, usubjid
        self.reference: str | None = None
        self.spans: tuple[Span, ...] = tuple(self._elements())

    def make(self, domain: DomainDef, dataset: Dataset) -> list[Record]:
        """Every record of a domain, without its number and what counts from the reference day."""
        found: list[Record] = []
        for block in domain.records:
            found += self._once(block, list(self._block(block, dataset)))
        if dataset.name == "SV":
            found += self._visits()
        if dataset.name == "SE":
            found += self._spans()
        self.reader.made[domain.domain] = [record.values for record in found]
        return found

    def finish(self, domain: DomainDef, dataset: Dataset, found: list[Record]) -> list[Record]:
        """The same records with study days and epochs, sorted by the keys of the domain and numbered."""
        for record in found:
            self._time(record, dataset)
        found.sort(key=lambda one: [_sortable(one.values.get(key)) for key in domain.keys])
        for number, record in enumerate(found, 1):
            record.values["STUDYID"], record.values["DOMAIN"] = self.reader.study.oid, dataset.name
            record.values["USUBJID"] = self.usubjid
            if dataset.variable(f"{dataset.name}SEQ"):
                record.values[f"{dataset.name}SEQ"] = number
        if (flag := dataset.variable(f"{dataset.name}LOBXFL")) is not None and flag.core == "Exp":
            self._last_before_exposure(found, dataset.name)
        return found

    def _block(self, block: RecordsDef, dataset: Dataset) -> Iterator[Record]:
        for item in (*block.items, *block.tests):
            places = [None] if item == SUBJECT else self.reader.places(item)
            for at in places:
                if not self.reader.holds(block.when, at) or self._kept_out(block, at):
                    continue
                record = self._record(block, dataset, item, at)
                if record is not None:
                    yield record

    def _kept_out(self, block: RecordsDef, at: ItemPath | None) -> bool:
        return any(self.reader.holds({item: codes}, at) for item, codes in block.unless.items())

    def _record(self, block: RecordsDef, dataset: Dataset, item: str, at: ItemPath | None) -> Record | None:
        values: dict[str, str | int | float | None] = dict(block.tests.get(item, {}))
        if item in block.tests and at is not None:
            result = self._result(block, dataset.name, at)
            if result is None:
                return None
            # A unit the mapping gives stands for the study's own word; a derived result was never an original one.
            known = (name for name in values if not name.endswith("RESU") or result.get(name) is not None)
            values = result | {name: values[name] for name in known}
            if values.get(f"{dataset.name}DRVFL") == "Y":
                values = {name: one for name, one in values.items() if not name.startswith(f"{dataset.name}OR")}
        elif at is not None and self.reader.value(at) is None:
            return None
        read = self.reader.read
        values |= {name: found for name, source in block.set.items() if (found := read(source, at)) is not None}
        # What happened at a time of its own need not have happened at the visit that asks about it.
        visit = (
            visit_of(self.reader.study, at.event, at.repeat) if at and f"{dataset.name}STDTC" not in block.set else None
        )
        if visit is not None and dataset.variable("VISITNUM"):
            values |= {"VISITNUM": visit.number, "VISIT": visit.name}
            if dataset.variable("EPOCH"):
                values["EPOCH"] = visit.epoch
        for name, value in values.items():
            variable = dataset.variable(name)
            if variable is not None and variable.kind == "double" and isinstance(value, str):
                values[name] = _number(value)
        links = {name: key for name, source in block.link.items() if (key := read(source, at)) is not None}
        supplements = {
            name: (label, found, self._origin(source))
            for name, (label, source) in block.supp.items()
            if (found := read(source, at)) is not None
        }
        return Record(values, links, supplements)

    def _result(self, block: RecordsDef, domain: str, at: ItemPath) -> dict[str, str | int | float | None] | None:
        """The result variables of a finding, or that it was not done and why."""
        recorded, value = self.reader.data.items[at], self.reader.value(at)
        if value is None:
            if recorded.missing is None:
                return None
            return {f"{domain}STAT": "NOT DONE", f"{domain}REASND": _REASONS.get(recorded.missing, recorded.missing)}
        item = self.reader.study.item(at.item)
        if item.codelist is not None:
            words = self.reader.study.words(item, value)
            if block.results is not None:
                standard: str | None = self.reader.mapping.maps[block.results].get(value)
            else:
                standard = words.en.upper() if words else value
            return {
                f"{domain}ORRES": words.en if words else value,
                f"{domain}STRESC": standard or value,
                f"{domain}STRESN": _number(standard or value),
            }
        own, unit = self.reader.own(at)
        return self._range(domain, at, own) | {
            f"{domain}ORRES": value,
            f"{domain}ORRESU": self.reader.unit(at),
            f"{domain}STRESC": own,
            f"{domain}STRESN": _number(own),
            f"{domain}STRESU": unit,
        }

    def _range(self, domain: str, at: ItemPath, own: str | None) -> dict[str, str | int | float | None]:
        """The normal range of a laboratory result, as given and in the item's unit, and where the result lies."""
        limits = self.reader.limits(at)
        if limits is None:
            return {}
        (low, high), factor = limits, self.reader.factor(at)
        value = _number(own)
        place = None
        if value is not None:
            below, above = low is not None and value < low, high is not None and value > high
            place = "LOW" if below else "HIGH" if above else "NORMAL"
        return {
            f"{domain}ORNRLO": None if low is None else f"{(low / factor).normalize():f}",
            f"{domain}ORNRHI": None if high is None else f"{(high / factor).normalize():f}",
            f"{domain}STNRLO": None if low is None else float(low),
            f"{domain}STNRHI": None if high is None else float(high),
            f"{domain}NRIND": place,
        }

    def _origin(self, source: str) -> str:
        items = self.reader.mapping.sources[source].items()
        return "DERIVED" if any(self.reader.study.item(item).derived for item in items) else "CRF"

    @staticmethod
    def _once(block: RecordsDef, found: list[Record]) -> list[Record]:
        if not block.once:
            return found
        first: dict[tuple[object, ...], Record] = {}
        for record in found:
            first.setdefault(tuple(record.values.get(name) for name in block.once), record)
        return list(first.values())

    # -- time

    def _time(self, record: Record, dataset: Dataset) -> None:
        code, values = dataset.name, record.values
        for name, day in (
            (f"{code}DTC", f"{code}DY"),
            (f"{code}STDTC", f"{code}STDY"),
            (f"{code}ENDTC", f"{code}ENDY"),
        ):
            text = values.get(name)
            if dataset.variable(day) and isinstance(text, str):
                values[day] = study_day(text, self.reference)
        if dataset.variable("EPOCH") and values.get("EPOCH") is None:
            at = values.get(f"{code}STDTC") or values.get(f"{code}DTC")
            values["EPOCH"] = epoch_at(self.spans, at if isinstance(at, str) else None)

    def _last_before_exposure(self, found: list[Record], code: str) -> None:
        last: dict[tuple[object, ...], Record] = {}
        for record in found:
            values = record.values
            day = values.get(f"{code}DTC")
            known = values.get(f"{code}ORRES") is not None and isinstance(day, str) and len(day) >= 10
            if known and self.reference and str(day)[:10] <= self.reference[:10]:
                key = (values.get(f"{code}TESTCD"), values.get(f"{code}SPEC"))
                before = last.get(key)
                if before is None or str(before.values[f"{code}DTC"]) <= str(day):
                    last[key] = record
        for record in last.values():
            record.values[f"{code}LOBXFL"] = "Y"

    def _elements(self) -> Iterator[Span]:
        known = [(one, start) for one in self.reader.mapping.elements if (start := self.reader.read(one.start, None))]
        known.sort(key=lambda one: one[1])
        order = {one.ETCD: number for number, one in enumerate(self.reader.mapping.elements, 1)}
        for index, (one, start) in enumerate(known):
            end = known[index + 1][1] if index + 1 < len(known) else self._end(start)
            yield Span(one.ETCD, one.ELEMENT, one.EPOCH, order[one.ETCD], start, end)

    def _end(self, start: str) -> str | None:
        """The day the participant's part ended, for the last element; a participant still in it has none."""
        end = self.reader.read(self.reader.mapping.end, None) if self.reader.mapping.end else None
        return end if end is not None and end >= start else None

    def _spans(self) -> Iterator[Record]:
        for one in self.spans:
            yield Record(
                {
                    "ETCD": one.code, "ELEMENT": one.name, "EPOCH": one.epoch, "TAETORD": one.order,
                    "SESTDTC": one.start, "SEENDTC": one.end,
                }
            )  # fmt: skip

    def _visits(self) -> Iterator[Record]:
        reader, items = self.reader, self.reader.mapping.visits
        for event, repeat in sorted({(form.event, form.repeat) for form in reader.data.by_form}):
            visit = visit_of(reader.study, event, repeat)
            definition = reader.study.event.get(event)
            if visit is None or definition is None or definition.date_item is None:
                continue
            here = [p for p in reader.places(definition.date_item) if (p.event, p.repeat) == (event, repeat)]
            days = sorted(value for p in here if (value := reader.value(p)) is not None)
            said = {name: self._at(item, event, repeat) for name, item in items.items()}
            if not days and not any(said.values()):
                continue
            planned = "Y" if definition.kind == "scheduled" else None
            occurred = said.get("SVOCCUR") or ("Y" if days else None)
            reason = said.get("SVREASOC")
            words = reader.study.words(reader.study.item(items["SVREASOC"]), reason) if reason else None
            yield Record(
                {
                    "VISITNUM": visit.number, "VISIT": visit.name, "SVPRESP": planned,
                    "SVOCCUR": occurred if planned else None, "SVREASOC": words.en.upper() if words else None,
                    "SVSTDTC": days[0] if days else None, "SVENDTC": days[-1] if days else None,
                }
            )  # fmt: skip

    def _at(self, item: str, event: str, repeat: int) -> str | None:
        places = [p for p in self.reader.places(item) if (p.event, p.repeat) == (event, repeat)]
        return self.reader.value(places[0]) if places else None


def _number(text: str | None) -> float | int | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return int(value) if value is not None and value.is_integer() else value


def _sortable(value: str | int | float | None) -> tuple[int, float, str]:
    if value is None:
        return 0, 0.0, ""
    return (1, float(value), "") if isinstance(value, int | float) else (2, 0.0, value)
