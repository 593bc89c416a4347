"""Targets and notes: kept with their whole history, never lost, and never with personal data."""

from __future__ import annotations

import errno
import json
import os
import threading
from datetime import date
from pathlib import Path

import pytest

from data.cli import main
from data.steward.lines import StewardError
from data.steward.targets_and_notes import WHOLE_AREA, Ledger
from data.store.store import StoreError
from data.texts import LANGUAGES, message

KNOWN = {"solved_share": (0.0, 100.0), "clients": (0.0, 1e9), "satisfaction": (1.0, 5.0)}
DAY = date(2026, 3, 2)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.of(tmp_path / "store")


def test_a_later_target_replaces_and_the_earlier_stays_in_history(ledger: Ledger) -> None:
    ledger.set_target("solved_share", 2026, 55, known=KNOWN)
    ledger.set_target("solved_share", 2026, 60, known=KNOWN)
    ledger.set_target("solved_share", 2026, 70, "853", known=KNOWN)
    assert [(one.municipality, one.value) for one in ledger.targets()] == [("853", 70), (WHOLE_AREA, 60)]
    assert [one.value for one in ledger.target_history()] == [55, 60, 70]


def test_withdrawing_adds_a_line_and_takes_none_away(ledger: Ledger) -> None:
    target = ledger.set_target("clients", 2026, 3000, known=KNOWN)
    ledger.withdraw_target(target.key)
    assert ledger.targets() == ()
    assert [one.what for one in ledger.target_history()] == ["set", "withdrawn"]
    with pytest.raises(StewardError, match="nothing"):
        ledger.withdraw_target(target.key)
    ledger.set_target("clients", 2026, 2500, known=KNOWN)
    assert [one.value for one in ledger.targets()] == [2500]


def test_notes_are_in_the_order_of_days_and_can_be_replaced_and_withdrawn(ledger: Ledger) -> None:
    law = ledger.write_note(date(2025, 1, 1), "Laki muuttui")
    opened = ledger.write_note(date(2024, 5, 1), "Uusi palvelupiste avattiin", "853")
    assert [note.id for note in ledger.notes()] == [opened.id, law.id]
    ledger.write_note(date(2025, 1, 2), "Kotoutumislaki muuttui", replaces=law.id)
    assert [note.text for note in ledger.notes()] == ["Uusi palvelupiste avattiin", "Kotoutumislaki muuttui"]
    ledger.withdraw_note(opened.id)
    assert [note.id for note in ledger.notes()] == [law.id]
    assert len(ledger.note_history()) == 4
    assert ledger.write_note(DAY, "Kolmas").id not in {law.id, opened.id}, "an id is never used again"


@pytest.mark.parametrize(
    "text", ["Soita 040 123 4567", "kysy maija@esimerkki.fi", "asiakas 131052-308T", "Maija (at) esimerkki.fi"]
)
def test_personal_data_is_refused_and_left_nowhere(ledger: Ledger, text: str) -> None:
    with pytest.raises(StewardError, match="personal") as caught:
        ledger.write_note(DAY, text)
    assert text not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert ledger.note_history() == ()


@pytest.mark.parametrize(
    ("reason", "values"),
    [
        ("metric", {"metric": "shoe_size"}),
        ("municipality", {"municipality": "999"}),
        ("municipality", {"municipality": "000"}),
        ("year", {"year": 1999}),
        ("limits", {"value": -1}),
        ("limits", {"value": float("nan")}),
        ("limits", {"value": 100.5}),
        ("limits", {"value": 150}),
        ("limits", {"metric": "satisfaction", "value": 0.5}),
        ("limits", {"metric": "satisfaction", "value": 5.1}),
    ],
)
def test_a_target_that_cannot_be_is_refused(ledger: Ledger, reason: str, values: dict[str, object]) -> None:
    given = {"metric": "solved_share", "year": 2026, "value": 50, "municipality": WHOLE_AREA, **values}
    with pytest.raises(StewardError, match=rf"^{reason}\b"):
        ledger.set_target(**given, known=KNOWN)  # type: ignore[arg-type]
    assert ledger.target_history() == ()


@pytest.mark.parametrize("text", ["", "  ", "ab", "x" * 201, "kaksi\nriviä"])
def test_a_note_is_one_line_of_words(ledger: Ledger, text: str) -> None:
    with pytest.raises(StewardError, match="text"):
        ledger.write_note(DAY, text)


def test_a_crash_while_writing_loses_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.write_note(DAY, "Ensimmäinen")

    def crash(descriptor: int) -> None:
        raise OSError(errno.EIO, "power cut")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(StoreError, match="unwritable"):
        ledger.write_note(DAY, "Toinen")
    monkeypatch.undo()
    assert [note.text for note in ledger.notes()] == ["Ensimmäinen"]
    ledger.write_note(DAY, "Kolmas")
    assert [note.text for note in ledger.notes()] == ["Ensimmäinen", "Kolmas"]


def test_a_damaged_line_is_told_and_not_written_over(ledger: Ledger) -> None:
    ledger.write_note(DAY, "Ensimmäinen")
    path = ledger.folder / "notes.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"time": "2026', encoding="utf-8")
    before = path.read_bytes()
    for act in (ledger.notes, lambda: ledger.write_note(DAY, "Toinen")):
        with pytest.raises(StoreError, match="damaged"):
            act()
    assert path.read_bytes() == before


def test_two_writers_lose_nothing(ledger: Ledger) -> None:
    def write(number: int) -> None:
        for i in range(10):
            ledger.write_note(DAY, f"Merkintä {number} {i}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({note.id for note in ledger.notes()}) == 40


def test_only_its_owner_may_open_the_folder(ledger: Ledger) -> None:
    ledger.write_note(DAY, "Ensimmäinen")
    if os.name == "posix":
        assert ledger.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_line_lists_them_with_their_history(
    ledger: Ledger, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", str(ledger.folder.parent), "--lang", lang)
    ledger.folder.parent.mkdir(exist_ok=True)
    for command, empty in (("notes", "steward.no_notes"), ("targets", "steward.no_targets")):
        assert main([command, *store]) == 0
        assert capsys.readouterr().out.strip() == message(empty, lang)
    ledger.withdraw_note(ledger.write_note(DAY, "Laki muuttui", "853").id)
    ledger.set_target("solved_share", 2026, 60.5, known=KNOWN)
    ledger.set_target("solved_share", 2026, 70, known=KNOWN)
    main(["notes", *store])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all("Laki muuttui" in line and not line.startswith("*") for line in lines)
    assert message("steward.withdrawn", lang) in lines[1]
    main(["targets", *store])
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines] == [" ", "*"]
    main(["targets", *store, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [(line["value"], line["in_force"]) for line in told] == [(60.5, False), (70.0, True)]
