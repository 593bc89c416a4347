"""Reading CSV: separators, encodings, headers and damage, with files written by the tests themselves."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.ingest.readers import FileRefused, Sheet, csv_file, read
from data.ingest.readers.header import BLANKS

HEADER = ["Tunnus", "Asiakas", "Pvm", "Kieli", "Kesto"]
ROW = ["K1", "AS-1", "3.2.2025", "Arabia", "0,50"]


def written(tmp_path: Path, content: str | bytes, name: str = "tiedosto.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_one(tmp_path: Path, content: str | bytes) -> Sheet:
    (sheet,) = read(written(tmp_path, content))
    return sheet


def refusal(tmp_path: Path, content: str | bytes, name: str = "tiedosto.csv") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(written(tmp_path, content, name))
    return caught.value


def table(separator: str = ";", *more: str) -> str:
    quoted = [*ROW[:4], '"0,50"' if separator == "," else "0,50"]
    return "\r\n".join([separator.join(HEADER), separator.join(quoted), *more]) + "\r\n"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_usual_separator(tmp_path: Path, separator: str) -> None:
    sheet = read_one(tmp_path, table(separator))
    assert sheet.header == tuple(HEADER)
    assert sheet.rows.rows() == [(2, *ROW)]
    assert f"separator:{separator}" in sheet.notes


@pytest.mark.parametrize(
    ("prefix", "encoding", "note"),
    [
        (b"", "utf-8", "utf-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (b"", "cp1252", "cp1252"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (b"", "utf-16-le", "utf-16-le"),
        (b"", "utf-16-be", "utf-16-be"),
    ],
)
def test_any_usual_encoding(tmp_path: Path, prefix: bytes, encoding: str, note: str) -> None:
    sheet = read_one(tmp_path, prefix + "Äidinkieli;Määrä €\nvenäjä;5\nsomali;7\n".encode(encoding))
    assert sheet.header == ("Äidinkieli", "Määrä €")
    assert sheet.rows.rows() == [(2, "venäjä", "5"), (3, "somali", "7")]
    assert f"encoding:{note}" in sheet.notes


def test_decimal_commas_do_not_pass_for_separators(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "Kesto;Hinta\n0,50;1,20\n0,75;2,40\n1,00;3,10\n")
    assert sheet.header == ("Kesto", "Hinta")
    assert sheet.rows.row(0) == (2, "0,50", "1,20")


def test_semicolons_inside_cells_do_not_pass_for_separators(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "id,aiheet,tulos\n1,Työ; Asuminen; Kela,ok\n2,Työ,ok\n3,Asuminen; Vero,ok\n")
    assert sheet.header == ("id", "aiheet", "tulos")


def test_the_separator_excel_declares_is_believed_and_is_no_row(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "sep=|\r\na,b|c,d\r\n1,5|2,5\r\n")
    assert sheet.header == ("a,b", "c,d")
    assert sheet.rows.rows() == [(2, "1,5", "2,5")]


def test_title_rows_above_the_header_are_kept_apart(tmp_path: Path) -> None:
    sheet = read_one(
        tmp_path, '"Väestö muuttujina Alue, Kieli ja Vuosi"\r\n\r\n"Alue";"Kieli";"2024"\r\n"KU049";"AR";5\r\n'
    )
    assert sheet.header == ("Alue", "Kieli", "2024")
    assert sheet.header_row == 3
    assert sheet.rows.rows() == [(4, "KU049", "AR", "5")]
    assert sheet.titles == ((1, "Väestö muuttujina Alue, Kieli ja Vuosi"),)


def test_a_title_with_a_line_break_counts_as_one_row(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, '"Otsikko\ntoinen rivi"\na;b\n1;2\n')
    assert sheet.header_row == 2
    assert sheet.rows.rows() == [(3, "1", "2")]


def test_quoted_line_breaks_do_not_shift_row_numbers(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, 'a;b\n1;"x\ny"\n2;z\n')
    assert sheet.rows.rows() == [(2, "1", "x\ny"), (3, "2", "z")]


def test_empty_rows_are_left_out_and_still_counted(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "a;b\n1;2\n\n;\n \t;\u00a0\n3;4\n\n")
    assert sheet.rows.rows() == [(2, "1", "2"), (6, "3", "4")]


def test_trailing_empty_columns_are_dropped(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "a;b;;\n1;2;;\n3;;;\n")
    assert sheet.header == ("a", "b")
    assert sheet.rows.rows() == [(2, "1", "2"), (3, "3", None)]


def test_a_column_without_a_header_is_named_by_its_place(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "a;b;;\n1;2;;x\n")
    assert sheet.header == ("a", "b", "column 4")
    assert "unnamed_column:4" in sheet.notes


def test_equal_headers_are_told_apart(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "Aihe;Aihe; aihe (2);Aihe (2)\n1;2;3;4\n")
    assert len(set(sheet.header)) == 4
    assert sheet.header[0] == "Aihe"
    assert "duplicate_header:2" in sheet.notes


def test_long_rows_are_broken_and_short_ones_padded(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, table(";", "K2;AS-2", ";".join(["K3", *ROW[1:], "x", "y"]), ";".join([*ROW, "", ""])))
    assert [row[0] for row in sheet.rows.rows()] == [2, 3, 5]
    assert sheet.rows.row(1) == (3, "K2", "AS-2", None, None, None)
    assert [(row.row, row.reason) for row in sheet.broken] == [(4, "too_many_cells")]


@pytest.mark.parametrize("blank", [blank for blank in BLANKS if blank not in "\r\n"])
@pytest.mark.parametrize("cells", ["{0}x;y", "x{0};y", "x;{0}y", "x;y{0}", '"{0}x";y', "{0};x", 'x;"{0}\n"'])
def test_one_cell_with_one_kind_of_blank_is_stripped_too(tmp_path: Path, blank: str, cells: str) -> None:
    row = cells.format(blank)
    sheet = read_one(tmp_path, f"ab;cd\n1;2\n{row}\n3;4\n")
    found = [cell for cell in sheet.rows.drop("row").row(1) if cell is not None]
    assert found == [cell for cell in ("x", "y") if cell in row]


def test_blanks_around_cells_are_stripped(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "\u00a0a ;\ufeffb\u200b\n \u00a0x\u200b ;\u200b\n")
    assert sheet.header == ("a", "b")
    assert sheet.rows.rows() == [(2, "x", None)]


def test_a_stray_quotation_mark_is_part_of_its_cell(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, 'a;b\n1;5" näyttö\n2;x\n3;6" putki\n4;y\n')
    assert sheet.rows.height == 4
    assert sheet.rows.row(0) == (2, "1", '5" näyttö')


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(tmp_path: Path, ending: str) -> None:
    sheet = read_one(tmp_path, ending.join(["a;b", "1;2", "3;4", ""]))
    assert sheet.rows.rows() == [(2, "1", "2"), (3, "3", "4")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        (codecs.BOM_UTF8, "empty_file"),
        (b"a;b;c\n", "header_only"),
        (b"a;b;c\n;;\n", "header_only"),
        (b"vain yksi sarake\nrivi\nrivi\n", "no_separator"),
        (b"a;b\n1;2\n\0\0\xff\xfe;;\n", "nul_bytes"),
        ("a;b\n1;\0\n".encode("utf-16"), "nul_bytes"),
        (b"a;b\n1;\x81\n", "unknown_encoding"),
        (codecs.BOM_UTF16_LE + b"a\0;\0b", "unknown_encoding"),
        (b'a;b\n1;2\n3;"x\n4\n', "unclosed_quote"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refusal(tmp_path, content).reason == reason


def test_an_unclosed_quotation_mark_is_told_by_row_and_without_its_text(tmp_path: Path) -> None:
    refused = refusal(tmp_path, 'a;b\n1;2\n3;"131052-308T\n' + "4;y;yyyyyyyy\n" * 20_000)
    assert refused.params == {"row": 3}
    assert refused.__cause__ is None
    assert "131052" not in f"{refused}{refused!r}{refused.__dict__}"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        read(tmp_path / "puuttuu.csv")
    assert caught.value.reason == "cannot_open"


def test_cells_do_not_show_when_a_sheet_is_printed(tmp_path: Path) -> None:
    sheet = read_one(tmp_path, "salaisuus\n\na;b\n1;131052-308T\n2;3;131052-308T\n")
    assert sheet.broken
    assert "131052" not in repr(sheet)
    assert "salaisuus" not in repr(sheet)


CELLS = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc"], exclude_characters="\x1e") | st.just("\n") | st.just('"'),
    max_size=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=8),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    quote_all=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path: Path, rows: list[list[str]], separator: str, encoding: str, quote_all: bool, ending: str
) -> None:
    # The first column is always filled, so that the header is the first even row in every reading.
    rows = [[f"K{number}", *row] for number, row in enumerate(rows)]
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, delimiter=separator, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator=ending
    )
    writer.writerows([["Tunnus", "Kieli", "Aihe", "Tulos", "Kanava"], *rows])
    path = tmp_path / "kierros.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))

    sheet = csv_file.read_csv(path)

    assert sheet.header == ("Tunnus", "Kieli", "Aihe", "Tulos", "Kanava")
    assert f"separator:{separator}" in sheet.notes
    expected = [(number, *(cell.strip(BLANKS) or None for cell in row)) for number, row in enumerate(rows, start=2)]
    assert sheet.rows.rows() == expected


STRAY = st.text(st.sampled_from('a1" '), max_size=6)
QUOTED = st.text(st.sampled_from('a1;"\n '), max_size=6).map(lambda text: '"' + text.replace('"', '""') + '"')


@settings(max_examples=1000, deadline=None)
@given(rows=st.lists(st.lists(STRAY | QUOTED, min_size=1, max_size=3), max_size=4))
def test_both_ways_of_reading_see_the_same_cells(rows: list[list[str]]) -> None:
    text = "aa;bb;cc\n1;2;3\n" + "".join(";".join(row) + "\n" for row in rows)
    fast = csv_file._fast(text.encode(), ";", 0, ["aa", "bb", "cc"])
    if fast is None:
        return
    slow, broken = csv_file._slow(text.encode(), ";", 0, 3, "tiedosto.csv")
    assert not broken
    seen = [[tuple(cell or None for cell in row) for row in frame.rows() if any(row[1:])] for frame in (fast, slow)]
    assert seen[0] == seen[1]
