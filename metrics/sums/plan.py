"""What is summed: the cells of counting metrics in one order, which follows from code lists and never from data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Annotated, Final

from pydantic import Field

from data import clock
from metrics.model.definition import definitions
from metrics.model.dimensions import codes
from metrics.model.kinds import Strict
from metrics.packages.manifest import MOST_PERIODS, DefinitionMark, PeriodText, Word, limits, mark_of
from metrics.sums.asking import MOST_BY, MOST_NAMED, check_breakdowns, check_metrics, check_periods
from metrics.sums.errors import SumError

MOST_CELLS: Final = 300_000


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

    metrics: tuple[Word, ...] = Field(min_length=1, max_length=MOST_NAMED)
    by: tuple[Annotated[tuple[Word, ...], Field(max_length=MOST_BY)], ...] = Field(min_length=1, max_length=MOST_NAMED)
    periods: tuple[PeriodText, ...] = Field(min_length=1, max_length=MOST_PERIODS)
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
        check_metrics(self.metrics)
        check_breakdowns(self.by, self.metrics)
        for metric in self.metrics:
            if self.definitions.get(metric) != mark_of(definitions()[metric]):
                raise SumError("other_definition", metric=metric)
        if self.gate != limits():
            raise SumError("other_gate")
        if self.size > MOST_CELLS:
            raise SumError("too_many_cells", most=MOST_CELLS)
        if () not in self.by or self.cells != order_of(self.blocks()):  # the sum of everybody tells what is covered
            raise SumError("other_cells")


def planned(
    metrics: Iterable[str], by: Iterable[tuple[str, ...]], periods: Iterable[str], today: date | None = None
) -> SumPlan:
    """Return a plan that has been checked. by: breakdowns, of which the sum of everybody is always one. Raises as `check`."""
    chosen, every, when = tuple(dict.fromkeys(metrics)), tuple(dict.fromkeys([(), *by])), tuple(dict.fromkeys(periods))
    check_metrics(chosen)
    check_breakdowns(every, chosen)
    check_periods(when, today or clock.today())
    marks = {metric: mark_of(definitions()[metric]) for metric in chosen}
    made = SumPlan(metrics=chosen, by=every, periods=when, definitions=marks, gate=limits(), cells="")
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
