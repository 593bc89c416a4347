"""Files with a row for each change of a thing's state: the last one counts, and what nobody can tell is rejected."""

from __future__ import annotations

from pathlib import Path

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, csv, load

REFERRALS = "SELECT referred_on::VARCHAR, status, status_on::VARCHAR FROM referral ORDER BY 1"


def referrals(*rows_: tuple[str, str, str, str | None, str]) -> Grid:
    """A log of referrals: number, day, status, its day, to whom."""
    header = ["Ohjauksen tunnus", "Ohjauspäivä", "Tila", "Tilan päivä", "Mihin"]
    return [header, *(list(row) for row in rows_)]


def test_of_a_referral_with_a_row_for_each_status_the_last_one_counts(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid = referrals(
        ("O1", "1.3.2025", "Lähetetty", "1.3.2025", "Kela"),
        ("O1", "1.3.2025", "Palvelu alkoi", "20.3.2025", "Kela"),
        ("O1", "1.3.2025", "Hyväksytty", "5.3.2025", "Kela"),
        ("O2", "2.3.2025", "Lähetetty", "2.3.2025", "Migri"),
    )
    prepared = load(store, csv(tmp_path, grid))
    counts = prepared.files[0].parts[0].counts
    assert (counts.read, counts.loaded, counts.repeated, counts.rejected) == (4, 2, 2, 0)
    assert rows(store, REFERRALS) == [("2025-03-01", "started", "2025-03-20"), ("2025-03-02", "sent", "2025-03-02")]


def test_rows_of_one_referral_of_which_none_is_surely_the_last_are_rejected(tmp_path: Path) -> None:
    """Two states of one day, a state without a day, and another receiver."""
    store = Store(tmp_path / "s")
    grid = referrals(
        ("O1", "1.3.2025", "Lähetetty", "1.3.2025", "Kela"),
        ("O1", "1.3.2025", "Hyväksytty", "1.3.2025", "Kela"),
        ("O2", "2.3.2025", "Lähetetty", None, "Migri"),
        ("O2", "2.3.2025", "Hyväksytty", "9.3.2025", "Migri"),
        ("O3", "3.3.2025", "Lähetetty", "3.3.2025", "Migri"),
        ("O3", "3.3.2025", "Hyväksytty", "9.3.2025", "Kela"),
        ("O4", "4.3.2025", "Lähetetty", "4.3.2025", "Kela"),
    )
    prepared = load(store, csv(tmp_path, grid))
    assert prepared.files[0].parts[0].counts.rejected == 6
    assert rows(store, REFERRALS) == [("2025-03-04", "sent", "2025-03-04")]


def test_of_an_enrolment_with_a_row_for_each_follow_up_the_last_one_counts(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    header = ["Asiakkuuden tunnus", "Asiakas", "Osaamiskeskus", "Alkamispäivä", "Päättymispäivä", "Seurattu saakka"]
    one = ["E1", "AS-1", "Espoo", "1.2.2025"]
    grid: Grid = [header, [*one, None, "1.3.2025"], [*one, "10.5.2025", "1.6.2025"], [*one, None, "1.4.2025"]]
    load(store, csv(tmp_path, grid), yes=True)
    ends = "SELECT ended_on::VARCHAR, followed_until::VARCHAR FROM enrolment"
    assert rows(store, ends) == [("2025-05-10", "2025-06-01")]
