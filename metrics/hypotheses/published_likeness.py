"""Likeness and sizes of two groups, from published breakdowns."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from scipy import stats

from metrics.gate import SHOWN_FROM
from metrics.hypotheses.background import facts_of, judged
from metrics.hypotheses.hypothesis import OTHERS, Groups, Hypothesis
from metrics.hypotheses.methods.finding import Assumption, Balance
from metrics.hypotheses.methods.likeness import MISMATCH, likeness
from metrics.hypotheses.published_cells import PublishedFigures
from metrics.hypotheses.published_groups import ComparedSide
from metrics.hypotheses.published_rounding import digits_of
from metrics.model.dimensions import is_unknown

_DIMENSIONS = {"age": "age_band"}
"""The dimension by which people are counted of a fact that is a number."""
_CERTAIN = 0.09
"""Variance of a value with a share of one in ten: of rarer values, rounding moves the standardised difference more."""


def alike(
    hypothesis: Hypothesis, figures: PublishedFigures, sides: tuple[ComparedSide, ComparedSide]
) -> tuple[tuple[Balance, ...], tuple[Assumption, ...]]:
    """Return the standardised differences of the facts about the person, and whether the groups are alike in them.

    Not of numbers of events, which have nobody beside them. Raises QuestionError, StoreError.
    """
    design = hypothesis.design
    if not isinstance(design, Groups) or hypothesis.kind == "count":
        return (), ()
    wanted = [fact for fact in facts_of(hypothesis.definition, design.dimension) if fact in judged(design.dimension)]
    rows = [row for fact in wanted for row in _breakdown(hypothesis, figures, fact)]
    if not rows:
        return (), (Assumption("groups_alike", "not_testable"),)
    frame = pl.DataFrame(rows, ["group", "fact", "value", "n"], orient="row").with_columns(w=pl.col("n"))
    balance, checks = likeness(frame, (_certain(sides[0]), _certain(sides[1])), None, wanted)
    told = tuple(Balance(row.covariate, round(row.before, min(digits_of(row.before), 2)), None) for row in balance)
    return told, checks


def as_planned(planned: float, sides: tuple[ComparedSide, ComparedSide]) -> Assumption:
    """Return the test of the published numbers of clients against the planned percentage, with their rounding in its variance."""
    one, other = (side.people for side in sides)
    if one is None or other is None:
        return Assumption("sizes_as_planned", "not_testable")
    part, total, rounding = planned / 100, one + other, 4.0
    variance = total * part * (1 - part) + rounding * ((1 - part) ** 2 + part**2)
    p = float(stats.chi2.sf((one - part * total) ** 2 / variance, 1))
    return Assumption("sizes_as_planned", "contradicted" if p < MISMATCH else "holds", p)


def _breakdown(hypothesis: Hypothesis, figures: PublishedFigures, fact: str) -> Iterator[tuple[bool, str, str, float]]:
    design = hypothesis.design
    assert isinstance(design, Groups)
    name = _DIMENSIONS.get(fact, fact)
    # Everybody first: the codes that are listed are told from the same cells, which are then made at once.
    every = _sizes(figures, name, {}) if design.reference == OTHERS else {}
    compared = _sizes(figures, name, {design.dimension: design.compared})
    if design.reference == OTHERS:
        reference = {code: max(size - compared.get(code, 0.0), 0.0) for code, size in every.items()}
    else:
        reference = _sizes(figures, name, {design.dimension: design.reference})
    for is_compared, sizes in ((True, compared), (False, reference)):
        for code, size in sizes.items():
            if size:
                yield is_compared, fact, "" if is_unknown(hypothesis.outcome, name, code) else code, size


def _sizes(figures: PublishedFigures, by: str, where: dict[str, str]) -> dict[str, float]:
    """Return the published sizes by code. What they leave of the whole is divided evenly among the suppressed ones."""
    found = {key[1]: size for key, size in figures.sizes(where, by=(by,)).items()}
    whole = next(iter(figures.sizes(where).values()), None)
    shown = {code: size for code, size in found.items() if size is not None}
    hidden = len(found) - len(shown)
    left = max((whole or 0.0) - sum(shown.values()), 0.0)
    return {code: shown.get(code, min(left / max(hidden, 1), SHOWN_FROM - 1.0)) for code in found}


def _certain(side: ComparedSide) -> int:
    """Return how many people tell as much of shares as the published numbers do, which are rounded or suppressed."""
    people = max(side.least, 1.0)
    if side.size is None:
        return int(people)
    noise = max(side.size.noise, SHOWN_FROM**2 / 12) / (_CERTAIN * side.size.value**2)
    return max(int(1 / (1 / people + noise)), 1)
