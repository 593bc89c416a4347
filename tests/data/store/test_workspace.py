"""Computing beside a store: what one does is seen by no other, a file is read whoever else has it open, and written by one."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from data.store.workspace import in_pieces, looking_into, workspace, writing_into

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
        before = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
        connection.execute("SET threads = 4")
        connection.register("long", pieces)
        found = connection.sql("SELECT number + 1 AS next FROM long").pl()
        connection.execute(f"SET threads = {before}")
    assert found["next"].to_list() == list(range(1, 300_001))


def made(file: Path, value: int) -> None:
    with writing_into(file) as connection:
        connection.register("rows", FRAME)
        connection.execute(f"CREATE TABLE one AS SELECT {value} AS value")


def value_in(file: Path) -> list[tuple[int]]:
    with looking_into(file) as connection:
        return connection.execute("SELECT value FROM one").fetchall()


def test_files_are_written_one_after_the_other_and_together(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"it's {name}.duckdb" for name in "abc")
    made(first, 1)
    with writing_into(second) as connection:
        made(third, 3)
        with pytest.raises(duckdb.CatalogException):
            connection.execute("SELECT text FROM rows")
        connection.execute("CREATE TABLE one AS SELECT 2 AS value")
    assert [value_in(file) for file in (first, second, third)] == [[(1,)], [(2,)], [(3,)]]
    assert {*tmp_path.iterdir()} == {first, second, third}


def test_after_an_error_the_file_is_let_go_of_without_what_was_not_committed(tmp_path: Path) -> None:
    file = tmp_path / "a.duckdb"
    made(file, 1)

    def fail() -> None:
        with writing_into(file) as connection:
            connection.execute("BEGIN")
            connection.execute("UPDATE one SET value = 2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert value_in(file) == [(1,)]
    made(tmp_path / "b.duckdb", 2)
    assert value_in(tmp_path / "b.duckdb") == [(2,)]


def test_what_does_not_fit_in_memory_lies_beside_the_file_and_goes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        file = tmp_path / f"{name}.duckdb"
        with writing_into(file) as connection:
            connection.execute("SET memory_limit = '40MB'")
            connection.execute("CREATE TABLE one AS SELECT hash(range) AS value FROM range(2000000) ORDER BY value")
            assert [one.is_dir() for one in tmp_path.glob(f"{name}.duckdb.*.tmp")] == [True]
            connection.execute("RESET memory_limit")
        assert [one for one in tmp_path.iterdir() if one.suffix == ".tmp"] == []
