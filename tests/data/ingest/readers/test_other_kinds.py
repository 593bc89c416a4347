"""JSON lines, zips of CSV files, OpenDocument spreadsheets and workbooks of Excel 97–2003."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from data.ingest.readers import FileRefused, read
from data.ingest.readers.kind import OLE_MARK
from tests.data.ingest.packed import ods_cell, spreadsheet


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        read(path)
    return caught.value.reason


def test_json_lines_are_a_row_each_under_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    lines = [
        '{"Tunnus": "K1", "kesto": 0.50, "tulkki": true}',
        "",
        '{"Tunnus": "02", "aiheet": ["Työ", "Vero"], "kesto": null}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    (sheet,) = read(path)
    assert sheet.header == ("Tunnus", "kesto", "tulkki", "aiheet")
    assert sheet.rows.rows() == [(1, "K1", "0.50", "true", None), (3, "02", None, None, "Työ|Vero")]
    other = tmp_path / "a.txt"
    other.write_text("\n".join(lines), encoding="utf-8")
    assert read(other)[0].header == sheet.header, "the name does not decide"


@pytest.mark.parametrize(
    ("text", "reason"),
    [('{"a": 1}\n[1]\n', "not_json_lines"), ('{"a": {"b": 1}}', "nested_columns"), ('{"a": [[1]]}', "nested_columns"),
     ('{"a": 1', "not_json_lines"), ("\n\n", "empty_file"), ("{}", "empty_file")],
)  # fmt: skip
def test_other_json_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    assert refusal(path) == reason


def packed(folder: Path, **files: str) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/", 1).replace("_csv", ".csv"), content)
    return path


def test_each_csv_of_a_zip_is_a_sheet(tmp_path: Path) -> None:
    path = packed(tmp_path, b_csv="Tunnus;Kieli\nK2;so\n", kansio__a_csv="Tunnus,Kieli\nK1,ar\n", MACOSX="")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._b.csv", b"\0\1")
        archive.mkdir("tyhja")
    assert refusal(path) == "zip_holds_other", "a file without an ending is no table"
    path = packed(tmp_path, b_csv="Tunnus;Kieli\nK2;so\n", kansio__a_csv="Tunnus,Kieli\nK1,ar\n")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._b.csv", b"\0\1")
    assert [(sheet.name, sheet.rows.rows()) for sheet in read(path)] == [
        ("b.csv", [(2, "K2", "so")]), ("kansio/a.csv", [(2, "K1", "ar")]),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100)])
def test_a_damaged_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert refusal(path) == "not_a_zip"


def test_an_opendocument_spreadsheet_is_read_with_its_row_numbers(tmp_path: Path) -> None:
    """As LibreOffice writes it: empty cells and rows to the end of the sheet are said once, with how often they stand there."""
    cell, empty = ods_cell, '<table:table-cell table:number-columns-repeated="16382"/>'

    def row(cells: str, repeated: int = 1) -> str:
        return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'

    rows = row(cell("Tunnus") + cell("Kieli") + empty) + row(cell("K1") + cell("ar") + empty)
    rows += row(empty, 2) + row(cell("K2") + cell("so") + empty) + row(empty, 1_048_571)
    (sheet,) = read(spreadsheet(tmp_path, rows))
    assert sheet.header == ("Tunnus", "Kieli")
    assert sheet.rows.rows() == [(2, "K1", "ar"), (5, "K2", "so")]


def old_workbook(folder: Path, *rows: list[str | float]) -> Path:
    """A workbook of Excel 97: BIFF8 records in a compound file of 512-byte sectors."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))

    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                cells += record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                cells += record(0x0203, place + struct.pack("<d", value))
    name = struct.pack("<BB", 1, 0) + b"T"
    head = start(5)
    place_of_sheet = len(head) + 4 + 6 + len(name) + 4
    stream = head + record(0x0085, struct.pack("<IH", place_of_sheet, 0) + name) + record(0x000A, b"")
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    stream += start(0x10) + record(0x0200, size) + cells + record(0x000A, b"")
    stream += bytes(max(4096 - len(stream), -len(stream) % 512))
    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    header = OLE_MARK + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    header += b"\xff" * (512 - len(header))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36)
            + struct.pack("<IQ", first, size)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    path = folder / "vanha.xls"
    table = b"".join(struct.pack("<I", one) for one in fat).ljust(512, b"\xff")
    path.write_bytes(header + table + directory + stream)
    return path


def test_a_workbook_of_excel_97_is_read(tmp_path: Path) -> None:
    (sheet,) = read(old_workbook(tmp_path, ["Tunnus", "Kieli", "Kesto"], ["K1", "ääni", 0.5], ["K2", "so", 2.0]))
    assert sheet.header == ("Tunnus", "Kieli", "Kesto")
    assert sheet.rows.rows() == [(2, "K1", "ääni", "0.5"), (3, "K2", "so", "2")]
