"""No personal value is written anywhere: whatever column or form it comes in, whatever command runs, wherever one looks."""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest

from data.cli import main
from data.cli import parser as data_parser
from data.store.keys import key_path
from data.store.store import Store
from metrics.cli import main as metrics_main
from tests.data.searching import found_below, found_in_text

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Kielituki;Kanava;Aiheet;Kesto_h;Tulos;Palvelupiste;Huomautus;Nimi;Muu, mikä".split(
    ";"
)
VALUES = {
    "name": "Mikko Virtanen",
    "phone": "040 987 6543",
    "email": "mikko.virtanen@esimerkki.example",
    "code": "131052-308T",
    "hidden": "1 3 1 0 5 2 - 3 0 8 T",
}
NEEDLES = (
    *("virtanen", "esimerkki.example", "987 6543", "9876543", "131052-308t", "131052308t", "1 3 1 0 5 2"),
    *("asiakas-77", "asiakas77"),
)
NUMBER = "ASIAKAS-77003"
COMMANDS = (
    "rejected", "rejected --json", "rejected --csv", "history --json", "rollback OLDEST --yes", "check-store", "open",
    "release --status", "release --now --yes", "held", "held --json", "forget --client -",
    "forget --client - --allow", "delete --source main --period 2025-02-20..2025-02-28", "backup BACKUP", "retention --years 1",
    "targets", "notes", "restore BACKUP", "undo", "undo 1 --yes", "retention --years 1 --yes",
    "check-store --repair", "audit", "audit --csv", "audit --verify", "boundaries --remove",
)  # fmt: skip


def lines(column: int | None = None, value: str = "") -> Iterator[list[str]]:
    """Thirty good rows, with a value in a column of the third."""
    for n in range(1, 31):
        row = [
            f"K{n}",
            f"ASIAKAS-77{n % 9:03}",
            f"{1 + n % 28}.2.2025",
            "49",
            "Arabia",
            "Etätulkki",
            "Puhelin",
            "Työ",
            "0,50",
        ]
        row += ["Ratkesi", "Iso Omena", "kävi", "", ""]
        yield [value if n == 3 and place == column else text for place, text in enumerate(row)]


def files(folder: Path) -> list[Path]:
    """A value in every column, as CSV; in a note, a header and a file's name; in other kinds of files."""
    made = []
    for kind, value in VALUES.items():
        for column, header in enumerate(HEADER):
            rows = [HEADER, *lines(column, value)]
            path = folder / f"{kind}-{header.split(',')[0]}.csv"
            path.write_text("\n".join(";".join(f'"{text}"' for text in row) for row in rows), encoding="utf-8")
            made.append(path)
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in [HEADER, *lines(HEADER.index("Huomautus"), value)]:
            sheet.append(row)
        book.save(folder / f"{kind}.xlsx")
        told = [dict(zip(HEADER, row, strict=True)) for row in lines(HEADER.index("Huomautus"), value)]
        (folder / f"{kind}.jsonl").write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
        odd = [[*HEADER, value], *([*row, "x"] for row in lines())]
        (folder / f"{kind}-header.csv").write_text("\n".join(map(";".join, odd)), encoding="utf-8")
        made += [folder / f"{kind}.xlsx", folder / f"{kind}.jsonl"]
        # A name that heads a column cannot be told from any other header; the report shows it, and the source keeps it.
        made += [folder / f"{kind}-header.csv"] if kind != "name" else []
    named = folder / f"{VALUES['code']} {VALUES['name']}.csv"
    named.write_text("\n".join(map(";".join, [HEADER, *lines()])), encoding="utf-8")
    return [*made, named]


def test_every_command_is_run() -> None:
    action = next(a for a in data_parser()._actions if isinstance(a, argparse._SubParsersAction))
    every = set(action.choices or ()) - {"sample", "check", "watch"}
    assert every == {command.split()[0] for command in COMMANDS} | {"import", "watch-folder"}


@pytest.mark.slow
def test_nothing_is_written_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given, looked, temp = (tmp_path / name for name in ("given", "looked", "temp"))
    for folder in (given, looked, temp, given / "watched"):
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    monkeypatch.chdir(looked)
    store, backup = Store(looked / "s"), looked / "backup.zip"
    said = []

    def run(*words: str, into: Path | None = None) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(NUMBER + "\n"))
        code = main([*words, "--store", str(into or store.path), "--lang", "en"])
        told = capsys.readouterr()
        said.append((words[0], told.out + told.err))
        assert "Traceback" not in told.err
        return code

    good = given / "good.csv"
    good.write_text("\n".join(map(";".join, [HEADER, *lines()])), encoding="utf-8")
    assert run("import", str(good), "--yes", "--save-profile", "own") == 0
    loaded = sum(
        run("import", str(file), "--yes", "--questions", str(looked / f"{number}.json")) != 2
        for number, file in enumerate(files(given))
    )
    assert loaded > 10, "every file was refused: nothing was tested"
    (given / "watched" / "good.csv").write_bytes(good.read_bytes())
    run("watch-folder", str(given / "watched"), "--once")
    for command in COMMANDS:
        named = {"BACKUP": str(backup), "OLDEST": str(store.numbers()[0])}
        words = [named.get(word, word) for word in command.split()]
        if words[0] == "restore":
            (looked / "t.keys").write_bytes(key_path(store.path).read_bytes())
            (looked / "t.keys").chmod(0o600)
        code = run(*words, into=looked / "t" if words[0] == "restore" else None)
        assert code == 0 or command.startswith(("retention", "undo 1")), f"{command}: {said[-1]}"
    for audience in ("protected", "internal"):
        assert (
            metrics_main(["ask", "clients", "--by", "language", "--audience", audience, "--store", str(store.path)])
            == 0
        )
    told = capsys.readouterr()
    said.append(("ask", told.out + told.err))
    assert [(name, found) for name, text in said if (found := found_in_text(text, NEEDLES))] == []
    assert found_below(looked, NEEDLES) == []
    assert found_below(temp, NEEDLES) == []
    assert backup.exists()
    assert [*(store.path / "cube").rglob("*.*")]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        rows = "SELECT 'Mikko ' || 'Virtanen ' || (i % 7) AS name FROM range(100000) t(i)"
        connection.execute(f"CREATE TABLE t AS {rows}")
    found = found_below(tmp_path, NEEDLES)
    assert "a.duckdb: virtanen in a table" in found
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(tmp_path / "a.duckdb", "deep/a.duckdb")
    assert "b.zip: deep/a.duckdb: virtanen in a table" in found_below(tmp_path, NEEDLES)
    (tmp_path / "Virtanen.txt").write_text("131052-308t", encoding="utf-16-le")
    assert len(found_below(tmp_path, NEEDLES)) >= 4
