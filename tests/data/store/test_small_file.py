"""What stands in the place of a file of the store and is none is said, and never waited for or taken for a list not begun."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.cli import main
from data.store.commit import UNFINISHED
from data.store.keys import key_path
from data.store.small_file import content_of
from metrics import cli as metrics_cli
from tests.conftest import own_copy
from tests.data.store.mutations import READING, Mutated

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs named pipes")


@pytest.fixture
def store(whole: Mutated, tmp_path: Path) -> Path:
    whole.own = own_copy(whole.whole, tmp_path / "store")
    whole.faults.clear()
    return whole.own


@pytest.fixture(autouse=True)
def _no_wait() -> Iterator[None]:
    """Whoever waits for a pipe waits for ever."""

    def too_long(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def leads_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("not there"))


def leads_to_itself(path: Path) -> None:
    path.symlink_to(path)


PLACES: tuple[Callable[[Path], object], ...] = (os.mkfifo, Path.mkdir, leads_nowhere, leads_to_itself)


@pytest.mark.parametrize("place", PLACES)
def test_it_is_no_file(place: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        content_of(tmp_path / "x")
    place(tmp_path / "x")
    with pytest.raises(OSError) as error:  # noqa: PT011 - of whatever kind
        content_of(tmp_path / "x")
    assert not isinstance(error.value, FileNotFoundError)
    (tmp_path / "y").write_bytes(b"y")
    assert content_of(tmp_path / "y") == b"y"


FILES = {
    "steward/notes.jsonl": "notes",
    "steward/targets.jsonl": "targets",
    "steward/watches.jsonl": "watch",
    "store.json": "ask",
    "current": "import",
    "../store.keys": "ask",
    "released": "release",
    "sources/sources.jsonl": "import",
    "sources/forgotten.txt": "import",
}


@pytest.mark.parametrize("place", [os.mkfifo, leads_nowhere])
@pytest.mark.parametrize("name", FILES)
def test_whoever_needs_it_says_so(place: Callable[[Path], object], name: str, store: Path, whole: Mutated) -> None:
    file = key_path(store) if name.startswith("..") else store / name
    file.unlink()
    place(file)
    read = [line for line in READING if line[1][0] == FILES[name]] or [(main, ["import", "NEW"])]
    for line in read:
        assert whole.check(name, line) == 2
    main(["check", "--store", str(store)])
    assert whole.faults == []


@pytest.mark.parametrize("place", [os.mkfifo, leads_nowhere])
@pytest.mark.parametrize("name", ["log", "log/newest.json"])
def test_the_log_keeps_nobody_waiting(place: Callable[[Path], object], name: str, store: Path, whole: Mutated) -> None:
    file = next((store / "log").glob("2*.jsonl")) if name == "log" else store / name
    file.unlink()
    place(file)
    for line in ((main, ["audit"]), (main, ["audit", "--verify"]), (main, ["import", "NEW"]), READING[0]):
        whole.check(name, line)
    assert whole.faults == []


@pytest.mark.parametrize("place", [os.mkfifo, Path.mkdir])
def test_work_that_was_begun_and_is_no_file_is_named(
    place: Callable[[Path], object], store: Path, whole: Mutated, capsys: pytest.CaptureFixture[str]
) -> None:
    place(store / UNFINISHED)
    assert main(["check-store", "--store", str(store)]) == 2
    assert str(store / UNFINISHED) in capsys.readouterr().err
    assert whole.check("unfinished", READING[0]) == 0
    assert whole.faults == []


def test_what_is_of_metrics_keeps_nobody_waiting(store: Path, whole: Mutated) -> None:
    for name, words in (
        ("packages/00.tkp", ["packages"]),
        ("definitions/000001.json", ["ask", "clients"]),
        ("revisions/log.jsonl", ["revisions"]),
    ):
        (store / name).parent.mkdir(exist_ok=True)
        os.mkfifo(store / name)
        assert whole.check(name, (metrics_cli.main, words)) == 2
        shutil.rmtree((store / name).parent)
    assert whole.faults == []
