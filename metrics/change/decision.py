"""Whether a figure has changed: the one decision, called by every surface that colours a change or puts it in words.

Tiles, the overview's headline, the page of comparison, briefings, reports and watches ask `decide`. It applies the rule of
`metrics.change.trend` with the events per client behind each value, read from published rows. `metrics.change.ranking` answers
another question, which of many rows are news, with the same noise; it tells no change that is unclear here.
"""

from collections.abc import Callable, Sequence

from metrics.change.noise import spread_of_events
from metrics.change.totals import total_metric
from metrics.change.trend import Direction, counts_clients, direction
from metrics.gate import Audience
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.kinds import Count

Ask = Callable[[Question], Answer]
Totals = Callable[[str, Row], Row | None]
"""The published row of a counting metric in the same cell as a row: same codes, same period."""


def decide(now: Row | None, before: Row | None, totals: Totals, *, exact: bool) -> Direction | None:
    """Where a figure goes between two published rows of one metric: up, down, unclear, or None when it may not be told.

    totals: where the events per client are read (`asked`, `kept`); exact: values that have not been rounded.
    """
    spreads = (spread_behind(now, totals) if now else None, spread_behind(before, totals) if before else None)
    return direction(now, before, spreads=spreads, exact=exact)


def spread_behind(row: Row, totals: Totals) -> float | None:
    """How much more the events behind a row vary than clients do; 1 where clients are counted, None when it is not known."""
    if is_own(row.metric):
        return 1.0 if counts_clients(definitions()[row.metric]) else spread_of_events(row)
    metric = total_metric(row.metric)
    return spread_of_events(totals(metric, row)) if metric not in (None, "clients") else None


def is_own(metric: str) -> bool:
    """Whether the rows of a metric say themselves how bundled they are: they count clients, or events and their clients."""
    definition = definitions()[metric]
    return counts_clients(definition) or (isinstance(definition.measure, Count) and definition.measure.weight is None)


def asked(asking: Ask, audience: Audience) -> Totals:
    """Totals asked for when needed, one cell each; a dimension that the total does not know leaves it unknown."""

    def total(metric: str, row: Row) -> Row | None:
        where = tuple((dimension, (code,)) for dimension, code in row.codes.items())
        try:
            rows = asking(Question((metric,), where=where, period=row.period, audience=audience)).rows
        except QuestionError:
            return None
        return rows[0] if rows else None

    return total


def kept(rows: Sequence[Row]) -> Totals:
    """Totals that have been kept beside the rows they belong to, as in a saved briefing."""
    known = {(row.metric, row.period, *sorted(row.codes.items())): row for row in rows}
    return lambda metric, row: known.get((metric, row.period, *sorted(row.codes.items())))
