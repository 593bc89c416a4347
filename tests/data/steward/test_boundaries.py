"""Boundaries that the steward brings in: kept whole or not at all, told in the log, and none when the file is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.cli import main
from data.command_line import REFUSED
from data.geography.boundaries import BoundaryError
from data.steward.boundaries import SOURCE, boundaries, bring_in, take_out
from data.steward.lines import StewardError
from data.store.repair import damage
from data.store.store import Store
from data.texts import LANGUAGES, message
from tests.data.geography.geojson import squares


def test_what_is_brought_in_is_there_until_it_is_taken_out(tmp_path: Path) -> None:
    assert not boundaries(tmp_path).rings
    assert bring_in(tmp_path, squares("091", "049")) == 2
    found = boundaries(tmp_path)
    assert found.source == SOURCE
    assert found.rings.keys() == {"091", "049"}
    assert bring_in(tmp_path, squares("853"), "Turku  2026") == 1
    assert (boundaries(tmp_path).source, list(boundaries(tmp_path).rings)) == ("Turku 2026", ["853"])
    assert take_out(tmp_path)
    assert not take_out(tmp_path)
    assert not boundaries(tmp_path).rings


def test_a_coarse_map_gets_fewer_corners(tmp_path: Path) -> None:
    bring_in(tmp_path, squares("091"))
    assert boundaries(tmp_path, 1000).rings.keys() == {"091"}
    assert all(len(ring) >= 3 for ring in boundaries(tmp_path, 1000).rings["091"])


def test_a_file_that_is_refused_leaves_what_there_was(tmp_path: Path) -> None:
    bring_in(tmp_path, squares("091"))
    with pytest.raises(BoundaryError):
        bring_in(tmp_path, b"x")
    assert list(boundaries(tmp_path).rings) == ["091"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "source"),
        ("x" * 101, "source"),
        ("[a](b)", "source"),
        ("www.a.fi", "source"),
        ("Maija Meikäläinen 131052-308T", "personal"),
    ],
)
def test_a_source_is_a_line_without_personal_data(source: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(StewardError) as raised:
        bring_in(tmp_path, squares("091"), source)
    assert raised.value.reason == reason
    assert not boundaries(tmp_path).rings


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[" * 100_000, '{"source": "x"}', '{"source": "x", "areas": {"091": [[[1]]]}}']
)
def test_a_damaged_file_is_none_and_a_check_tells_of_it(text: str, tmp_path: Path) -> None:
    bring_in(tmp_path, squares("091"))
    assert list(damage(Store(tmp_path))) == []
    file = tmp_path / "steward" / "boundaries.json"
    file.write_text(text)
    assert not boundaries(tmp_path).rings
    assert [one.params["path"] for one in damage(Store(tmp_path))] == [file]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_refuses_what_is_no_file_of_boundaries_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    monkeypatch.setattr("data.commands.mapping.existing_store", lambda *_, **__: Store(tmp_path))
    large = tmp_path / "zeros.gpkg"
    with large.open("wb") as file:
        file.truncate(1_000_000_000)  # takes no room
    os.mkfifo(tmp_path / "pipe")
    said = {large: "size", tmp_path / "pipe": "format", tmp_path: "format", Path("/dev/zero"): "format"}
    for path, reason in said.items():
        assert main(["boundaries", str(path), "--lang", lang]) == REFUSED
        printed = capsys.readouterr()
        assert printed.err.strip() == message(f"refusal.boundaries.{reason}", lang, most=60)
        assert not printed.out
    assert main(["boundaries", str(tmp_path / "none.gpkg"), "--lang", lang]) == REFUSED
    assert "none.gpkg" in capsys.readouterr().err
