"""What stands out in a trail: every planted pattern is found under its name, and a clean trail gives nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories import make_study, path, record
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ClockFlagged, FormSigned, ItemCorrected, ItemEntered, RowStruck
from trialdesk.domain.clinical.trail_review import SIGN_WORDS, trail_signs, user_rates
from trialdesk.domain.study.monitoring import TrailPlan
from trialdesk.domain.text import Text

STUDY = make_study()
PLAN = TrailPlan(most_in_ten_minutes=20, least_answers=10)
DLIDAT, WHY = path("DLI[1]/DLI/DLI[1]/DLIDAT"), path("DLI[1]/DLI/DLI[1]/DLIWHY")
SEX = path("SCR[1]/DM/DM[1]/SEX")


class Trail:
    """Records of one laptop in Changchun time."""

    def __init__(self) -> None:
        self.records: list[AuditRecord] = []

    def write(self, local: str, change: object, **more: object) -> AuditRecord:
        at = (datetime.fromisoformat(local) - timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made = record(len(self.records) + 1, change, at=at, **more)
        self.records.append(made)
        return made

    def kinds(self) -> list[str]:
        return [sign.kind for sign in trail_signs(STUDY, PLAN, self.records)]


def a_day(trail: Trail) -> AuditRecord:
    """An infusion written down on its own day at noon, and signed."""
    day = trail.write("2026-03-20T12:00:00", ItemEntered(path=DLIDAT, value="2026-03-20"))
    covers, says = (day.id,), Text(en="I signed.", zh="已签署。")
    signed = FormSigned(form=DLIDAT.form_path, covers=covers, meaning=says, document="0" * 64, certificate="1")
    trail.write("2026-03-20T15:00:00", signed, user="inv1", role="investigator")
    return day


def test_a_clean_trail_gives_nothing() -> None:
    trail = Trail()
    a_day(trail)
    trail.write("2026-03-20T16:00:00", ItemEntered(path=SEX, value="Y"))
    assert trail.kinds() == []


def test_an_answer_entered_weeks_after_the_visit_is_late() -> None:
    trail = Trail()
    trail.write("2026-03-20T12:00:00", ItemEntered(path=DLIDAT, value="2026-03-20"))
    trail.write("2026-04-10T12:00:00", ItemEntered(path=WHY, value="fever"))
    (sign,) = trail_signs(STUDY, PLAN, trail.records)
    assert (sign.kind, sign.subject, sign.records) == ("late", "01-001", ("W1:2",))
    assert "21 days" in sign.says.en
    assert "21 天" in sign.says.zh


def test_a_visit_whose_day_is_not_known_cannot_be_called_late() -> None:
    trail = Trail()
    trail.write("2026-03-20T12:00:00", ItemEntered(path=DLIDAT, value="2026-03"))
    trail.write("2026-04-10T12:00:00", ItemEntered(path=WHY, value="fever"))
    assert trail.kinds() == []


def test_every_way_to_change_a_signed_form_is_found() -> None:
    trail = Trail()
    day = a_day(trail)
    trail.write("2026-03-21T09:00:00", ItemCorrected(path=DLIDAT, value="2026-03-19", replaces=(day.id,)))
    trail.write("2026-03-21T09:01:00", ItemEntered(path=WHY, value="late stem cells"))
    trail.write("2026-03-21T09:02:00", RowStruck(form=DLIDAT.form_path))
    (sign,) = trail_signs(STUDY, PLAN, trail.records)
    assert (sign.kind, sign.form, len(sign.records)) == ("after_signature", DLIDAT.form_path, 3)


def test_a_correction_on_another_laptop_whose_clock_is_behind_is_found_by_what_it_replaces() -> None:
    trail = Trail()
    day = a_day(trail)
    change = ItemCorrected(path=DLIDAT, value="2026-03-19", replaces=(day.id,))
    trail.write("2026-03-19T12:00:00", change, origin="W2")
    assert trail.kinds() == ["after_signature"]


def test_the_night_is_the_ward_s_own_night() -> None:
    trail = Trail()
    trail.write("2026-03-20T23:10:00", ItemEntered(path=SEX, value="Y"))
    trail.write("2026-03-20T23:20:00", ItemCorrected(path=SEX, value="N", replaces=("W1:1",)))
    (sign,) = trail_signs(STUDY, PLAN, trail.records)
    assert (sign.kind, sign.says.en) == ("night", "2 answers between 23:10 and 23:20")


def many(trail: Trail, count: int, gap: timedelta) -> None:
    start = datetime(2026, 3, 20, 9)
    for n in range(count):
        moment = (start + n * gap).isoformat()
        trail.write(moment, ItemEntered(path=path(f"AE[{n + 1}]/AE/AE[1]/AETERM"), value="fever"))


def test_many_answers_in_a_short_time_stand_out_and_the_same_number_in_a_day_does_not() -> None:
    fast, slow = Trail(), Trail()
    many(fast, 25, timedelta(seconds=10))
    many(slow, 25, timedelta(minutes=15))
    assert fast.kinds() == ["rate"]
    assert slow.kinds() == []
    (rate,) = user_rates(PLAN, slow.records)
    assert (rate.user, rate.answers, rate.busiest) == ("nurse1", 25, 1)


def test_a_person_who_corrects_much_stands_out() -> None:
    trail = Trail()
    many(trail, 10, timedelta(minutes=15))
    for n in range(3):
        where = path(f"AE[{n + 1}]/AE/AE[1]/AETERM")
        trail.write(f"2026-03-20T14:0{n}:00", ItemCorrected(path=where, value="pain", replaces=(f"W1:{n + 1}",)))
    assert trail.kinds() == ["corrected"]


def test_a_clock_that_went_back_is_told_with_its_laptop() -> None:
    trail = Trail()
    flag = ClockFlagged(last="2026-03-20T04:00:00.000Z", now="2026-03-19T04:00:00.000Z")
    trail.write("2026-03-20T12:00:00", flag, subject=None, user="SYSTEM", role="system")
    (sign,) = trail_signs(STUDY, PLAN, trail.records)
    assert (sign.kind, sign.site, sign.subject) == ("clock", "01", None)
    assert "W1" in sign.says.zh


def test_what_the_desk_computes_is_nobody_s_rate() -> None:
    trail = Trail()
    trail.write("2026-03-20T23:10:00", ItemEntered(path=SEX, value="Y"), user="SYSTEM", role="system")
    assert trail.kinds() == []
    assert user_rates(PLAN, trail.records) == ()


def test_every_kind_has_words_in_both_languages() -> None:
    assert all(words.en and words.zh for words in SIGN_WORDS.values())
