"""The process that makes cells behind the app: there is one, for what is seen now, and it ends with the app."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from data.store import reading
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError
from metrics.ask import ask
from metrics.audience import AUDIENCES, INTERNAL, PROTECTED
from metrics.cube import cube
from metrics.cube.cube import Cube
from metrics.grammar.question import Question
from metrics.precompute import process, supervisor
from metrics.precompute.requests import CellRequest
from metrics.precompute.spawning import ROOT
from metrics.precompute.supervisor import CellSupervisor
from metrics.warming import Ahead, alone
from tests.metrics.made import store_of

FEW = Question(("clients",), by=("language",), period="2025")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    rows: list[dict[str, Any]] = [
        {"client": n, "occurred_on": date(2025, 2, 3), "language": "so"} for n in range(1, 41)
    ]
    return store_of(tmp_path / "store", {"encounter": rows})


class Process:
    """A process that has been started and says nothing."""

    def __init__(self) -> None:
        self.stdin, self.stdout = io.StringIO(), io.StringIO()
        self.returncode: int | None = None
        self.killed = False

    def poll(self) -> int | None:
        return self.returncode

    def ended(self, code: int, said: str = "") -> None:
        self.returncode, self.stdout = code, io.StringIO(said)

    def kill(self) -> None:
        self.killed = True

    def wait(self) -> None:
        pass


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Process]]:
    found: list[tuple[list[str], Process]] = []

    def start(line: list[str], **_: object) -> Process:
        found.append((line, Process()))
        return found[-1][1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def worker_of(store: Store) -> CellSupervisor:
    return CellSupervisor(lambda: AUDIENCES, lambda: store)


def test_what_is_seen_gets_one_process_and_when_it_has_changed_another_one(
    store: Store, started: list[tuple[list[str], Process]]
) -> None:
    cells = worker_of(store)
    cells.look()
    cells.look()
    ((line, first),) = started
    assert line[2:] == ["metrics.precompute.process", str(store.path), *AUDIENCES]
    with store.next_generation("again"):
        pass
    cells.look()
    assert first.killed
    assert len(started) == 2


def test_what_was_seen_before_is_let_go_though_nobody_asks(
    store: Store, started: list[tuple[list[str], Process]]
) -> None:
    """In an app that nobody looks at, rows of somebody who was forgotten by a command would stay in memory."""
    before = store.file(store.serving()).resolve()
    store.read().close()
    assert before in {file for file, _ in reading._connections}
    before.unlink()
    worker_of(store).look()
    assert before not in {file for file, _ in reading._connections}


def test_cells_of_what_was_seen_before_are_let_go(store: Store, started: list[tuple[list[str], Process]]) -> None:
    ask(FEW, store)
    cells = store.cube_path(store.serving())
    worker_of(store).look()
    assert cells in {file.parent for file in cube._memory}
    rewrite(store, lambda connection: connection.execute("DELETE FROM encounter"))  # type: ignore[arg-type]
    worker_of(store).look()
    assert cells not in {file.parent for file in cube._memory}


def test_an_empty_or_damaged_store_gets_none(tmp_path: Path, started: list[tuple[list[str], Process]]) -> None:
    cells = worker_of(Store(tmp_path / "none"))
    cells.look()
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "current").write_text("torn")
    cells.look()
    assert not started


def test_when_all_is_made_nothing_is_started_but_for_what_a_reader_lacked(
    store: Store, started: list[tuple[list[str], Process]]
) -> None:
    cells = worker_of(store)
    cells.look()
    started[0][1].ended(0)
    cells.look()
    cells.look()
    assert len(started) == 1
    lacked = CellRequest.of(FEW, store.serving().token)
    cells.lacked(FEW, store.serving())
    cells.lacked(FEW, store.serving())
    cells.look()
    assert len(started) == 2
    lines = started[1][1].stdin.getvalue().splitlines()
    assert [CellRequest.read(line) for line in lines] == [lacked]


def test_what_stops_it_is_logged_once_and_tried_again_later(
    store: Store,
    started: list[tuple[list[str], Process]],
    clock: Callable[[float], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    cells = worker_of(store)
    cells.look()
    for _ in range(3):
        started[-1][1].ended(2, "unwritable\n")
        cells.look()
        before = len(started)
        cells.look()
        assert len(started) == before
        clock(1000)
        cells.look()
        assert len(started) == before + 1
    assert [record.message for record in caplog.records] == ["cells are not made ahead: unwritable"]


def test_that_another_process_makes_them_is_no_trouble(
    store: Store, started: list[tuple[list[str], Process]], caplog: pytest.LogCaptureFixture
) -> None:
    cells = worker_of(store)
    cells.look()
    started[0][1].ended(2, "busy\n")
    cells.look()
    assert not caplog.records


def test_questions_of_a_flood_are_passed_over(store: Store, started: list[tuple[list[str], Process]]) -> None:
    cells = worker_of(store)
    for number in range(2 * supervisor._MOST_WAITING):
        cells.lacked(Question(("clients",), period=str(number)), store.serving())
    assert len(cells._waiting) == supervisor._MOST_WAITING


def test_it_can_be_left_out_but_memory_is_looked_after(
    store: Store, started: list[tuple[list[str], Process]], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, lacks = threading.Event(), list[object]()
    monkeypatch.setattr(cube, "let_go_of_what_has_gone", let_go.set)
    monkeypatch.setattr(supervisor, "tell", lacks.append)
    cells = worker_of(store)
    cells.start()
    try:
        assert let_go.wait(10)
    finally:
        cells.stop()
    assert not started
    assert lacks == [None], "only that nobody is to be told, at the end"


def cells_of(store: Store) -> set[str]:
    return {file.name for file in store.cube_path(store.serving()).glob("*.cells")}


@pytest.fixture
def few_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(store: Store, audiences: tuple[str, ...]) -> Iterator[Ahead]:
        for audience in audiences:
            yield Ahead(Question(("clients",), audience=audience), store.serving())

    monkeypatch.setattr(process, "opened", opened)
    monkeypatch.setattr(process, "filtered", lambda *_: iter([Ahead(FEW, Store.serving(_[0]))]))


def test_the_process_makes_what_is_ahead_and_what_is_asked_for(store: Store, few_ahead: None) -> None:
    asked: SimpleQueue[str] = SimpleQueue()
    asked.put(CellRequest.of(Question(("encounters",), by=("topic",), period="2025"), store.serving().token).line)
    asked.put(CellRequest(("clients",), ("sex",), "2025", PROTECTED, "of a generation that is gone").line)
    asked.put(CellRequest(("a metric that is gone",), (), "2025", PROTECTED, store.serving().token).line)
    process.Maker(store, (PROTECTED,), asked).run(idle=0.01)
    assert {name.rsplit("-", 1)[0] for name in cells_of(store)} == {
        "encounter",
        "encounter+language",
        "encounter+topic",
    }


def test_filters_are_left_out_once_they_have_taken_long(store: Store, few_ahead: None) -> None:
    process.Maker(store, (PROTECTED,), SimpleQueue()).run(idle=0.01, seconds=0)
    assert {name.rsplit("-", 1)[0] for name in cells_of(store)} == {"encounter"}


def test_what_pages_open_with_takes_no_time_from_filters(
    store: Store, few_ahead: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a very large store it alone takes longer than all filters may."""
    spent = [0.0]

    def opened(*_: object) -> Iterator[Ahead]:
        spent[0] += 1_000_000.0
        yield Ahead(Question(("clients",), audience=PROTECTED), store.serving())

    monkeypatch.setattr(process, "opened", opened)
    monkeypatch.setattr(time, "process_time", lambda: spent[0])
    process.Maker(store, (PROTECTED,), SimpleQueue()).run(idle=0.01)
    assert {name.rsplit("-", 1)[0] for name in cells_of(store)} == {"encounter", "encounter+language"}


def test_cells_are_made_ahead_by_one_process_alone(store: Store) -> None:
    with alone(store), pytest.raises(StoreError) as refused:
        process.Maker(store, (PROTECTED,), SimpleQueue()).run()
    assert refused.value.reason == "busy"


def test_exact_cells_of_some_places_are_those_of_all() -> None:
    question = Question(("clients",), where=(("municipality", ("049",)),), audience="internal:049")
    assert CellRequest.of(question, "t") == CellRequest(("clients",), ("municipality",), "all", INTERNAL, "t")


@pytest.mark.slow
def test_a_real_process_makes_the_cells_and_ends_with_whoever_started_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_CELLS", "1")
    cells = worker_of(store)
    cells.start()
    until = time.monotonic() + 120
    while time.monotonic() < until and not cells_of(store):
        time.sleep(0.1)
    process = cells._process
    cells.stop()
    assert process
    assert process.returncode is not None
    assert cells_of(store)
    line = [sys.executable, "-m", "metrics.precompute.process", str(store.path), PROTECTED]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as alone_now:
        assert alone_now.stdin
        alone_now.stdin.close()  # as when the app is killed
        assert alone_now.wait(60) == 0


def test_answers_after_it_wait_for_no_cell(store: Store, few_ahead: None, monkeypatch: pytest.MonkeyPatch) -> None:
    process.Maker(store, AUDIENCES, SimpleQueue()).run(idle=0.01)
    monkeypatch.setattr(Cube, "_made", lambda _self, missing, *_: pytest.fail(str(list(missing))) if missing else {})
    for audience in AUDIENCES:
        assert ask(Question(("clients",), audience=audience), store).rows
    assert ask(FEW, store).rows
