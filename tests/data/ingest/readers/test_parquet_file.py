"""Reading Parquet files: every kind of column becomes text."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from data.ingest.readers import FileRefused, read


def test_every_kind_of_column_becomes_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Tunnus": ["K1", None, "K3"],
            "pvm": [dt.date(2025, 3, 5), None, dt.date(2025, 3, 6)],
            "hetki": [dt.datetime(2025, 3, 5), None, dt.datetime(2025, 3, 5, 14, 30)],
            "aiheet": [["Työ", "Vero"], None, ["Kela"]],
            "tunnit": [0.5, None, 2.0],
            "kunta": [49, None, 91],
            "ymmärsi": [True, None, False],
            "luokka": pl.Series(["a", None, "b"], dtype=pl.Categorical),
        }
    )
    path = tmp_path / "tiedosto.parquet"
    frame.write_parquet(path)
    (sheet,) = read(path)
    assert sheet.header == tuple(frame.columns)
    assert sheet.rows.rows() == [
        (2, "K1", "2025-03-05", "2025-03-05", "Työ|Vero", "0.5", "49", "true", "a"),
        (4, "K3", "2025-03-06", "2025-03-05 14:30:00", "Kela", "2", "91", "false", "b"),
    ]


def test_the_name_does_not_decide(tmp_path: Path) -> None:
    path = tmp_path / "tiedosto"
    pl.DataFrame({"a": ["1"], "b": ["2"]}).write_parquet(path)
    assert read(path)[0].header == ("a", "b")


@pytest.mark.parametrize("content", [b"PAR1 and no more", b"a;b\n1;2\n"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tiedosto.parquet"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert caught.value.reason == "not_parquet"


def test_columns_that_hold_structures_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiedosto.parquet"
    pl.DataFrame({"a": ["1"], "b": [[{"x": 1}]]}).write_parquet(path)
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert caught.value.reason == "nested_columns"


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiedosto.parquet"
    pl.DataFrame({"a": []}, schema={"a": pl.String}).write_parquet(path)
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert caught.value.reason == "header_only"
