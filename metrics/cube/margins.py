"""Margins of a cell: the cells of one code fewer of which it is a part, which admit clients before it does.

A cell of language, municipality and topic has three margins, one for each pair of its codes. It admits clients when at least
`batch` who are new to it are pending, and when `enough`, one more than these, have come to each margin since the cell could
last admit anybody. Otherwise the month in which the cell changes would reveal a client who is alone in a margin (of a language
in a municipality), or that all who have come to it have the code. A condition that few of a cell meet is a code like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from metrics.cube.chains import NEVER
from metrics.cube.lazily import lazily
from metrics.cube.visits import Flags, SortedVisits, Whole, pair, small

_MOST_NUMBERS = 300_000
"""In memory at once: a long history has many pairs of months."""
_Names = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class MarginalTable:
    """The visits by some of the codes, of `every` visit there is: a marginal table, or with all codes the cells themselves.

    wider: its margins, the tables of one code fewer, none for a single code; after: the tables that must have admitted a client
    for it to be new here; enough: how many must come to a cell for the cells that it is a margin of to admit clients.
    """

    visits: SortedVisits
    wider: "tuple[MarginalTable, ...]"
    after: "tuple[MarginalTable, ...]"
    every: int
    enough: int
    _until: list[Whole] = field(default_factory=list)

    @property
    def until(self) -> Whole:
        """By group and number of months from the first: after so many months in all, enough have come.

        Not a `cached_property`: its lock would keep out the other slices while this one waits for them.
        """
        if not self._until:
            self._until.append(_until(self.visits, self.enough))
        return self._until[0]

    @lazily
    def places(self) -> tuple[Whole, ...]:
        """For each group, that of each wider figure in which it lies."""
        return tuple(self.visits.place_in(one.visits) for one in self.wider)


class Breakdown:
    """The marginal tables of a breakdown, by the places of their codes among the dimensions; with all of them, the cells.

    codes: by dimension, the code of each cell; totals: by cell, the total that it is of, where there are several.
    """

    def __init__(self, came: SortedVisits, codes: Sequence[Whole], enough: int, totals: Whole | None = None) -> None:
        self._visits = replace(came, order=small(np.arange(len(came.at)), len(came.at)))
        self._codes, self._enough = codes, enough
        self._totals = np.zeros(len(came.group_of) // 2, np.int64) if totals is None else totals
        self._every = tuple(range(len(codes)))
        self._figures: dict[_Names, MarginalTable] = {}
        for names in self._names():
            visits = self._visits if names == self._every else self._visits.by_code(self._joined(names))
            wider = tuple(self._figures[name] for name in _fewer(names)) if len(names) > 1 else ()
            self._figures[names] = MarginalTable(visits, wider, wider, len(came.at), enough)

    @property
    def cells(self) -> MarginalTable:
        """The cells of all who have come."""
        return self._figures[self._every]

    def admitted(self, chain: "Chain", counted: Whole) -> "tuple[Breakdown, Chain, Whole]":
        """Return the tables of the visits as of when they are counted, their chain, and the places of these visits.

        counted: the month after the first, `NEVER` for those pending. Each table admits clients when it did.
        """
        came = self._visits.since(counted)
        after = Breakdown(came, self._codes, self._enough, self._totals)
        mays = {after._figures[names]: chain.may(one) for names, one in self._figures.items()}
        return after, replace(chain, mays=mays, entries={}), came.order

    def meeting(self, condition: Flags) -> MarginalTable:
        """Return the cells of the visits that meet a condition; they are of people who are in the cells of everybody."""
        found = dict[_Names, MarginalTable]()
        for names in ((), *self._names()) if self._codes else ((),):
            wider = (*(found[name] for name in _fewer(names)), self._figures[names]) if names else ()
            visits = self._visits.by_code(self._joined(names), condition)
            found[names] = MarginalTable(visits, wider, (), len(condition), self._enough)
        return found[self._every]

    def _names(self) -> list[_Names]:
        sizes = range(1, len(self._every) + 1)
        return [names for size in sizes for names in combinations(self._every, size)] or [()]

    def _joined(self, names: _Names) -> Whole:
        """Return one number for the codes of each cell at these places."""
        if names == self._every:
            return np.arange(len(self._totals))
        joined = self._totals
        for name in names:
            code = self._codes[name]
            joined = np.unique(joined * (int(code.max()) + 1) + code, return_inverse=True)[1].astype(np.int64)
        return joined


@dataclass(frozen=True, eq=False)
class Chain:
    """A period that accumulates month by month. begins: by month, whether it begins; batch: the smallest number admitted at once.

    mays, entries: what has been computed already, by table.
    """

    begins: Flags
    batch: int
    mays: dict[MarginalTable, Flags] = field(default_factory=dict)
    entries: dict[MarginalTable, Whole] = field(default_factory=dict)

    def apart(self) -> "Chain":
        """Return the same chain, whose further results are kept apart."""
        return replace(self, mays=dict(self.mays), entries=dict(self.entries))

    def may(self, figure: MarginalTable) -> Flags:
        """Return by month and group whether the table may admit clients, if enough are pending.

        A single code always may. A cell that holds everybody of a margin until then is admitted to as that margin: the same
        people, the same number.
        """
        if figure not in self.mays:
            self.mays[figure] = self._may(figure)
        return self.mays[figure]

    def _may(self, figure: MarginalTable) -> Flags:
        if not figure.wider:
            return np.ones((len(self.begins), figure.visits.groups), bool)
        own, around = figure.visits.upto(self.begins), list(zip(figure.wider, figure.places, strict=True))
        whole = [(own == one.visits.upto(self.begins)[:, place]) & self.may(one)[:, place] for one, place in around]
        until = np.maximum.reduce([one.until[place] for one, place in around])
        return _grid(until, self.begins, (own > 0) & np.logical_or.reduce(whole))

    def entered(self, figure: MarginalTable) -> Whole:
        """Return for each visit of the table when its client is admitted to it."""
        if figure not in self.entries:
            visits = figure.visits
            new = visits.first(self.begins)
            for one in figure.after:
                new = np.maximum(new, one.visits.back(self.entered(one), figure.every)[visits.order])
            self.entries[figure] = _entered(visits, new, self.begins, self.may(figure), self.batch)
        return self.entries[figure]


def next_step(steps: Flags, begins: Flags, group: Whole, at: Whole) -> Whole:
    """Return the month of the first step of each group from a month on, in the same chain; `NEVER` where there is none."""
    following, coming = (np.full(shape, NEVER, np.int32) for shape in (steps.shape, steps.shape[1]))
    for index in range(len(steps) - 1, -1, -1):
        coming[steps[index]] = index
        following[index] = coming
        if begins[index]:
            coming[:] = NEVER
    return np.where(at < NEVER, following[np.minimum(at, len(steps) - 1), group], NEVER)


def _fewer(names: _Names) -> tuple[_Names, ...]:
    return tuple(combinations(names, len(names) - 1))


def _entered(visits: SortedVisits, new: Whole, begins: Flags, may: Flags, batch: int) -> Whole:
    """Return for each visit when its client is admitted to the group in this chain.

    new: month in which the client is new, the same for all of its visits; may: by month and group, whether it may admit
    clients, if `batch` of them are pending.
    """
    counts = visits.runs(begins) & (new < NEVER)
    come = visits.tally(pair(new[counts], visits.group[counts], may.shape[1]), may.size).reshape(may.shape)
    steps, waiting = np.zeros(may.shape, bool), np.zeros(may.shape[1], np.int64)
    for at, begin in enumerate(begins):
        waiting = come[at] + (0 if begin else waiting)
        steps[at] = may[at] & (waiting >= batch)
        waiting[steps[at]] = 0
    return next_step(steps, begins, visits.group, new)


def _grid(until: Whole, begins: Flags, always: Flags) -> Flags:
    """Return by month and cell whether enough have come to each margin since the month before in which that was so."""
    found = np.zeros((len(begins), len(until)), bool)
    next_one = until[:, 0]
    for at, begin in enumerate(begins):
        if begin:
            next_one = until[:, at]
        found[at] = always[at] | (next_one == at + 1)
        next_one = np.where(found[at], until[:, at + 1], next_one)
    return found


def _until(visits: SortedVisits, enough: int) -> Whole:
    """Return by group and number of months from the first: after so many months in all, enough have come."""
    months = visits.span
    key = pair(pair(visits.group, visits.client, int(visits.client.max(initial=0)) + 1), visits.at, months)
    once = np.append(True, key[1:] != key[:-1])[: len(key)]
    group, client, at = visits.group[once], visits.client[once], visits.at[once]
    in_month = pair(group, at, months)
    people = visits.tally(in_month, visits.groups * months)
    few = people[in_month] < enough
    group, client, at = group[few], client[few], at[few]
    by_itself = people.reshape(-1, months) >= enough
    # The first month from then on in which enough come: that is all where nobody comes in other months.
    ends = np.full((visits.groups, months + 1), NEVER, np.int32)
    ends[:, :-1] = np.where(by_itself, np.arange(1, months + 1), NEVER)
    np.minimum.accumulate(ends[:, ::-1], axis=1, out=ends[:, ::-1])
    # By the small month before in which the client had come (from 1; 0: none): who had not since a month, is new after it.
    before = np.zeros(len(at), np.int64)
    same = (group[1:] == group[:-1]) & (client[1:] == client[:-1])
    before[1:][same] = at[:-1][same] + 1
    others = visits.tally(group, visits.groups)
    needs_scan = (others > 0) & (by_itself.any(axis=1) | (others >= enough))
    wanted, those = np.flatnonzero(needs_scan), needs_scan[group]
    row, before, at = np.searchsorted(wanted, group[those]), before[those], at[those]
    at_once, since_then = max(1, _MOST_NUMBERS // months**2), np.triu(np.ones((months, months), np.int32))
    for start in range(0, len(wanted), at_once):
        of = wanted[start : start + at_once]
        mine = slice(*np.searchsorted(row, (start, start + len(of))))
        places = pair(pair(row[mine] - start, before[mine], months), at[mine], months)
        come = visits.tally(places, len(of) * months**2).reshape(-1, months, months).astype(np.int32)
        come[:, 0] += np.where(by_itself[of], np.int32(enough), np.int32(0))
        new = np.cumsum(come, axis=1, out=come)
        new *= since_then
        by_then = np.cumsum(new, axis=2, out=new) >= enough
        ends[of, :-1] = np.where(by_then[:, :, -1], by_then.argmax(axis=2) + 1, NEVER)
    return ends
