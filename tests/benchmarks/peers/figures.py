"""The figures of *Kysyntä* with one language chosen, in a form that everybody's answers can be compared in.

A chart's figures are by key: the metric where it has several, then codes or the period, in the order of the question. What is not
there is zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

CHARTS = ("numbers", "numbers_before", "months", "municipalities", "topics", "week", "support", "times")
"""The eight charts, in the order of `tests.benchmarks.questions.page_questions`."""

LANGUAGES = ("so", "ru", "ar", "uk", "et", "fa", "en", "ku", "sq", "vi", "th", "zh")
YEAR, BEFORE = 2026, 2025
"""The year of the breakdowns, and the one before; their key numbers are to the end of September."""
NUMBERS = ("clients", "encounters", "new_clients", "solved_share", "understood_language_share", "several_topics_share")
UNDERSTOOD = ("own_language", "common_language", "interpreter_on_site", "interpreter_remote")

COLUMNS = (
    "client", "occurred_on", "hour", "municipality", "language", "language_support", "channel", "topics", "minutes",
    "resolution", "requested_on",
)  # fmt: skip
"""What the eight questions need of the raw table of encounters."""

Key = tuple[str, ...]
Figures = dict[str, dict[Key, float]]
Answerer = Callable[[str], Figures]
"""Answers all questions of the page with a language chosen."""


def named(values: Sequence[object]) -> dict[Key, float]:
    """The key numbers, in their order; those that do not exist are left out."""
    return {(name,): float(str(value)) for name, value in zip(NUMBERS, values, strict=True) if is_number(value)}


def is_number(value: object) -> bool:
    """Whether a peer has found a number: a share of none is null, or not a number."""
    return value is not None and not math.isnan(float(str(value)))


def by_codes(rows: Iterable[Sequence[object]]) -> dict[Key, float]:
    """Counts by the codes before them."""
    return {tuple(str(code) for code in codes): float(str(count)) for *codes, count in rows}


def by_month(rows: Iterable[tuple[object, object, object]]) -> dict[Key, float]:
    """Encounters and clients by month, from rows of all three."""
    found: dict[Key, float] = {}
    for month, encounters, clients in rows:
        found["encounters", str(month)] = float(str(encounters))
        found["clients", str(month)] = float(str(clients))
    return found


def quantiles(minutes: object, wait: object, long_wait: object) -> dict[Key, float]:
    """Median of minutes, median and 90th percentile of the wait; those of nobody are left out."""
    found = {("minutes_median", "0.5"): minutes, ("wait_days", "0.5"): wait, ("wait_days", "0.9"): long_wait}
    return {key: float(str(value)) for key, value in found.items() if is_number(value)}


def differences(ours: Figures, theirs: Figures) -> list[str]:
    """What differs between our exact figures and a peer's, in words; nothing when they are equal."""
    found = []
    for chart in CHARTS:
        mine, other = ours[chart], theirs[chart]
        found += [f"{chart} {key}: only the peer has {other[key]}" for key in other.keys() - mine.keys() if other[key]]
        for key, value in mine.items():
            if not math.isclose(value, other.get(key, 0.0), rel_tol=1e-9, abs_tol=1e-9):
                found.append(f"{chart} {key}: {value} and {other.get(key)}")
    return found
