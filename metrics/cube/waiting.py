"""Who waits in a cell until when: the arrays behind `metrics.cube.settling` and `metrics.cube.turning`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from metrics.cube.agreement import ALONE, Agreement
from metrics.cube.settling import CHAINS, NEVER

_MOST_NUMBERS = 2_000_000
"""In memory at once: a long history has many pairs of months."""
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


Months = tuple[int, int]
"""The first and the last month of all visits of all slices."""


def counted(
    visits: pl.DataFrame, codes: Sequence[Whole], chains: Sequence[str], together: int, months: Months | None,
    agreement: Agreement = ALONE,
) -> pl.DataFrame:  # fmt: skip
    """Return the visits with the columns `in_month` and `counted_<chain>` (see `metrics.cube.settling.Settling`).

    visits: one row for each `cell`, `month` and `client` of this slice; codes: by dimension, the code of each cell of all slices;
    months: None without visits in any slice.
    """
    if months is None:
        nothing = (pl.lit(NEVER, pl.Int32).alias(f"counted_{chain}") for chain in chains)
        return visits.with_columns(pl.lit(value=False).alias("in_month"), *nothing)
    cells = len(codes[0]) if codes else 1
    cell, client, month_of = (visits[name].to_numpy() for name in ("cell", "client", "month"))
    came = SortedVisits.of(cell, client, month_of, cells, months, agreement)
    many = came.tally(came.group * came.span + came.at, came.groups * came.span) >= together
    found: dict[str, Any] = {"in_month": many[came.group * came.span + came.at]}
    of_codes = [came.by_code(code) for code in codes] if len(codes) > 1 else []
    for chain in chains:
        begins = came.begins(CHAINS[chain])
        may = take_in(came, of_codes, begins, together)
        new = came.first(begins)
        for own in of_codes:
            always = np.ones((own.span, own.groups), bool)
            new = np.maximum(new, own.back(_entered(own, own.first(begins), begins, always, together)))
        entered = _entered(came, new, begins, may, together)
        month = np.where(came.at > entered, _again(came, entered, begins, may, together), entered)
        found[f"counted_{chain}"] = np.where(month < NEVER, month + came.first_month, NEVER).astype(np.int32)
    return visits[came.order].with_columns(**{name: pl.Series(values) for name, values in found.items()})


def told_at(
    turned: pl.DataFrame, codes: Sequence[Whole], together: int, places: int, months: Months | None,
    agreement: Agreement = ALONE,
) -> pl.Series:  # fmt: skip
    """Return for each turn the month in which it is told, `NEVER` while it waits.

    turned: `place` (a cell and period), `client` and `added_at`, each once, with the `change`, of this slice; codes: by
    dimension, the code of each place; places, months: of all slices, months None without any. Whoever has turned back while
    waiting does not wait.

    >>> turns = {"place": [0, 0, 0, 0], "client": [1, 2, 1, 3], "added_at": [5, 6, 7, 9], "change": [1, 1, -1, 1]}
    >>> told_at(pl.DataFrame(turns), (), 2, 1, (5, 9)).to_list()
    [6, 6, 9, 9]
    """
    if months is None:
        return pl.Series(dtype=pl.Int64)
    place, client, added_at = (turned[name].to_numpy() for name in ("place", "client", "added_at"))
    visits = SortedVisits.of(place, client, added_at, places, months, agreement)
    begins = visits.begins(0)
    may = take_in(visits, [visits.by_code(code) for code in codes], begins, together)
    runs = visits.runs(begins)
    run, group = np.cumsum(runs) - 1, visits.group[runs]
    change = turned["change"].to_numpy()[visits.order]
    in_time = np.argsort(visits.at, kind="stable")
    ends = np.searchsorted(visits.at[in_time], np.arange(visits.span + 1))
    now, told = np.zeros(len(group), np.int64), np.zeros(len(group), np.int64)
    steps = np.zeros(may.shape, bool)
    for at in range(visits.span):
        mine = in_time[ends[at] : ends[at + 1]]
        now[run[mine]] += change[mine]
        steps[at] = may[at] & (visits.tally(group[now != told], visits.groups) >= together)
        told = np.where(steps[at][group], now, told)
    first = next_step(steps, begins, visits.group, visits.at)
    return pl.Series(visits.back(np.where(first < NEVER, first + visits.first_month, NEVER)))


@dataclass(frozen=True, eq=False)
class SortedVisits:
    """Visits sorted by group (cells, or codes of one dimension), client and month.

    order: places of the sorted visits among those they were sorted from; at: months after `first_month`; group_of: of codes, the
    code of each cell; agreement: with the other slices, whose groups and months are the same. Clients and anonymous visitors are
    told apart as if they came to different groups.
    """

    order: Whole
    group: Whole
    client: Whole
    at: Whole
    span: int
    groups: int
    first_month: int
    group_of: Whole
    agreement: Agreement

    @classmethod
    def of(
        cls, cell: Whole, client: Whole, month: Whole, cells: int, months: Months, agreement: Agreement
    ) -> "SortedVisits":  # fmt: skip
        """Return visits of clients, and of anonymous visitors (below 0), each once."""
        _, dense = np.unique(client, return_inverse=True)
        first, last = months
        side = cell.astype(np.int64) * 2 + (client > 0)
        at = month.astype(np.int64) - first
        return _sorted(side, dense.astype(np.int64), at, last - first + 1, first, 2 * cells, side, agreement)

    def by_code(self, code: Whole) -> "SortedVisits":
        """Return the same visits by the codes of their cells."""
        group_of = np.repeat(code * 2, 2) + np.tile((0, 1), len(code))
        groups = 2 * (int(code.max()) + 1)
        return _sorted(
            group_of[self.group], self.client, self.at, self.span, self.first_month, groups, group_of, self.agreement
        )

    def tally(self, places: Whole, size: int) -> Whole:
        """Return how often each place occurs, in all slices together."""
        found: Whole = self.agreement.total(np.bincount(places, minlength=size))
        return found

    def begins(self, months: int) -> Flags:
        """Return by month whether a chain of so many months begins in it."""
        return np.array([not at or bool(months and (self.first_month + at) % months == 0) for at in range(self.span)])

    def runs(self, begins: Flags) -> Flags:
        """Return whether a visit is the first of its client in the group and chain."""
        chain = np.cumsum(begins)[self.at]
        found = np.ones(len(self.at), bool)
        found[1:] = (np.diff(self.group) != 0) | (np.diff(self.client) != 0) | (np.diff(chain) != 0)
        return found

    def first(self, begins: Flags) -> Whole:
        """Return for each visit the month of the first of its client in the group and chain."""
        starts = np.flatnonzero(self.runs(begins))
        return np.repeat(self.at[starts], np.diff(np.append(starts, len(self.at))))

    def upto(self, begins: Flags) -> Whole:
        """Return by month and group how many visits there were in the chain until then."""
        come = self.tally(self.at * self.groups + self.group, self.span * self.groups)
        upto: Whole = come.reshape(self.span, self.groups).cumsum(axis=0)
        before = np.vstack([np.zeros_like(upto[:1]), upto[:-1]])
        found: Whole = upto - before[np.maximum.accumulate(np.where(begins, np.arange(self.span), 0))]
        return found

    def back(self, values: Whole) -> Whole:
        """Return values of the visits in the order they were sorted from."""
        found = np.empty_like(values)
        found[self.order] = values
        return found


def _sorted(
    group: Whole, client: Whole, at: Whole, span: int, first_month: int, groups: int, group_of: Whole,
    agreement: Agreement,
) -> SortedVisits:  # fmt: skip
    order = np.argsort((group * (int(client.max(initial=0)) + 1) + client) * span + at, kind="stable")
    return SortedVisits(order, group[order], client[order], at[order], span, groups, first_month, group_of, agreement)


def _entered(visits: SortedVisits, new: Whole, begins: Flags, may: Flags, together: int) -> Whole:
    """Return for each visit when its client enters the group in this chain.

    new: month in which the client is new, the same for all of its visits; may: by month and group, whether it may take in
    people, if `together` of them wait.
    """
    counts = visits.runs(begins) & (new < NEVER)
    come = visits.tally(new[counts] * may.shape[1] + visits.group[counts], may.size).reshape(may.shape)
    steps, waiting = np.zeros(may.shape, bool), np.zeros(may.shape[1], np.int64)
    for at, begin in enumerate(begins):
        waiting = come[at] + (0 if begin else waiting)
        steps[at] = may[at] & (waiting >= together)
        waiting[steps[at]] = 0
    return next_step(steps, begins, visits.group, new)


def _again(visits: SortedVisits, entered: Whole, begins: Flags, may: Flags, together: int) -> Whole:
    """Return for each visit when it is counted if its client has entered before: `together` of them must have come again."""
    places = np.flatnonzero(visits.at > entered)
    before = np.full(len(places), -1)
    run = np.cumsum(visits.runs(begins))[places]
    same = run[1:] == run[:-1]
    before[1:][same] = visits.at[places][:-1][same]
    in_time = np.argsort(visits.at[places], kind="stable")
    ends = np.searchsorted(visits.at[places][in_time], np.arange(visits.span + 1))
    steps, waiting, last = np.zeros(may.shape, bool), np.zeros(may.shape[1], np.int64), np.full(may.shape[1], -1)
    for at, begin in enumerate(begins):
        if begin:
            waiting[:], last[:] = 0, -1
        mine = in_time[ends[at] : ends[at + 1]]
        group = visits.group[places[mine]]
        waiting += visits.tally(group[before[mine] <= last[group]], may.shape[1])
        steps[at] = may[at] & (waiting >= together)
        waiting[steps[at]], last[steps[at]] = 0, at
    return next_step(steps, begins, visits.group, visits.at)


def next_step(steps: Flags, begins: Flags, group: Whole, at: Whole) -> Whole:
    """Return the month of the first step of each group from a month on, in the same chain; `NEVER` where there is none."""
    following, coming = np.full(steps.shape, NEVER), np.full(steps.shape[1], NEVER)
    for index in range(len(steps) - 1, -1, -1):
        coming[steps[index]] = index
        following[index] = coming
        if begins[index]:
            coming[:] = NEVER
    return np.where(at < NEVER, following[np.minimum(at, len(steps) - 1), group], NEVER)


def take_in(visits: SortedVisits, of_codes: Sequence[SortedVisits], begins: Flags, together: int) -> Flags:
    """Return by month and group whether it may take in people: of a single code always, else when enough have come of each.

    of_codes: the visits by code, for each dimension. A cell that holds everybody of one of its codes until then is as the figure
    of that code: the same people, the same number.
    """
    if len(of_codes) < 2:
        return np.ones((len(begins), visits.groups), bool)
    own = visits.upto(begins)
    places = [code.group_of[: visits.groups] for code in of_codes]
    is_whole = (own > 0) & np.logical_or.reduce(
        [own == code.upto(begins)[:, place] for code, place in zip(of_codes, places, strict=True)]
    )
    until = [_enough(code, together)[place] for code, place in zip(of_codes, places, strict=True)]
    return _grid(np.maximum.reduce(until), begins, is_whole)


def _grid(until: Whole, begins: Flags, always: Flags) -> Flags:
    """Return by month and cell whether enough have come of each of its codes since the month before in which that was so."""
    found = np.zeros((len(begins), len(until)), bool)
    next_one = until[:, 0]
    for at, begin in enumerate(begins):
        if begin:
            next_one = until[:, at]
        found[at] = always[at] | (next_one == at + 1)
        next_one = np.where(found[at], until[:, at + 1], next_one)
    return found


def _enough(visits: SortedVisits, together: int) -> Whole:
    """Return by code and number of months from the first: after so many months in all, enough have come of it."""
    months = visits.span
    key = (visits.group * (int(visits.client.max(initial=0)) + 1) + visits.client) * months + visits.at
    once = np.append(True, np.diff(key) != 0)[: len(key)]
    group, client, at = visits.group[once], visits.client[once], visits.at[once]
    people = visits.tally(group * months + at, visits.groups * months)
    small = people[group * months + at] < together
    group, client, at = group[small], client[small], at[small]
    # By the small month before in which the client had come (from 1; 0: none): who had not since a month, is new after it.
    before = np.zeros(len(at), np.int64)
    same = (group[1:] == group[:-1]) & (client[1:] == client[:-1])
    before[1:][same] = at[:-1][same] + 1
    ends = np.full((visits.groups, months + 1), NEVER)
    at_once = max(1, _MOST_NUMBERS // (months * (months + 1)))
    for start in range(0, visits.groups, at_once):
        size = min(at_once, visits.groups - start)
        mine = (group >= start) & (group < start + size)
        places = ((group[mine] - start) * months + at[mine]) * (months + 1) + before[mine]
        come = visits.tally(places, size * months * (months + 1)).reshape(size, months, months + 1)
        own = people[start * months : (start + size) * months].reshape(size, months)
        come[:, :, 0] += np.where(own >= together, together, 0)
        new = come.cumsum(axis=2)
        for since in range(months):
            enough = new[:, since:, since].cumsum(axis=1) >= together
            ends[start : start + size, since] = np.where(enough.any(axis=1), since + enough.argmax(axis=1) + 1, NEVER)
    return ends
