"""Processes that make cells leave the machine to others, and write where whoever has started them says."""

from pathlib import Path

import duckdb
import pytest

from metrics.precompute.spawning import ended, started


def settings() -> list[str]:
    process = started("tests.metrics.precompute.settings")
    try:
        assert process.stdout
        return process.stdout.read().splitlines()
    finally:
        ended(process)


def as_set(memory: str) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{memory}'")
        return str(connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])


@pytest.mark.parametrize(
    ("given", "taken"),
    [(None, "25%"), ("", "25%"), ("700MB", "700MB"), ("90%", "90%"), (" ", "25%"), ("much", "25%"), ("90 %", "90%")],
)
def test_they_take_a_quarter_of_the_memory_unless_it_is_said_how_much(
    given: str | None, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TILANNEKUVA_MEMORY", raising=False)
    if given is not None:
        monkeypatch.setenv("TILANNEKUVA_MEMORY", given)
    assert settings()[0] == as_set(taken)


def test_a_folder_is_that_of_whoever_starts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aside").mkdir()
    monkeypatch.setenv("TILANNEKUVA_SPILL", "aside")
    assert settings()[1] == str(tmp_path / "aside" / "tilannekuva-spill")
