"""Hypotheses attacked: a hidden municipality is not told by what visitors see of them, and nothing moves while the cells do not.

Random worlds of three and four municipalities of which one has a few clients. The attacker sees everything that visitors are told
of every hypothesis, knows how numbers are rounded, and takes sums and differences. From the full results, which those with the
right to internal figures see, the hidden municipality is told: else the attack would prove nothing.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest

from data.store.keys import key_path
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import PROTECTED
from metrics.gate import SHOWN_FROM, Cell, Gate
from metrics.grammar.question import Question
from metrics.hypotheses import telling
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.outlook import outlook
from metrics.hypotheses.register import Register, Result
from metrics.hypotheses.testing import run
from tests.metrics.hypotheses.test_register import asked
from tests.metrics.made import store_of

PLACES = ("091", "092", "049", "235")
METRICS = ("encounters", "clients", "solved_share")
OFTEN = 7
"""Encounters of the busiest client of a municipality."""
Row = dict[str, Any]


def world(seed: int, places: int) -> list[Row]:
    """Encounters of one month, one in five of an anonymous visitor; the last municipality has one to four clients.

    In each of the others one client comes seven times, so that numbers of events are rounded to ten.
    """
    chance = random.Random(seed)
    sizes = [chance.randint(75, 160) for _ in range(places - 1)] + [chance.randint(1, 4)]
    rows: list[Row] = []
    for place, size in zip(PLACES, sizes, strict=False):
        for number in range(size):
            own = len(rows) + 1 if number >= OFTEN or size < SHOWN_FROM else len(rows) + 1 - number
            key = (own + 1000 * seed) * 7_919_001_002_003
            is_anonymous = size >= SHOWN_FROM and number >= OFTEN and number % 5 == 0
            rows.append(
                {
                    "client": -key if is_anonymous else key, "municipality": place, "language": "so",
                    "occurred_on": date(2025, 1, 1 + len(rows) % 28), "channel": ("walk_in", "phone")[chance.random() < 0.4],
                    "resolution": "solved" if chance.random() < 0.5 + 0.2 * (place == "091") else "continues",
                }
            )  # fmt: skip
    return rows


def hypotheses(places: int, *outcomes: str) -> Iterator[Hypothesis]:
    """Every pair of large municipalities, each against all others, and what is asked in the same breath."""
    large = PLACES[: places - 1]
    for outcome, one, other in product(outcomes or METRICS, large, (*large, "others")):
        if one != other:
            design = {"kind": "groups", "dimension": "municipality", "compared": one, "reference": other}
            yield asked(outcome=outcome, design=design, direction="either", smallest=2, period="2025-01")


def outcomes_of(store: Store, places: int, *outcomes: str) -> list[Result]:
    register = Register.of(store.path)
    return [run(register, register.register(one).id, store) for one in hypotheses(places, *outcomes)]


def shown(store: Store, places: int) -> list[Any]:
    """Everything that visitors are told: the register's JSON without times and hashes of registrations, and what can be seen."""
    register, generation = Register.of(store.path), store.released()
    told = []
    for entry in register.entries():
        found = telling.as_json(entry, generation)
        for result in found["results"]:
            del result["time"]
        told.append((found["results"], found["holm"], found["benjamini_hochberg"]))
    seen = [outlook(one, store) for one in hypotheses(places)]
    return [*told, [(dict(one.people), one.detectable, one.few_areas, str(one.refusal)) for one in seen]]


def cells(store: Store) -> list[Any]:
    """The published cells that hypotheses on these metrics are made of."""
    found = []
    for metric in METRICS:
        for by in ((), ("municipality",), *((("municipality", fact)) for fact in ("language", "sex", "age_band"))):
            found.append([row.flat() for row in ask(Question((metric,), by=by, period="2025-01"), store).rows])
    return found


def possible(published: float) -> range:
    """The true numbers that may be published as this one."""
    return range(round(published) - 4, round(published) + 5)


@pytest.mark.parametrize(("seed", "places"), [(1, 3), (2, 3), (3, 4), (4, 4)])
def test_a_hidden_municipality_is_not_told(seed: int, places: int, tmp_path: Path) -> None:
    """What is left of everybody without the shown ones may be several of the numbers that are hidden."""
    store = store_of(tmp_path / "store", {"encounter": world(seed, places)})
    sides: dict[str, set[int]] = {}
    whole = set()
    for result in outcomes_of(store, places, "encounters"):
        assert result.published is not None
        design = Register.of(store.path).find(result.id).hypothesis.design
        one, other = result.published.sides
        sides.setdefault(design.compared, set()).add(one.size or 0)  # type: ignore[union-attr]
        if design.reference == "others":  # type: ignore[union-attr]
            whole.add((one.size or 0) + (other.size or 0))
    assert all(len(found) == 1 for found in sides.values()), (
        "a municipality has one number, whatever it is compared with"
    )
    assert len(whole) == 1, "all others with the compared one are everybody"
    left = {
        total - sum(parts)
        for total in possible(whole.pop())
        for parts in product(*(possible(found.copy().pop()) for found in sides.values()))
    }
    assert len(left & set(range(SHOWN_FROM))) > 1, "the number of the hidden municipality is not told"
    shown_cells = {
        row.codes.get("municipality", ""): row.value
        for by in ((), ("municipality",))
        for row in ask(Question(("encounters",), by=by, period="2025-01"), store).rows
    }
    assert shown_cells.keys() >= sides.keys()
    for place, found in sides.items():
        assert found == {shown_cells[place]}, "the number that every page shows"


@pytest.mark.parametrize(("seed", "places"), [(1, 3), (3, 4)])
def test_the_full_results_tell_it(seed: int, places: int, tmp_path: Path) -> None:
    """Numbers of clients a month, which are true ones rounded to whole numbers: of one month the number itself."""
    rows = world(seed, places)
    store = store_of(tmp_path / "store", {"encounter": rows})
    found = {}
    for result in outcomes_of(store, places, "clients"):
        design = Register.of(store.path).find(result.id).hypothesis.design
        one, other = result.sides
        found[design.compared, design.reference] = (one.value or 0, other.value or 0)  # type: ignore[union-attr]
    first = PLACES[0]
    others = found[first, "others"][1] - sum(found[first, place][1] for place in PLACES[1 : places - 1])
    assert others == sum(row["municipality"] == PLACES[places - 1] for row in rows)


def units(rows: list[Row]) -> Cell:
    """The clients and anonymous visitors of some rows as clients: their number is on no page."""
    keys = {abs(row["client"]) for row in rows}
    return Cell(n=len(keys), n_key=sum(keys))


def rounded_units(rows: list[Row], gate: Gate) -> list[float | None]:
    """What hypotheses told of the people of each municipality, anonymous visitors among them."""
    return [gate.clients(units([row for row in rows if row["municipality"] == place])).value for place in PLACES]


def published(rows: list[Row], gate: Gate) -> list[Any]:
    """What the gate makes of the cells: clients, encounters, solved ones and the rest, in all and in each municipality."""

    def number(chosen: list[Row]) -> tuple[float | None, ...]:
        clients, every = units([row for row in chosen if row["client"] > 0]), units(chosen)
        busiest = max(Counter(row["client"] for row in chosen).values(), default=0)
        cell = Cell(clients.n, clients.n_key, every.n, every.n_key, len(chosen), busiest)
        return gate.clients(cell).value, gate.events(cell).value

    return [
        number([row for row in rows if row["municipality"] in where and (row["resolution"] == "solved") in solved])
        for where in (PLACES, *((place,) for place in PLACES)) for solved in ((False, True), (True,), (False,))
    ]  # fmt: skip


def unseen(rows: list[Row], gate: Gate, anonymous: bool) -> tuple[list[Row], list[list[Row]]]:
    """Return a world and what is left of it without one person, for each whose leaving moves no cell.

    Of anonymous visitors those whose leaving moves the rounded number of clients and anonymous visitors, which no page shows.
    """
    left = {
        row["client"]: [one for one in rows if one["client"] != row["client"]]
        for row in rows if (row["client"] < 0) == anonymous
    }  # fmt: skip
    same = [rest for rest in left.values() if published(rest, gate) == published(rows, gate)]
    if anonymous:
        same = [rest for rest in same if rounded_units(rest, gate) != rounded_units(rows, gate)]
    return rows, same


DEARER = [(5, 3, False), (6, 4, False), (6, 4, True), (7, 4, True)]


@pytest.mark.parametrize(
    ("seed", "places", "anonymous"),
    [(5, 3, True), (7, 4, False), *(pytest.param(*one, marks=pytest.mark.simulation) for one in DEARER)],
)
def test_nothing_moves_while_the_published_cells_do_not(
    seed: int, places: int, anonymous: bool, tmp_path: Path
) -> None:
    """One client or anonymous visitor leaves, such that all cells stay as they are; the full results move."""
    gate = Gate(PROTECTED, Store(tmp_path / "whole").keys.noise)
    rows, same = next(found for one in count(seed, 10) if (found := unseen(world(one, places), gate, anonymous))[1])
    store = store_of(tmp_path / "whole", {"encounter": rows})
    full, before = [digits(one) for one in outcomes_of(store, places)], cells(store)
    told, moved = shown(store, places), 0
    for number, rest in enumerate(same[:2]):
        path = tmp_path / f"without-{number}"
        shutil.copy(key_path(store.path), key_path(path))
        other = store_of(path, {"encounter": rest})
        assert other.keys.noise == store.keys.noise
        again = [digits(one) for one in outcomes_of(other, places)]
        assert cells(other) == before
        assert shown(other, places) == told
        moved += again != full
    assert moved, "the full results move, or this would prove nothing"


def digits(result: Result) -> Any:
    return result.effect, result.sides, result.finding.estimates
