"""Time and place of the sides of a comparison, and from which month on the files know of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.cube import Cube
from metrics.grammar.period import Period
from metrics.hypotheses.hypothesis import OTHERS, BeforeAfter, Groups, Hypothesis
from metrics.measures.evidence import PLACES, Days, Evidence, evidence_of
from metrics.model.needs import needs

MONTHS_BEFORE, MONTHS_AFTER = 12, 8
"""Fewest months of a monthly series: a year before the change, to separate it from the season, and eight months after it."""


@dataclass(frozen=True)
class _Span:
    """Days and place of a side. place: None for all; others: all places but that one."""

    days: Days
    place: str | None = None
    others: bool = False


def side_evidence(hypothesis: Hypothesis, store: Store, generation: Generation) -> tuple[Evidence, ...]:
    """Return what the files tell of each side, for its own time and place. Raises StoreError."""
    start = first_day(hypothesis, store, generation)
    return tuple(_evidence(span, store, generation) for span in _spans(hypothesis, start))


def change_evidence(hypothesis: Hypothesis, store: Store, generation: Generation) -> tuple[tuple[Evidence, ...], ...]:
    """Return for each place of a before–after comparison what the files tell of each time that is compared with the others.

    These are the time before the change and that after it; for a number of events each month. All other municipalities are no
    place: they are compared one by one. Raises StoreError.
    """
    design = hypothesis.design
    if not isinstance(design, BeforeAfter):
        return ()
    places = [place for place in dict.fromkeys((design.area, design.comparison)) if place != OTHERS]
    if design.comparison is None:
        places = [design.area]
    days = [span.days for span in _spans(hypothesis, first_day(hypothesis, store, generation)) if not span.others]
    if hypothesis.kind == "count":
        days = _months_of(hypothesis, places[0], store, generation)
    return tuple(tuple(_evidence(_Span(one, place), store, generation) for one in days) for place in places)


def _months_of(hypothesis: Hypothesis, place: str | None, store: Store, generation: Generation) -> list[Days]:
    """Return the months compared, from the first one of which the files tell."""
    first, last = months(hypothesis, store, generation)
    table = hypothesis.definition.of_fact.of_table
    begun = _evidence(_Span(Days(), place), store, generation).extent.first_day(table, place)
    first = max(first, _number(begun)) if begun else last + 1
    starts = [date(one // 12, one % 12 + 1, 1) for one in range(first, last + 2)]
    return [Days(start, end - timedelta(days=1)) for start, end in pairwise(starts)]


def first_day(hypothesis: Hypothesis, store: Store, generation: Generation) -> date | None:
    """Return the first day of the months compared, None when all are. Raises StoreError.

    Of all time, only the months of which the files know the past count for a metric that looks back: in the months before
    these, old clients look new.
    """
    period = Period.parse(hypothesis.period)
    if period.first_day is not None or not needs(hypothesis.definition).looks_back:
        return period.first_day
    found = [_evidence(span, store, generation).known_from(hypothesis.definition) for span in _spans(hypothesis, None)]
    return None if None in found else max(day for day in found if day is not None)


def months(hypothesis: Hypothesis, store: Store, generation: Generation) -> tuple[int, int]:
    """Return the first and the last month compared, as year × 12 + month − 1: closed months only. Raises StoreError."""
    first, last = first_day(hypothesis, store, generation), Period.parse(hypothesis.period).last_day
    closed = Cube(store, generation).closed_month
    return (_number(first) if first else 0, min(_number(last), closed) if last else closed)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _spans(hypothesis: Hypothesis, start: date | None) -> Iterator[_Span]:
    end = Period.parse(hypothesis.period).last_day
    match hypothesis.design:
        case Groups(dimension=dimension, compared=one, reference=other):
            whole = Days(start, end)
            if dimension not in PLACES:
                yield _Span(whole)
                return
            yield _Span(whole, one)
            yield _Span(whole, one, others=True) if other == OTHERS else _Span(whole, other)
        case BeforeAfter(month=month, area=area, comparison=other):
            change = Period.parse(month).first_day
            assert change is not None
            for days in (Days(start, change - timedelta(days=1)), Days(change, end)):
                yield _Span(days, area)
                if other is not None:
                    yield _Span(days, area, others=True) if other == OTHERS else _Span(days, other)


def _evidence(span: _Span, store: Store, generation: Generation) -> Evidence:
    return evidence_of(store, generation, span.days, span.place, others=span.others)
