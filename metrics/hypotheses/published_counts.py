"""Numbers a month of two groups, from published numbers by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from metrics.change.noise import spread_of
from metrics.gate import SHARE_FROM
from metrics.grammar.period import Period
from metrics.hypotheses.hypothesis import OTHERS, Groups, Hypothesis
from metrics.hypotheses.methods.finding import Assumption
from metrics.hypotheses.published_cells import Number, PublishedFigure, PublishedFigures
from metrics.hypotheses.published_difference import month_dispersion, monthly
from metrics.hypotheses.published_groups import ComparedSide, group_sides
from metrics.model.dimensions import unknown_of
from metrics.model.facts.fact import base_of


@dataclass(frozen=True)
class _Monthly:
    """The months of one cell: published figures of those that files cover, and the figure of the whole period."""

    months: tuple[PublishedFigure, ...]
    whole: PublishedFigure

    @property
    def total(self) -> Number | None:
        """The number of the whole period; of clients the sum of the months', each counted once a month."""
        waiting = Number(0.0, self.whole.waiting)
        if not self.whole.of_clients and self.whole.row.value is not None:
            return self.whole.number(self.whole.row.value) + waiting
        total = waiting
        for one in self.months:
            if one.row.value is None:
                return None
            total = total + one.number(one.row.value)
        return total

    @property
    def spread(self) -> float:
        """Overdispersion of what is counted by client; of clients by month, how many months a client comes in."""
        total, people = self.total, self.whole.people
        if not self.whole.of_clients or total is None or people is None:
            return self.whole.spread
        return spread_of(total.value / people.value)


def count_sides(
    hypothesis: Hypothesis, figures: PublishedFigures
) -> tuple[tuple[ComparedSide, ComparedSide], tuple[Assumption, ...]]:
    """Return both groups with their numbers a month, and whether their months vary alike. Raises QuestionError, StoreError."""
    design = hypothesis.design
    assert isinstance(design, Groups)
    name = design.dimension
    one, other = group_sides(hypothesis, figures)
    compared = _monthly(figures, {name: design.compared})
    if design.reference != OTHERS:
        reference = _monthly(figures, {name: design.reference})
        total, spread = reference.total, reference.spread
    else:
        reference = _monthly(figures, {})
        unknown = unknown_of(hypothesis.outcome, name)
        several = base_of(name) in hypothesis.definition.of_fact.lists
        left = (compared, *((_monthly(figures, {name: unknown}),) if unknown and not several else ()))
        total, spread = reference.total, reference.spread
        for part in left:
            total = total - part.total if total and part.total else total
        if other.size is None:  # people with several codes are in no difference
            total = None
    pairs = tuple(zip(compared.months, reference.months, strict=False))
    varies = month_dispersion(pairs, max(compared.spread, spread))
    alike = Assumption("months_alike", "not_testable" if varies is None else "holds" if varies == 1 else "contradicted")
    months = len(compared.months)
    sides = (
        _with_number(one, compared.total, months, compared.spread * (varies or 1.0)),
        _with_number(other, total, months, spread * (varies or 1.0)),
    )
    return sides, (alike,)


def _with_number(side: ComparedSide, total: Number | None, months: int, spread: float) -> ComparedSide:
    found = None if total is None or total.value < SHARE_FROM else monthly(total, months, spread)
    return side if found is None else replace(side, bounds=(("crude", found),))


def _monthly(figures: PublishedFigures, where: Mapping[str, str]) -> _Monthly:
    whole = figures.one(where)
    assert whole is not None, "a fixed code has a row in every period"
    level = Period.parse(figures.hypothesis.period).level
    by_month = figures.read(where) if level == "month" else figures.read(where, each="month")
    return _Monthly(tuple(one for one in by_month.values() if one.is_covered), whole)
