"""Visits as sorted arrays: who came to which cell in which month, also by what cells have in common."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from metrics.cube.agreement import Agreement
from metrics.cube.chains import NEVER
from metrics.cube.lazily import lazily

Whole = npt.NDArray[np.signedinteger[Any]]
"""One for each visit takes 32 bits where they do: arrays of visits are most of the memory, and no bound of DuckDB holds them."""
Flags = npt.NDArray[np.bool_]
Values = TypeVar("Values", Whole, Flags)
_DIGIT = 16
"""Bits that are sorted by at once."""


@dataclass(frozen=True, eq=False)
class SortedVisits:
    """Visits sorted by group (cells, or parts of their codes), client and month.

    order: places of the sorted visits among those they were sorted from; at: months after `first_month`; group_of: the group of
    each cell; agreement: with the other slices, whose groups and months are the same. Clients and anonymous visitors are told
    apart as if they came to different groups.
    """

    order: Whole
    group: Whole
    client: Whole
    at: Whole
    span: int
    first_month: int
    group_of: Whole
    agreement: Agreement

    @classmethod
    def of(
        cls, cell: Whole, client: Whole, month: Whole, cells: int, months: tuple[int, int], agreement: Agreement
    ) -> "SortedVisits":  # fmt: skip
        """Return visits of clients, and of anonymous visitors (below 0), each once. cells, months: of all slices."""
        first, last = months
        dense = numbered(client)
        side, at = small(pair(cell, client > 0, 2), 2 * cells), small(month.astype(np.int64) - first, NEVER)
        span, every = last - first + 1, small(np.arange(2 * cells), 2 * cells)
        return _sorted(small(np.arange(len(cell)), len(cell)), side, dense, at, span, first, every, agreement)

    def since(self, at: Whole) -> "SortedVisits":
        """Return the same visits as if they were of later months (`NEVER`: of none), also several of a client in one."""
        here = small(np.flatnonzero(at < self.span), len(at))
        return _sorted(
            here,
            self.group[here],
            self.client[here],
            at[here],
            self.span,
            self.first_month,
            self.group_of,
            self.agreement,
        )

    @lazily
    def _by_client(self) -> Whole:
        """Places of the visits in the order of client and month."""
        return stable_order(pair(self.client, self.at, self.span))

    def by_code(self, code: Whole, among: Flags | None = None) -> "SortedVisits":
        """Return the same visits by the codes of their cells. among: which of them, if not all."""
        group_of = small(np.repeat(code * 2, 2) + np.tile((0, 1), len(code)), 2 * len(code))
        # In one order of all clients, which each breakdown of them only has to part by its groups.
        chosen = self._by_client if among is None else self._by_client[among[self._by_client]]
        group = group_of[self.group[chosen]]
        order = stable_order(group)
        chosen = chosen[order]
        return replace(
            self, order=chosen, group=group[order], client=self.client[chosen], at=self.at[chosen], group_of=group_of
        )

    @lazily
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.group_of.max()) + 1

    def tally(self, places: Whole, size: int) -> Whole:
        """Return how often each place occurs, in all slices together."""
        found: Whole = self.agreement.total(np.bincount(places, minlength=size))
        return found

    def place_in(self, other: "SortedVisits") -> Whole:
        """Return for each group that of others in which its cells lie, where those are made of fewer of the same codes."""
        found = np.zeros(self.groups, np.int64)
        found[self.group_of] = other.group_of
        return found

    def begins(self, months: int) -> Flags:
        """Return by month whether a chain of so many months begins in it."""
        return np.array([not at or bool(months and (self.first_month + at) % months == 0) for at in range(self.span)])

    def month(self, at: Whole) -> Whole:
        """Return numbers of months after the first as months; `NEVER` stays."""
        return np.where(at < NEVER, at + self.first_month, NEVER).astype(np.int32)

    def runs(self, begins: Flags) -> Flags:
        """Return whether a visit is the first of its client in the group and chain."""
        chain = np.cumsum(begins, dtype=np.int32)[self.at]
        found = np.zeros(len(self.at), bool)
        found[:1] = True
        for one in (self.group, self.client, chain):
            found[1:] |= one[1:] != one[:-1]
        return found

    def first(self, begins: Flags) -> Whole:
        """Return for each visit the month of the first of its client in the group and chain."""
        starts = np.flatnonzero(self.runs(begins))
        return np.repeat(self.at[starts], np.diff(np.append(starts, len(self.at))))

    def upto(self, begins: Flags) -> Whole:
        """Return by month and group how many visits there were in the chain until then."""
        come = self.tally(pair(self.at, self.group, self.groups), self.span * self.groups)
        upto: Whole = come.reshape(self.span, self.groups).cumsum(axis=0)
        before = np.vstack([np.zeros_like(upto[:1]), upto[:-1]])
        found: Whole = upto - before[np.maximum.accumulate(np.where(begins, np.arange(self.span), 0))]
        return found

    def back(self, values: Values, every: int, lacking: int = 0) -> Values:
        """Return values of the visits in the order they were sorted from, which are `every`; `lacking` for the others."""
        found: Values = np.full(every, lacking, values.dtype)
        found[self.order] = values
        return found


def stable_order(keys: Whole) -> Whole:
    """Return the places of whole numbers from 0 up in their order, equal ones as they come.

    >>> stable_order(np.array([70_000, 5, 70_000, 0])).tolist()
    [3, 1, 0, 2]
    """
    # By two bytes at a time, the lowest first: NumPy counts such small numbers, a third of the time it takes to sort large ones.
    order = small(np.argsort(keys.astype(np.uint16), kind="stable"), len(keys))
    for done in range(_DIGIT, int(keys.max(initial=0)).bit_length(), _DIGIT):
        order = order[np.argsort((keys >> done).astype(np.uint16)[order], kind="stable")]
    return order


def numbered(values: Whole) -> Whole:
    """Return for each value the number of smaller distinct ones: what `np.unique` tells too, which takes twice as long for it.

    >>> numbered(np.array([70, -5, 70, 9])).tolist()
    [2, 0, 2, 1]
    """
    order = np.argsort(values)
    ordered = values[order]
    found: Whole = np.zeros(len(values), np.int32 if len(values) <= np.iinfo(np.int32).max else np.int64)
    found[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1], dtype=found.dtype)
    return found


def small(values: Whole, below: int) -> Whole:
    """Return whole numbers below a bound in 32 bits, if that is enough."""
    return values.astype(np.int32, copy=False) if below <= np.iinfo(np.int32).max else values


def pair(first: Whole, second: Whole | Flags, below: int) -> Whole:
    """Return one number for two, of which the second is below a bound. In 64 bits: there is no room for it in less.

    >>> pair(np.array([100_000], np.int32), np.array([7], np.int32), 100_000).tolist()
    [10000000007]
    """
    found: Whole = first.astype(np.int64)
    found *= below
    found += second
    return found


def _sorted(
    chosen: Whole, group: Whole, client: Whole, at: Whole, span: int, first_month: int, group_of: Whole, agreement: Agreement
) -> SortedVisits:  # fmt: skip
    order = stable_order(pair(pair(group, client, int(client.max(initial=0)) + 1), at, span))
    return SortedVisits(chosen[order], group[order], client[order], at[order], span, first_month, group_of, agreement)
