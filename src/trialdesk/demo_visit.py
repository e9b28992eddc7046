"""A monitor's visit in the demonstration: pack, a form read and verified, one taken back, a query, and back to the centre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.visit_intake import take_visit
from trialdesk.centre.visits import add_monitor, write_pack
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.source_review import summed
from trialdesk.domain.text import Text
from trialdesk.services.clock import SetClock
from trialdesk.services.desk import DEMO_PASSPHRASE
from trialdesk.services.visit_desk import VisitDesk, make_monitor, open_visit
from trialdesk.storage import projections

MONITOR = "monitor1"
FORMS = ("CONSENT", "ELIG", "DLI")
"""What the monitor of the demonstration compares with the record: the first forms of these kinds, if they are there."""


@dataclass(frozen=True)
class DemoVisit:
    """What came of it, as the centre counted it."""

    pack: str
    result: str
    report: str
    participants: int
    required: int
    verified: int
    lifted: int
    queries: int
    says: str
    says_zh: str

    def lines(self) -> Iterator[str]:
        """The visit in words."""
        yield f"visit     {self.pack} opened by {MONITOR}: {self.participants} participants, {self.required} answers to verify"
        yield f"          {self.says}"
        yield f"          {self.says_zh}"
        yield f"          result {self.result}" + (f", report {self.report}" if self.report else "")


def visit_site(centre: Centre, site: str, folder: Path, clock: SetClock, with_report: bool = True) -> DemoVisit:
    """Let a monitor visit a site; keys, pack, result and report lie in the folder."""
    keys = folder / "keys"
    request = make_monitor(keys, MONITOR, centre.study, DEMO_PASSPHRASE)
    add_monitor(centre, request, ("data manager 1", "data manager 2"), clock.now())
    pack = write_pack(centre, site, MONITOR, folder / "stick", clock.now())
    visit = open_visit(pack, keys, DEMO_PASSPHRASE, clock)
    required = summed(visit.review(subject).tally for subject in visit.subjects).required
    _work(visit)
    report = ""
    if with_report:
        from trialdesk.services.visit_report import write_visit_report

        report = str(write_visit_report(visit, folder / f"{visit.head.visit}.pdf"))
    result = visit.finish(folder / "stick")
    projections.refresh(centre.engine)
    taken = take_visit(centre, result, clock.now())
    projections.refresh(centre.engine)
    return DemoVisit(
        str(pack), str(result), report, len(visit.subjects), required, taken.verified, taken.lifted, taken.queries,
        taken.says.en, taken.says.zh,
    )  # fmt: skip


def _work(visit: VisitDesk) -> None:
    """The first participant: whole forms after reading them, one comparison taken back, one question."""
    subject = visit.subjects[0]
    forms = {one.form.form: one for one in reversed(visit.review(subject).forms)}
    last = None
    for name in FORMS:
        if name not in forms:
            continue
        form = forms[name]
        visit.read_to_end(subject, form.form)
        data = visit.data(subject)
        paths = [one.path for one in form.items if one.required and not data.items[one.path].disputed]
        done = visit.verify_form(subject, form.form, paths, "Medical record", "p. 3")
        assert not isinstance(done, Refusal), done.says.en
        last = done[-1], paths[0]
    if last is not None:
        record, path = last
        back = visit.unverify(subject, record.id, "The page was of another admission. / 该页属于另一次住院。")
        assert not isinstance(back, Refusal), back.says.en
        says = Text(en="Which page of the record shows this?", zh="此项在病历的哪一页？")
        asked = visit.ask(subject, [path], says)
        assert not isinstance(asked, Refusal), asked.says.en
