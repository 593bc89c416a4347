"""What every step that looks for some texts of a column shares: each text once, found once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from data.ingest.readers import Sheet
from data.ingest.recognise import codes, forms
from data.store.store import Store
from tests.data.ingest.imports import GOOD, encounters, load


def sheet(cells: list[str | None]) -> Sheet:
    rows = pl.DataFrame({"row": range(2, len(cells) + 2), "c0": pl.Series(cells, dtype=pl.String)})
    return Sheet("f.csv", None, ("Kanava",), rows)


def test_a_column_of_codes_is_told_by_its_texts() -> None:
    assert sheet(["Puhelin", None, "Chat", "Puhelin"] * 1_000).texts("c0").to_list() == ["Puhelin", None, "Chat"]


def test_a_column_of_many_texts_is_told_as_it_stands() -> None:
    numbers = [f"K{place}" for place in range(3_000)]
    assert sheet([*numbers]).texts("c0").to_list() == numbers


def test_the_texts_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sheet(["Puhelin", "Chat"])
    first = one.texts("c0")
    assert one.texts("c0") is first


def test_all_who_look_for_words_share_the_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled visits, free slots and personal values are looked for among the texts of a column, not in every row."""
    asked: list[tuple[str, int]] = []
    plain = Sheet.texts

    def noting(self: Sheet, column: str) -> pl.Series:
        found = plain(self, column)
        asked.append((self.header[int(column[1:])], id(found)))
        return found

    monkeypatch.setattr(Sheet, "texts", noting)
    load(Store(tmp_path / "s"), encounters(tmp_path, GOOD))
    of_channel = [found for header, found in asked if header == "Kanava"]
    assert len(of_channel) == 5
    assert len(set(of_channel)) == 1, "found anew by some step"


def test_parts_of_lists_of_codes_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = forms.other_form

    def noting(list_name: str, text: str) -> str | None:
        asked.append(text)
        return plain(list_name, text)

    monkeypatch.setattr(codes, "other_form", noting)
    assert codes.many("topic", "Työ|Raha-asiat|Kieliopinnot") == ("work", "everyday_economy", "language_study")
    assert not any("|" in text for text in asked), "the whole list of a cell is no label"
