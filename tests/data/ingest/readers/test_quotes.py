"""Quotation marks that nobody closes: the rows under them are rows all the same, and notes of several lines stay notes."""

from pathlib import Path

import pytest

from data.ingest.readers import FileRefused, Sheet, quotes, read

HEADER = "Nro;Pvm;Kieli;Aihe;Huom"


def read_text(tmp_path: Path, text: str) -> Sheet:
    path = tmp_path / "tiedosto.csv"
    path.write_text(text, encoding="utf-8")
    (sheet,) = read(path)
    return sheet


def rows(*notes: str, end: str = "") -> str:
    lines = [f"{number};{number}.3.2025;arabia;Kela;{note}{end}" for number, note in enumerate(notes, start=1)]
    return "\n".join([HEADER + end, *lines]) + "\n"


@pytest.mark.parametrize(
    "notes",
    [
        ("", '"pyysi tulkkia', "", "", '"pyysi tulkkia', ""),
        ("", '"pyysi tulkkia', '"pyysi tulkkia', "", "", ""),
        ("", '"pyysi', "", "", 'tulkki"', ""),
        ("", '"pyysi tulkkia', "", "", "", ""),
        ("", '"pyysi', "", "", '"hyvä; kiitos"', ""),
    ],
)
@pytest.mark.parametrize("end", ["", ";1"])
def test_a_mark_that_is_never_closed_swallows_no_rows(tmp_path: Path, notes: tuple[str, ...], end: str) -> None:
    sheet = read_text(tmp_path, rows(*notes, end=end))
    assert sheet.rows["c0"].to_list() == ["1", "2", "3", "4", "5", "6"]
    assert sheet.rows["row"].to_list() == [2, 3, 4, 5, 6, 7]
    assert sheet.rows["c3"].to_list() == ["Kela"] * 6
    assert not sheet.broken


def test_a_quoted_cell_with_the_separator_stays_one_beside_an_open_mark(tmp_path: Path) -> None:
    sheet = read_text(tmp_path, rows('"hyvä; kiitos"', '"pyysi', "", "", '"pyysi'))
    assert sheet.rows["c4"].to_list() == ["hyvä; kiitos", '"pyysi', None, None, '"pyysi']


def test_rows_are_refused_by_row_number_when_the_marks_cannot_be_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        read_text(tmp_path, rows("", '"pyysi', "", '"pyysi', '"kaksi\nriviä"'))
    assert (caught.value.reason, caught.value.params) == ("quoted_rows", {"row": 3})


@pytest.mark.parametrize(
    "note", ["ensin\nsitten", "ensin; toiseksi\nkolmanneksi; neljänneksi\nlopuksi", "a;b;c;d;e\nloppu", "\n;;;;\n"]
)
def test_a_note_of_several_lines_stays_one_cell(tmp_path: Path, note: str) -> None:
    sheet = read_text(tmp_path, rows("", f'"{note}"', ""))
    assert sheet.rows["c0"].to_list() == ["1", "2", "3"]
    assert sheet.rows["c4"][1] == note.strip()


def test_a_note_of_a_narrow_table_may_hold_the_separator_on_every_line(tmp_path: Path) -> None:
    sheet = read_text(tmp_path, 'Kieli,Huom\narabia,"Kysyi, sai\nKiitti, lähti\nPalasi, kysyi"\nsomali,\n')
    assert sheet.rows["c0"].to_list() == ["arabia", "somali"]


def test_notes_of_several_lines_cost_no_second_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object) -> bool:
        raise AssertionError("the whole file is read once more")

    monkeypatch.setattr(quotes, "_is_malformed", again)
    sheet = read_text(tmp_path, rows("", '"pyysi tulkkia\nsoitetaan; huomenna"', ""))
    assert sheet.rows.height == 3
