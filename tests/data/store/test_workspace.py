"""Computing beside a store: what one does is seen by no other, and a file is read whoever else has it open."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from data.store.workspace import in_pieces, looking_into, workspace

FRAME = pl.DataFrame({"text": ["mine"]})


def test_a_frame_is_seen_by_nobody_else_and_goes_with_its_connection() -> None:
    with workspace() as mine, workspace() as other:
        mine.register("rows", FRAME)
        other.register("rows", FRAME.with_columns(pl.lit("other").alias("text")))
        assert mine.execute("SELECT text FROM rows").fetchall() == [("mine",)]
        assert other.execute("SELECT text FROM rows").fetchall() == [("other",)]
    with workspace() as later, pytest.raises(duckdb.CatalogException):
        later.execute("SELECT text FROM rows")


def test_a_file_is_looked_into_also_while_it_is_open_and_after_it_was_replaced(tmp_path: Path) -> None:
    file, other = tmp_path / "it's.duckdb", tmp_path / "other.duckdb"
    for path, value in ((file, 1), (other, 2)):
        with duckdb.connect(str(path)) as made:
            made.execute(f"CREATE TABLE one AS SELECT {value} AS value")
    with duckdb.connect(str(file), read_only=True), looking_into(file) as first, looking_into(other) as second:
        assert first.execute("SELECT value FROM one").fetchall() == [(1,)]
        assert second.execute("SELECT value FROM one").fetchall() == [(2,)]
    other.replace(file)
    with looking_into(file) as again:
        assert again.execute("SELECT value FROM one").fetchall() == [(2,)]
        with pytest.raises(duckdb.Error):
            again.execute("INSERT INTO one VALUES (3)")


def test_a_long_frame_is_read_in_pieces_and_in_its_order() -> None:
    frame = pl.DataFrame({"number": range(300_000)})
    pieces = in_pieces(frame)
    assert (pieces.n_chunks(), in_pieces(frame.head(5)).n_chunks()) == (3, 1)
    with workspace() as connection:
        connection.register("long", pieces)
        found = connection.sql("SELECT number + 1 AS next FROM long").pl()
    assert found["next"].to_list() == list(range(1, 300_001))
