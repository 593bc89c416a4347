"""Decision whether a value has clearly changed; the only one, used by every page, report and watch.

`decide` applies the rule of `metrics.change.trend` with the overdispersion of events behind each value, estimated from
published rows. `metrics.change.ranking` answers another question, which of many changes to report at once; it reports
none that is not clear here.
"""

from collections.abc import Callable, Sequence

from metrics.audience import Audience
from metrics.change.noise import spread_of_events
from metrics.change.totals import total_metric
from metrics.change.trend import Direction, brings_interval, counts_clients, direction
from metrics.grammar.answer import Answer, Row, same_ground
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.kinds import Count

Ask = Callable[[Question], Answer]
Totals = Callable[[str, Row], Row | None]
"""Returns the published row of a counting metric in the same cell as a row: same codes, same period; None if unknown."""


def decide(
    now: Row | None, before: Row | None, totals: Totals, *, exact: bool, small: bool = False,
    totals_before: Totals | None = None,
) -> Direction | None:  # fmt: skip
    """Return the direction between two published rows of one metric: up, down, unclear, or None when not comparable.

    Not comparable either: values on different ground, of other sources or of a part of a period (`same_ground`).
    totals: source of the events per client (`queried_totals`, `stored_totals`); exact: values without rounding; small:
    one of two counts may be too small to be compared by itself, or suppressed ("from under ten to two hundred");
    totals_before: of the earlier row, where they come from another import.
    """
    if now and before and not same_ground(now, before):
        return None
    of_before = totals_before or totals
    spreads = (spread_behind(now, totals) if now else None, spread_behind(before, of_before) if before else None)
    return direction(now, before, spreads=spreads, exact=exact, small=small)


def spread_behind(row: Row, totals: Totals) -> float | None:
    """Return the overdispersion of the events behind a row; 1 where its interval needs none, None when not known."""
    definition = definitions()[row.metric]
    if brings_interval(definition) or counts_clients(definition):
        return 1.0
    if has_own_total(row.metric):
        return spread_of_events(row)
    metric = total_metric(row.metric)
    return spread_of_events(totals(metric, row)) if metric not in (None, "clients") else None


def has_own_total(metric: str) -> bool:
    """Return whether the rows of a metric tell themselves how clustered their events are: by an interval or by both numbers."""
    definition = definitions()[metric]
    if brings_interval(definition) or counts_clients(definition):
        return True
    return isinstance(definition.measure, Count) and definition.measure.weight is None


def queried_totals(asking: Ask, audience: Audience) -> Totals:
    """Return totals that are asked for when needed, one cell each; None where the total's fact lacks a dimension."""

    def total(metric: str, row: Row) -> Row | None:
        where = tuple((dimension, (code,)) for dimension, code in row.codes.items())
        try:
            rows = asking(Question((metric,), where=where, period=row.period, audience=audience)).rows
        except QuestionError:
            return None
        return rows[0] if rows else None

    return total


def stored_totals(rows: Sequence[Row]) -> Totals:
    """Return totals that were stored with the rows they belong to, as in a saved briefing."""
    known = {(row.metric, row.period, *sorted(row.codes.items())): row for row in rows}
    return lambda metric, row: known.get((metric, row.period, *sorted(row.codes.items())))
