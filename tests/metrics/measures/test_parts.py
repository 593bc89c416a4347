"""A part is never published above its whole, though both are rounded by themselves."""

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from data.codes import code_list
from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.audience import AUDIENCES, Audience
from metrics.gate import OVER_HIGH, SMALL, UNDER_LOW, PublishedValue
from metrics.grammar.answer import Row
from metrics.grammar.period import Each
from metrics.grammar.question import Question
from metrics.measures import rows
from metrics.measures.parts import bounded, by_key
from metrics.model.condition import columns_of
from metrics.model.definition import Definition, definitions, wholes_of
from metrics.model.kinds import Share, TimeToEvent
from tests.metrics.made import store_of

PARTS = [(one.id, whole.id) for one in definitions().values() for whole in wholes_of(one)]
BREAKDOWNS = (("language",), ("municipality",), ("language", "municipality"), ("from_service", "topic"), ("centre",))


@pytest.fixture(scope="module")
def close(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Of 60 clients of each of 200 municipalities 30 to 34 are served in their own language and one through an interpreter; of
    120 enrolled in each of the first sixty 40 to 44 get work, most in the open market, and one starts to study.
    """
    met, enrolled, starts = [], [], []
    for place, code in enumerate(code_list("municipality").ids[1:201]):
        own = 30 + place % 5
        for number in range(60):
            support = "own_language" if number < own else "interpreter_on_site" if number == own else "none_available"
            met.append({"client": 200 * place + number + 1, "municipality": code, "language_support": support})
        for number in range(120 if place < 60 else 0):
            client = 100_000 + 200 * place + number
            enrolled.append({"client": client, "centre": code, "started_on": date(2023, 1, 1 + number % 28)})
            if number <= 40 + place % 5:
                subsidised = place % 2 == 0 and number == 39 + place % 5
                last = "employment_subsidised" if subsidised else "degree_study"
                kind = "employment_open" if number < 40 + place % 5 and not subsidised else last
                starts.append({"client": client, "kind": kind, "started_on": date(2023, 2 + number % 4, 20)})
    starts.append({"client": 999_999, "started_on": date(2026, 1, 1)})
    tables = {"encounter": met, "enrolment": enrolled, "outcome": starts}
    return store_of(tmp_path_factory.mktemp("close") / "store", tables)


def level(row: Row) -> float | None:
    """A value, or the bound that stands for it."""
    return row.value if row.bound is None else 4.9 if row.bound.kind == "under" else 95.1


SPANS: tuple[tuple[str, Each | None], ...] = (("2025", "quarter"), ("2026", "month"), ("all", None))


def contradictions(store: Store, part: str, whole: str, audience: Audience, spans: Any = SPANS) -> int:
    found = 0
    both = set(definitions()[part].allowed) & set(definitions()[whole].allowed)
    for by in BREAKDOWNS:
        for period, each in spans if both >= set(by) else ():
            asked = [ask(Question((one,), by, (), period, each, audience), store).rows for one in (part, whole)]
            wholes = by_key(asked[1])
            for row in asked[0]:
                above = wholes.get(next(iter(by_key([row]))))
                if above is not None and None not in (levels := (level(row), level(above))):
                    found += levels[0] > levels[1]  # type: ignore[operator]
                    assert audience == "internal" or row.value is None or row.value == int(row.value)
                    assert row.lower is None or row.value is None or row.lower <= row.value <= (row.upper or 100)
    return found


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize(("part", "whole"), PARTS)
def test_no_part_is_above_its_whole(sample_store: Path, part: str, whole: str, audience: Audience) -> None:
    assert contradictions(Store(sample_store), part, whole, audience) == 0


CLOSE = [
    (part, whole)
    for part, whole in PARTS
    if part in ("own_language_share", "employed_by") or (part, whole) == ("open_employment_by", "employed_by")
]


@pytest.mark.parametrize(("part", "whole"), CLOSE)
def test_a_part_next_to_its_whole_is_not_above_it(
    close: Store, part: str, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is rounded by itself, so some are, unless they are bounded. It is no further from the truth for that."""
    assert contradictions(close, part, whole, "protected", SPANS[2:]) == 0
    by = "municipality" if part == "own_language_share" else "centre"

    def off(audience: Audience = "protected") -> dict[tuple[object, ...], float]:
        rows = ask(Question((part,), (by,), (), "all", None, audience), close).rows
        return {(row.codes[by], row.horizon): row.value for row in rows if row.value is not None}

    truth, bound = off("internal"), off()
    monkeypatch.setattr(rows, "bounded", lambda row, _: row)
    assert contradictions(close, part, whole, "protected", SPANS[2:]) > 0
    loose = off()
    assert len(loose) == len(bound) >= 60
    assert sum((bound[key] - truth[key]) ** 2 for key in bound) <= sum((loose[key] - truth[key]) ** 2 for key in loose)
    assert sum(bound[key] - truth[key] for key in bound) / len(bound) > -2, "hardly any lower on average"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_curve_of_a_part_is_above_that_of_its_whole(sample_store: Path, audience: Audience) -> None:
    store = Store(sample_store)
    curves = [pair for pair in PARTS if isinstance(definitions()[pair[0]].measure, TimeToEvent)]
    assert len(curves) == 3
    for pair in curves:
        for by in ((), ("centre",), ("education_level",)):
            part, whole = (ask_curve(Question((one,), by, (), "all", None, audience), store) for one in pair)
            tops = {(*sorted(point.codes.items()), point.day): point.value for point in whole}
            shown = [(point, tops.get((*sorted(point.codes.items()), point.day))) for point in part]
            assert all(top is None or point.lower <= point.value <= top for point, top in shown)


def test_states_that_stand_for_a_value_are_bounded_too() -> None:
    def row(value: PublishedValue) -> Row:
        return Row("own_language_share", {}, "all", value.value, "%", value.state, value.bound, lower=value.value)

    def after(part: PublishedValue, whole: PublishedValue) -> Row:
        return bounded(row(part), by_key([row(whole)]))

    shown = PublishedValue
    assert (after(shown(22), shown(21)).value, after(shown(22), shown(21)).lower) == (21, 21)
    assert after(OVER_HIGH, shown(95)).value == 95
    assert after(OVER_HIGH, shown(95)).bound is None
    assert after(shown(6), UNDER_LOW).bound == UNDER_LOW.bound
    for part, whole in ((shown(20), shown(21)), (SMALL, shown(21)), (shown(22), SMALL), (OVER_HIGH, OVER_HIGH)):
        assert after(part, whole) == row(part), "nothing is known to be wrong"


def _same_people(one: Definition, other: Definition) -> bool:
    a, b = one.measure, other.measure
    return (
        isinstance(a, Share) and isinstance(b, Share) and one.fact == other.fact
        and (a.unit, a.denominator, a.known) == (b.unit, b.denominator, b.known)
    )  # fmt: skip


def test_every_share_whose_cases_are_all_in_another_says_so(sample_store: Path) -> None:
    """Found by the data: no case of the part is outside its whole, of the same people."""
    store, found = Store(sample_store), set()
    with store.reading() as cursor:
        for one, other in permutations(definitions().values(), 2):
            a, b = one.measure, other.measure
            if isinstance(a, Share) and isinstance(b, Share) and _same_people(one, other):
                fact = one.of_fact
                names = columns_of(f"({a.base}) AND ({a.numerator}) AND ({b.numerator})", fact)
                query = (
                    f"SELECT count(*), count(*) FILTER (WHERE NOT coalesce({b.numerator}, FALSE)) "
                    f"FROM ({fact.select(tuple(names))}) WHERE ({a.base}) AND ({a.numerator})"
                )
                cases, outside = cursor.execute(query).fetchall()[0]
                if cases and not outside:
                    found.add((one.id, other.id))
    assert found == {pair for pair in PARTS if isinstance(definitions()[pair[0]].measure, Share)}
    assert found


def test_a_part_and_its_whole_are_of_the_same_people() -> None:
    for part, whole in PARTS:
        one, other = definitions()[part], definitions()[whole]
        assert one.unit == other.unit
        assert _same_people(one, other) or (one.fact == other.fact and {one.kind, other.kind} == {"time_to_event"})
