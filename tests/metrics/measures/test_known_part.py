"""A share of which too little is known is told to nobody: the public never sees one that the internal audience does not."""

from datetime import date

import pytest

from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from metrics.ask import ask
from metrics.gate import AUDIENCES, EVENT_BASES, Audience, Cell, Gate
from metrics.grammar.answer import Row
from metrics.grammar.question import Question

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
            if public.knows_enough(cells[0], cells[1], clients=clients):
                told += 1
                some, every = (public.clients(cell) if clients else public.events(cell) for cell in cells)
                shown = public.share(some, every, clients=clients).value is not None
                assert internal.knows_enough(cells[0], cells[1], clients=clients) or not shown
    assert told > 20
    assert all(gate.knows_enough(Cell(), Cell(), clients=clients) for gate in (public, internal))
