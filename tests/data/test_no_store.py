"""Commands on a store that is not there: they say so and make nothing. Only what loads data makes a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.refusal import refusal_text
from data.store.errors import StoreError
from data.texts import LANGUAGES, texts
from tilannekuva import __main__ as tilannekuva

MAKES_A_STORE = {"import", "watch-folder", "sample", "restore"}
WITHOUT_A_STORE = {"run", "serve", "site", "list", "show", "check", "reference", "publisher", "receive", "packages"}
"""Those that read no store; the app asks for data itself."""
COMMANDS = {
    "release": ("", "--status", "--now", "--now --yes"),
    "open": ("",),
    "forget": ("--client 12", "--client 12 --allow", "--client 12 --source x"),
    "delete": ("--source x",),
    "undo": ("", "3", "3 --yes"),
    "rollback": ("1", "1 --yes"),
    "check-store": ("", "--repair"),
    "history": ("", "--json"),
    "audit": ("", "--csv", "--verify"),
    "backup": ("backup.zip",),
    "boundaries": ("kunnat.geojson", "--remove"),
    "retention": ("--years 5", "--years 5 --yes"),
    "held": ("", "--json"),
    "rejected": ("", "--json", "--csv"),
    "targets": ("", "--json"),
    "notes": ("", "--json"),
    "ask": ("clients",),
    "build": ("", "--engine spark --from rows"),
    "slices": ("--to rows",),
    "package": ("--out x.tkp",),
    "definitions": ("list", "diff x", "update x", "update x --yes", "rollback 0 --yes"),
    "revisions": ("", "--json"),
    "sum": ("prepare --out x.ticket",),
    "hypotheses": ("", "--json"),
    "watch": ("", "--json"),
    "send": ("", "--status", "--again"),
    "mcp": ("",),
    "report": ("--period 2025-01 --out report.pdf",),
}


def test_the_folder_is_told_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever stands in the wrong folder reads which one was looked at."""
    monkeypatch.chdir(tmp_path)
    for command in ("history", "watch"):
        assert tilannekuva.main([command]) == 2
        assert str(tmp_path / "store") in capsys.readouterr().err


def test_a_folder_to_watch_that_is_not_there_is_not_called_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", str(tmp_path / "s"), "--lang", "en", "--once")
    assert tilannekuva.main(["watch-folder", str(tmp_path / "inbox"), *store]) == 2
    assert capsys.readouterr().err.strip() == texts("en")("cli.file_missing", path=tmp_path / "inbox")
    (tmp_path / "file").touch()
    assert tilannekuva.main(["watch-folder", str(tmp_path / "file"), *store]) == 2
    assert "is a file" in capsys.readouterr().err


@pytest.mark.parametrize("line", [f"{name} {options}" for name, of in COMMANDS.items() for options in of])
def test_a_command_says_that_there_is_no_store_and_makes_nothing(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    store = tmp_path / "new"
    assert tilannekuva.main([*line.split(), "--store", str(store), "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", refusal_text(StoreError("empty", store), texts("en")))
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_folder_is_no_store(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("release", "open"):
        assert tilannekuva.main([command, "--store", str(tmp_path), "--lang", lang]) == 2
        assert capsys.readouterr().err.strip() == refusal_text(StoreError("empty", tmp_path), texts(lang))
    assert not [*tmp_path.iterdir()]


def test_every_command_is_tried() -> None:
    named = {name for room in tilannekuva.ROOMS for name in tilannekuva.commands(room)}
    assert named == MAKES_A_STORE | WITHOUT_A_STORE | COMMANDS.keys()
