"""Cells: against a second implementation in plain Python over random rows, and how they are kept beside the generation."""

import random
import shutil
import stat
import statistics
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from data.codes import code_list, employment_area_of, region_of
from data.store.releases import rollback
from data.store.store import Store
from metrics.ask import ask
from metrics.cube import cube
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.scan import OneScan
from metrics.cube.shape import Shape
from metrics.cube.sql import counting_script
from metrics.gate import Cell
from metrics.grammar.period import Period, registered
from metrics.grammar.question import Question
from metrics.model.facts import FACTS
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of

FIRST, LAST = date(2024, 11, 5), date(2025, 12, 14)
CLOSED = date(2025, 11, 30)
DIMENSIONS: dict[str, Callable[[dict[str, Any]], set[str]]] = {
    "topic": lambda row: set(row["topics"]),
    "topic_group": lambda row: {code_list("topic").group_of(topic) for topic in row["topics"]},
    "language": lambda row: {row["language"]},
    "language_group": lambda row: {code_list("language").group_of(row["language"])},
    "municipality": lambda row: {row["municipality"]},
    "region": lambda row: {region_of(row["municipality"])},
    "employment_area": lambda row: {employment_area_of(row["municipality"])},
    "channel": lambda row: {row["channel"]},
    "service_point": lambda row: {row["service_point"]},
    "weekday": lambda row: {str(row["occurred_on"].isoweekday())},
    "hour": lambda row: {f"{row['hour']:02d}" if row["hour"] is not None else ""},
}
SAME_BASE = ({"topic", "topic_group"}, {"language", "language_group"}, {"municipality", "region", "employment_area"})


def random_rows(amount: int = 320) -> list[dict[str, Any]]:
    """Encounters of some eighty clients, who move and change, and of anonymous visitors."""
    chance = random.Random(11)
    rows = []
    for record in range(1, amount + 1):
        anonymous = chance.random() < 0.15
        rows.append(
            {
                "record": record,
                # As large as real keys, so that sums pass 64 bits.
                "client": -(2**60) - record if anonymous else 2**60 + int(chance.expovariate(0.03)) * 7_919,
                "occurred_on": FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1)),
                "hour": chance.choice((8, 9, 15, None)),
                "topics": chance.sample(("work", "education", "housing", "health", "unknown"), chance.randint(1, 3)),
                "language": chance.choice(("so", "ti", "ar", "und")),
                "municipality": chance.choice(("049", "091", "092", "837", "000")),
                "channel": chance.choice(("walk_in", "appointment", "unknown")),
                "service_point": chance.choice(("kamppi", "omena", "unknown")),
                "minutes": chance.choice((None, 5, 10, 20, 30, 45, 90)),
            }
        )
    return rows


ROWS = random_rows()
POINTS = [{"code": "kamppi", "name_fi": "Kamppi"}, {"code": "omena", "name_fi": "Omena"}]


def made(path: Path) -> Store:
    """A store of the rows, made on 15 December 2025."""
    store = store_of(path, {"encounter": ROWS, "service_point": POINTS})
    generation = store.serving()
    replace(generation, created=datetime(2025, 12, 15)).write(path / "generations" / "000001.json")
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(tmp_path_factory.mktemp("cells") / "store")


def inside(day: date, period: Period) -> bool:
    return (period.first_day or day) <= day <= (period.last_day or day)


@cache
def codes_of_rows(names: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """For each row every combination of the codes it has."""
    return [list(product(*(DIMENSIONS[name](row) for name in names))) for row in ROWS]


def counted(names: tuple[str, ...], period: Period, *, open_too: bool) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Rows by codes."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row, places in zip(ROWS, codes_of_rows(names), strict=True):
        if inside(row["occurred_on"], period) and (open_too or row["occurred_on"] <= CLOSED):
            for codes in places:
                found[codes].append(row)
    return found


def as_cell(rows: list[dict[str, Any]]) -> Cell:
    events = Counter(row["client"] for row in rows)
    known = [client for client in events if client > 0]
    return Cell(len(known), sum(known), len(events), sum(map(abs, events)), len(rows), max(events.values()))


def shapes() -> Iterator[tuple[str, ...]]:
    """All that can be asked with up to one dimension, ten shapes with two and nine with three, drawn with a fixed seed."""
    possible = [
        names
        for size in (0, 1, 2, 3)
        for names in combinations(sorted(DIMENSIONS), size)
        if all(len(base & set(names)) < 2 for base in SAME_BASE)
    ]
    yield from (names for names in possible if len(names) < 2)
    chance = random.Random(5)
    yield from chance.sample([names for names in possible if len(names) == 2], 10)
    yield from chance.sample([names for names in possible if len(names) == 3], 9)


def test_every_cell_of_every_period_equals_a_count_in_plain_python(store: Store) -> None:
    """Clients, units, their key sums, events and the busiest unit's events; month, quarter, year, all and year to date."""
    whole = Cube(store, store.serving())
    everyone = Counting(FACTS["encounter"])
    checked = 0
    for names in shapes():
        for period in registered(FIRST, LAST):
            if period.level == "ytd" and period.number not in (3, 12):
                continue
            index = whole.counts((everyone,), names, period.number if period.level == "ytd" else None)[0]
            for open_too in (False, True):
                expected = {codes: as_cell(rows) for codes, rows in counted(names, period, open_too=open_too).items()}
                assert dict(index.cells(str(period), open_too=open_too)) == expected, (names, period, open_too)
                checked += len(expected)
    assert checked > 10_000


def test_who_has_no_event_of_a_condition_is_in_none_of_its_sums(store: Store) -> None:
    """Counted in one scan with others; key sums too, which decide the rounding."""
    fact, period = FACTS["encounter"], Period.parse("2025")
    channels = ("walk_in", "appointment")
    measures = [Counting(fact, f"channel = '{channel}'") for channel in channels]
    groups = counted(("language",), period, open_too=True)
    for channel, index in zip(channels, Cube(store, store.serving()).counts(measures, ("language",)), strict=True):
        of_it = {codes: [row for row in rows if row["channel"] == channel] for codes, rows in groups.items()}
        expected = {codes: as_cell(rows) for codes, rows in of_it.items()}
        assert dict(index.cells("2025", open_too=True)) == expected
        assert all(expected[codes].n < as_cell(groups[codes]).n for codes in groups)


@pytest.mark.parametrize("period", ["all", "2025", "2025-Q4", "2025-12", "2025-ytd-12", "2024"])
def test_answers_equal_a_count_in_plain_python(store: Store, period: str) -> None:
    """Numbers of clients and encounters, shares and medians, each by up to three dimensions."""
    for names in ((), ("topic",), ("language_group", "topic_group"), ("channel", "municipality", "weekday")):
        groups = counted(names, Period.parse(period), open_too=True)
        everything = counted(names, Period.parse("all"), open_too=True)

        def expected(
            value: Callable[[list[dict[str, Any]]], float | None],
            groups: dict[tuple[str, ...], list[dict[str, Any]]] = groups,
        ) -> dict[Any, float]:
            values = {codes[0] if len(codes) == 1 else codes: value(rows) for codes, rows in groups.items()}
            return {codes: number for codes, number in values.items() if number is not None}

        def minutes(rows: list[dict[str, Any]]) -> float | None:
            known = [row["minutes"] for row in rows if row["minutes"] is not None]
            return statistics.median(known) if known else None

        def asked(metric: str, names: tuple[str, ...] = names) -> dict[Any, float]:
            return {codes: v for codes, v in numbers(store, metric, by=names, period=period).items() if v is not None}

        assert everything
        assert asked("encounters") == expected(len) | {c: 0 for c, v in asked("encounters").items() if not v}
        clients = {codes: count for codes, count in asked("clients").items() if count}
        assert clients == {
            c: n for c, n in expected(lambda rows: len({r["client"] for r in rows if r["client"] > 0})).items() if n
        }
        assert asked("minutes_median") == expected(minutes)
        assert asked("identified_share") == pytest.approx(
            expected(lambda rows: 100 * sum(r["client"] > 0 for r in rows) / len(rows))
        )
        assert asked("several_topics_share") == pytest.approx(
            expected(lambda rows: 100 * sum(len(r["topics"]) > 1 for r in rows) / len(rows))
        )


def test_a_choice_in_where_gives_the_row_of_the_breakdown(store: Store) -> None:
    """Each code asked for alone or several at once, in any order of dimensions."""
    table = numbers(store, "encounters", by=("language", "topic"))
    turned = numbers(store, "encounters", by=("topic", "language"))
    assert {(topic, language): count for (language, topic), count in table.items()} == turned
    several = ask(
        Question(("encounters",), by=("topic",), where=(("language", ("ar", "so")),), audience="internal"), store
    )
    assert {(row.codes["language"], row.codes["topic"]): row.value for row in several.rows} == {
        key: count for key, count in table.items() if key[0] in ("ar", "so")
    }
    for (language, topic), count in table.items():
        assert number(store, "encounters", topic=topic, language=language) == count


def cube_files(store: Store) -> dict[Path, int]:
    """Every cube file and when it was written."""
    return {path: path.stat().st_mtime_ns for path in (store.path / "cube").rglob("*.cells")}


@pytest.fixture
def forgetful() -> Callable[[], None]:
    """Empties the memory, as a restart does."""
    cube._memory.clear()
    return cube._memory.clear


def grouped(store: Store) -> dict[Any, float | None]:
    return numbers(store, "clients", by=("region", "language_group", "topic_group"))


def test_cells_are_reused_and_not_made_again(
    tmp_path: Path, forgetful: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From memory, and after a restart from the files, without touching the store."""
    store = made(tmp_path / "store")
    first = grouped(store)
    files = cube_files(store)
    assert files

    def refuse(*_: object) -> None:
        raise AssertionError("cells were made again")

    monkeypatch.setattr(OneScan, "compute", refuse)
    assert grouped(store) == first
    forgetful()
    assert grouped(store) == first
    assert cube_files(store) == files


def test_groups_from_a_rebuilt_cube_are_the_same(tmp_path: Path, forgetful: Callable[[], None]) -> None:
    """The cube may be thrown away at any time: it is made from the generation again."""
    store = made(tmp_path / "store")
    first, names = grouped(store), {path.name for path in cube_files(store)}
    for path in cube_files(store):
        path.unlink()
    forgetful()
    assert grouped(store) == first
    assert {path.name for path in cube_files(store)} == names
    truth = counted(("region", "language_group", "topic_group"), Period.parse("all"), open_too=True)
    assert {codes: count for codes, count in first.items() if count} == {
        codes: as_cell(rows).n for codes, rows in truth.items() if as_cell(rows).n
    }


def test_cube_files_are_for_their_owner_alone(store: Store) -> None:
    """Files 0600 and folders 0700, and nothing half written is left behind."""
    number(store, "clients")
    folder = store.path / "cube"
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
        assert path.is_dir() or path.suffix in (".cells", ".lock")


def test_threads_that_ask_at_once_get_the_same(tmp_path: Path, forgetful: Callable[[], None]) -> None:
    """Four visitors, the same four questions at the same moment on an empty cube."""
    store = made(tmp_path / "store")
    shapes = (("language",), ("topic", "hour"), ("region", "weekday"), ())
    start = threading.Barrier(4)
    answers: list[list[object]] = [[] for _ in range(4)]

    def visit(place: int) -> None:
        start.wait(timeout=10)
        for i in range(4):
            # Each begins with another question.
            shape = shapes[(place + i) % 4]
            answers[place].append(
                (shape, numbers(store, "encounters", by=shape), numbers(store, "minutes_median", by=shape))
            )

    threads = [threading.Thread(target=visit, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    ordered = [sorted(answer, key=repr) for answer in answers]
    assert len(ordered[0]) == 4
    assert all(answer == ordered[0] for answer in ordered)
    forgetful()
    assert sorted(
        ((s, numbers(store, "encounters", by=s), numbers(store, "minutes_median", by=s)) for s in shapes), key=repr
    ) == ordered[0]  # fmt: skip


def test_a_store_made_anew_in_the_same_folder_is_read_anew(tmp_path: Path) -> None:
    """Its generations count from one again, with other people at other service points."""
    first = made(tmp_path / "store")
    assert set(numbers(first, "clients", by=("service_point",))) == {"kamppi", "omena", "unknown"}
    shutil.rmtree(first.path)
    visits = [{"client": 1, "service_point": "sello"}]
    second = store_of(first.path, {"encounter": visits, "service_point": [{"code": "sello", "name_fi": "Sello"}]})
    assert numbers(second, "clients", by=("service_point",)) == {"sello": 1}


def test_a_new_generation_has_cells_of_its_own(tmp_path: Path) -> None:
    """Two clients; the next generation adds a third; rolled back there are two again."""
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}, {"client": 2}]})
    assert number(store, "clients") == 2
    with store.next_generation("one more") as connection:
        connection.execute("INSERT INTO encounter SELECT * REPLACE (99 AS record, 3 AS client) FROM encounter LIMIT 1")
    assert number(store, "clients") == 3
    rollback(store, 1)
    assert number(store, "clients") == 2


@pytest.mark.parametrize(("batch", "statements"), [(0, 1), (5, 2)])
def test_several_counts_of_a_fact_are_made_by_few_statements(batch: int, statements: int) -> None:
    """DuckDB plans each for some milliseconds, which is all the time that a build takes in a small store."""
    fact = FACTS["encounter"]
    measures = (Counting(fact), Counting(fact, "channel = 'phone'"), Counting(fact, "channel_known"))
    setup, queries = counting_script(measures, Shape(("language",), 2025 * 12, batch=batch))
    assert (len(setup), len(queries)) == (statements, 1)
