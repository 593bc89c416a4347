"""What deliveries cover, month by month, and what is missing in their rows: counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.coverage.months import FieldGap, SourceEnd, field_gaps, late_sources, month_coverage, source_ends
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from tests.data.ingest.imports import encounters

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Main: January whole and February until the 15th; Vantaa: only March, said."""
    made = Store(tmp_path / "s")
    main = ["1;A1;2.1.2025;49;Arabia;Työ", "2;;30.1.2025;49;;Työ", "3;B2;15.2.2025;;Arabia;Työ"]
    vantaa = ["1;A1;10.3.2025;92;Arabia;Työ"]
    for source, lines, covers in (
        ("main", main, None),
        ("vantaa", vantaa, (date(2025, 3, 1), date(2025, 3, 31))),
    ):
        path = encounters(tmp_path, *lines, name=f"{source}.csv", header=HEADER)
        publish(prepare([path], made, wishes=Wishes(source=source, covers=covers)), made, "test")
    return made


def test_months_are_whole_part_or_none(store: Store) -> None:
    with store.read() as connection:
        found = month_coverage(connection)
    assert [(one.source, one.table, one.month.month, one.state, one.until, one.rows) for one in found] == [
        (0, "encounter", 1, "whole", date(2025, 1, 31), 2),
        (0, "encounter", 2, "part", date(2025, 2, 15), 1),
        (0, "encounter", 3, "none", None, 0),
        (1, "encounter", 1, "none", None, 0),
        (1, "encounter", 2, "none", None, 0),
        (1, "encounter", 3, "whole", date(2025, 3, 31), 1),
    ]


def test_two_deliveries_that_meet_make_a_month_whole(store: Store, tmp_path: Path) -> None:
    rest = encounters(
        tmp_path, "4;B2;16.2.2025;49;Arabia;Työ", "5;B2;27.2.2025;49;Arabia;Työ", name="c.csv", header=HEADER
    )
    publish(prepare([rest], store, wishes=Wishes(source="main")), store, "test")
    with store.read() as connection:
        february = next(one for one in month_coverage(connection) if (one.source, one.month.month) == (0, 2))
    assert (february.state, february.rows) == ("whole", 3)


def test_what_is_missing_is_counted_by_source_and_field(store: Store) -> None:
    with store.read() as connection:
        gaps = {(one.source, one.field): one for one in field_gaps(connection) if one.table == "encounter"}
    assert gaps[0, "client_id"] == FieldGap(0, "encounter", "client_id", 1, 3, recorded=True)
    assert gaps[0, "language"] == FieldGap(0, "encounter", "language", 1, 3, recorded=True)
    assert gaps[0, "municipality"].missing == 1
    assert gaps[0, "minutes"] == FieldGap(0, "encounter", "minutes", 3, 3, recorded=False)
    assert gaps[1, "municipality"].missing == 0
    assert gaps[1, "service_point"].missing == 1
    assert gaps[1, "partners"].share == 1.0


def test_a_source_that_ended_long_ago_is_late(store: Store) -> None:
    with store.read() as connection:
        ends = source_ends(connection)
    assert ends == (SourceEnd(0, date(2025, 2, 15)), SourceEnd(1, date(2025, 3, 31)))
    assert late_sources(ends, date(2025, 4, 1)) == ()
    assert late_sources(ends, date(2025, 4, 2)) == ends[:1]


def test_a_generation_of_an_earlier_version_tells_what_it_has(store: Store) -> None:
    file = store.path / "generations" / "000002.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("ALTER TABLE encounter DROP COLUMN sex")
        connection.execute("ALTER TABLE referral DROP COLUMN delivery")
        found = field_gaps(connection)
        assert month_coverage(connection)
        assert {one.field for one in found if one.table == "encounter"} >= {"language", "age_band"}
        assert not [one for one in found if one.field == "sex" or one.table == "referral"]
        connection.execute("DROP TABLE delivery")
    with duckdb.connect(str(file)) as connection:
        assert source_ends(connection) == ()
