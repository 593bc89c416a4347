"""The sides of a comparison of two groups, from published cells; all other codes as a difference of published numbers.

The cell of "all but one code" is in no question of the grammar, and the groups in it could be told from it. So the figure of all
others is that of everybody without the compared group and without those of whom the group is not known, or the sum of the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics.change.trend import Z
from metrics.gate import CURVE_FROM, NOT_RECORDED, SHARE_FROM, is_shown_share
from metrics.grammar.answer import Row
from metrics.hypotheses.background import PERSONAL
from metrics.hypotheses.hypothesis import OTHERS, Groups, Hypothesis
from metrics.hypotheses.methods.estimates import Bounds
from metrics.hypotheses.published_cells import Number, PublishedFigure, PublishedFigures
from metrics.measures.intervals import wilson
from metrics.model.dimensions import unknown_of
from metrics.model.facts.fact import base_of

HORIZONS = ((12, "at_365"), (6, "at_183"))
"""Horizons in months that may decide, and the names of their estimates: a year, else six months."""
_MOST_OF_OTHERS = 0.9
"""Part of all others that the sum of the other published groups must be, to stand for them."""


@dataclass(frozen=True)
class ComparedSide:
    """One side of a comparison.

    people: clients, None where they are not published; least, most: between which its number of people lies, anonymous
    visitors among them, as far as published numbers tell; size: the clients or events that the value is of; share:
    numerator and denominator; bounds: value and 95 % interval, rounding taken in, by the name of the estimate; known,
    happened, dated: as of `PublishedFigure`.
    """

    name: str
    people: float | None = None
    least: float = 0.0
    most: float = math.inf
    size: Number | None = None
    spread: float = 1.0
    share: tuple[Number, Number] | None = None
    known: tuple[float, float] = (0.0, 0.0)
    happened: float = 0.0
    dated: float = 0.0
    bounds: tuple[tuple[str, Bounds], ...] = ()

    def value(self, name: str | None = None) -> Bounds | None:
        """Return an estimate's value and bounds, by default those of the first."""
        return next((bounds for own, bounds in self.bounds if name in (None, own)), None)


def group_sides(hypothesis: Hypothesis, figures: PublishedFigures) -> tuple[ComparedSide, ComparedSide]:
    """Return the compared and the reference group. Raises QuestionError, StoreError."""
    design = hypothesis.design
    assert isinstance(design, Groups)
    name = design.dimension
    compared = figures.one({name: design.compared})
    one = ComparedSide("compared") if compared is None else side_of(hypothesis, "compared", compared)
    if design.reference != OTHERS:
        reference = figures.one({name: design.reference})
        return one, ComparedSide("reference") if reference is None else side_of(hypothesis, "reference", reference)
    every = figures.one()
    if compared is None or every is None:
        return one, ComparedSide("reference")
    unknown = unknown_of(hypothesis.outcome, name)
    several = base_of(name) in hypothesis.definition.of_fact.lists
    left = figures.one({name: unknown}) if unknown and not several else None
    other = _others(hypothesis, every, tuple(figure for figure in (compared, left) if figure is not None))
    if several:
        return one, other
    parts = [part for (_, code), part in figures.read(by=(name,)).items() if code not in (design.compared, unknown)]
    if base_of(name) not in PERSONAL:
        # Clients of both groups are in no difference, but at least those of the largest other group are among the others.
        other = replace(other, least=max([other.least, *(part.people.value for part in parts if part.people)]))
    return one, _by_parts(other, parts) if hypothesis.kind == "share" else other


def _by_parts(other: ComparedSide, parts: Sequence[PublishedFigure]) -> ComparedSide:
    """Return all others as the sum of the other groups, where these are published and rounding moves their sum less."""
    shares = [part.share for part in parts if part.share]
    if not shares or len(shares) < len(parts):
        return other
    top, bottom = (sum(numbers, Number(0.0)) for numbers in zip(*shares, strict=True))
    if other.share is not None and (
        bottom.noise >= other.share[1].noise or bottom.value < _MOST_OF_OTHERS * other.share[1].value
    ):
        return other
    return with_share(replace(other, size=bottom, share=(top, bottom), bounds=()))


def side_of(hypothesis: Hypothesis, name: str, figure: PublishedFigure) -> ComparedSide:
    """Return a side that is one published cell."""
    people = figure.people.value if figure.people else None
    known, whole = figure.known
    made = ComparedSide(
        name, people, people or 0.0, figure.most_people, figure.share[1] if figure.share else figure.size,
        spread=figure.spread, share=figure.share,
        known=(0.0 if figure.row.state == NOT_RECORDED.state else known, whole), happened=figure.happened,
        dated=figure.dated,
    )  # fmt: skip
    match hypothesis.kind:
        case "share":
            return with_share(made)
        case "amount":
            return replace(made, bounds=_named("median", _ends(figure.row)))
        case "time_to_event":
            return replace(made, bounds=tuple(b for m, n in HORIZONS for b in _named(n, _ends(figure.at(m)))))
    return made


def with_share(side: ComparedSide) -> ComparedSide:
    """Return a side with the value of its share in percent; without where the gate's limits of shares do not allow it."""
    if side.share is None:
        return side
    top, bottom = side.share
    if bottom.value < SHARE_FROM or not is_shown_share(100 * top.value / bottom.value):
        return side
    wide = side.spread
    off = math.sqrt(max(top.noise, bottom.noise)) / wide
    low, high = wilson(top.value / wide, bottom.value / wide, off)
    return replace(side, bounds=(("crude", (100 * top.value / bottom.value, 100 * low, 100 * high)),))


def may_be_compared(hypothesis: Hypothesis, side: ComparedSide) -> bool:
    """Return whether a side surely has as many people as its kind of comparison needs."""
    return side.least >= least_people(hypothesis)


def least_people(hypothesis: Hypothesis) -> int:
    """Return the fewest people of each side: the gate's limit for curves where durations are compared, else that for shares."""
    if hypothesis.kind == "time_to_event" or (hypothesis.kind == "amount" and hypothesis.design.kind == "groups"):
        return CURVE_FROM
    return SHARE_FROM


def _others(hypothesis: Hypothesis, every: PublishedFigure, without: tuple[PublishedFigure, ...]) -> ComparedSide:
    design = hypothesis.design
    assert isinstance(design, Groups)
    # Whoever has several codes is among the others and in the compared group: the difference leaves them out.
    is_personal = base_of(design.dimension) in PERSONAL
    people = every.people.value if every.people else 0.0
    rest = max(people - sum(one.people.value for one in without if one.people), 0.0)
    size = every.size
    for one in without:
        size = size - one.size if size and one.size else size
    told = rest if is_personal and every.people else None
    made = ComparedSide(
        "reference", told, rest, every.most_people if told is None or size is None else max(told, size.value),
        size=None if size is None or size.value <= 0 else size, spread=every.spread,
        happened=every.happened - sum(one.happened for one in without),
        dated=every.dated - sum(one.dated for one in without),
    )  # fmt: skip
    if every.of_clients and not is_personal and hypothesis.kind != "time_to_event":
        return replace(made, size=None)  # who is followed is so once, hardly ever in two groups
    match hypothesis.kind:
        case "share":
            return with_share(_rest_of_share(made, every, without))
        case "time_to_event":
            return replace(
                made, bounds=tuple(b for m, n in HORIZONS for b in _named(n, _rest_at(m, every, without[0])))
            )
    return made


def _rest_of_share(side: ComparedSide, every: PublishedFigure, without: tuple[PublishedFigure, ...]) -> ComparedSide:
    known, whole = (
        max(total - sum(one.known[place] for one in without), 0.0) for place, total in enumerate(every.known)
    )
    side = replace(side, known=(known, whole))
    if every.share is None:
        return side
    top, bottom = every.share
    for one in without:
        if one.share is not None:
            top, bottom = top - one.share[0], bottom - one.share[1]
    if top.value < 0 or bottom.value <= 0:
        return side
    return replace(side, size=bottom, share=(replace(top, value=min(top.value, bottom.value)), bottom))


def _rest_at(months: int, every: PublishedFigure, without: PublishedFigure) -> Bounds | None:
    """Return the share that the others have reached at a horizon: everybody's is the mean of both, weighted by their sizes."""
    whole, own = _ends(every.at(months)), _ends(without.at(months))
    if whole is None or own is None or every.size is None or without.size is None:
        return None
    n, n1 = every.size.value, without.size.value
    n0 = n - n1
    if n0 < CURVE_FROM:
        return None
    value = (n * whole[0] - n1 * own[0]) / n0
    if not is_shown_share(value):
        return None
    variance, own_variance = (((one[2] - one[1]) / (2 * Z)) ** 2 for one in (whole, own))
    # At least that of as many of everybody; both shares are whole percents, each half a percent off at most.
    rest = max((n**2 * variance - n1**2 * own_variance) / n0**2, variance * n / n0)
    error = math.sqrt(rest + (n**2 + n1**2) / (12 * n0**2))
    return value, max(value - Z * error, 0.0), min(value + Z * error, 100.0)


def _ends(row: Row | None) -> Bounds | None:
    """Return the value of a row that brings its own interval."""
    if row is None or row.value is None or row.lower is None or row.upper is None:
        return None
    return row.value, min(row.lower, row.value), max(row.upper, row.value)


def _named(name: str, bounds: Bounds | None) -> tuple[tuple[str, Bounds], ...]:
    return () if bounds is None else ((name, bounds),)
