"""Published numbers as tables of counts, with what is hidden filled in from its published total."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from metrics.expected.raking import Counts
from metrics.grammar.answer import Row
from metrics.model.dimensions import codes, unknown_of

Tell = Callable[[tuple[str, ...]], Sequence[Row]]
"""Returns the published rows of one share by these dimensions, in one period and with the same filters each time."""

BACKGROUND = ("language_group", "age_band", "sex", "education_level", "language_level_start")
"""Facts about a person that no service has brought about, which a comparison takes into account."""


@dataclass(frozen=True)
class Margins:
    """How the cases of an area divide by facts, one after the other.

    cases, met: by fact, the number of each code, and of those the number that the share counts; total, total_met: of all; known:
    by fact, the part of all (0–1) whose number is published and whose code is known.
    """

    cases: Mapping[str, Counts]
    met: Mapping[str, Counts]
    total: float
    total_met: float
    known: Mapping[str, float]


def margins(metric: str, total: Row, by_fact: Mapping[str, Sequence[Row]]) -> Margins | None:
    """Return the margins of an area from its published rows; None where its total has no published numbers.

    total: of all its cases; by_fact: rows by code of a fact. A number that is not published (few people) gets an equal part of
    what the published ones leave of the total.
    """
    if not total.denominator or total.numerator is None:
        return None
    cases, met, known = {}, {}, {}
    for fact, rows in by_fact.items():
        of_code = {row.codes[fact]: row for row in rows}
        order = codes(metric, fact, ())
        below = _numbers([of_code[code].denominator if code in of_code else 0.0 for code in order])
        above = _numbers([of_code[code].numerator if code in of_code else 0.0 for code in order])
        is_known = np.array([code != unknown_of(metric, fact) for code in order])
        known[fact] = min(1.0, float(np.nansum(below[is_known])) / total.denominator)
        cases[fact] = filled(below, total.denominator)
        met[fact] = np.minimum(filled(above, total.numerator), cases[fact])
    return Margins(cases, met, total.denominator, total.numerator, known)


def pair(metric: str, facts: tuple[str, str], rows: Sequence[Row], total: float) -> Counts:
    """Return the numbers of cases by two facts, filled in as in `margins`."""
    first, second = (codes(metric, fact, ()) for fact in facts)
    found = np.zeros((len(first), len(second)))
    for row in rows:
        place = first.index(row.codes[facts[0]]), second.index(row.codes[facts[1]])
        found[place] = np.nan if row.denominator is None else row.denominator
    return filled(found, total)


def filled(counts: Counts, total: float) -> Counts:
    """Return the numbers with an equal part of the rest for each that is not known (NaN).

    >>> filled(np.array([90.0, np.nan, np.nan]), 100).tolist()
    [90.0, 5.0, 5.0]
    """
    hidden = np.isnan(counts)
    rest = max(total - float(np.nansum(counts)), 0.0)
    return np.where(hidden, rest / max(int(hidden.sum()), 1), counts)


def _numbers(values: Sequence[float | None]) -> Counts:
    return np.array([np.nan if value is None else value for value in values], dtype=float)
