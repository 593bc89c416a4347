"""A share of which too little is known is told to nobody: the public never sees one that the internal audience does not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import AUDIENCES, Audience
from metrics.gate import BASE, EVENT_BASES, KNOWN_FROM, SHARE_FROM, SMALL, Cell, Gate
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from tests.metrics.made import store_of

VISITS = 120
"""Encounters of each month, each of another client."""
KNOWN = {49: 59, 92: 60, 91: 72}
"""Of how many of them the outcome is known, by municipality: 49.2, 50 and 60 %."""
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A year of three municipalities; of those known, two in three were solved."""
    folder = tmp_path_factory.mktemp("known")
    made = Store(folder / "store")
    lines = ["Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet;Lopputulos"]
    for municipality, known in KNOWN.items():
        for row in range(12 * VISITS):
            month, number = row // VISITS + 1, row % VISITS
            end = "" if number >= known else "Ei ratkennut" if number % 3 == 0 else "Ratkesi heti"
            who = f"{municipality}-{row}"
            lines.append(f"{who};C{who};{1 + row % 28:02d}.{month:02d}.2025;{municipality};Arabia;Työ;{end}")
    path = folder / "kohtaamiset.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wishes = Wishes(covers=(date(2025, 1, 1), date(2025, 12, 31)))
    prepared, generation = publish(prepare([path], made, wishes=wishes), made, "test")
    assert generation is not None, [(file.refused, file.decisions) for file in prepared.files]
    return made


def months(store: Store, municipality: str, audience: Audience) -> tuple[Row, ...]:
    rows: list[Row] = []
    for month in range(1, 13):
        where = (("municipality", (municipality,)),)
        rows += ask(Question(("solved_share",), (), where, f"2025-{month:02d}", None, audience), store).rows
    return tuple(rows)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_under_half_known_is_told_to_nobody(store: Store, audience: Audience) -> None:
    """Rounding makes 60 of the 59 known ones in four months of five."""
    assert {row.state for row in months(store, "049", audience)} == {"not_recorded"}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_known_well_enough_is_told(store: Store, audience: Audience) -> None:
    assert {row.state for row in months(store, "091", audience)} == {"shown"}


def test_half_is_enough_where_numbers_are_exact(store: Store) -> None:
    assert {row.state for row in months(store, "092", "internal")} == {"shown"}


@pytest.mark.parametrize("clients", [True, False])
def test_no_rounding_tells_the_public_more(clients: bool) -> None:
    """Whatever the numbers, the busiest client and the keys, what the public is told of is known of half, exactly."""
    public, internal = Gate("protected", KEY), Gate("internal", KEY)
    told = 0
    for key in range(400):
        for busiest in (1, *EVENT_BASES[:3]):
            whole = 60 + 7 * key % 400
            known = whole // 2 - 20 + key % 41
            cells = [Cell(n, key + n, n, key + n, n, busiest) for n in (known, whole)]
            if public.lacking(cells[0], cells[1], clients=clients) is None:
                told += 1
                some, every = (public.clients(cell) if clients else public.events(cell) for cell in cells)
                shown = public.share(some, every, clients=clients).value is not None
                assert internal.lacking(cells[0], cells[1], clients=clients) is None or not shown
    assert told > 20
    assert all(gate.lacking(Cell(), Cell(), clients=clients) is None for gate in (public, internal))


def anonymous(few: int, visitors: int, key: int, busiest: int = 1) -> Cell:
    """Encounters of a few clients and of anonymous visitors, whose clients are not published."""
    units = few + visitors
    return Cell(few, key, units, key * (1 + visitors), units + busiest - 1, busiest)


@pytest.mark.parametrize("busiest", [1, 5, 20, 40, 90, 240])
def test_what_is_recorded_of_everybody_is_recorded(busiest: int) -> None:
    """Whatever the base of rounding: of events of anonymous visitors it is 25. Three of its steps are enough."""
    public = Gate("protected", KEY)
    for key in range(200):
        whole = anonymous(key % 8, 50 + key % 90, key, busiest)
        lacking = public.lacking(whole, whole, clients=False)
        base = next(base for base in EVENT_BASES if base >= busiest)
        assert lacking is None or (lacking is SMALL and base > BASE and (public.events(whole).value or 0) < 3 * base)


@pytest.mark.parametrize("clients", [True, False])
def test_nobody_is_told_whether_all_are_known_or_all_but_one(clients: bool) -> None:
    """Where the published numbers are those of a group of which all are known, so is what is said of its share."""
    public, told = Gate("protected", KEY), 0
    for key in range(20_000):
        few, visitors, busiest = key % 12, key * 7 % 80, (1, 2, 4, 8, 20, 40)[key % 6]
        whole = Cell(few, key, few + visitors, 3 * key, few + visitors + busiest - 1, busiest)
        lacks = key % 5 == 0 and visitors > 0  # an anonymous visitor, else a client
        one = Cell(0, 0, 1, key, 1, 1) if lacks else Cell(1, key * 77 % 911, 1, key * 77 % 911, 1, 1)
        names = ("n", "n_key", "u", "u_key", "e")
        if not lacks and not few:
            continue
        known = replace(whole, **{name: getattr(whole, name) - getattr(one, name) for name in names})
        numbers = {(public.clients(cell), public.events(cell)) for cell in (known, whole)}
        if len(numbers) == 1 and next(iter(numbers))[not clients].value:
            told += 1
            states = [public.lacking(cell, whole, clients=clients) for cell in (known, whole)]
            assert states[0] == states[1], (known, whole)
    assert told > 100


@pytest.mark.parametrize(("unknown", "told"), [(1, 1.0), (4, 1.0), (8, 0.2), (30, 0.0)])
def test_a_few_unknown_ones_of_anonymous_visitors_hide_no_share(unknown: int, told: float) -> None:
    """Fewer than are shown, by the same rounding as in any cell; many hide it where their number is rounded to 25."""
    public, shown, every = Gate("protected", KEY), 0, 0
    for key in range(400):
        whole, known = anonymous(3, 60, key * 1001), anonymous(3, 60 - unknown, key * 1001)
        if public.events(whole).value != 50 or not public.events(known).value:
            continue
        every += 1
        shown += public.lacking(known, whole, clients=False) is None
    assert every > 50
    assert shown / every >= told
    assert shown < every or told == 1.0


@pytest.mark.parametrize("clients", [True, False])
def test_nothing_is_called_unrecorded_beside_a_high_known_part(clients: bool) -> None:
    """What only coarse rounding leaves open is too small a number, and its known part is not told."""
    public = Gate("protected", KEY)
    states = set()
    for key in range(3000):
        busiest = (1, 8, 20, 40, 90, 240)[key % 6]
        whole = 50 + 37 * key % 500
        part = whole * (key * 13 % 101) // 100
        few = key % 2 * whole + 3
        cells = [Cell(min(few, n), key + n, n + 3, key + 3 * n, n + 2 + busiest, busiest) for n in (part, whole)]
        lacking = public.lacking(cells[0], cells[1], clients=clients)
        some, every = (public.clients(cell) if clients else public.events(cell) for cell in cells)
        if lacking is not None and some.value is not None and every.value is not None:
            states.add(lacking.state)
            high = 100 * (some.value - BASE + 1) >= KNOWN_FROM * (every.value + BASE - 1)
            few = some.value < SHARE_FROM and 100 * some.value >= KNOWN_FROM * every.value
            assert lacking.state == ("small" if high or few else "not_recorded")
    assert states == {"not_recorded", "small"}


@pytest.mark.parametrize(
    ("known", "whole", "state"),
    [
        (15, 25, "small"),
        (15, 30, "small"),
        (15, 35, "not_recorded"),
        (45, 90, "small"),
        (45, 95, "not_recorded"),
        (50, 100, "not_recorded"),
        (50, 95, "not_recorded"),
        (55, 95, None),
    ],
)
def test_of_few_cases_it_is_not_said_that_most_are_unknown_before_it_is_so(
    known: int, whole: int, state: str | None
) -> None:
    """15 of 25 may be 11 of 29, but are no share anyway: the number is too small, and nobody says what is not recorded."""
    public = Gate("protected", KEY)
    cells = [Cell(n, key, n, key, n, 1) for n, key in ((known, 0), (whole, 0))]
    assert [public.clients(cell).value for cell in cells] == [known, whole]
    lacking = public.lacking(cells[0], cells[1], clients=True)
    assert (lacking and lacking.state) == state


def test_a_fully_recorded_municipality_of_anonymous_visitors_has_its_share(tmp_path: Path) -> None:
    """60 visitors without a number and three clients: with one matter of an unknown end as well as with none."""
    for unknown in (0, 1):
        rows = [
            {"client": number + 1 if number < 3 else -(2**60) - 7919 * number, "municipality": "092",
             "occurred_on": date(2025, 1, 1 + number % 28),
             "resolution": "unknown" if number < unknown + 3 > 3 else ("solved", "continues")[number % 2]}
            for number in range(63)
        ]  # fmt: skip
        store = store_of(tmp_path / f"store-{unknown}", {"encounter": rows})
        (row,) = ask(Question(("solved_share",), (), (("municipality", ("092",)),), "2025-01"), store).rows
        assert row.state in ("shown", "high")
