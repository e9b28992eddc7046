"""The timeline of a participant for the printer, from the same marks as on the screen."""

from __future__ import annotations

from trialdesk.documents.paper import About
from trialdesk.documents.study_summary import SheetFrame
from trialdesk.documents.timeline import PaperMark, render_timeline
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.hue import hue
from trialdesk.services.timeline import LANES, timeline

TIMELINE = Text(en="Participant's timeline", zh="受试者时间线")


def timeline_pdf(casebook: Casebook) -> bytes:
    """Every mark of the timeline drawn and in words, as PDF/A-3b."""
    session, study = casebook.session, casebook.study()
    line = timeline(casebook.book(), casebook.data, session.today)
    head, seal = session.trail.head(session.origin)
    now = session.clock.now()
    frame = SheetFrame(
        TIMELINE,
        f"{study.registration}   {study.name.zh}   中心 site {session.site}",
        f"记录 record {head}   链 chain {seal[:16]}…{seal[-8:]}   {now.strftime('%Y-%m-%d %H:%M %z')}",
        plate=casebook.subject.rsplit("-", 1)[-1],
        hue=hue(casebook.subject),
        right=f"{casebook.data.initials}   {casebook.subject}",
    )
    about = About(
        f"{TIMELINE.zh} {TIMELINE.en} {casebook.subject}", casebook.subject, f"TrialDesk {study.registration}", now
    )
    marks = [
        PaperMark(LANES[one.lane], one.label, one.start, one.end, one.planned, one.open, one.says) for one in line.marks
    ]
    return render_timeline(frame, about, marks, line.first, line.last)
