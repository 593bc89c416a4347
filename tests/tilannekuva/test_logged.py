"""Every command that changes, tells or takes out something leaves a line in the log, and no line tells of whom."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import pytest

from data.commands import auditing
from data.coverage.retention import expire
from data.spreadsheet import neutral
from data.store.acting import record, state_of
from data.store.audit import AuditLog, What
from data.store.audit_check import check
from data.store.store import Store
from data.texts import LANGUAGES, catalogue, message
from metrics import warming
from metrics.model.definition import definitions
from tests.conftest import own_copy
from tests.data.geography.geojson import squares
from tests.data.ingest.imports import encounters, load
from tests.metrics.registry.conftest import folder_of, started_in_90
from tilannekuva import __main__ as tilannekuva

LINES: dict[str, list[tuple[str, list[What]]]] = {
    "import": [
        ("FILE --dry-run --save-profile oma", ["wrote"]),
        ("FILE --dry-run", []),
        ("FILE", ["published", "imported"]),
        ("FILE", ["imported"]),
    ],
    "rejected": [("", ["exported"]), ("--csv", ["exported"])],
    "history": [("", [])],
    "held": [("", ["held"]), ("--source none", [])],
    "backup": [("BACKUP", ["backed_up"]), ("BACKUP", [])],
    "boundaries": [("BOUNDARIES", ["wrote"]), ("FILE", []), ("--remove", ["wrote"]), ("--remove", [])],
    "retention": [("--years 100", []), ("--years 100 --yes", [])],
    "rollback": [("9", []), ("2", ["rolled_back"])],
    "open": [("", ["released"]), ("", [])],
    "release": [("", []), ("--status", []), ("--now", []), ("--now --yes", ["released"])],
    "watch-folder": [("FOLDER --once", ["published", "imported", "released"])],
    "forget": [("--client AS-3", ["forgot"]), ("--client AS-3", []), ("--client AS-3 --allow", ["welcomed"])],
    "delete": [("--source main --period 2025-02", ["published", "deleted"]), ("--source none", [])],
    "undo": [("", []), ("1 --yes", ["published", "undone", "released"]), ("77", [])],
    "check-store": [("", []), ("--repair", ["repaired"])],
    "audit": [("", []), ("--csv", []), ("--verify", [])],
    "targets": [("", [])],
    "notes": [("", [])],
    "ask": [
        ("clients --by language", ["asked"]),
        ("clients --period 2025 --compare year", ["asked"]),
        ("no_such_metric", []),
    ],
    "build": [("", [])],
    "slices": [("--to ROWS", ["sliced", "sliced"])],
    "publisher": [("", []), ("--name Turku", ["wrote"]), ("", [])],
    "package": [("--metric clients --by language --period 2025 --out PACKAGE", ["exported"])],
    "definitions": [
        ("list", []),
        ("diff REGISTRY", ["asked"]),
        ("update REGISTRY", []),
        ("update REGISTRY --yes", ["wrote"]),
        ("rollback 0 --yes", ["wrote"]),
        ("rollback 7 --yes", []),
    ],
    "revisions": [("", ["asked"])],
    "sum": [("prepare --out TICKET", ["exported"]), ("prepare --out TICKET", [])],
    "receive": [("PACKAGE", [])],
    "packages": [("", []), ("--remove none", [])],
    "hypotheses": [("", ["asked"])],
    "watch": [("", ["asked"])],
    "report": [("--period 2025-03 --out OUT", ["exported"])],
    "send": [("", ["sent"]), ("--status", []), ("--again", [])],
}
"""What each command writes to the log, in this order on one store. Refused, or telling of nothing but the store: nothing."""
OF_NO_STORE = {"run", "serve", "mcp", "site", "list", "show", "check", "reference"}
"""The app and the tools tell the log themselves (`pages.shell.noting`); the others read no store."""
OF_ANOTHER_STORE = {"sample", "restore"}


def rows(first: int, last: int) -> list[str]:
    return [f"K{i};AS-{i};{1 + i % 27}.{1 + i % 4}.2025;49;arabia;Työ;5" for i in range(first, last)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logged")
    header = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aiheet;Kesto (min)"
    for number in (1, 2, 3):
        (folder / str(number)).mkdir()
        encounters(folder / str(number), *rows(1, 60 + 20 * number), header=header, name=f"{number}.csv")
    (folder / "arrives").mkdir()
    encounters(folder / "arrives", *rows(200, 260), header=header, name="arrives.csv")
    for number in (1, 2):
        load(Store(folder / "store"), folder / str(number) / f"{number}.csv")
    return folder / "store"


@pytest.mark.slow
def test_every_command_leaves_the_lines_it_should(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, log = store.parent, AuditLog(store)
    # That cells are made ahead is no line; making those of all metrics would take minutes.
    monkeypatch.setattr(warming, "definitions", lambda: {"clients": definitions()["clients"]})
    for name in ("FIRST_SCREENS", "FILTERS"):
        monkeypatch.setattr(warming, name, ())
    places = {
        "FILE": folder / "3" / "3.csv",
        "BOUNDARIES": folder / "boundaries.geojson",
        "FOLDER": folder / "arrives",
        "OUT": folder / "report.pptx",
        "BACKUP": folder / "backup",
        "PACKAGE": folder / "turku.tkp",
        "ROWS": folder / "rows",
        "TICKET": folder / "turku.ticket",
        "REGISTRY": folder_of(folder / "registry", referral_started_share=started_in_90()),
    }
    (folder / "reports").mkdir()
    monkeypatch.setenv("TILANNEKUVA_REPORTS", str(folder / "reports"))
    places["BOUNDARIES"].write_bytes(squares("091"))
    wrong = []
    for command, ways in LINES.items():
        for options, expected in ways:
            if "--repair" in options:
                (store / "steward").mkdir(exist_ok=True)
                (store / "steward" / "notes.jsonl").write_text("no line\n")
            before = len([*log.lines()])
            monkeypatch.setattr("sys.stdin", io.StringIO("AS-5\n"))
            words = [str(places.get(word, word)) for word in options.split()]
            code = tilannekuva.main([command, *words, "--store", str(store), "--lang", "en"])
            found = [line.what for line in log.lines()][before:]
            if found != expected or (code == 0) < bool(expected):
                wrong.append((command, options, code, found, capsys.readouterr().err))
    assert wrong == []
    assert check(store).is_whole
    lines = [*log.lines()]
    assert {line.who.partition(":")[0] for line in lines} == {"command line"}
    asked = [line.about for line in lines if line.what == "asked"]
    seen = state_of(Store(store).released())
    assert set(seen) == {"generation", "release"}
    assert {"question": "clients --by language --period all --audience protected", **seen} in asked
    told = "\n".join(line.text() for line in lines)
    assert "AS-" not in told
    assert {name for line in lines for name in line.about} <= {
        "cause", "generation", "release", "reason", "files", "file", "source", "period", "delivery", "question", "deed",
        "id", "keys", "recipients", "failed", "data_until",
    }  # fmt: skip


def test_a_restored_store_and_what_is_too_old_are_in_the_log(store: Path, tmp_path: Path) -> None:
    own = own_copy(store, tmp_path / "own", cells=False)
    expire(Store(own), date(2025, 2, 1))
    assert tilannekuva.main(["backup", str(tmp_path / "backup"), "--store", str(own)]) == 0
    shutil.rmtree(own)
    assert tilannekuva.main(["restore", str(tmp_path / "backup"), "--store", str(own)]) == 0
    told = [*AuditLog(own).lines()][-2:]
    assert [(line.what, line.about.get("period")) for line in told] == [("expired", "..2025-01-31"), ("restored", None)]
    assert check(own).is_whole


def test_the_sample_is_in_the_log_too(tmp_path: Path) -> None:
    assert tilannekuva.main(["sample", "--encounters", "50", "--store", str(tmp_path / "s")]) == 0
    assert [(line.what, line.about["cause"]) for line in AuditLog(tmp_path / "s").lines()] == [("published", "sample")]


def test_every_command_is_tried() -> None:
    named = {name for room in tilannekuva.ROOMS for name in tilannekuva.commands(room)}
    assert named == LINES.keys() | OF_NO_STORE | OF_ANOTHER_STORE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_log_is_told_in_words(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "store.json").touch()
    record(tmp_path, "released", {"release": 3, "reason": "year"}, "local")
    record(tmp_path, "imported", {"files": "=1+1.csv"}, "entra:abc")

    def said(*options: str) -> tuple[int, str, str]:
        code = tilannekuva.main(["audit", *options, "--store", str(tmp_path), "--lang", lang])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    code, out, err = said()
    assert (code, err, len(out.splitlines())) == (0, "", 2)
    assert out.splitlines()[0].startswith("1  20")
    for key in ("audit.what.released", "audit.about.release", "audit.reason.year"):
        assert message(key, lang) in out.splitlines()[0]
    rows = list(csv.DictReader(io.StringIO(said("--csv")[1])))
    assert [(row["number"], row["who"], row["what"]) for row in rows] == [
        ("1", "local", "released"), ("2", "entra:abc", "imported"),
    ]  # fmt: skip
    assert rows[1]["files"] == neutral("=1+1.csv")
    code, out, err = said("--verify")
    assert (code, err) == (0, "")
    assert rows[1]["hash"] in out
    file = AuditLog(tmp_path).files()[0]
    file.write_text(file.read_text().replace("local", "lokal"))
    code, out, err = said("--verify")
    assert (code, out) == (2, "")
    assert f"log/{file.name}" in err
    assert message("audit.not_whole", lang) in err
    shutil.rmtree(tmp_path / "log")
    assert said() == (0, message("audit.empty", lang) + "\n", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_a_line_can_tell_has_words(lang: str) -> None:
    from typing import get_args

    from data.store.audit_check import Finding, Kind

    keys = {message.id for message in catalogue(lang) if message.id}
    assert {f"audit.what.{what}" for what in get_args(What)} <= keys
    assert all(auditing._found(Finding(kind, "x", 1, 2, 3), lang) for kind in get_args(Kind))
    assert auditing._found(Finding("broken", number=2), lang)
