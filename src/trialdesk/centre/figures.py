"""The report's pictures: survival and incidence curves with numbers at risk, and one bar per participant."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from trialdesk.centre.endpoints import Endpoints, Waiting
from trialdesk.centre.statistics import cumulative_incidence, kaplan_meier
from trialdesk.domain.clinical.course import Course
from trialdesk.domain.text import Text

INK, GREY, BLUE, RED, GREEN, AMBER = "#17202B", "#5F6B79", "#2555B5", "#AD0F2F", "#1B7340", "#855B00"
DOTS = 200


def survival_picture(waiting: Sequence[Waiting], title: Text, horizon: int) -> bytes:
    """A Kaplan-Meier curve with its band, censoring marks and numbers at risk, as PNG."""
    steps = kaplan_meier([one.days for one in waiting], [one.status == 1 for one in waiting])
    figure, axes = _plot(title, horizon)
    days = [0.0, *(step.time for step in steps)]
    axes.step(days, [1.0, *(step.survival for step in steps)], where="post", color=BLUE, linewidth=1.6)
    low = [1.0, *(step.survival if step.lower is None else step.lower for step in steps)]
    high = [1.0, *(step.survival if step.upper is None else step.upper for step in steps)]
    axes.fill_between(days, low, high, step="post", color=BLUE, alpha=0.12, linewidth=0)
    censored = [step for step in steps if any(o.days == step.time and o.status == 0 for o in waiting)]
    axes.plot([s.time for s in censored], [s.survival for s in censored], "|", color=BLUE, markersize=8)
    axes.set_ylabel("生存率 Survival", fontsize=9)
    _at_risk(axes, waiting, horizon)
    return _png(figure)


def incidence_picture(waiting: Sequence[Waiting], title: Text, horizon: int) -> bytes:
    """Cumulative incidence of non-relapse death and of relapse with their bands and numbers at risk, as PNG."""
    rows = cumulative_incidence([one.days for one in waiting], [one.status for one in waiting])
    figure, axes = _plot(title, horizon)
    for cause, label, colour, dash in ((1, "非复发死亡 NRM", RED, "-"), (2, "复发 Relapse", GREY, "--")):
        mine = [row for row in rows if row.cause == cause]
        days = [0.0, *(row.time for row in mine), float(horizon)]
        values = [0.0, *(row.incidence for row in mine)]
        axes.step(days, [*values, values[-1]], where="post", color=colour, linestyle=dash, linewidth=1.6, label=label)
        low = [0.0, *(row.incidence if row.lower is None else row.lower for row in mine)]
        high = [0.0, *(row.incidence if row.upper is None else row.upper for row in mine)]
        shade = {"step": "post", "color": colour, "alpha": 0.1, "linewidth": 0}
        axes.fill_between(days, [*low, low[-1]], [*high, high[-1]], **shade)
    axes.legend(loc="upper left", fontsize=8, frameon=False)
    axes.set_ylabel("累积发生率 Cumulative incidence", fontsize=9)
    _at_risk(axes, waiting, horizon)
    return _png(figure)


def swimmer_picture(endpoints: Endpoints, title: Text) -> bytes:
    """One bar per enrolled participant from enrolment to the last contact, with treatment, remission, relapse, death."""
    people = sorted(endpoints.enrolled, key=lambda one: _length(one, endpoints.cut))
    plt = _pyplot()
    figure, axes = plt.subplots(figsize=(7.2, max(2.4, 0.24 * len(people) + 1.2)), dpi=DOTS)
    marks: dict[str, tuple[str, str]] = {
        "DLI／普乐沙福 Treatment": ("|", GREY),
        "缓解 Remission": ("o", GREEN),
        "复发 Relapse": ("X", AMBER),
        "死亡 Death": ("s", RED),
    }
    for row, one in enumerate(people):
        assert one.enrolled is not None
        start = one.enrolled
        axes.barh(row, _length(one, endpoints.cut), height=0.5, color="#D9E2F3", edgecolor="#7F8A97", linewidth=0.5)
        days = {
            "DLI／普乐沙福 Treatment": [d for d in one.treatment if d >= start],
            "缓解 Remission": [d for d in [endpoints.first_remission(one)] if d],
            "复发 Relapse": [one.relapse] if one.relapse else [],
            "死亡 Death": [one.death] if one.death else [],
        }
        for name, (shape, colour) in marks.items():
            axes.plot(
                [(d - start).days for d in days[name]], [row] * len(days[name]), shape, color=colour, markersize=5
            )
        if not one.death:
            axes.plot(_length(one, endpoints.cut), row, ">", color="#7F8A97", markersize=4)
    for name, (shape, colour) in marks.items():
        axes.plot([], [], shape, color=colour, label=name, linestyle="none")
    axes.set_yticks(range(len(people)), [one.subject for one in people], fontsize=7)
    axes.set_xlabel("入组后天数 Days from enrolment", fontsize=9)
    axes.set_title(f"{title.zh}  {title.en}", fontsize=10, loc="left")
    axes.legend(loc="lower right", fontsize=7, frameon=False)
    _quiet(axes)
    figure.tight_layout()
    return _png(figure)


def _length(one: Course, cut: date) -> int:
    assert one.enrolled is not None
    return max(((one.death or min(one.last_contact or one.enrolled, cut)) - one.enrolled).days, 0)


def _plot(title: Text, horizon: int) -> tuple[Any, Any]:
    figure, axes = _pyplot().subplots(figsize=(7.2, 4.1), dpi=DOTS)
    axes.set_xlim(0, horizon * 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xticks([round(horizon * part / 4) for part in range(5)])
    axes.set_title(f"{title.zh}  {title.en}", fontsize=10, loc="left")
    axes.tick_params(labelsize=8)
    _quiet(axes)
    return figure, axes


def _at_risk(axes: Any, waiting: Sequence[Waiting], horizon: int) -> None:
    axes.text(0, -0.2, "风险人数 Number at risk", transform=axes.transAxes, fontsize=7.5, color=GREY)
    for part in range(5):
        day = round(horizon * part / 4)
        count = sum(1 for one in waiting if one.days >= day)
        axes.text(day, -0.28, str(count), transform=axes.get_xaxis_transform(), ha="center", fontsize=8)
    axes.set_xlabel("天 Days", fontsize=8, loc="right")
    axes.figure.subplots_adjust(bottom=0.25, left=0.1, right=0.97, top=0.91)


def _quiet(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#E2E6EB", linewidth=0.6)
    axes.set_axisbelow(True)


def _pyplot() -> Any:
    """Matplotlib without a screen, with the desk's own font."""
    from trialdesk.centre.statistics import library
    from trialdesk.paths import resources

    library("matplotlib").use("Agg")
    fonts = library("matplotlib.font_manager")
    plt = library("matplotlib.pyplot")
    if not any(entry.name == "Noto Sans SC" for entry in fonts.fontManager.ttflist):
        fonts.fontManager.addfont(str(resources() / "fonts" / "NotoSansSC-Regular.ttf"))
    name = fonts.FontProperties(fname=str(resources() / "fonts" / "NotoSansSC-Regular.ttf")).get_name()
    plt.rcParams["font.family"] = name
    plt.rcParams["axes.unicode_minus"] = False
    return plt


def _png(figure: Any) -> bytes:
    """The picture without transparency, which an archival PDF does not take, and without a date of its own."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white", metadata={"Software": None})
    _pyplot().close(figure)
    return buffer.getvalue()
