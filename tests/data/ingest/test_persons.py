"""Sex and age band: from columns as people write them, or from an identity code that goes no further."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, encounters, rows

HEADER = "Tunnus;Asiakas;Pvm;Kieli;Aiheet"


def stored(folder: Path, *lines: str, header: str = HEADER) -> list[tuple[object, ...]]:
    store = Store(folder / "s")
    publish(prepare([encounters(folder, *lines, header=header)], store).with_defaults(), store, "test")
    return rows(store, "SELECT sex::VARCHAR, age_band::VARCHAR FROM encounter ORDER BY occurred_on")


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("131052-308T", "12.10.2025", ("female", "65_over")),  # 72 years
        ("010190-999R", "31.12.2024", ("male", "25_34")),  # a day before 35
        ("010190-999R", "1.1.2025", ("male", "35_44")),
        ("010190-999R", "1.3.2025", ("male", "35_44")),
        ("010190-999R", "30.9.2024", ("male", "25_34")),
        ("010107A998B", "31.12.2024", ("female", "under_18")),
        ("010107A998B", "1.1.2025", ("female", "18_24")),
    ],
)
def test_an_identity_code_tells_both(code: str, day: str, expected: tuple[str, str], tmp_path: Path) -> None:
    assert stored(tmp_path, f"1;{code};{day};Arabia;Työ") == [expected]
    assert not any(code.encode() in content for content in bytes_below(tmp_path / "s"))


def test_a_column_goes_before_the_code_and_other_clients_are_unknown(tmp_path: Path) -> None:
    lines = [
        "1;131052-308T;1.1.2025;Arabia;Työ;mies;30",
        "2;AS-1;2.1.2025;Arabia;Työ;;",
        "3;131052-308T;3.1.2025;Arabia;Työ;;",
    ]
    assert stored(tmp_path, *lines, header=f"{HEADER};Sukupuoli;Ikä") == [
        ("male", "25_34"), ("unknown", "unknown"), ("female", "65_over"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("17", "under_18"), ("18", "18_24"), ("34 v", "25_34"), ("35 vuotta", "35_44"), ("25-34", "25_34"),
        ("alle 18", "under_18"), ("55–64-vuotiaat", "55_64"), ("65+", "65_over"), ("yli 65", "65_over"), ("44.0", "35_44"),
        ("ei tietoa", "unknown"), ("1985", "35_44"), ("150", "unknown"),
    ],
)  # fmt: skip
def test_ages_and_bands_as_people_write_them(text: str, band: str, tmp_path: Path) -> None:
    assert stored(tmp_path, f"1;AS-1;1.1.2025;Arabia;Työ;{text}", header=f"{HEADER};Ikäryhmä") == [("unknown", band)]


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("N", "female"), ("nainen", "female"), ("M", "male"), ("Kvinna", "female"), ("man", "male"), ("muu", "unknown"),
        ("-", "unknown"),
    ],
)  # fmt: skip
def test_sex_as_people_write_it(text: str, sex: str, tmp_path: Path) -> None:
    assert stored(tmp_path, f"1;AS-1;1.1.2025;Arabia;Työ;{text}", header=f"{HEADER};Sukupuoli") == [(sex, "unknown")]
