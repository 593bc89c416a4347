"""Every command on every store that is not as it should be: words in the chosen language, exit code 2, never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import filelock
import pytest

from data import cli as data_cli
from data.refusal import refusal_text
from data.steward.targets_and_notes import Ledger
from data.store.keys import key_path
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, Language, catalogue, texts
from metrics import cli as metrics_cli
from metrics.hypotheses.register import Register
from metrics.memory import Memory
from metrics.watching.watch import Watches
from pages import __main__ as pages_cli
from tests.conftest import ROOT, own_copy
from tests.data.ingest.imports import GOOD, encounters
from tests.metrics.hypotheses.test_register import asked, result
from tilannekuva import __main__ as tilannekuva_cli

Main = Callable[[list[str]], int]
Break = Callable[[Path], None]
Capture = pytest.CaptureFixture[str]

DATA, METRICS, PAGES = data_cli.main, metrics_cli.main, pages_cli.main
COMMANDS: dict[str, tuple[Main, list[str]]] = {
    "import": (DATA, ["import", "FILE"]),
    "import --dry-run": (DATA, ["import", "FILE", "--dry-run"]),
    "rejected": (DATA, ["rejected"]),
    "rejected --json": (DATA, ["rejected", "--json"]),
    "rejected --csv": (DATA, ["rejected", "--csv"]),
    "history": (DATA, ["history"]),
    "history --json": (DATA, ["history", "--json"]),
    "targets": (DATA, ["targets"]),
    "notes": (DATA, ["notes", "--json"]),
    "sample": (DATA, ["sample", "--encounters", "50"]),
    "ask": (METRICS, ["ask", "clients"]),
    "build": (METRICS, ["build"]),
    "hypotheses": (METRICS, ["hypotheses"]),
    "watch": (METRICS, ["watch"]),
    "report": (PAGES, ["report", "--period", "2025-01", "--out", "OUT"]),
    "rollback": (DATA, ["rollback", "1"]),  # last, because it changes what the others read
}

ONLY_READS_NUMBERS = {"ask", "build", "watch", "report"}
READS_ALL = ONLY_READS_NUMBERS | {"import", "import --dry-run"}
READS_WHICH = READS_ALL | {"history", "history --json", "sample"}
NEEDED = {
    "current": READS_WHICH,
    "generations/000002.json": READS_WHICH,
    "generations/000002.duckdb": READS_ALL | {"history", "history --json"},
    "store.json": READS_ALL | {"sample"},
    "KEYS": READS_ALL,
    "steward/targets.jsonl": {"targets"},
    "steward/notes.jsonl": {"notes"},
    "steward/watches.jsonl": {"watch"},
    "steward/seen.jsonl": {"watch"},
    "hypotheses/registered.jsonl": {"hypotheses"},
    "hypotheses/results.jsonl": {"hypotheses"},
    "rejected/*.jsonl": {"rejected", "rejected --json", "rejected --csv"},
}
"""Which commands need which file. All others must do without it, in whatever state it is: going back above all."""
MAY_BE_MISSING = {name for name in NEEDED if name.endswith(".jsonl")}
SLOW = {"build", "report"}


def missing(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def garbage(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\0\x80\x1c" + bytes(range(256)) * 20)


def other_json(path: Path) -> None:
    path.write_bytes(b"[1, 2]\n")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def closed(path: Path) -> None:
    path.chmod(0)


WAYS: list[Break] = [missing, empty, cut, garbage, other_json, a_folder, closed]


@pytest.fixture(autouse=True)
def no_command_waits_or_tells_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.commands.importing._QUIET_SECONDS", float("inf"))
    monkeypatch.setattr("data.store.store._PATIENCE", 0.05)
    monkeypatch.setattr("data.store.lock._URGENT", 0.05)
    monkeypatch.setattr("data.store.ledger._PATIENCE", 0.05)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two generations, rejected rows, and a line in every ledger."""
    folder = tmp_path_factory.mktemp("whole") / "s"
    rows = [GOOD.replace("K1", f"K{number}").replace("AS-1", f"AS-{number % 40}") for number in range(80)]
    with contextlib.redirect_stdout(io.StringIO()):
        for name, more in (("a.csv", ""), ("b.csv", "2")):
            file = encounters(folder.parent, *rows, more + GOOD, GOOD.replace("3.2.2025", "31.2.2025"), name=name)
            assert DATA(["import", str(file), "--covers", "2025-02", "--store", str(folder)]) == 3
            if not more:  # what has been seen of the first generation says nothing of the second
                Watches.of(folder).set(metric="clients", rule="above", value=1)
                assert METRICS(["watch", "--store", str(folder)]) == 1
    shutil.rmtree(folder / "cube")
    Ledger.of(folder).set_target("clients", 2025, 10, known={"clients": (0, 1e9)})
    Ledger.of(folder).write_note(date(2025, 1, 2), "Laki muuttui")
    Register.of(folder).register(asked())
    result(Register.of(folder), "H-1", 0.01)
    return folder


@pytest.fixture
def own(whole: Path, tmp_path: Path) -> Path:
    return own_copy(whole, tmp_path / "s")


def run(name: str, store: Path, lang: Language, capsys: Capture, *more: str) -> tuple[int, str]:
    """Exit code and what was said on stderr."""
    main, words = COMMANDS[name]
    given = {
        "FILE": str(encounters(store.parent, "N" + GOOD, GOOD.replace("3.2.2025", "?"), name="new.csv")),
        "OUT": str(store.parent / "report.pdf"),
    }
    arguments = [given.get(word, word) for word in words]
    arguments += ["--store", str(store), *(["--lang", lang] if name != "sample" else []), *more]
    capsys.readouterr()
    code = main(arguments)
    return code, capsys.readouterr().err


def is_refusal(said: str, lang: Language) -> bool:
    """One line that is a text of the catalogue in this language, and not that the program has a fault."""
    forms = [str(m.string) for m in catalogue(lang) if str(m.id).startswith(("refusal.", "cli.file_"))]
    patterns = [
        "".join(re.escape(part) if part[:1] != "{" else ".+" for part in re.split(r"({\w+})", f)) for f in forms
    ]
    return any(re.fullmatch(pattern, said.removesuffix("\n")) for pattern in patterns)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", NEEDED)
def test_a_file_that_is_not_as_it_should_be_is_said_by_whoever_needs_it(
    name: str, way: Break, own: Path, capsys: Capture
) -> None:
    if way is closed and os.name == "posix" and os.geteuid() == 0:
        pytest.skip("nothing is closed to root")
    path = key_path(own) if name == "KEYS" else next(own.glob(name))
    way(path)
    for number, command in enumerate(COMMANDS):
        is_needed = command in NEEDED[name] and not (way is missing and name in MAY_BE_MISSING)
        # Whoever does without a file does so in whatever state it is: some are tried.
        if not is_needed and command != "sample" and (command in SLOW or way not in (missing, garbage, a_folder)):
            continue
        lang = "fi" if command == "sample" else LANGUAGES[number % 3]
        code, said = run(command, own, lang, capsys)
        # Examples never go among real records; and nothing can take the place of a folder.
        if is_needed or command == "sample" or (command, name, way) == ("rollback", "current", a_folder):
            assert (code, is_refusal(said, lang)) == (2, True), f"{command}: {said}"
        else:
            assert code in (0, 1, 3), f"{command}: {said}"
            assert said == "", command


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_folder_has_no_data_and_no_lists(lang: Language, tmp_path: Path, capsys: Capture) -> None:
    """Of a folder that is not there: `tests/data/test_no_store.py`."""
    for command in ("history", "ask", "build", "watch", "report", "rollback"):
        code, said = run(command, tmp_path, lang, capsys)
        assert (code, said) == (2, texts(lang)("refusal.store.empty", path=tmp_path) + "\n"), command
    for command in ("rejected", "targets", "notes", "hypotheses"):
        assert run(command, tmp_path, lang, capsys) == (0, ""), command
    assert not list(tmp_path.glob("*"))


@pytest.mark.parametrize("given", ["option", "environment"])
def test_a_store_that_is_a_file_is_said(
    given: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = encounters(tmp_path, GOOD, name="store")
    for number, command in enumerate(COMMANDS):
        lang = "fi" if command == "sample" else LANGUAGES[number % 3]
        if given == "environment":
            if command == "sample":
                continue
            monkeypatch.setenv("TILANNEKUVA_STORE", str(store))
            main, words = COMMANDS[command]
            capsys.readouterr()
            code = main([str(tmp_path / "r.pdf") if word == "OUT" else word for word in words] + ["--lang", lang])
            said = capsys.readouterr().err
        else:
            code, said = run(command, store, lang, capsys)
        assert (code, said) == (2, texts(lang)("refusal.store.not_a_folder", path=store) + "\n"), command


@pytest.mark.parametrize("folder", ["rejected", "steward", "hypotheses", "generations", "lock", "steward/lock"])
def test_a_file_for_a_folder_and_a_folder_for_a_lock_are_said(folder: str, own: Path, capsys: Capture) -> None:
    path = own / folder
    if path.is_dir():
        shutil.rmtree(path)
        path.write_bytes(b"x")
    else:
        path.unlink(missing_ok=True)
        path.mkdir()
    needed = {
        "rejected": {"import", "rejected", "rejected --json", "rejected --csv"},
        "steward": {"targets", "notes", "watch"}, "hypotheses": {"hypotheses"}, "lock": {"import", "rollback"},
        "generations": READS_WHICH | {"rollback"}, "steward/lock": set(),
    }[folder]  # fmt: skip
    for command in COMMANDS:
        if command in SLOW - needed or command == "sample":
            continue
        code, said = run(command, own, "sv", capsys)
        if command in needed:
            assert (code, is_refusal(said, "sv")) == (2, True), f"{command}: {said}"
        else:
            assert code in (0, 1, 3), f"{command}: {said}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_while_another_writes_it_is_said(lang: Language, own: Path, capsys: Capture) -> None:
    busy = (2, texts(lang)("refusal.store.busy", path=own) + "\n")
    with filelock.FileLock(own / "steward" / "lock"):
        assert run("watch", own, lang, capsys) == (2, texts(lang)("refusal.store.busy", path=own / "steward") + "\n")
    with filelock.FileLock(own / "lock"):
        assert run("import", own, lang, capsys) == busy
        assert run("rollback", own, lang, capsys) == busy
        assert run("ask", own, lang, capsys)[0] == 0
    assert run("rollback", own, lang, capsys) == (0, "")


def test_going_back_to_a_damaged_version_leaves_the_serving_one(own: Path, capsys: Capture) -> None:
    garbage(own / "generations" / "000001.duckdb")
    code, said = run("rollback", own, "en", capsys)
    named = refusal_text(StoreError("damaged", own, "generations/000001.duckdb"), texts("en"))
    assert (code, said) == (2, named + "\n")
    assert Store(own).serving().number == 2


def test_where_nothing_can_be_written_is_said(own: Path, capsys: Capture, sample_store: Path) -> None:
    nowhere = own.parent / "no" / "such"
    code, said = run("report", sample_store, "sv", capsys, "--out", str(nowhere / "r.pdf"))
    assert (code, said.splitlines()[-1]) == (2, texts("sv")("cli.file_missing", path=nowhere))
    capsys.readouterr()
    assert DATA(["sample", "--encounters", "50", "--csv", str(nowhere / "s.csv")]) == 2
    assert capsys.readouterr().err == texts("fi")("cli.file_missing", path=nowhere) + "\n"


@pytest.mark.parametrize("state", ["folder", "under_a_file"])
def test_keys_that_cannot_be_made_are_said(
    state: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "k"
    if state == "folder":
        keys.mkdir()
    else:
        keys.write_bytes(b"x")
        keys = keys / "keys"
    monkeypatch.setenv("TILANNEKUVA_KEYS", str(keys))
    code, said = run("import", tmp_path / "s", "en", capsys)
    assert (code, said) == (2, texts("en")("refusal.keys.unreadable", path=keys) + "\n")


def test_a_lost_pointer_is_said_and_never_begins_anew(own: Path, capsys: Capture) -> None:
    (own / "current").unlink()
    code, said = run("import", own, "en", capsys)
    assert (code, said) == (2, refusal_text(StoreError("damaged", own, "current"), texts("en")) + "\n")
    assert "rollback 2 --store" in said
    assert Store(own).numbers() == (1, 2)


def test_a_first_import_stopped_before_it_pointed_to_its_work_is_served(own: Path, capsys: Capture) -> None:
    (own / "current").unlink()
    for ending in ("json", "duckdb"):
        (own / "generations" / f"000002.{ending}").unlink()
    assert Store(own).serving().number == 1
    assert run("import", own, "en", capsys)[0] == 3
    assert Store(own).serving().number == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_of_the_program_is_said_without_its_text(
    lang: Language, own: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("AS-1 131052-308T")

    for module in ("data.store.store.Store.point_to", "metrics.cli.ask", "metrics.watching.evaluation.evaluate"):
        monkeypatch.setattr(module, fail)
    for command in ("rollback", "ask", "watch"):
        code, said = run(command, own, lang, capsys)
        assert code == 2, "1 would be an alert"
        assert said.startswith(texts(lang)("cli.unexpected", error="ValueError", place="|").partition("|")[0])
        assert "131052" not in said


def test_a_definition_folder_in_any_state_is_said(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "d").mkdir()
    for content in (b"", b"\xff\xfe\0", b"[[", b"id = 1"):
        (tmp_path / "d" / "x.toml").write_bytes(content)
        assert METRICS(["check", str(tmp_path / "d")]) == 1
        assert "x.toml" in capsys.readouterr().err
    (tmp_path / "d" / "x.toml").unlink()
    (tmp_path / "d" / "x.toml").mkdir()
    assert METRICS(["check", str(tmp_path / "d")]) in (1, 2)
    assert "x.toml" in capsys.readouterr().err
    for nowhere, said in ((tmp_path / "no", "missing"), (encounters(tmp_path, GOOD), "unusable")):
        assert METRICS(["check", str(nowhere)]) == 2
        assert capsys.readouterr().err == texts("fi")("cli.file_" + said, path=nowhere) + "\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_at_all_is_refused_with_no_word_missing(
    lang: Language, sample_store: Path, capsys: Capture, tmp_path: Path
) -> None:
    """Empty words on the command line, and a folder with no definitions in it."""
    store, t = ["--store", str(sample_store), "--lang", lang], texts(lang)
    for words, reason, named in (
        (["ask", ""], "unknown_metric", {"metric": '""'}),
        (["ask", "clients", "--by", ""], "unknown_dimension", {"dimension": '""', "metric": "clients"}),
        (["ask", "clients", "--period", ""], "unknown_period", {"period": '""'}),
    ):
        assert METRICS([*words, *store]) == 2
        assert capsys.readouterr().err.startswith(t("refusal.question." + reason, **named))
    assert PAGES(["report", "--period", "2025-01", "--area", "", "--out", str(tmp_path / "r.pdf"), *store]) == 2
    assert capsys.readouterr().err == t("refusal.question.unknown_area", area='""') + "\n"
    assert METRICS(["check", str(tmp_path), "--lang", lang]) == 2
    assert capsys.readouterr().err == t("refusal.question.no_definitions", folder=tmp_path) + "\n"


def test_a_terminal_without_our_letters_gets_the_rest(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", out)
    assert DATA(["import", str(encounters(own.parent, GOOD)), "--store", str(own), "--dry-run"]) == 0
    out.flush()
    assert b"Koeajo" in out.buffer.getvalue()


def test_damaged_cells_are_made_anew(own: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("ask", own, "fi", capsys)[0] == 0
    cells = list((own / "cube").rglob("*.cells"))
    assert cells
    for way in (empty, cut, garbage):
        for path in cells:
            way(path)
        monkeypatch.setattr("metrics.cube.cube._memory", Memory(10**9))
        assert run("ask", own, "fi", capsys) == (0, "")


def test_a_reference_that_cannot_be_written_is_said(tmp_path: Path, capsys: Capture) -> None:
    taken = encounters(tmp_path, GOOD)
    assert tilannekuva_cli.main(["reference", str(taken)]) == 2
    assert capsys.readouterr().err == texts("fi")("cli.file_unusable", path=taken) + "\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", [["ask", "clients"], ["history", "--json"], ["list"], ["--help"], ["--version"]])
def test_output_that_cannot_be_written_is_said(words: list[str], sample_store: Path) -> None:
    more = [] if words[0] in ("list", "--help", "--version") else ["--store", str(sample_store)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "tilannekuva", *words, *more], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            check=False,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (2, texts("fi")("cli.output_unwritable") + "\n")
