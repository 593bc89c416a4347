"""What the deliveries of a generation cover and lack: counted once over all its rows, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.months import FieldGap, MonthCoverage, SourceEnd, field_gaps, month_coverage, source_ends
from data.coverage.undoing import Undoing, what_undoing_does
from metrics.measures.evidence import extent_told
from metrics.memory import Memory, at_the_head
from pages.shell.serving import Serving


@dataclass(frozen=True)
class StoreCoverage:
    """Of one generation: how far each source reaches (ends_told: as visitors are told), its deliveries, months, and fields with
    rows that lack them."""

    ends: tuple[SourceEnd, ...]
    ends_told: tuple[SourceEnd, ...]
    deliveries: tuple[Delivery, ...]
    months: tuple[MonthCoverage, ...]
    gaps: tuple[FieldGap, ...]


_kept: Memory[tuple[Path | None, str], StoreCoverage] = Memory(20, at_the_head)
"""By origin; each weighs one."""


_undoings: Memory[tuple[Path | None, str, int], Undoing] = Memory(50, at_the_head)
"""By origin and number of the delivery; each weighs one."""


def undoing_of(served: Serving, number: int) -> Undoing:
    """Return what undoing a delivery of the generation that serves would do. Raises RemovalError, StoreError."""
    key = (*served.origin, number)
    return _undoings.recall(key, lambda: what_undoing_does(served.store, number), lambda _: 1)


def coverage_of(served: Serving) -> StoreCoverage:
    """Return the coverage of the generation that serves. Raises StoreError."""
    return _kept.recall(served.origin, lambda: _counted(served), lambda _: 1)


def _counted(served: Serving) -> StoreCoverage:
    told = extent_told(served.store, served.generation, exact=False).deliveries
    with served.store.reading(served.generation) as connection:
        ends = source_ends(connection)
        return StoreCoverage(
            ends, tuple(_end_told(one, told, served.closed_until) for one in ends), deliveries.read(connection),
            month_coverage(connection), field_gaps(connection),
        )  # fmt: skip


def _end_told(end: SourceEnd, told: Mapping[str, Iterable[Delivery]], closed_until: date) -> SourceEnd:
    """How far a source reaches of closed months, over all its tables."""
    days = (one.last_day for brought in told.values() for one in brought if one.source == end.source and one.last_day)
    return SourceEnd(end.source, min(max(days), closed_until))
