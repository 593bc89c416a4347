"""Few rows go a shorter way than many, to the same result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingest import pseudonyms
from data.ingest.checking import distinct_values
from data.ingest.pseudonyms import JOINT
from data.ingest.recognise import row_words
from data.ingest.recognise.row_words import holding
from data.store import keys
from data.store.keys import Keys, load_or_create
from data.store.workspace import workspace

PARTS = ("yhteens", "ei tul", "Σ")
LIKELY = st.sampled_from((*PARTS, "YHTEENS", "Ei Tul", "σ", "\u0130", "\u212a", "Ä", " ", "\n", ""))
TEXTS = st.lists(st.none() | st.text(max_size=5) | st.lists(LIKELY, max_size=4).map("".join), max_size=8)
EXPRESSIONS: dict[str, Callable[[Keys], str]] = {
    "records": lambda made: keys.record_sql(made, "text", "encounter"),
    "pseudonyms": lambda made: keys.pseudonym_sql(made, "text"),
    "clients": lambda made: keys.rkey_sql(made, f"'anonymous{JOINT}' || text"),
}
HELD: dict[str, type[pl.DataType]] = {"records": pl.UInt64, "pseudonyms": pl.String, "clients": pl.Int64}


@given(TEXTS)
def test_the_same_texts_hold_a_part(texts: list[str | None]) -> None:
    column = pl.Series("text", texts, dtype=pl.String)
    few = holding(column, PARTS)
    for limit in ("_FEW", "_SHORT"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(row_words, limit, -1)
            assert holding(column, PARTS) == few


@pytest.mark.parametrize("limit", ["_FEW", "_SHORT"])
@pytest.mark.parametrize("above", [0, 1])
def test_many_texts_are_looked_through_by_column(limit: str, above: int, monkeypatch: pytest.MonkeyPatch) -> None:
    column = pl.Series("text", ["yhteensä", "ei tullut", "Työ"])
    at_most = {"_FEW": column.len(), "_SHORT": len("\n".join(column))}[limit]
    monkeypatch.setattr(row_words, limit, at_most - above)
    expected = ["yhteensä", "ei tullut"]
    searched = []

    def filtered(column: pl.Series, mask: pl.Series) -> pl.Series:
        searched.append(mask.to_list())
        return pl.Series(expected)

    monkeypatch.setattr(pl.Series, "filter", filtered)
    assert holding(column, PARTS) == expected
    assert searched == [[True, True, False]] * above


@pytest.mark.parametrize(
    "texts", [[], [None], ["AS-1", "AS-2", None, "AS-1", "Å'\\%\n", ""]], ids=["none", "null", "some"]
)
@pytest.mark.parametrize("kind", EXPRESSIONS)
def test_the_same_keys(kind: str, texts: list[str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expression = EXPRESSIONS[kind](load_or_create(tmp_path / "store.keys"))
    column = pl.Series("text", texts, dtype=pl.String)
    with workspace() as connection:
        few = pseudonyms._query(connection, column, expression, HELD[kind])
        monkeypatch.setattr(pseudonyms, "_FEW", -1)
        many = pseudonyms._query(connection, column, expression, HELD[kind])
    assert (few.dtype, few.to_list()) == (many.dtype, many.to_list())
    assert few.len() == len(texts)


@given(st.lists(st.none() | st.text(max_size=3), max_size=12))
def test_distinct_texts_in_their_order(texts: list[str | None]) -> None:
    places, distinct = distinct_values(pl.Series("cells", texts, dtype=pl.String))
    assert distinct.to_list() == [text for text in dict.fromkeys(texts) if text is not None]
    assert [None if place is None else distinct[place] for place in places] == texts
