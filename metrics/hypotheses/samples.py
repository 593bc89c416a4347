"""The sample of a hypothesis test: exact sums per client read from a generation, used inside metrics/ only.

One row per client and combination of the other columns, added up by DuckDB; where each event has an amount or days of its
own, one row per event: hardly any are alike, and adding up takes twice the time and memory. Columns: `unit` (the protected
person: a client, or an anonymous visitor), `identified` (false for an anonymous visitor), `group` (true: compared, or after
the change), covariates as `c_<name>` (a code, or a number), and `n` (events, at least 1). By kind of outcome: shares have
`met` (events that meet the numerator); amounts before and after a change `amount`; amounts of two groups and times to an
event `days` and `cause` ('event', another cause, '' when censored); counts nothing more. Counts and before–after designs
have `day` (first day of the month); before–after designs `time` ('before', 'after') and, with a comparison, `area` (true:
where the change was made) and `place` (municipality). Closed months only, of all time those of which the past is known
(`spans.first_day`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.hypotheses.background import as_text, columns_in, expression, facts_of, with_background
from metrics.hypotheses.hypothesis import OTHERS, PLACE, BeforeAfter, Groups, Hypothesis
from metrics.hypotheses.spans import months
from metrics.model.dimensions import members, unknown_of
from metrics.model.facts.fact import Fact, base_of
from metrics.model.kinds import Count, Quantile, Share, TimeToEvent

_IN_ONE, _IN_OTHER = "in_compared", "in_reference"
"""Columns of events that can belong to both groups."""


@dataclass(frozen=True)
class _Parts:
    """SQL parts of the sample.

    where: condition of the rows; event: outcome of an event by column; sums: of these, the ones that are added up;
    by_client: whether a row is one client, rather than a client's events.
    """

    where: str
    event: dict[str, str]
    sums: dict[str, str]
    by_client: bool = False


def sql(hypothesis: Hypothesis, months: tuple[int, int]) -> str:
    """Return the SQL query of the sample.

    months: as from `spans.months`.
    """
    parts, covariates = _parts(hypothesis), [f"c_{name}" for name in hypothesis.covariates]
    rows = events(hypothesis, months)
    sums = "".join(f", {text} AS {name}" for name, text in parts.sums.items())
    if parts.by_client:  # a client's background is that of the first month
        names = ", ".join(("unit", "identified", *_keys(hypothesis)))
        first = "".join(f", arg_min({name}, month) AS {name}" for name in covariates)
        return f"SELECT {names}{first}, 1 AS n{sums}\nFROM (\n{rows}\n)\nGROUP BY {names}"
    own = [name for name in parts.event if name not in parts.sums]
    names = ", ".join(("unit", "identified", *_keys(hypothesis), *covariates, *own))
    if own:
        return f"SELECT {names}, 1 AS n\nFROM (\n{rows}\n)"
    return f"SELECT {names}, count(*)::INTEGER AS n{sums}\nFROM (\n{rows}\n)\nGROUP BY {names}"


def events(hypothesis: Hypothesis, months: tuple[int, int], facts: Iterable[str] = ()) -> str:
    """Return SQL of the events of both sides, one row each, two for one that belongs to both groups.

    Columns: those of the sample, `month` (year × 12 + month − 1), and `f_<name>` for each of the background `facts`.
    """
    parts, fact = _parts(hypothesis), _fact(hypothesis)
    wanted = (*hypothesis.covariates, *facts)
    named = (*_used(hypothesis), *(name for name in wanted if name != "month"), *columns_in(hypothesis.definition))
    rows = fact.select(named)
    columns = {
        "unit": "abs(client)",
        "identified": "client > 0",
        "month": "month",
        **_keys(hypothesis),
        **{f"c_{name}": expression(hypothesis.definition, name) for name in hypothesis.covariates},
        **{f"f_{name}": as_text(hypothesis.definition, name) for name in facts},
        **parts.event,
    }
    items = ",\n       ".join(f"{text} AS {name}" for name, text in columns.items())
    span = f"month BETWEEN {months[0]} AND {months[1]}"
    where = " AND ".join((f"({parts.where})", span, *_condition(hypothesis)))
    return f"SELECT {items}\nFROM ({rows})\nWHERE {where}"


def facts_sql(hypothesis: Hypothesis, months: tuple[int, int]) -> str:
    """Return the SQL query of the background of both groups, in one pass.

    With covariates the connection has a table `weights`: `group`, `c_<name>`, and the `weight` of an event of these.
    Columns: `group`, `fact` (its name), `value` ('' when not known), `n` events, and the sum of their weights `w`.
    """
    names = facts_of(hypothesis.definition, hypothesis.design.dimension)  # type: ignore[union-attr]
    covariates = [f"c_{name}" for name in hypothesis.covariates]
    columns = ", ".join(f"f_{name}" for name in names)
    texts = ", ".join(f"f_{name}" for name in names)
    fact = " ".join(f"WHEN f_{name} IS NOT NULL THEN '{name}'" for name in names)
    sets = ", ".join(f'("group", f_{name})' for name in names)
    rows = events(hypothesis, months, names)
    weight, joined = "1", ""
    if covariates:
        # One number of 64 bits: a table of all columns would take more memory than the sample.
        one, other = (
            ", ".join(f"{table}.{name}::VARCHAR" for name in ('"group"', *covariates)) for table in ("drawn", "weights")
        )
        weight, joined = "weight", f"\nLEFT JOIN weights ON hash({one}) = hash({other})"
    return (
        f'SELECT "group", CASE {fact} END AS fact, coalesce({columns}) AS value, count(*)::INTEGER AS n, sum(w)::DOUBLE AS w\n'
        f'FROM (\nSELECT drawn."group", {weight} AS w, {texts} FROM (\n{rows}\n) drawn{joined}\n)\n'
        f"GROUP BY GROUPING SETS ({sets})"
    )


def draw(hypothesis: Hypothesis, store: Store, generation: Generation) -> pl.DataFrame:
    """Return the sample of a hypothesis from a generation, in the columns given above. Raises StoreError."""
    with store.reading(generation) as cursor:
        frame: pl.DataFrame = cursor.sql(sql(hypothesis, months(hypothesis, store, generation))).pl()
    return frame


def draw_facts(
    hypothesis: Hypothesis, store: Store, generation: Generation, weights: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the background of both groups (see `facts_sql`). Raises StoreError.

    weights: the table `weights` of the query, None without covariates.
    """
    with store.reading(generation) as cursor:
        if weights is not None:
            cursor.register("weights", weights)
        frame: pl.DataFrame = cursor.sql(facts_sql(hypothesis, months(hypothesis, store, generation))).pl()
    return frame


def _parts(hypothesis: Hypothesis) -> _Parts:
    match hypothesis.definition.measure:
        case Share() as share:
            where, met = share.base_dated, {"met": f"coalesce({share.numerator}, false)"}
            if share.unit == "clients":
                return _Parts(where, met, {"met": "bool_or(met)::INTEGER"}, by_client=True)
            return _Parts(where, met, {"met": "(count(*) FILTER (WHERE met))::INTEGER"})
        case Count() as count:
            return _Parts(count.where, {}, {})
        case Quantile() as amount:
            where = f"({amount.where}) AND {amount.value} IS NOT NULL"
            # Before–after designs compare the amounts themselves; two groups are compared as durations.
            if isinstance(hypothesis.design, BeforeAfter):
                return _Parts(where, {"amount": amount.value}, {})
            return _Parts(where, {"days": amount.value, "cause": "'event'::ENUM('', 'event')"}, {})
        case TimeToEvent() as wait:
            cause = f"CASE WHEN {wait.cause} = '{wait.of_interest}' THEN 'event' ELSE {wait.cause} END"
            return _Parts(f"{wait.duration} IS NOT NULL", {"days": wait.duration, "cause": cause}, {})
    raise AssertionError(hypothesis.outcome)


def _keys(hypothesis: Hypothesis) -> dict[str, str]:
    """Return SQL of the columns that mark the sides of the comparison."""
    day = {"day": "make_date(month // 12, month % 12 + 1, 1)"}
    match hypothesis.design:
        case Groups() as groups:
            # An event of both groups gives a row in each.
            both = f"CASE WHEN NOT {_IN_OTHER} THEN [true] WHEN {_IN_ONE} THEN [true, false] ELSE [false] END"
            name = f"{groups.dimension}::VARCHAR = {_text(groups.compared)}"
            group = {'"group"': f"unnest({both})" if _several(hypothesis) else name}
            return group | (day if hypothesis.kind == "count" else {})
        case BeforeAfter(area=area, comparison=comparison) as design:
            is_after = f"month >= {_number(design.month)}"
            sides = {**day, "time": f"CASE WHEN {is_after} THEN 'after' ELSE 'before' END", '"group"': is_after}
            if comparison is not None:
                sides |= {"area": f"{PLACE}::VARCHAR = {_text(area or '')}", "place": f"{PLACE}::VARCHAR"}
            return sides


def _condition(hypothesis: Hypothesis) -> tuple[str, ...]:
    """Return the SQL conditions that select the rows of both sides."""
    match hypothesis.design:
        case Groups() if _several(hypothesis):
            return (f"({_IN_ONE} OR {_IN_OTHER})",)
        case Groups(dimension=name, compared=one, reference=other):
            return (
                _known(hypothesis, name) if other == OTHERS else f"{name}::VARCHAR IN ({_text(one)}, {_text(other)})",
            )
        case BeforeAfter(area=area, comparison=comparison):
            if comparison == OTHERS:
                return (_known(hypothesis, PLACE),)
            places = ", ".join(_text(code) for code in (area, comparison) if code)
            return (f"{PLACE}::VARCHAR IN ({places})",) if places else ()


def _known(hypothesis: Hypothesis, name: str) -> str:
    unknown = unknown_of(hypothesis.outcome, name)
    # Null is unknown too, and this condition is false for it.
    return f"{name}::VARCHAR <> {_text(unknown)}" if unknown else f"{name} IS NOT NULL"


def _several(hypothesis: Hypothesis) -> bool:
    """Return whether the groups are codes of which an event can have several."""
    design = hypothesis.design
    return isinstance(design, Groups) and base_of(design.dimension) in hypothesis.definition.of_fact.lists


def _used(hypothesis: Hypothesis) -> tuple[str, ...]:
    """Return the columns of the fact that the sides are made of."""
    match hypothesis.design:
        case Groups(dimension=dimension):
            return (_IN_ONE, _IN_OTHER) if _several(hypothesis) else (dimension,)
        case BeforeAfter(area=area):
            return (PLACE,) if area else ()


def _fact(hypothesis: Hypothesis) -> Fact:
    """Return the metric's fact with background facts, and with the columns of groups that an event can have both of."""
    fact, design = with_background(hypothesis.definition.of_fact), hypothesis.design
    if not isinstance(design, Groups) or not _several(hypothesis):
        return fact
    held = fact.columns[base_of(design.dimension)]

    def has(code: str) -> str:
        codes = sorted(members(design.dimension, code)) if design.dimension != base_of(design.dimension) else [code]
        return f"list_has_any({held}::VARCHAR[], [{', '.join(map(_text, codes))}])"

    one = has(design.compared)
    other = f"NOT {one}" if design.reference == OTHERS else has(design.reference)
    return replace(fact, columns={**fact.columns, _IN_ONE: one, _IN_OTHER: other})


def _number(month: str) -> int:
    """Return a month such as `2025-03` as year × 12 + month − 1."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _text(code: str) -> str:
    """Return a code as an SQL string literal; codes of service points come from imported data."""
    doubled = code.replace("'", "''")
    return f"'{doubled}'"
