"""PX files: the cells stand where the variables say, totals and parts are not counted, damage is said."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingest.readers import FileRefused, read
from data.store.store import Store
from tests.data.ingest.imports import load, rows

TABLE = """CHARSET="ANSI";
AXIS-VERSION="2013";
CODEPAGE="iso-8859-15";
LANGUAGE="fi";
TITLE="Väestö muuttujina Alue, Kieli, Sukupuoli ja Vuosi; äidinkieli";
TITLE[sv]="Befolkning";
STUB="Alue","Kieli","Sukupuoli";
HEADING="Vuosi";
VALUES("Alue")="KOKO MAA","Espoo","Van"
"taa";
VALUES("Kieli")="YHTEENSÄ","suomi","somali";
VALUES("Sukupuoli")="Yhteensä","Miehet";
VALUES("Vuosi")="2023","2024";
CODES("Alue")="SSS","KU049","KU092";
CODES("Kieli")="SSS","fi","so";
CODES("Sukupuoli")="SSS","1";
DATA=
900 910 450 455
800 800 400 400
100 110 50 55
500 505 250 250
450 450 225 225
50 "..." 25 "..."
400 405 200 205
350 350 175 175
- 55 - 30;
"""


def px(folder: Path, text: str, name: str = "vaesto.px") -> Path:
    path = folder / name
    path.write_bytes(text.encode("cp1252"))
    return path


def test_a_row_per_cell_with_codes_and_texts(tmp_path: Path) -> None:
    (sheet,) = read(px(tmp_path, TABLE))
    assert sheet.header == ("Alue", "Kieli", "Sukupuoli", "Vuosi", "Väestö")
    found = [tuple(row[1:]) for row in sheet.rows.iter_rows()]
    assert ("KU092 Vantaa", "so somali", "SSS Yhteensä", "2024", "55") in found
    assert all(row[2] == "SSS Yhteensä" for row in found), "men are counted in the total already"
    assert len(found) == 18


def test_the_language_table_loads_without_totals_and_suppressed_is_not_zero(tmp_path: Path) -> None:
    """Espoo: 450 and 450 Finnish, 50 and suppressed Somali speakers. Vantaa: 350 and 350, no Somali speakers, then 55."""
    store = Store(tmp_path / "store")
    prepared, generation = load(store, px(tmp_path, TABLE))
    assert generation is not None
    counts = prepared.files[0].counts
    assert (counts.read, counts.loaded, counts.rejected) == (18, 8, 0)
    query = "SELECT municipality::VARCHAR, language::VARCHAR, year, residents FROM population ORDER BY ALL"
    assert rows(store, query) == [
        ("049", "fi", 2023, 450), ("049", "fi", 2024, 450), ("049", "so", 2023, 50), ("049", "so", 2024, None),
        ("092", "fi", 2023, 350), ("092", "fi", 2024, 350), ("092", "so", 2023, 0), ("092", "so", 2024, 55),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        TABLE.replace("- 55 - 30;", "- 55 - ;"),  # a cell is missing
        TABLE.replace("DATA=", "NOTHING="),
        TABLE.replace('STUB="Alue","Kieli","Sukupuoli";', ""),
        TABLE[:300],
        "CHARSET=" + '"' * 5000,
        'AXIS-VERSION="2013";' + "A=" + "x" * 50_000,
    ],
)
def test_damage_is_said(text: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(px(tmp_path, text))
    assert refused.value.reason == "not_px"


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.data())
def test_any_shape_of_table_is_read_cell_by_cell(sizes: list[int], data: st.DataObject) -> None:
    from tempfile import TemporaryDirectory

    names = [f"Muuttuja {index}" for index in range(len(sizes))]
    values = [[f"arvo {index}.{number}" for number in range(size)] for index, size in enumerate(sizes)]
    combinations = list(product(*values))
    cells = data.draw(st.lists(st.integers(0, 10**6), min_size=len(combinations), max_size=len(combinations)))
    quoted = [",".join(f'"{value}"' for value in one) for one in values]
    text = 'CHARSET="ANSI";\n' + f'STUB="{names[0]}";\n' + "HEADING=" + ",".join(f'"{n}"' for n in names[1:]) + ";\n"
    text += "".join(f'VALUES("{name}")={one};\n' for name, one in zip(names, quoted, strict=True))
    text += "DATA=" + " ".join(map(str, cells)) + ";"
    with TemporaryDirectory() as folder:
        (sheet,) = read(px(Path(folder), text))
    found = [tuple(row[1:]) for row in sheet.rows.iter_rows()]
    assert found == [(*combination, str(cell)) for combination, cell in zip(combinations, cells, strict=True)]


SPARSE = (
    TABLE.replace(
        'CODES("Alue")', 'KEYS("Alue")=CODES;\nKEYS("Kieli")=VALUES;\nKEYS("Sukupuoli")=CODES;\nCODES("Alue")'
    ).split("DATA=")[0]
    + 'DATA=\n"SSS","YHTEENSÄ","SSS",900 910\n"KU049","somali","SSS",50 ".."\n"KU092","somali","1",1 2;'
)


def test_rows_that_begin_with_their_keys_and_those_left_out_for_their_zeros(tmp_path: Path) -> None:
    """PX file format: with KEYS, rows that hold nothing but zeros are excluded from the file."""
    (sheet,) = read(px(tmp_path, SPARSE))
    found = {tuple(row[1:]) for row in sheet.rows.iter_rows()}
    assert ("SSS KOKO MAA", "SSS YHTEENSÄ", "SSS Yhteensä", "2023", "900") in found
    assert ("KU049 Espoo", "so somali", "SSS Yhteensä", "2024", "..") in found
    assert ("KU092 Vantaa", "so somali", "SSS Yhteensä", "2024", "0") in found
    assert len(found) == 18


@pytest.mark.parametrize(
    ("change", "instead"),
    [
        ('"KU092","somali","1"', '"KU999","somali","1"'),
        ('"KU092","somali","1"', '"KU049","somali","SSS"'),
        ("1 2;", "1;"),
    ],
)
def test_rows_of_no_key_of_one_twice_and_too_short_are_damage(tmp_path: Path, change: str, instead: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(px(tmp_path, SPARSE.replace(change, instead)))
    assert refused.value.reason == "not_px"


def test_the_last_semicolon_may_be_missing(tmp_path: Path) -> None:
    (whole,) = read(px(tmp_path, TABLE))
    (open_ended,) = read(px(tmp_path, TABLE.rstrip(";\n"), "avoin.px"))
    assert open_ended.rows.equals(whole.rows)


@pytest.mark.parametrize(
    ("page", "encoding", "told"),
    [
        ("iso-8859-15", "iso-8859-15", "iso-8859-15"), ("windows-1252", "cp1252", "cp1252"), ("iso-8859-15", "utf-8", "utf-8"),
        ("iso-8859-1", "iso-8859-1", "iso-8859-1"),
    ],
)  # fmt: skip
def test_the_code_page_decides_what_a_letter_is(tmp_path: Path, page: str, encoding: str, told: str) -> None:
    name = "Šibenik" if encoding != "iso-8859-1" else "Göteborg"
    text = TABLE.replace("iso-8859-15", page).replace("Espoo", name)
    path = tmp_path / "t.px"
    path.write_bytes(text.encode(encoding))
    (sheet,) = read(path)
    assert f"KU049 {name}" in set(sheet.rows["c0"])
    assert f"encoding:{told}" in sheet.notes
