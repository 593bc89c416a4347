"""The log: one chain through all months, whatever is changed in it is found, and no crash breaks it."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import acting, audit
from data.store.acting import Waiting, act, record
from data.store.audit import AuditLog, Noted
from data.store.audit_check import check
from data.store.errors import StoreError
from tests.conftest import ROOT

MARK = "log/newest.json"


def written(store: Path, count: int, month: str = "") -> Path:
    """A store with lines; month: that they are put into, as if they had been written then."""
    store.mkdir(parents=True, exist_ok=True)
    (store / "store.json").touch()
    for number in range(count):
        assert record(store, "asked", {"question": f"clients --period {2000 + number}"}, "someone")
    if month:
        AuditLog(store).files()[-1].rename(store / "log" / f"{month}.jsonl")
    return store


def kinds(store: Path) -> list[str]:
    return [finding.kind for finding in check(store).findings]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve lines in three months, with an unfinished one among them."""
    store = written(tmp_path_factory.mktemp("whole") / "s", 4, "2026-01")
    written(store, 2, "2026-02")
    file = AuditLog(store).files()[-1]
    file.write_bytes(file.read_bytes() + b'{"about":{"ques')
    written(store, 5)
    assert check(store).is_whole
    assert (check(store).lines, kinds(store), len(AuditLog(store).files())) == (12, ["torn"], 3)
    return store


def test_a_chain_goes_through_all_months_and_tells_who_did_what(whole: Path) -> None:
    lines = list(AuditLog(whole).lines())
    assert [line.number for line in lines] == list(range(1, 13))
    assert [line.what for line in lines].count("resumed") == 1
    assert (lines[0].who, lines[0].about) == ("someone", {"question": "clients --period 2000"})
    assert (check(whole).number, check(whole).hash) == (12, lines[-1].hash)
    assert all(file.stat().st_mode & 0o077 == 0 for file in (whole / "log").iterdir() if file.name != "lock")


@given(st.data())
def test_every_edit_is_found(whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    store = tmp_path_factory.mktemp("edited") / "s"
    shutil.copytree(whole, store)
    file = data.draw(st.sampled_from(AuditLog(store).files()))
    lines = file.read_bytes().removesuffix(b"\n").split(b"\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.sampled_from(["flip", "drop", "twice", "swap", "cut", "insert", "respell", "forge", "file"])):
        case "flip":
            at = data.draw(st.integers(0, len(lines[place]) - 1))
            one = lines[place][at] ^ data.draw(st.integers(1, 255))
            lines[place] = lines[place][:at] + bytes([one]) + lines[place][at + 1 :]
        case "drop":
            del lines[place]
        case "twice":
            lines.insert(place, lines[place])
        case "swap":
            other = (place + 1) % len(lines)
            lines[place], lines[other] = lines[other], lines[place]
        case "cut":
            del lines[place:]
        case "insert":
            lines.insert(place, data.draw(st.sampled_from([b"", b"{}", b"garbage", b"\0" * 9])))
        case "respell":
            # The same content, written in another way.
            line = audit.parsed(lines[place])
            if line is None:
                return
            lines[place] = line.model_dump_json().encode()
        case "forge":
            # With a hash of its own that fits: the line after it, or the mark, tells.
            line = audit.parsed(lines[place])
            if line is None:
                return
            lines[place] = line.model_copy(update={"who": "another"}).with_hash().text().encode()
        case "file":
            lines = []
    if lines:
        file.write_bytes(b"\n".join(lines) + b"\n")
    else:
        file.unlink()
    if file.exists() and file.read_bytes() == (whole / "log" / file.name).read_bytes():
        return
    assert not check(store).is_whole
    # Going on as if nothing had happened does not hide it.
    record(store, "asked", {}, "someone")
    assert not check(store).is_whole


def test_a_cut_is_told_by_what_lacks(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "end")
    file = AuditLog(tmp_path / "end").files()[-1]
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-3]))
    cut = check(tmp_path / "end").findings[-1]
    assert (cut.kind, cut.number, cut.expected) == ("cut", 9, 12)
    shutil.copytree(whole, tmp_path / "start")
    AuditLog(tmp_path / "start").files()[0].unlink()
    assert check(tmp_path / "start").findings[-1].kind == "start"
    shutil.copytree(whole, tmp_path / "all")
    for file in AuditLog(tmp_path / "all").files():
        file.unlink()
    cut = check(tmp_path / "all").findings[-1]
    assert (cut.kind, cut.number, cut.expected) == ("cut", 0, 12)


def test_an_end_that_is_cut_with_the_mark_is_what_the_noted_hash_is_for(whole: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    shutil.copytree(whole, store)
    (store / MARK).unlink()
    assert kinds(store) == ["torn", "mark"]
    record(store, "asked", {}, "someone")
    assert "mark_lost" in kinds(store)
    assert not check(store).is_whole


def test_a_line_that_a_kill_left_unfinished_is_named_and_no_fault(tmp_path: Path) -> None:
    store = written(tmp_path / "s", 3)
    file = AuditLog(store).files()[0]
    content = file.read_bytes()
    for left in range(1, len(content.splitlines()[-1]) + 1):
        # The line was written and the mark was not: what is left of it is part of a line, or all but its line feed.
        file.write_bytes(content + content.splitlines()[-1][:left])
        found = check(store)
        if left < len(content.splitlines()[-1]):
            assert (found.is_whole, kinds(store)) == (True, ["torn"])
    file.write_bytes(content + b'{"about"')
    assert record(store, "asked", {}, "someone")
    assert (check(store).is_whole, kinds(store)) == (True, ["torn"])
    assert [line.what for line in AuditLog(store).lines()] == ["asked"] * 3 + ["resumed", "asked"]
    file.write_bytes(file.read_bytes().replace(b'{"about"\n', b'{"abouT"\n'))
    assert not check(store).is_whole


_WRITES = """
import sys
from pathlib import Path
from data.store.acting import record
print("ready", flush=True)
number = 0
while True:
    number += 1
    record(Path(sys.argv[1]), "asked", {"question": "x" * 3000 + str(number)}, "someone")
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_kill_at_any_moment_breaks_nothing(tmp_path: Path) -> None:
    store = written(tmp_path / "s", 1)
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", _WRITES, str(store)], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0.05, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert check(store).is_whole
    before = check(store).number
    assert before > 1
    assert record(store, "asked", {}, "someone")
    assert check(store).is_whole
    assert check(store).number > before


def _many(store: Path, name: str) -> None:
    for number in range(25):
        assert record(store, "asked", {"question": str(number)}, name)


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    store = written(tmp_path / "s", 0)
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_many, args=(store, name)) for name in ("app", "command")]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert (check(store).is_whole, check(store).lines) == (True, 50)
    for name in ("app", "command"):
        told = [line.about["question"] for line in AuditLog(store).lines() if line.who == name]
        assert told == [str(number) for number in range(25)]


def test_old_months_go_and_the_log_says_where_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_LOG_DAYS", "99999")
    store = written(tmp_path / "s", 2, "2023-11")
    written(store, 2, "2023-12")
    written(store, 1, "2026-09")
    assert len(AuditLog(store).files()) == 3
    monkeypatch.setenv("TILANNEKUVA_LOG_DAYS", "100000000")  # no number of days: the default
    record(store, "asked", {}, "someone")
    log = AuditLog(store)
    assert [file.stem for file in log.files()][:2] == ["2026-09", f"{datetime.now(UTC):%Y-%m}"]
    removed = [line for line in log.lines() if line.what == "removed"]
    assert [(line.about["month"], line.about["until"]) for line in removed] == [("2023-11", 2), ("2023-12", 4)]
    assert check(store).is_whole
    monkeypatch.setenv("TILANNEKUVA_LOG_DAYS", "1")
    record(store, "asked", {}, "someone")
    assert [file.stem for file in log.files()] == [f"{datetime.now(UTC):%Y-%m}"]
    assert check(store).is_whole
    file = log.files()[0]
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))
    assert "start" in kinds(store)


def test_a_removal_that_was_stopped_halfway_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = written(tmp_path / "s", 2, "2023-11")
    for month in ("2023-12", "2024-01"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", lambda *_, **__: None)  # nothing can be removed yet
            written(store, 2)
        current = AuditLog(store).files()[-1]
        current.rename(store / "log" / f"{month}.jsonl")
    # The first of them has gone when the machine stops.
    real, calls = Path.unlink, []

    def once(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".jsonl":
            calls.append(self.stem)
            if len(calls) > 1:
                raise KeyboardInterrupt
        real(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", once)
        with pytest.raises(KeyboardInterrupt):
            record(store, "asked", {}, "someone")
    assert calls == ["2023-11", "2023-12"]
    assert check(store).is_whole
    record(store, "asked", {}, "someone")
    assert [file.stem for file in AuditLog(store).files()] == [f"{datetime.now(UTC):%Y-%m}"]
    assert check(store).is_whole


def test_a_line_is_added_without_reading_all_before_it(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(shutil.copytree(whole, tmp_path / "s"))
    read: list[bytes] = []
    parsed = audit.parsed

    def counted(raw: bytes) -> audit.LogLine | None:
        read.append(raw)
        return parsed(raw)

    monkeypatch.setattr(audit, "parsed", counted)
    written(store, 1)
    assert len(read) == 1


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = written(tmp_path / "s", 2)
    file = AuditLog(store).files()[0]
    before, real = file.read_bytes(), os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) < 200:
            raise OSError(28, "No space left on device")
        return real(descriptor, content[:150])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="no_room"):
        AuditLog(store).append([Noted("asked", "x", {}, audit.now())])
    monkeypatch.undo()
    assert file.read_bytes() == before
    assert check(store).is_whole


def test_an_act_is_refused_before_it_is_done_and_reading_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    # Not by what is captured: a server that has run in this process may have taken the loggers.
    monkeypatch.setattr("data.store.acting.log.warning", lambda said, *_: warned.append(said))
    store = written(tmp_path / "s", 0)
    (store / "log").write_text("in the way")
    done = []
    with pytest.raises(StoreError, match="not_a_folder"), act(store, "imported"):
        done.append(1)
    assert done == []
    assert not record(store, "asked", {}, "someone")
    assert not record(store, "asked", {}, "someone")
    assert len(warned) == 1, "said once, not for every line"
    (store / "log").unlink()
    with act(store, "published", {"cause": "import"}) as said:
        said["generation"] = 3
    with pytest.raises(ValueError, match="x"), act(store, "published"):
        raise ValueError("x")
    assert [(line.what, line.about) for line in AuditLog(store).lines()] == [
        ("published", {"cause": "import", "generation": 3})
    ]


def test_nothing_is_made_where_there_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("none", "empty", "empty/none"):
        assert record(tmp_path / name, "asked", {}, "someone")
        with act(tmp_path / name, "published"):
            pass
    assert [*tmp_path.rglob("*")] == [tmp_path / "empty"]


def test_a_line_stays_one_line_and_is_text(tmp_path: Path) -> None:
    store = written(tmp_path / "s", 0)
    record(store, "imported", {"files": "a\nb\u2028c\ud800" + "x" * 9000}, "so\rme")
    (line,) = AuditLog(store).lines()
    assert (str(line.about["files"])[:6], len(str(line.about["files"])), line.who) == ("a b c ", 4000, "so me")
    assert check(store).is_whole


def test_a_question_is_one_line_an_hour_and_nothing_waits_for_the_disk(tmp_path: Path) -> None:
    store, clock = written(tmp_path / "s", 0), [0.0]
    waiting = Waiting(pause=3600, clock=lambda: clock[0])

    def ask(who: str, question: str) -> None:
        waiting.note(store, "asked", lambda: {"question": question}, who, (who, question))

    for _ in range(50):
        ask("a", "clients")
    ask("b", "clients")
    ask("a", "encounters")
    clock[0] = 3599
    ask("a", "clients")
    assert list(AuditLog(store).lines()) == []
    clock[0] = 3601
    ask("a", "clients")
    waiting.flush()
    assert [(line.who, line.about["question"]) for line in AuditLog(store).lines()] == [
        ("a", "clients"), ("b", "clients"), ("a", "encounters"), ("a", "clients"),
    ]  # fmt: skip
    began = time.process_time()
    for _ in range(1000):
        ask("a", "clients")
    assert time.process_time() - began < 0.1, "a question costs a tenth of a millisecond at most"


def test_what_could_not_be_kept_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = written(tmp_path / "s", 0)
    waiting = Waiting(pause=3600)
    monkeypatch.setattr(waiting._queue, "maxsize", 2)
    for _ in range(5):
        waiting.note(store, "asked", dict, "someone")
    waiting.flush()
    assert [(line.what, line.about) for line in AuditLog(store).lines()] == [
        ("asked", {}), ("asked", {}), ("missed", {"lines": 3}),
    ]  # fmt: skip
    (store / "log" / "newest.json").unlink()
    shutil.rmtree(store / "log")
    (store / "log").write_text("in the way")
    waiting.note(store, "asked", dict, "someone")
    waiting.flush()
    waiting.flush()
    (store / "log").unlink()
    waiting.note(store, "asked", dict, "someone")
    waiting.flush()
    assert [line.about for line in AuditLog(store).lines()] == [{}, {"lines": 1}]


def test_lines_that_wait_are_written_at_the_end_of_the_program(tmp_path: Path) -> None:
    store = written(tmp_path / "s", 0)
    code = "import sys, pathlib; from data.store.acting import WAITING; "
    code += "WAITING.note(pathlib.Path(sys.argv[1]), 'asked', dict, 'x')"
    subprocess.run([sys.executable, "-c", code, str(store)], cwd=ROOT, check=True, timeout=60)
    assert [line.who for line in AuditLog(store).lines()] == ["x"]


def test_a_command_is_of_the_account_and_not_of_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setattr(acting, "_known_by", [])
    assert acting.who() == f"command line:{pwd.getpwuid(os.getuid()).pw_name}"
