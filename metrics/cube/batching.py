"""Batches as arrays: the algorithms behind `metrics.cube.admission` and `metrics.cube.status_changes`."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from metrics.cube.agreement import ALONE, Agreement
from metrics.cube.chains import CHAINS, NEVER
from metrics.cube.margins import Breakdown, Chain, MarginalTable, next_step
from metrics.cube.visits import Flags, SortedVisits, Whole, pair, small, stable_order
from metrics.gate import enough_from

Months = tuple[int, int]
"""The first and the last month of all visits of all slices."""


def counted(
    visits: pl.DataFrame, codes: Sequence[Whole], chains: Sequence[str], batch: int, months: Months | None,
    agreement: Agreement = ALONE, conditions: Sequence[str] = (),
) -> pl.DataFrame:  # fmt: skip
    """Return the visits, in their order, with the columns `in_month`, `counted_<chain>` and `counted_<chain>_<condition>`.

    For what they hold see `metrics.cube.admission.Admission`. visits: one row for each `cell`, `month` and `client` of this
    slice; codes: by dimension, the code of each cell of all slices; months: None without visits in any slice; conditions:
    columns of whether a visit meets one.
    """
    if months is None:
        nothing = [pl.lit(NEVER, pl.Int32).alias(f"counted_{chain}") for chain in chains]
        never = [pl.lit(value=False).alias(f"counted_{chain}_{one}") for chain in chains for one in conditions]
        return visits.drop(conditions).with_columns(pl.lit(value=False).alias("in_month"), *nothing, *never)
    cells = len(codes[0]) if codes else 1
    cell, client, month_of = (visits[name].to_numpy() for name in ("cell", "client", "month"))
    span = months[1] - months[0] + 1
    in_month = pair(pair(cell, client > 0, 2), month_of.astype(np.int64) - months[0], span)
    many = agreement.total(np.bincount(in_month, minlength=2 * cells * span)) >= batch
    found = {"in_month": pl.Series(many[in_month])}
    del in_month
    if not chains:  # then nobody waits for anybody
        return visits.drop(conditions).with_columns(**found)
    came = SortedVisits.of(cell, client, month_of, cells, months, agreement)
    breakdown = Breakdown(came, codes, enough_from(batch))
    met = {name: visits[name].to_numpy()[came.order] for name in conditions}
    for chain, condition, at in when_counted(
        breakdown, {name: came.begins(CHAINS[name]) for name in chains}, batch, met
    ):
        # One at a time, and of conditions no months: of every visit, they took more memory than all that is counted.
        if condition:
            found[f"counted_{chain}_{condition}"] = pl.Series(came.back(at < NEVER, len(visits)))
        else:
            found[f"counted_{chain}"] = pl.Series(came.back(came.month(at), len(visits)))
    return visits.drop(conditions).with_columns(**found)


def when_counted(
    breakdown: Breakdown, begins: Mapping[str, Flags], batch: int, met: Mapping[str, Flags]
) -> Iterator[tuple[str, str, Whole]]:
    """Yield chain, condition (empty for everybody), and for each visit how many months after the first it is counted.

    begins: by chain, whether it begins in a month; met: by condition, whether visits meet it. `NEVER` for those pending.
    """
    for name, months in begins.items():
        chain = Chain(months, batch)
        at = _counted(breakdown.cells, chain)
        yield name, "", at
        for condition, when in _of_parts(breakdown, chain, at, met, lambda _, figure, __, own: _counted(figure, own)):
            yield name, condition, when


def _of_parts(
    breakdown: Breakdown, chain: Chain, at: Whole, met: Mapping[str, Flags],
    when: Callable[[str, MarginalTable, Whole, Chain], Whole],
) -> Iterator[tuple[str, Whole]]:  # fmt: skip
    """Yield for each condition when every visit that meets it is counted among those that do: they are admitted once more.

    at: when each visit is counted in the cells of everybody; when: the rule, for a condition, its figure, the places of the
    figure's visits, and the chain.
    """
    if not met:
        return
    after, chain, places = breakdown.admitted(chain, at)
    for name, flags in met.items():
        figure = after.meeting(flags[places])
        of = places[figure.visits.order]
        found = np.full(len(at), NEVER, at.dtype)
        found[of] = when(name, figure, of, chain.apart())
        yield name, found


def _counted(figure: MarginalTable, chain: Chain) -> Whole:
    """Return for each visit to a figure when it is counted."""
    visits, entered, may = figure.visits, chain.entered(figure), chain.may(figure)
    return np.where(visits.at > entered, _again(visits, entered, chain.begins, may, chain.batch), entered)


def changes_counted_at(
    changed: pl.DataFrame, codes: Sequence[Whole], totals: Whole, batch: int, months: Months | None,
    agreement: Agreement = ALONE, parts: Mapping[str, str] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Return for each status change the month in which it is counted (`counted_at`), `NEVER` while it is pending.

    changed: `place` (a cell and period), `client` and `added_at`, each once, with the `change`, of this slice; codes: by
    dimension, the code of each place; totals: the total that each place is of; months: of all slices, None without any; parts:
    by the name of a further column to return, that of what changes in a part of what is counted, which waits again for those in
    whom it changes. Whoever has changed back while pending is pending no more.

    >>> turns = {"place": [0, 0, 0, 0], "client": [1, 2, 1, 3], "added_at": [5, 6, 7, 9], "change": [1, 1, -1, 1]}
    >>> changes_counted_at(pl.DataFrame(turns), (), np.array([0]), 2, (5, 9))["counted_at"].to_list()
    [6, 6, 9, 9]
    """
    names = ("counted_at", *(parts or {}))
    if months is None:
        return pl.DataFrame({name: [] for name in names}, dict.fromkeys(names, pl.Int64()))
    place, client, added_at = (changed[name].to_numpy() for name in ("place", "client", "added_at"))
    visits = SortedVisits.of(place, client, added_at, len(totals), months, agreement)
    breakdown, chain = Breakdown(visits, codes, enough_from(batch), totals), Chain(visits.begins(0), batch)
    changes = {name: changed[column].to_numpy()[visits.order] for name, column in (parts or {}).items()}
    counted = _changes_counted(breakdown.cells, chain, changed["change"].to_numpy()[visits.order])
    found = {"counted_at": counted}
    met = {name: change != 0 for name, change in changes.items()}
    found |= dict(
        _of_parts(
            breakdown,
            chain,
            counted,
            met,
            lambda name, figure, of, own: _changes_counted(figure, own, changes[name][of]),
        )
    )
    return pl.DataFrame({name: visits.back(visits.month(of), len(changed)) for name, of in found.items()})


def _changes_counted(figure: MarginalTable, chain: Chain, change: Whole) -> Whole:
    """Return for each visit to a figure the month in which its change is counted."""
    visits, may = figure.visits, chain.may(figure)
    runs = visits.runs(chain.begins)
    run, group = small(np.cumsum(runs) - 1, len(runs)), visits.group[runs]
    in_time = stable_order(visits.at)
    touched, months = run[in_time], visits.at[in_time]
    # A run may have several changes in a month, one after the other.
    first = np.flatnonzero(np.append(True, (touched[1:] != touched[:-1]) | (months[1:] != months[:-1]))[: len(touched)])
    added = np.add.reduceat(change[in_time], first) if len(first) else change
    touched, ends = touched[first], np.searchsorted(months[first], np.arange(visits.span + 1))
    now, counted, waits = np.zeros(len(group), np.int64), np.zeros(len(group), np.int64), np.zeros(len(group), bool)
    steps, waiting = np.zeros(may.shape, bool), np.zeros(0, np.int64)
    for at in range(visits.span):
        mine = slice(ends[at], ends[at + 1])
        once = touched[mine]
        now[once] += added[mine]
        waiting = np.concatenate([waiting, once[~waits[once]]])
        waits[once] = True
        differs = now[waiting] != counted[waiting]
        steps[at] = may[at] & (visits.tally(group[waiting[differs]], visits.groups) >= chain.batch)
        stays = differs & ~steps[at][group[waiting]]
        counted[waiting], waits[waiting] = np.where(stays, counted[waiting], now[waiting]), stays
        waiting = waiting[stays]
    return next_step(steps, chain.begins, visits.group, visits.at)


def _again(visits: SortedVisits, entered: Whole, begins: Flags, may: Flags, batch: int) -> Whole:
    """Return for each visit when it is counted if its client has been admitted before: `batch` of them must have come again."""
    places = np.flatnonzero(visits.at > entered)
    before = np.full(len(places), -1, visits.at.dtype)
    run = np.cumsum(visits.runs(begins))[places]
    same = run[1:] == run[:-1]
    before[1:][same] = visits.at[places][:-1][same]
    in_time = stable_order(visits.at[places])
    ends = np.searchsorted(visits.at[places][in_time], np.arange(visits.span + 1))
    steps, waiting, last = np.zeros(may.shape, bool), np.zeros(may.shape[1], np.int64), np.full(may.shape[1], -1)
    for at, begin in enumerate(begins):
        if begin:
            waiting[:], last[:] = 0, -1
        mine = in_time[ends[at] : ends[at + 1]]
        group = visits.group[places[mine]]
        waiting += visits.tally(group[before[mine] <= last[group]], may.shape[1])
        steps[at] = may[at] & (waiting >= batch)
        waiting[steps[at]], last[steps[at]] = 0, at
    return next_step(steps, begins, visits.group, visits.at)
