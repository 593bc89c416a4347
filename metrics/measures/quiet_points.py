"""Service points with hardly any visits for months, of which files tell all along: closed, or without their rows, nobody knows.

It is told of published numbers alone, so that nobody learns more of a point than its row of each month says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from statistics import median

from data.coverage.deliveries import month_end
from data.store.generation import Generation
from data.store.store import Store
from data.texts import Language, message
from metrics.cube.amounts import ListedPoint
from metrics.grammar.answer import Row
from metrics.grammar.period import Period, months_label
from metrics.grammar.question import Question
from metrics.measures.evidence import AREAS, PLACES, place_of
from metrics.measures.inquiry import Inquiry
from metrics.measures.rows import rows
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, is_unknown, service_points
from metrics.model.needs import needs

MOST_POINTS = 4
"""Service points that are named; of more, how many they are."""
_METRIC, _TABLE, _POINT = "encounters", "encounter", "service_point"
_USUAL_FROM = 3
"""Months with visits from which on they tell how many are usual."""
_MONTHS = 2
"""Months in a row without any: one alone may be a holiday."""
_EXPECTED = 12
"""Visits that would be expected in such months at least: fewer are none by chance."""
_STRAYS = 0.1
"""The part of the usual visits up to which those of a month are hardly any, such as some with a wrong code."""
_UNKNOWN = 0.25
"""The same where a number is not shown: the part that it is below."""


@dataclass(frozen=True)
class QuietPoint:
    """A service point and the months in a row in which it had hardly any visits: the first days of the first and the last."""

    point: str
    first: date
    last: date


def quiet_points(question: Question, store: Store, generation: Generation) -> tuple[QuietPoint, ...]:
    """Return the quiet months, within its period, of the points of a question about visits by places or points.

    Not those in which a list of service points tells that a point was closed. Raises StoreError, KeyFileError.
    """
    where, known = dict(question.where), definitions()
    if not {_POINT, *PLACES, *AREAS} & {*question.by, *where}:
        return ()
    if not any(_TABLE in needs(known[metric]).tables for metric in question.metrics):
        return ()
    place, asked, period = place_of({}, where), where.get(_POINT, ()), Period.parse(question.period)
    places = {place} if isinstance(place, str) else place
    first, last = period.first_day or date.min, period.last_day or date.max
    return tuple(
        QuietPoint(one.point, max(one.first, first), min(one.last, last).replace(day=1))
        for one, municipality in _quiet(store, generation, question.audience)
        if (not asked or one.point in asked) and (places is None or municipality in places)
        and one.first <= last and first <= month_end(one.last)
    )  # fmt: skip


def told(question: Question, store: Store, generation: Generation, lang: Language) -> str:
    """Return the same in words, nothing where there is none. Raises StoreError, KeyFileError."""
    found = quiet_points(question, store, generation)
    return said(found, service_points(store, generation, question.audience), lang) if found else ""


def said(found: Sequence[QuietPoint], places: Places, lang: Language) -> str:
    """Return quiet points in words, nothing where there are none. places: names of service points by code and language."""
    if not found:
        return ""
    named = sorted({one.point for one in found})
    if len(named) > MOST_POINTS:
        points = message("quiet_points.many", lang, number=len(named))
    else:
        months = {
            point: ", ".join(months_label(one.first, one.last, lang) for one in found if one.point == point)
            for point in named
        }
        points = "; ".join(f"{places[point][lang]} ({of})" for point, of in months.items())
    return message("quiet_points", lang, points=points)


@lru_cache(maxsize=8)
def _quiet(store: Store, generation: Generation, audience: str) -> tuple[tuple[QuietPoint, str], ...]:
    """Every quiet point with its municipality."""
    question = Question((_METRIC,), by=(_POINT,), each="month", audience=audience)
    inquiry = Inquiry(question, store, generation)
    if not inquiry.periods:
        return ()
    of_point: dict[str, dict[date, Row]] = {}
    for row in rows(inquiry, definitions()[_METRIC]):
        month = Period.parse(row.period)
        if month.first_day is not None and month.has_ended(generation.closed_until):
            of_point.setdefault(row.codes[_POINT], {})[month.first_day] = row
    listed = {one.code: one for one in inquiry.amounts.points()}
    found: list[tuple[QuietPoint, str]] = []
    for point, by_month in of_point.items():
        if is_unknown(_METRIC, _POINT, point):
            continue
        one = listed.get(point)
        is_open = {
            month: row for month, row in by_month.items()
            if one is None or (one.opened_on <= month_end(month) and month <= one.closed_on)
        }  # fmt: skip
        spans = (QuietPoint(point, *span) for span in _spans(is_open))
        found += [(span, _place_of(point, one, inquiry)) for span in spans]
    return tuple(found)


def _place_of(point: str, listed: ListedPoint | None, inquiry: Inquiry) -> str:
    """Return a point's municipality, where no list tells it that of the only source of its visits; empty where none is known."""
    if listed is not None and listed.municipality:
        return listed.municipality
    places = {inquiry.extent.organisations.get(one, "") for one in inquiry.sources_at(point) or ()}
    return places.pop() if len(places) == 1 else ""


def _spans(by_month: Mapping[date, Row]) -> Iterator[tuple[date, date]]:
    """Yield the first and last month of each time with hardly any visits; seasons at its ends are no part of it."""
    values = [row.value for row in by_month.values() if row.value]
    if len(values) < _USUAL_FROM:
        return
    usual = median(values)
    every = [
        (is_quiet, list(run))
        for is_quiet, run in groupby(sorted(by_month), lambda one: _is_quiet(by_month[one], usual))
    ]
    seasons = _seasons(every)
    for is_quiet, run in every:
        odd = [month for month in run if month not in seasons] if is_quiet else []
        if len(odd) >= _MONTHS and usual * len(odd) >= _EXPECTED:
            yield odd[0], odd[-1]


def _seasons(every: Sequence[tuple[bool, Sequence[date]]]) -> frozenset[date]:
    """Return the quiet months that are quiet each year, after one of which at least visits have come back.

    A school is closed each summer. Of a point that has ended the same months are quiet each year, too, but none comes back.
    every: all months in runs, and whether these are quiet.
    """
    quiet = {month for is_quiet, run in every if is_quiet for month in run}
    over = {month for is_quiet, run in every[1:-1] if is_quiet for month in run}
    months = [month for _, run in every for month in run]

    def is_season(one: date) -> bool:
        others = {month for month in months if month.month == one.month and month != one}
        return others <= quiet and bool(others & over)

    return frozenset(filter(is_season, quiet))


def _is_quiet(row: Row, usual: float) -> bool:
    if row.value is not None:
        return row.value <= _STRAYS * usual
    return row.state == "small" and row.bound is not None and row.bound.limit <= _UNKNOWN * usual
