"""Reading workbooks: titles, merged cells, dates, several sheets, and files that must not be unpacked."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from data.ingest.readers import FileRefused, Sheet, read, unpacking, workbook_check


def first_sheet(book: Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def saved(book: Workbook, tmp_path: Path, name: str = "kirja.xlsx") -> Path:
    path = tmp_path / name
    book.save(path)
    return path


def book_of(*rows: list[object]) -> Workbook:
    book = Workbook()
    for row in rows:
        first_sheet(book).append(row)
    return book


def read_one(book: Workbook, tmp_path: Path) -> Sheet:
    (sheet,) = read(saved(book, tmp_path))
    return sheet


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(path)
    return caught.value


def test_title_rows_and_a_gap_above_the_header(tmp_path: Path) -> None:
    book = book_of(["Asiakaskohtaamiset 2025"], ["Luotu 12.1.2026"], [], ["Tunnus", "Kieli", "Pvm"], ["K1", "ar", "x"])
    first_sheet(book).merge_cells("A1:C1")
    sheet = read_one(book, tmp_path)
    assert sheet.header == ("Tunnus", "Kieli", "Pvm")
    assert sheet.header_row == 4
    assert sheet.rows.rows() == [(5, "K1", "ar", "x")]
    assert sheet.titles == ((1, "Asiakaskohtaamiset 2025"), (2, "Luotu 12.1.2026"))


def test_a_table_that_begins_elsewhere_than_in_a1_keeps_its_row_numbers(tmp_path: Path) -> None:
    book = Workbook()
    for cell, value in {"C5": "Tunnus", "D5": "Kieli", "C6": "K1", "D6": "ar", "C9": "K2", "D9": "so"}.items():
        first_sheet(book)[cell] = value
    sheet = read_one(book, tmp_path)
    assert sheet.header == ("Tunnus", "Kieli")
    assert sheet.rows.rows() == [(6, "K1", "ar"), (9, "K2", "so")]


def test_values_of_every_kind_become_plain_text(tmp_path: Path) -> None:
    values: list[tuple[object, str | None]] = [
        (dt.date(2025, 3, 5), "2025-03-05"),
        (dt.datetime(2025, 3, 5, 14, 30), "2025-03-05 14:30:00"),
        (dt.time(14, 30), "14:30:00"),
        ("5.3.2025", "5.3.2025"),
        (45721, "45721"),
        (49.0, "49"),
        (0.5, "0.5"),
        (1234567890123, "1234567890123"),
        (True, "true"),
        (" \u00a0", None),
        ("#N/A", None),
    ]
    book = book_of(["Tunnus", "Arvo"], *([f"K{number}", value] for number, (value, _) in enumerate(values)))
    sheet = read_one(book, tmp_path)
    assert sheet.rows["c1"].to_list() == [text for _, text in values]


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
def test_days_and_times_are_the_same_whichever_day_the_workbook_counts_from(epoch: dt.datetime, tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = epoch
    for row in (["Pvm", "Kesto", "Alkoi"], [dt.date(2025, 3, 1), dt.time(0, 30), dt.datetime(2025, 3, 1, 9, 15)]):
        first_sheet(book).append(row)
    assert read_one(book, tmp_path).rows.rows() == [(2, "2025-03-01", "00:30:00", "2025-03-01 09:15:00")]


def test_several_sheets_with_the_empty_and_hidden_ones_told(tmp_path: Path) -> None:
    book = book_of(["a", "b"], [1, 2])
    first_sheet(book).title = "Asiakkuudet"
    book.create_sheet("Tyhjä")
    hidden = book.create_sheet("Piilo")
    hidden.append(["x", "y"])
    hidden.sheet_state = "hidden"
    second = book.create_sheet("Toinen")
    second.append(["c", "d"])
    second.append([3, 4])
    sheets = read(saved(book, tmp_path))
    assert [sheet.name for sheet in sheets] == ["Asiakkuudet", "Toinen"]
    assert sheets[1].rows.rows() == [(2, "3", "4")]
    assert {"empty_sheet:Tyhjä", "hidden_sheet:Piilo"} <= set(sheets[0].notes)


def test_a_cell_merged_over_rows_holds_for_each_of_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = first_sheet(book)
    for cell, value in {
        "B1": "Asiakas", "C1": "Aihe", "B2": "AS-1", "C2": "Työ", "C3": "Vero", "B4": "AS-2", "C4": "Kela",
    }.items():  # fmt: skip
        sheet[cell] = value
    sheet.merge_cells("B2:B3")
    assert read_one(book, tmp_path).rows.rows() == [(2, "AS-1", "Työ"), (3, "AS-1", "Vero"), (4, "AS-2", "Kela")]


def test_a_header_of_two_storeys_is_read_from_the_lower_one(tmp_path: Path) -> None:
    book = book_of(["Tunnus", "Pvm", "Aiheet", None], [None, None, "Työ", "Asuminen"], ["K1", "5.3.2025", "x", None])
    for area in ("A1:A2", "B1:B2", "C1:D1"):
        first_sheet(book).merge_cells(area)
    sheet = read_one(book, tmp_path)
    assert sheet.header == ("Tunnus", "Pvm", "Työ", "Asuminen")
    assert sheet.rows.rows() == [(3, "K1", "5.3.2025", "x", None)]


def test_a_header_merged_over_columns_names_them_all(tmp_path: Path) -> None:
    book = book_of(["Tunnus", "Pvm", "Aihe", None], ["K1", "5.3.2025", "Työ", "Vero"])
    first_sheet(book).merge_cells("C1:D1")
    assert read_one(book, tmp_path).header == ("Tunnus", "Pvm", "Aihe", "Aihe (2)")


@pytest.mark.parametrize(("rows", "reason"), [([], "empty_file"), ([["a", "b"]], "header_only")])
def test_a_workbook_without_data_is_refused(tmp_path: Path, rows: list[list[object]], reason: str) -> None:
    assert refusal(saved(book_of(*rows), tmp_path)).reason == reason


def test_content_tells_the_kind_and_not_the_name(tmp_path: Path) -> None:
    path = saved(book_of(["a", "b"], [1, 2]), tmp_path, "kirja.tuntematon")
    assert read(path)[0].header == ("a", "b")


@pytest.mark.parametrize("content", [b"this is not a workbook", b"PK\x03\x04rest", b"<html><table></table></html>"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kirja.xlsx"
    path.write_bytes(content)
    assert refusal(path).reason == "not_a_workbook"


def test_a_workbook_cut_short_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    whole = saved(book_of(["a", "b"], [1, 2]), tmp_path).read_bytes()
    for length in range(10, len(whole), len(whole) // 12):
        path = tmp_path / "katkennut.xlsx"
        path.write_bytes(whole[:length])
        assert refusal(path).reason == "not_a_workbook"


def test_a_workbook_with_a_password_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "salattu.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(path).reason == "password"


def rewritten(path: Path, member: str, change: bytes, instead: bytes) -> Path:
    """A copy of a workbook with one part changed."""
    copy = path.with_name("muutettu.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(change, instead) if name == member else content)
    return copy


SHEET = "xl/worksheets/sheet1.xml"


def test_a_bomb_is_refused_by_its_size_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rewritten(saved(book_of(["a", "b"], [1, 2]), tmp_path), SHEET, b"</worksheet>", b" " * 30_000_000)
    monkeypatch.setattr(workbook_check, "_scan", lambda *_: pytest.fail("unpacked"))
    refused = refusal(path)
    assert (refused.reason, refused.params) == ("too_large", {"megabytes": 30})


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = rewritten(saved(book_of(["a", "b"], [1, 2]), tmp_path), SHEET, b"</worksheet>", b" " * 30_000_000)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    lying = path.read_bytes().replace(size.to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    path.write_bytes(lying)
    assert refusal(path).reason == "not_a_workbook"


def test_a_large_honest_workbook_is_not_taken_for_a_bomb(tmp_path: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>K%06d</t></is></c><c r="B%d"><v>%d</v></c></row>'
        % (n, n, n * 7919 % 1_000_000, n, n * 104_729 % 9_973)
        for n in range(3, 300_000)
    )
    path = rewritten(saved(book_of(["a", "b"], [1, 2]), tmp_path), SHEET, b"</sheetData>", rows + b"</sheetData>")
    assert path.stat().st_size * 4 < len(rows)
    assert len(rows) > unpacking.SMALL_BYTES
    assert read(path)[0].rows.height == 299_998


@pytest.mark.parametrize("far", ["XFD1048576", "AAA900000"])
def test_a_stray_cell_far_away_does_not_take_the_memory(tmp_path: Path, far: str) -> None:
    book = book_of(["a", "b"], [1, 2])
    first_sheet(book)[far] = "x"
    assert refusal(saved(book, tmp_path)).reason == "too_large_area"


def test_damage_inside_a_sheet_never_ends_in_anything_but_a_refusal(tmp_path: Path) -> None:
    path = saved(book_of(["a", "b"], [dt.date(2025, 1, 1), "x"], [1.5, True]), tmp_path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read(SHEET)
    for match in list(re.finditer(rb"[<>\"=]|[0-9]+", content))[::4]:
        damaged = content[: match.start()] + b"\xff9" + content[match.end() :]
        try:
            read(rewritten(path, SHEET, content, damaged))
        except FileRefused as refused:
            assert refused.reason in {"not_a_workbook", "empty_file", "header_only", "too_large_area"}  # noqa: PT017
