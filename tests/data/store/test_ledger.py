"""Files of lines: any text comes back as it was, one writer at a time, and what is damaged is said by its line."""

import json
import multiprocessing
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.ingest import rejects
from data.ingest.rejects import Reject
from data.store import json_lines
from data.store.ledger import Act, ActLog, Log, alone, next_number, now
from data.store.store import Store, StoreError
from tests.data.ingest.imports import GOOD, encounters, load

LINE_ENDS = ("\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\r", "\n", "\r\n")
"""Everything that Python's splitlines takes for the end of a line."""


class Said(Act):
    id: str
    text: str = ""

    @property
    def key(self) -> str:
        return self.id


def said(number: str, text: str = "") -> Said:
    return Said(time=now(), id=number, text=text)


@pytest.fixture
def log(tmp_path: Path) -> ActLog[Said]:
    return ActLog(tmp_path / "steward" / "said.jsonl", Said)


def reject_of(file: str) -> Reject:
    return Reject(file, file, 2, file, "topics", "unknown_code")


@pytest.mark.parametrize("mark", LINE_ENDS)
def test_a_mark_that_looks_like_the_end_of_a_line_stays_in_its_text(
    mark: str, log: ActLog[Said], tmp_path: Path
) -> None:
    texts = [f"a{mark}b", mark, f"{mark}{mark}"]
    for number, text in enumerate(texts):
        log.append(said(str(number), text))
    assert [line.text for line in log.lines()] == texts
    assert log.path.read_bytes().count(b"\n") == len(texts)
    kept = [reject_of(f"a{mark}{number}.csv") for number in range(2)]
    rejects.save(tmp_path / "rejected", kept[0].file, kept)
    assert rejects.load(tmp_path / "rejected") == tuple(kept)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(), max_size=4))
def test_any_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "any.jsonl"
    path.write_text(json_lines.text({"text": text} for text in texts), encoding="utf-8", newline="")
    if texts:
        assert [one["text"] for one in json_lines.read(path, json.loads)] == texts


def test_half_a_surrogate_pair_is_written_as_a_question_mark(log: ActLog[Said], tmp_path: Path) -> None:
    log.append(said("1", "\ud83d"))
    assert [line.text for line in log.lines()] == ["?"]
    rejects.save(tmp_path / "rejected", "a\udce4.csv", [reject_of("a\udce4.csv")])
    assert [reject.file for reject in rejects.load(tmp_path / "rejected")] == ["a?.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes")
@pytest.mark.parametrize("name", [b"koht\xe4\xe4.csv", "a\u2028b.csv".encode(), b"x" * 250 + b".csv"])
def test_a_file_of_any_name_leaves_its_rejects_and_a_newer_one_takes_their_place(name: bytes, tmp_path: Path) -> None:

    store = Store(tmp_path / "s")
    path = tmp_path / os.fsdecode(name)
    encounters(tmp_path, GOOD.replace("3.2.2025", "31.2.2025")).rename(path)
    for _ in range(2):
        load(store, path)
        [reject] = rejects.load(store.rejected_path)
        assert reject.file.encode() == name.replace(b"\xe4", b"?")


def test_a_very_long_line_comes_back(log: ActLog[Said]) -> None:
    log.append(said("1", "ä" * 3_000_000))
    log.append(said("2"))
    assert [len(line.text) for line in log.lines()] == [3_000_000, 0]


def test_a_last_line_without_its_end_is_a_line_and_the_next_one_stands_alone(log: ActLog[Said]) -> None:
    log.append(said("1"))
    log.path.write_bytes(log.path.read_bytes().removesuffix(b"\n"))
    log.append(said("2"))
    assert [line.id for line in log.lines()] == ["1", "2"]


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda content: content[:-20], "3"),
        (lambda content: content.replace(b'"id": "2"', b'"id": 2', 1), "2"),
        (lambda content: content.replace(b'"2"', b'"\xff"', 1), "2"),
        (lambda content: content.replace(b"\n", b"\n\n", 1), "2"),
        (lambda content: b"\0" * 40 + content, "1"),
        (lambda content: b"", "1"),
        (lambda content: content + b"[" * 100_000, "4"),
    ],
)
def test_damage_is_said_by_its_line_and_not_built_upon(log: ActLog[Said], damage: object, line: str) -> None:
    for number in "123":
        log.append(said(number))
    log.path.write_bytes(damage(log.path.read_bytes()))  # type: ignore[operator]
    before = log.path.read_bytes()
    for act in (log.lines, log.in_force, lambda: log.append(said("4")), lambda: log.withdraw("1")):
        with pytest.raises(StoreError) as error:
            act()
        assert (error.value.reason, error.value.path, error.value.detail) == ("damaged_line", log.path, line)
    assert log.path.read_bytes() == before


def test_damaged_rejects_are_said_by_their_line_and_let_an_import_pass(tmp_path: Path) -> None:
    folder = tmp_path / "rejected"
    path = rejects.save(folder, "a.csv", [reject_of("a.csv")] * 3)
    assert path is not None
    path.write_bytes(path.read_bytes().replace(b'"row": 2', b'"row": "x"', 1))
    rejects.save(folder, "a.csv", [reject_of("a.csv")])
    with pytest.raises(StoreError) as error:
        rejects.load(folder)
    assert (error.value.reason, error.value.path, error.value.detail) == ("damaged_line", path, "1")


def test_the_latest_line_counts_and_what_is_withdrawn_does_not(log: ActLog[Said]) -> None:
    log.append(said("1", "a"))
    log.append(said("2", "b"))
    log.append(said("1", "c"))
    assert [line.text for line in log.in_force()] == ["c", "b"]
    withdrawn = log.withdraw("1", text="gone")
    assert withdrawn is not None
    assert (withdrawn.what, withdrawn.text) == ("withdrawn", "gone")
    assert log.withdraw("1") is None
    assert [line.id for line in log.in_force()] == ["2"]
    log.append(said("1"))
    assert [line.id for line in log.in_force()] == ["1", "2"]
    assert len(log.lines()) == 5
    assert next_number(["7", "W-12", "x"]) == 13


def test_two_threads_that_write_at_once_lose_nothing(log: ActLog[Said]) -> None:
    def write(writer: int) -> None:
        for turn in range(15):
            log.append(said(f"{writer}-{turn}", "\u2028"))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({line.id for line in log.lines()}) == 45


def write_from_another(path: Path, writer: int) -> None:
    for turn in range(15):
        Log(path, Said).append(said(f"{writer}-{turn}"))


def test_two_processes_that_write_at_once_lose_nothing(log: ActLog[Said]) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=write_from_another, args=(log.path, writer)) for writer in range(2)]
    for process in others:
        process.start()
    for process in others:
        process.join()
    assert len({line.id for line in log.lines()}) == 30


def test_a_writer_who_waits_in_vain_is_told(log: ActLog[Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.ledger._PATIENCE", 0.05)
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with alone(log.path.parent):
            ready.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait()
    with pytest.raises(StoreError, match="busy"):
        log.append(said("1"))
    done.set()
    holder.join()
    log.append(said("1"))


def test_what_is_written_is_its_owners_alone(log: ActLog[Said]) -> None:
    log.append(said("1"))
    if os.name == "posix":
        assert (log.path.stat().st_mode & 0o777, log.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
