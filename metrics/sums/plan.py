"""What is summed: the cells of counting metrics in one order, which follows from code lists and never from data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Annotated, Final

from pydantic import Field

from metrics.grammar.question import QuestionError, nearest
from metrics.model.definition import definitions
from metrics.model.dimensions import codes
from metrics.model.facts.fact import REGISTER, base_of
from metrics.model.kinds import Count, Strict
from metrics.packages.manifest import DefinitionMark, PeriodText, Word, limits, mark_of
from metrics.packages.scope import PLACE
from metrics.sums.errors import SumError

MOST_CELLS: Final = 300_000
MOST_BY: Final = 2
"""Dimensions of a breakdown: the third that a question may have is for a publisher's area."""


@dataclass(frozen=True)
class PlannedBlock:
    """Cells of one metric, breakdown and period, in the order of the codes."""

    metric: str
    by: tuple[str, ...]
    period: str

    def codes(self) -> Iterator[tuple[str, ...]]:
        """The codes of each cell."""
        return product(*(codes(self.metric, name, ()) for name in self.by))

    @property
    def size(self) -> int:
        """Number of cells."""
        return prod(len(codes(self.metric, name, ())) for name in self.by)


class SumPlan(Strict):
    """definitions: what each metric counts; gate: limits of disclosure control; cells: digest of their order."""

    metrics: tuple[Word, ...] = Field(min_length=1, max_length=100)
    by: tuple[Annotated[tuple[Word, ...], Field(max_length=MOST_BY)], ...] = Field(min_length=1, max_length=100)
    periods: tuple[PeriodText, ...] = Field(min_length=1, max_length=50)
    definitions: dict[Word, DefinitionMark]
    gate: dict[Word, float]
    cells: str

    def blocks(self) -> tuple[PlannedBlock, ...]:
        """Return all cells in order; of a metric that cannot be broken down so, none."""
        known = definitions()
        return tuple(
            PlannedBlock(metric, by, period)
            for metric in self.metrics
            for by in self.by
            if set(by) <= set(known[metric].allowed)
            for period in self.periods
        )

    @property
    def size(self) -> int:
        """Number of cells."""
        return sum(one.size for one in self.blocks())

    def check(self) -> None:
        """Raises QuestionError, SumError where this program would not sum the same cells in the same way."""
        known = definitions()
        for metric in self.metrics:
            if metric not in known:
                raise QuestionError("unknown_metric", nearest(metric, known), metric=metric)
            if not isinstance(known[metric].measure, Count):
                raise SumError("not_a_count", metric=metric)
            if self.definitions.get(metric) != mark_of(known[metric]):
                raise SumError("other_definition", metric=metric)
        for name in (name for by in self.by for name in by):
            if base_of(name) in (PLACE, REGISTER) or not any(name in known[one].allowed for one in self.metrics):
                raise SumError("dimension", dimension=name)
        if self.gate != limits():
            raise SumError("other_gate")
        if self.size > MOST_CELLS:
            raise SumError("too_many_cells", most=MOST_CELLS)
        if () not in self.by or self.cells != order_of(self.blocks()):  # the sum of everybody tells what is covered
            raise SumError("other_cells")


def planned(metrics: Iterable[str], by: Iterable[tuple[str, ...]], periods: Iterable[str]) -> SumPlan:
    """Return a plan that has been checked. by: breakdowns, of which the sum of everybody is always one. Raises as `check`."""
    chosen, known = tuple(dict.fromkeys(metrics)), definitions()
    every = tuple(dict.fromkeys([(), *by]))
    for metric in chosen:
        if metric not in known:
            raise QuestionError("unknown_metric", nearest(metric, known), metric=metric)
    marks = {metric: mark_of(known[metric]) for metric in chosen}
    made = SumPlan(
        metrics=chosen, by=every, periods=tuple(dict.fromkeys(periods)), definitions=marks, gate=limits(), cells=""
    )
    made = made.model_copy(update={"cells": order_of(made.blocks())})
    made.check()
    return made


def order_of(blocks: Iterable[PlannedBlock]) -> str:
    """Return a digest of cells in their order: code lists of another version of the program may differ."""
    told = hashlib.sha256()
    for one in blocks:
        lists = [codes(one.metric, name, ()) for name in one.by]
        told.update(repr((one, lists)).encode())
    return told.hexdigest()
