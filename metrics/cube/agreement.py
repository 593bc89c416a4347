"""What slices of the clients, counted apart, agree on while they count: sums, and lists of what any of them has.

When people enter a cell depends on how many have come in all slices together (`metrics.cube.admission`). So each runs the same
steps and meets the others wherever a number of people decides. No client's key is in what they exchange: only numbers of people
by cell and month, and codes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Barrier
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import polars as pl


Combine = Callable[[list[Any]], Any]
"""Returns what all slices have brought, combined. A function of a module, so that it can be sent to another process."""


class Agreement(Protocol):
    """The meeting of all slices, each of which calls the same methods in the same order."""

    def total(self, counts: Any) -> Any:
        """Return the sum of an array over all slices."""

    def union(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the distinct rows of all slices in one order. rows: of this one, each once."""


class Alone:
    """One slice that holds everybody."""

    def total(self, counts: Any) -> Any:
        """Return the array itself."""
        return counts

    def union(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows themselves."""
        return rows


ALONE = Alone()


@dataclass(eq=False)
class Meeting:
    """A meeting of slices in threads of one process. Raises threading.BrokenBarrierError in all when one has failed."""

    slices: int
    _brought: dict[int, Any] = field(default_factory=dict, init=False)
    _barrier: Barrier = field(init=False)
    _result: Any = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._barrier = Barrier(self.slices)

    def seat(self, number: int) -> Seat:
        """Return the place of one slice."""
        return Seat(number, self)

    def give_up(self) -> None:
        """Let all others know that a slice has failed."""
        self._barrier.abort()

    def meet(self, number: int, brought: Any, combine: Combine) -> Any:
        """Return what all slices have brought, combined."""
        self._brought[number] = brought
        if self._barrier.wait() == 0:
            self._result = combine([self._brought[one] for one in range(self.slices)])
        self._barrier.wait()
        result = self._result
        self._barrier.wait()
        return result


@dataclass(frozen=True)
class Seat:
    """An agreement by way of a meeting. meeting: anything with `meet`."""

    number: int
    meeting: Any

    def total(self, counts: Any) -> Any:
        """Return the sum of an array over all slices."""
        return self.meeting.meet(self.number, counts, sum)

    def union(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the distinct rows of all slices in one order."""
        found: pl.DataFrame = self.meeting.meet(self.number, rows, united)
        return found


def united(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the distinct rows of several tables, sorted."""
    import polars as pl  # not above: to load it takes longer than to answer a question whose cells are there

    together = pl.concat(parts, how="vertical")
    return together.unique().sort(together.columns, nulls_last=True) if together.columns else together[:1]
