"""A cell as one publisher gives it to a sum, and as it comes out: how many events the busiest unit has cannot be added up."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.gate import EVENT_BASES, Cell


def bases_exceeded(cell: Cell, scale: int = 1) -> tuple[bool, ...]:
    """Return of each of `EVENT_BASES` whether the busiest unit of a cell has more events: in place of how many it has."""
    return tuple(cell.m > base * scale for base in EVENT_BASES)


def summed_cell(n: int, n_draw: int, u: int, u_draw: int, e: int, exceeded: Iterable[bool], scale: int = 1) -> Cell:
    """Return the cell of sums over several publishers. exceeded: by any of them, as `bases_exceeded`."""
    within = [base * scale for base, is_over in zip(EVENT_BASES, exceeded, strict=True) if not is_over]
    return Cell(n, n_draw, u, u_draw, e, min(within, default=EVENT_BASES[-1] * scale + 1))
