"""What one publisher has in each cell of a plan: what the gate needs of a sum, and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final, cast

import numpy as np

from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import EVENT_BASES, Cell, Gate
from metrics.grammar.question import Question
from metrics.measures.evidence import place_of
from metrics.measures.inquiry import Inquiry, part_counting
from metrics.model.definition import definitions
from metrics.model.kinds import Count
from metrics.packages.manifest import PackedPeople
from metrics.sums.cells import bases_exceeded
from metrics.sums.masks import Numbers
from metrics.sums.plan import PlannedBlock, SumPlan

FIELDS: Final = ("n", "n_draw", "u", "u_draw", "e", "covered", *(f"over_{base}" for base in EVENT_BASES))
"""Of a cell: clients, units and events, the draws of both, whether the files cover it, and whether the busiest unit has more
events than each base: 0, or any other number by chance, so that the sum tells whether anybody's has and not how many's."""
WIDTH: Final = len(FIELDS)


def counted(plan: SumPlan, store: Store, release: Generation, population: PackedPeople) -> Numbers:
    """Return the numbers of each cell, a row for each. Raises QuestionError, StoreError, KeyFileError.

    They are those of the cells that visitors' figures are made of: people enter them when they are several.
    """
    rows = [row for block in plan.blocks() for row in _rows(block, store, release, population)]
    return np.array(rows, dtype=np.uint64).reshape(-1, WIDTH)


def _rows(block: PlannedBlock, store: Store, release: Generation, population: PackedPeople) -> Iterator[list[int]]:
    definition = definitions()[block.metric]
    measure = cast(Count, definition.measure)
    where = ((population.dimension, (population.code,)),) if population.dimension else ()
    inquiry = Inquiry(Question((block.metric,), block.by, where, block.period), store, release)
    cells = inquiry.cells(part_counting(definition, measure))
    left_open = inquiry.evidence(block.period, place_of({}, inquiry.only)).left_open(definition)
    area = (population.code,) if population.dimension else ()
    for codes in block.codes():
        cell = Cell() if left_open else cells.cell((block.period, *codes, *area))
        yield _row(cell, inquiry.gate, measure.per, is_covered=left_open is None)


def _row(cell: Cell, gate: Gate, scale: int, *, is_covered: bool) -> list[int]:
    n_draw, u_draw = gate.draws(cell)
    over = [1 + secrets.randbelow((1 << 64) - 1) if is_over else 0 for is_over in bases_exceeded(cell, scale)]
    return [cell.n, n_draw, cell.u, u_draw, cell.e, int(is_covered), *over]
