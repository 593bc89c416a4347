"""Another state of the data is seen when its figures are there, and whatever stops that leaves what was or what should become."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from data.store import changed, ready
from data.store.generation import Generation
from data.store.kept import clear_cells
from data.store.ready import Waiter
from data.store.releases import follow, open_to_others, rollback
from data.store.staged import StagedStore
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, message
from metrics.ask import ask
from metrics.audience import AUDIENCES, INTERNAL, PROTECTED
from metrics.cube import files
from metrics.cube.cube import Cube
from metrics.grammar.question import Question
from metrics.precompute import before_publication, draft_process
from metrics.precompute.before_publication import PrecomputedDraft
from metrics.warming import Ahead
from tests.metrics.made import add_rows, store_of

OPENS = Question(("clients",), by=("language",), period="2025")
FILTERED = Question(("clients",), by=("language", "topic"), period="2025")


def rows(clients: range) -> list[dict[str, Any]]:
    return [
        {"client": n, "record": n, "occurred_on": date(2025, n % 3 + 1, 3), "language": "so"} for n in clients
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with forty clients; pages open with one question, and ask another one with a filter."""

    def asking(question: Question) -> Callable[..., Iterator[Ahead]]:
        def wanted(store: Store, audiences: tuple[str, ...]) -> Iterator[Ahead]:
            for audience in audiences:
                one = Question(question.metrics, question.by, period=question.period, audience=audience)
                yield Ahead(one, store.serving() if audience == INTERNAL else store.released())

        return wanted

    monkeypatch.setattr(draft_process, "opened", asking(OPENS))
    monkeypatch.setattr(draft_process, "filtered", asking(FILTERED))
    monkeypatch.setenv("TILANNEKUVA_CELLS", "1")
    monkeypatch.setattr(files, "_insists", [True])
    yield store_of(tmp_path / "store", {"encounter": rows(range(1, 41))})
    ready.made_by(None)


Step = Callable[[int, int], None]


def made_here(during: Step = lambda _done, _of: None) -> list[tuple[str, ...]]:
    """Figures are made before, in this process; the audiences they are made for. during: called after each step."""
    found: list[tuple[str, ...]] = []

    def make(store: Store, made: Generation, draft: Path, _: Waiter) -> None:
        found.append(before_publication._seen_by(store, made))
        draft_process.make(StagedStore(store.path, draft), found[-1], during)

    ready.made_by(make)
    return found


def another(store: Store, clients: range = range(41, 81)) -> None:
    with store.next_generation("again") as connection:
        add_rows(connection, "encounter", rows(clients))


def clients_in(store: Store, audience: str) -> float | None:
    (found,) = ask(Question(("clients",), period="2025", audience=audience), Store(store.path)).rows
    return found.value


@pytest.fixture
def no_builds(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def forbid() -> None:
        monkeypatch.setattr(Cube, "_made", lambda _, missing, *__: pytest.fail(str([*missing])) if missing else {})

    return forbid


def test_readers_see_the_earlier_figures_until_those_of_the_new_state_are_there(
    store: Store, no_builds: Callable[[], None]
) -> None:
    seen = []
    made = made_here(lambda *_: seen.append((Store(store.path).pointer(), clients_in(store, INTERNAL))))
    another(store)
    assert set(seen) == {(1, 40.0)}
    assert made == [AUDIENCES]
    no_builds()
    for audience in AUDIENCES:
        assert ask(Question(OPENS.metrics, OPENS.by, period="2025", audience=audience), store).rows
    assert store.serving().number == 2


def test_a_release_is_seen_when_its_filters_are_there_too(store: Store, no_builds: Callable[[], None]) -> None:
    open_to_others(store)
    ask(OPENS, store)
    first, seen = store.released(), []
    made = made_here(lambda *_: seen.append(Store(store.path).released().token))
    another(store)
    follow(store, "now")
    assert made == [(INTERNAL,), (PROTECTED,)]
    assert set(seen) == {first.token}
    assert store.released().token != first.token
    no_builds()
    for question in (OPENS, FILTERED):
        assert ask(question, store).rows
    assert not [*store.path.glob("cube/*.draft")]


def test_an_import_that_visitors_see_at_once_has_their_filters_too(store: Store, no_builds: Callable[[], None]) -> None:
    """There is no release yet: they see it with everybody else. Exact figures with filters are left to the app."""
    made_here()
    another(store)
    no_builds()
    assert ask(FILTERED, store).rows
    exact = replace(FILTERED, audience=INTERNAL)
    with pytest.raises(pytest.fail.Exception):
        ask(exact, store)


def test_filters_of_an_import_are_left_out_once_they_have_taken_long(
    store: Store, no_builds: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_process, "OF_IMPORT", -1.0)
    made_here()
    another(store)
    no_builds()
    assert ask(OPENS, store).rows
    with pytest.raises(pytest.fail.Exception):
        ask(FILTERED, store)


def test_cells_that_serve_stay_while_those_of_the_next_release_are_made(store: Store) -> None:
    open_to_others(store)
    ask(OPENS, store)
    folder = store.cube_path(store.released())

    def reader(*_: int) -> None:
        clear_cells(Store(store.path))
        assert any(folder.glob("*.cells"))
        assert [*store.path.glob("cube/*.draft")]

    made_here(reader)
    follow(store, "now")
    assert store.cube_path(store.released()).is_dir()
    assert not folder.exists(), "of a release that nobody sees any more"


def test_after_a_small_delivery_only_what_it_touches_is_counted_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_here()
    another(store)
    monkeypatch.setattr(Cube, "_computed", lambda _, job: pytest.fail(str(job)))
    with store.next_generation("a course") as connection:
        add_rows(connection, "training", [{"client": 1, "started_on": date(2025, 1, 7), "kind": "language"}])
    assert store.serving().rows["training"] == 1
    assert any(store.cube_path(store.serving()).glob("*.cells"))


def test_going_back_waits_for_nothing(store: Store) -> None:
    another(store)
    open_to_others(store)
    made = made_here()
    rollback(store, 1, accepted=True)
    assert not made
    assert (store.serving().number, store.released().number) == (1, 1)


def test_who_goes_back_or_forgets_waits_for_nobody_elses_figures(store: Store) -> None:
    another(store)
    begun, urgent = Event(), Event()

    def make(store: Store, _: Generation, __: Path, ___: Waiter) -> None:
        begun.set()
        while not ready.is_hurried(store.path):
            assert not urgent.wait(0.05), "it was let wait"

    ready.made_by(make)
    thread = Thread(target=another, args=(store, range(81, 90)))
    thread.start()
    assert begun.wait(20)
    rollback(store, 1)
    urgent.set()
    thread.join()
    assert (store.pointer(), store.numbers()) == (1, (1, 2, 3))
    assert not ready.is_hurried(store.path)


def test_who_goes_back_while_a_release_is_made_goes_back_from_that_one(store: Store) -> None:
    another(store)
    open_to_others(store)
    begun = Event()

    def make(store: Store, _: Generation, __: Path, ___: Waiter) -> None:
        begun.set()
        while not ready.is_hurried(store.path):
            time.sleep(0.05)

    ready.made_by(make)
    thread = Thread(target=follow, args=(store, "now"))
    thread.start()
    assert begun.wait(20)
    rollback(store, 1, accepted=True)
    thread.join()
    assert (store.pointer(), store.released().number) == (1, 1)


def test_a_command_makes_nothing_again_but_after_what_was_seen_at_once(store: Store) -> None:
    changed.taken()
    made_here()
    another(store)
    assert changed.taken() == ()
    with ready.at_once():
        another(store, range(81, 90))
    assert changed.taken() == (store.path,)


@dataclass(frozen=True)
class Failing:
    """A process that makes nothing."""

    why: str

    def run(self, _: Waiter) -> str:
        return self.why


@pytest.mark.parametrize(("why", "is_kept"), [("no_memory", True), ("killed", True), ("no_room", False)])
def test_what_keeps_figures_from_being_made_does_not_keep_data_from_being_seen(
    why: str, is_kept: bool, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(store: Store, draft: Path, _: object) -> Failing:
        folder = StagedStore(store.path, draft).cube_path(StagedStore(store.path, draft).made)
        folder.mkdir(parents=True)
        (folder / "half.cells").write_text("half")
        return Failing(why)

    monkeypatch.setattr(before_publication, "_DraftProcess", fails)
    ready.made_by(PrecomputedDraft())
    said: list[str] = []
    with ready.waited_for(Waiter(left=said.append)):
        another(store)
    assert said == [why]
    assert store.serving().number == 2
    assert store.cube_path(store.serving()).is_dir() == is_kept
    for lang in LANGUAGES:
        assert message(ready.reason_text(why), lang)


def test_a_damaged_draft_is_not_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_publication, "_DraftProcess", lambda *_: Failing("damaged"))
    ready.made_by(PrecomputedDraft())
    with pytest.raises(StoreError) as refused:
        another(store)
    assert refused.value.reason == "damaged"
    assert store.numbers() == (1,)
    assert not [*store.path.rglob("*.draft*")]


def test_a_full_disk_stops_the_making_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "save", full)
    made_here()
    with pytest.raises(StoreError) as refused:
        another(store)
    assert refused.value.reason == "no_room"
    monkeypatch.setattr(files, "_insists", [False])
    assert ask(OPENS, store).rows, "who only reads has them in memory"


def test_figures_leave_room_for_what_they_are_made_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))
    made_here()
    with pytest.raises(StoreError) as refused:
        another(store)
    assert refused.value.reason == "no_room"


def test_nobody_else_writes_meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.store._PATIENCE", 0.1)
    refused: list[str] = []

    def second(*_: int) -> None:
        def publish() -> None:
            try:
                with Store(store.path).writing():
                    pass
            except StoreError as error:
                refused.append(error.reason)

        thread = Thread(target=publish)
        thread.start()
        thread.join()

    made_here(second)
    another(store)
    assert set(refused) == {"busy"}
    assert store.numbers() == (1, 2)


@pytest.mark.parametrize("stopped_at", ["cube", "current"])
def test_stopped_among_the_moves_it_is_finished_by_whoever_looks_next(
    stopped_at: str, store: Store, no_builds: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        if stopped_at in target.relative_to(store.path).parts and self.name.endswith(".draft"):
            raise KeyboardInterrupt
        return replace(self, target)

    made_here()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            another(store)
    assert Store(store.path).pointer() == 2
    no_builds()
    assert ask(OPENS, store).rows
    assert not [*store.path.rglob("*.draft*")]


PUBLISHING = """
import os, sys, time
from pathlib import Path
from data.store import ready
from data.store.store import Store
from metrics.precompute.before_publication import PrecomputedDraft
from data.store.ready import Waiter

def tell(done, of):
    print(done, flush=True)
    time.sleep(60)

ready.made_by(PrecomputedDraft())
store = Store(Path(sys.argv[1]))
with ready.waited_for(Waiter(progress=tell)), store.next_generation("again"):
    pass
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_publisher_killed_in_the_middle_leaves_what_serves_and_the_next_one_works(store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", PUBLISHING, str(store.path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().strip().isdigit()
        process.send_signal(signal.SIGKILL)
    assert (store.pointer(), store.numbers(), clients_in(store, INTERNAL)) == (1, (1,), 40.0)
    made_here()
    another(store)
    assert (store.pointer(), store.numbers()) == (2, (1, 2))
    assert not [*store.path.rglob("*.draft*")]


@pytest.mark.slow
def test_a_real_process_tells_how_far_it_is_and_is_not_waited_for_when_that_is_enough(store: Store) -> None:
    ready.made_by(PrecomputedDraft(lambda: (PROTECTED,)))
    told: list[tuple[int, int]] = []
    said: list[str] = []
    with ready.waited_for(Waiter(lambda *step: told.append(step), said.append, lambda: bool(told))):
        another(store)
    assert told
    assert told[0][0] < told[0][1]
    assert said == ["enough"]
    assert store.serving().number == 2
    assert {file.suffix for file in store.cube_path(store.serving()).iterdir()} >= {".cells"}
