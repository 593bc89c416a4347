"""Slides with several figures, of each kind and arrangement."""

from __future__ import annotations

from metrics.briefings.slide import ENDS, MAPPED, Slide

PERIOD = "2025"
FLOW = Slide(metric="flow", kind="flow", by=ENDS, period=PERIOD)
MAP = Slide(metric="reach_per_1000", kind="map", by=MAPPED, period=PERIOD)
BARS = Slide(metric="clients", kind="bars", by=("language",), period=PERIOD)
LINES = Slide(metric="encounters", kind="lines", each="month", period=PERIOD)
HEAT = Slide(metric="encounters", kind="heat", by=("topic", "language"), period=PERIOD)
CURVE = Slide(metric="employed_by", kind="curve", by=("sex",), period="all", horizon=12)
NUMBERS = tuple(
    Slide(metric=metric, kind="number", period=PERIOD)
    for metric in ("clients", "encounters", "solved_share", "referral_started_share")
)


def together(*figures: Slide) -> Slide:
    """One slide of figures."""
    return figures[0].of(figures)


SLIDES = (
    together(FLOW, MAP), together(BARS, LINES), together(CURVE, HEAT), together(*NUMBERS), together(BARS, *NUMBERS[:2]),
    together(*NUMBERS[:3]), together(MAP, NUMBERS[0]), FLOW, MAP,
)  # fmt: skip
