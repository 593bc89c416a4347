"""The sample of a hypothesis test: exact person-level rows read from a generation, used inside metrics/ only.

Columns: `unit` (the protected person: a client, or an anonymous visitor), `client` (null when anonymous), `day` (first
day of the month), covariates as `c_<name>`, `group` (true: compared, or after the change), for before–after designs
`time` ('before', 'after') and, with a comparison area, `area` (true: where the change was made). Outcome: none for
counts, where each row is one event; `outcome` (Boolean, or an amount); or `days` with `cause` ('event', another cause,
'' when censored). Closed months only.
"""

from dataclasses import dataclass

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.cube import Cube
from metrics.grammar.period import Period
from metrics.hypotheses.hypothesis import OTHERS, PLACE, BeforeAfter, Groups, Hypothesis
from metrics.model.condition import columns_of
from metrics.model.dimensions import unknown_of
from metrics.model.kinds import Count, Quantile, Share, TimeToEvent


@dataclass(frozen=True)
class _Parts:
    """SQL parts of the sample: condition, outcome expressions by column, and whether a row is a client rather than an event."""

    where: str
    outcome: dict[str, str]
    by_client: bool = False


def sql(hypothesis: Hypothesis, closed_month: int) -> str:
    """Return the SQL query of the sample.

    closed_month: the last closed month, as year × 12 + month − 1.
    """
    fact, parts = hypothesis.definition.of_fact, _parts(hypothesis)
    sides, conditions = _sides(hypothesis)
    names = [name for name, _ in hypothesis.as_question.where]
    needed = [column for text in (parts.where, *parts.outcome.values()) for column in columns_of(text, fact)]
    rows = fact.select((*hypothesis.covariates, *names, *needed))
    columns = {
        "unit": "abs(client)",
        "client": "CASE WHEN client > 0 THEN client END",
        "day": "make_date(month // 12, month % 12 + 1, 1)",
        **sides,
        **{f"c_{name}": f"coalesce({name}::VARCHAR, '')" for name in hypothesis.covariates},
        **parts.outcome,
    }
    conditions = (f"({parts.where})", *_months(hypothesis.period, closed_month), *conditions)
    items = ",\n       ".join(f"{expression} AS {name}" for name, expression in columns.items())
    query = f"SELECT {items}\nFROM ({rows})\nWHERE {' AND '.join(conditions)}"
    if not parts.by_client:
        return query
    keys = ["unit", "client", *sides]
    first = [f"arg_min(c_{name}, day) AS c_{name}" for name in hypothesis.covariates]
    items = ", ".join([*keys, "min(day) AS day", *first, "bool_or(outcome) AS outcome"])
    return f"SELECT {items}\nFROM (\n{query}\n)\nGROUP BY {', '.join(keys)}"


def draw(hypothesis: Hypothesis, store: Store, generation: Generation) -> pl.DataFrame:
    """Return the sample of a hypothesis from a generation, in the columns given above. Raises StoreError."""
    with store.reading(generation) as cursor:
        frame: pl.DataFrame = cursor.sql(sql(hypothesis, Cube(store, generation).closed_month)).pl()
    return frame


def _parts(hypothesis: Hypothesis) -> _Parts:
    match hypothesis.definition.measure:
        case Share() as share:
            outcome = {"outcome": f"coalesce({share.numerator}, false)"}
            return _Parts(share.base, outcome, by_client=share.unit == "clients")
        case Count() as count:
            return _Parts(count.where, {})
        case Quantile() as amount:
            where = f"({amount.where}) AND {amount.value} IS NOT NULL"
            # Before–after designs compare the amounts themselves; two groups are compared as durations.
            if isinstance(hypothesis.design, BeforeAfter):
                return _Parts(where, {"outcome": f"{amount.value}"})
            return _Parts(where, {"days": f"{amount.value}", "cause": "'event'"})
        case TimeToEvent() as wait:
            cause = f"CASE WHEN {wait.cause} = '{wait.of_interest}' THEN 'event' ELSE {wait.cause} END"
            return _Parts(f"{wait.duration} IS NOT NULL", {"days": f"{wait.duration}", "cause": cause})
    raise AssertionError(hypothesis.outcome)


def _sides(hypothesis: Hypothesis) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the SQL columns that mark the sides of the comparison, and the conditions that select their rows."""
    match hypothesis.design:
        case Groups(dimension=name, compared=one, reference=other):
            if other == OTHERS:
                unknown = unknown_of(hypothesis.outcome, name)
                # Null is unknown too, and this condition is false for it.
                condition = f"{name}::VARCHAR <> {_text(unknown)}" if unknown else f"{name} IS NOT NULL"
            else:
                condition = f"{name}::VARCHAR IN ({_text(one)}, {_text(other)})"
            return {'"group"': f"{name}::VARCHAR = {_text(one)}"}, (condition,)
        case BeforeAfter(area=area, comparison=comparison) as design:
            is_after = f"month >= {_number(design.month)}"
            sides = {"time": f"CASE WHEN {is_after} THEN 'after' ELSE 'before' END", '"group"': is_after}
            if comparison is not None:
                sides |= {"area": f"{PLACE}::VARCHAR = {_text(area or '')}"}
                return sides, (f"{PLACE}::VARCHAR IN ({_text(area or '')}, {_text(comparison)})",)
            return sides, (f"{PLACE}::VARCHAR = {_text(area)}",) if area else ()


def _months(period: str, closed_month: int) -> tuple[str, ...]:
    span = Period.parse(period)
    if span.first_day is None or span.last_day is None:
        return (f"month <= {closed_month}",)
    first, last = (day.year * 12 + day.month - 1 for day in (span.first_day, span.last_day))
    return (f"month BETWEEN {first} AND {min(last, closed_month)}",)


def _number(month: str) -> int:
    """Return a month such as `2025-03` as year × 12 + month − 1."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _text(code: str) -> str:
    """Return a code as an SQL string literal; codes of service points come from imported data."""
    doubled = code.replace("'", "''")
    return f"'{doubled}'"
