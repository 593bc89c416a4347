"""The personal data guard: what it finds, what it must leave alone, and that values never come out of it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import personal
from data.ingest import personal_scan
from data.ingest.personal_scan import scan
from data.ingest.readers import Sheet, read
from data.personal import kinds

CONTROL = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def code(day: str = "131052", sign: str = "-", number: int = 308) -> str:
    return f"{day}{sign}{number:03d}{CONTROL[int(f'{day}{number:03d}') % 31]}"


def sheet_of(columns: dict[str, Sequence[str | None]]) -> Sheet:
    frame = pl.DataFrame({f"c{index}": list(cells) for index, cells in enumerate(columns.values())})
    rows = frame.cast(pl.String).with_row_index("row", offset=2)
    return Sheet("tiedosto.csv", None, tuple(columns), rows, notes=("header_row:1",))


@pytest.mark.parametrize("sign", list("+-YXWVUABCDEF"))
def test_every_century_sign(sign: str) -> None:
    assert kinds(code("010203", sign, 123)) == ("personal_identity_code",)


@given(
    day=st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2029, 12, 31)),
    number=st.integers(2, 999),
    before=st.text(st.sampled_from(" abcåä.,:;(")),
    after=st.text(st.sampled_from(" ).,;:sö")),
)
def test_any_valid_code_is_found_inside_text(day: dt.date, number: int, before: str, after: str) -> None:
    text = before + code(f"{day:%d%m%y}", "A" if day.year >= 2000 else "-", number) + after
    assert "personal_identity_code" in kinds(text)
    assert pl.Series([text]).str.contains(personal.SHAPES).all()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("asiakas 131052-308T soitti", "personal_identity_code"),
        ("131052-308t", "personal_identity_code"),
        ("131052–308T", "personal_identity_code"),
        ("131052 - 308T", "personal_identity_code"),
        ("1 3 1 0 5 2 - 3 0 8 T", "personal_identity_code"),
        ("asiakas 1 3 1 0 5 2  –  3 0 8 t soitti", "personal_identity_code"),
        ("hetu131052-308T", "personal_identity_code"),
        ("ID131052-308T", "personal_identity_code"),
        (code(number=950), "personal_identity_code"),
        ("aino@example.fi", "email"),
        ("Aino <aino.esimerkki@esim.example.fi>", "email"),
        ("aino(at)example.fi", "email"),
        ("+358 40 123 4567", "phone"),
        ("+358401234567", "phone"),
        ("+358 (0)40 123 4567", "phone"),
        ("00358401234567", "phone"),
        ("358401234567", "phone"),
        ("+46 70 123 45 67", "phone"),
        ("0401234567", "phone"),
        ("040 123 4567", "phone"),
        ("040-1234567", "phone"),
        ("0457 123 4567", "phone"),
        ("050 123456", "phone"),
        ("puh.0441234567", "phone"),
        ("soita 0441234567, kiitos", "phone"),
        ("131052\u200b-308T", "personal_identity_code"),
        ("１３１０５２－３０８Ｔ", "personal_identity_code"),
        ("131052\u00a0-\u00a0308T", "personal_identity_code"),
        ("١٣١٠٥٢-٣٠٨T", "personal_identity_code"),
        ("aino＠example.fi", "email"),
        ("aino [a] example.fi", "email"),
        ("ai\u00adno@exam\u200bple.fi", "email"),
        ("a" * 30_000 + "@example.fi", "email"),
        ("040\n123\t4567", "phone"),
        ("０４０　１２３ ４５６７", "phone"),
        ("٠٤٠١٢٣٤٥٦٧", "phone"),
        ("040 - 123 4567", "phone"),
        ("(040) 123 4567", "phone"),
        ("(0457)1234567", "phone"),
        ("040.123.4567", "phone"),
        ("040/123 4567", "phone"),
        ("+358(0)401234567", "phone"),
        ("+ 358 40 1234567", "phone"),
        ("+358 (40) 123 4567", "phone"),
        ("+46 (0)70 123 45 67", "phone"),
        ("0046701234567", "phone"),
        ("0046 70 123 45 67", "phone"),
        ("00372 5123 4567", "phone"),
        ("09 310 1691", "phone"),
        ("09-3101691", "phone"),
        ("(09) 310 1691", "phone"),
        ("02 2330000", "phone"),
        ("puh. 093101691", "phone"),
        ("(013) 330 4111", "phone"),
        ("018-25000 / 018 250 001 2", "phone"),
    ],
)
def test_personal_values_are_found(text: str, kind: str) -> None:
    assert kinds(text) == (kind,)
    assert pl.Series([text]).str.contains(personal.SHAPES).all(), "the vectorised search must not miss it"


@pytest.mark.parametrize(
    "text",
    [
        "AS-100021", "K0401234567", "AS-0401234567", "1.9.2025", "04.05.2025", "04-05-2025 12:30", "2025-04-05",
        "2025-03-05T12:00:00+02:00", "049", "045", "KU049 Espoo", "049 091 092", "0,45", "0.4512345678",
        "1 234 567,50", "+12,5", "+100 000", "klo 04-05", "131052-308U", "321052-308T", "040506-0000", "1234567-8",
        "FI21 1234 5600 0007 85", "1 3 1 0 5 2 - 3 0 8 U", "1 2 3 4 5 6 - 7 8 9",
        "00000401234567", "a @ b", "@", "Työ; Asuminen", "",
        "016 018 019", "016 149 150", "05-12-2025", "09 2025", "09-2025-1234", "02-00012", "0012345678", "00123456",
        "08:00-09:30", "Itäkeskus – neuvonta", "مرحبا", "１２３", "a" * 5_000, "02 100", "klo 09-16", "09 10 11 12", "0123456-7",
        "550e8400-e29b-41d4-a716-446655440000", "ab131052-308c-4e29-a716-446655440000",
    ],
)  # fmt: skip
def test_ordinary_values_are_left_alone(text: str) -> None:
    assert kinds(text) == ()


@given(st.uuids())
def test_no_uuid_is_taken_for_a_person(identifier: uuid.UUID) -> None:
    assert kinds(str(identifier)) == kinds(identifier.hex) == ()


def test_findings_tell_row_column_and_class(tmp_path: Path) -> None:
    sheet = sheet_of({"Tunnus": ["K1", "K2", "K3"], "Huomio": ["ok", "a@b.fi", f"{code()} a@b.fi"]})
    found = {(finding.row, finding.column_header, finding.kind, finding.total) for finding in scan(sheet)}
    assert found == {
        (3, "Huomio", "email", 2), (4, "Huomio", "email", 2), (4, "Huomio", "personal_identity_code", 1),
    }  # fmt: skip


def test_the_client_column_may_hold_any_identifier(tmp_path: Path) -> None:
    sheet = sheet_of({"Asiakas": [code(), "a@b.fi", "0401234567"], "Aihe": ["Työ", "Työ", "Työ"]})
    assert scan(sheet, frozenset({"Asiakas"})) == ()
    assert {finding.kind for finding in scan(sheet)} == {"personal_identity_code", "email", "phone"}


@pytest.mark.parametrize("many_values", [True, False])
def test_a_column_full_of_hits_is_told_by_its_first_rows(tmp_path: Path, many_values: bool) -> None:
    cells = [f"nimi{number if many_values else 0}@example.fi" for number in range(3_000)]
    findings = scan(sheet_of({"Tunnus": ["K"] * 3_000, "Sposti": cells}))
    assert [finding.row for finding in findings] == list(range(2, 2 + personal_scan.ROWS_TOLD))
    assert {finding.total for finding in findings} == {3_000}


def test_everything_around_the_rows_is_looked_at_and_no_value_comes_out(tmp_path: Path) -> None:
    secret = code()
    path = tmp_path / f"{secret}.csv"
    rows = [f"Raportti {secret}", "", f"Tunnus;Asiakas;{secret};Aihe", "K1;AS-1;x;Työ", f"K2;{secret};x;Työ;{secret}"]
    path.write_text("\n".join([*rows, f"K3;AS-2;{secret};Työ", ""]), encoding="utf-8")
    (sheet,) = read(path)
    findings = scan(sheet, frozenset({"Asiakas"}))
    assert {(finding.row, finding.column_header) for finding in findings} == {
        (0, ""), (1, ""), (3, "column 3"), (5, "column 5"), (6, "column 3"),
    }  # fmt: skip
    assert secret not in repr(findings)
    assert secret not in repr(sheet.rows.schema) + repr(sheet.broken) + repr(sheet.notes)


@pytest.mark.parametrize("text", ["K0401234", "AS-000552", "E0400001", "HKI0457123456"])
def test_a_row_number_costs_no_close_look(text: str) -> None:
    assert not pl.Series([text]).str.contains(personal.SHAPES).any(), "a file has one such text per row"
    assert not personal.kinds(text)
