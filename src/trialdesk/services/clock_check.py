"""What bundles and receipts tell of this laptop's clock, though they travel for days on a stick.

A bundle is written before the centre takes it in, and its receipt is read after that. The centre's time stands between
the two, so the offset of the laptop's clock lies between "written minus centre" and "read minus centre".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trialdesk.domain.clinical.changes import BundleWritten, ReceiptTaken
from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk

BEARABLE = timedelta(minutes=5)
"""A clock that is off by more than this is told (E6(R3) asks for synchronised times; the limit is the project's)."""

LATEST = 5
"""Receipts that are looked at: an older one tells of a clock that may have been set since."""


@dataclass(frozen=True)
class ClockStanding:
    """The laptop's clock minus the centre's lies between `least` and `most`; None while no receipt tells."""

    least: timedelta | None = None
    most: timedelta | None = None

    @property
    def ahead(self) -> timedelta | None:
        """By how much at least the clock is ahead, where that is more than is bearable."""
        return self.least if self.least is not None and self.least > BEARABLE else None

    @property
    def behind(self) -> timedelta | None:
        """By how much at least the clock is behind, where that is more than is bearable."""
        return -self.most if self.most is not None and -self.most > BEARABLE else None

    @property
    def wrong(self) -> bool:
        """True where the clock cannot agree with the centre's."""
        return self.ahead is not None or self.behind is not None

    @property
    def says(self) -> Text:
        """What is known of the clock, in one line."""
        if self.least is None or self.most is None:
            return Text(en="Clock not compared yet: no receipt", zh="时钟尚未比对：还没有回执")
        if self.ahead is not None:
            return Text(en="This computer's clock is at least {t} ahead", zh="本机时钟至少快 {t}").format(
                t=_span(self.ahead)
            )
        if self.behind is not None:
            return Text(en="This computer's clock is at least {t} behind", zh="本机时钟至少慢 {t}").format(
                t=_span(self.behind)
            )
        return Text(en="The clock agrees with the centre's, as far as receipts tell", zh="时钟与中心一致（据回执判断）")

    @property
    def what_to_do(self) -> Text:
        """What an administrator does about it."""
        if self.wrong:
            return _SET_IT
        if self.least is None or self.most is None:
            return Text(en="The next receipt tells.", zh="读入下一份回执后即可判断。")
        return Text(
            en="Between {a} behind and {b} ahead; the closer bundle and receipt follow each other, the closer it is known.",
            zh="误差在慢 {a} 与快 {b} 之间；数据包与回执间隔越短，判断越准。",
        ).format(a=_span(max(-self.least, timedelta())), b=_span(max(self.most, timedelta())))


def clock_standing(desk: OpenDesk) -> ClockStanding:
    """The offset of this laptop's clock from the centre's, by its latest bundles and their receipts."""
    written: dict[int, datetime] = {}
    bounds: list[tuple[timedelta, timedelta]] = []
    for record in desk.trail.records(origin=desk.session.origin, kinds=("BundleWritten", "ReceiptTaken")):
        change, at = record.change, datetime.fromisoformat(record.at)
        if isinstance(change, BundleWritten):
            written[change.number] = at
        elif isinstance(change, ReceiptTaken) and change.number in written:
            centre = datetime.fromisoformat(change.centre_time)
            bounds.append((written[change.number] - centre, at - centre))
    if not bounds:
        return ClockStanding()
    recent = bounds[-LATEST:]
    return ClockStanding(max(one[0] for one in recent), min(one[1] for one in recent))


def _span(span: timedelta) -> Text:
    """A span in the largest unit that says something."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return Text(en=f"{minutes} min", zh=f"{minutes} 分钟")
    if minutes < 48 * 60:
        return Text(en=f"{minutes // 60} h", zh=f"{minutes // 60} 小时")
    return Text(en=f"{minutes // 1440} days", zh=f"{minutes // 1440} 天")


_SET_IT = Text(
    en="Set date, time and time zone of this computer, then sign in again. Records keep the time they were made with, "
    "their order follows their numbers; note the difference in the site's file.",
    zh="请校正本机的日期、时间和时区，然后重新登录。已有记录保留原时间，先后以编号为准；请在研究中心文件中注明时差。",
)
