"""No text of any file of a table runs in a spreadsheet: one rule, seen at every writer."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from datetime import date

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.codes.codelist import CodeList
from data.ingest import rejects
from data.ingest.rejects import Reject
from data.sample import csv_file
from data.spreadsheet import csv_text, neutral
from data.texts import texts
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import Question
from metrics.listing import as_csv
from metrics.measures.gaps import Lacking
from pages.downloads.about import About
from pages.downloads.workbook import to_xlsx
from pages.figures import tables
from pages.view.table import of_texts

BLANKS = " \t\r\n\v\f\u00a0\u2003\u200b\ufeff\x00\u3000"
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
DANGEROUS = st.builds(
    "{}{}{}".format,
    st.text(st.sampled_from(BLANKS), max_size=3),
    st.sampled_from(SIGNS),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
TEXTS = st.one_of(DANGEROUS, st.text(st.characters(codec="utf-8"), max_size=12))


def runs(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula, after it has trimmed it and made its signs plain."""
    seen = cell.lstrip(BLANKS)
    return unicodedata.normalize("NFKC", seen[:1]) in tuple("=+-@") or cell[:1] in ("\t", "\r", "\n")


def of_table(text: str) -> list[list[str]]:
    made = tables.to_csv(of_texts((text, text), [(text, text)]), texts("fi"), [text]).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(made, newline=""), delimiter=";"))


def of_rejects(text: str) -> list[list[str]]:
    made = rejects.as_csv([Reject(text, text, 2, text, text, text, {text: text}, text, 3)])
    return list(csv.reader(io.StringIO(made, newline=""), delimiter=";"))


def of_answer(text: str) -> list[list[str]]:
    row = Row(text, {text: text}, text, 1.5, text)
    made = as_csv(Answer(Question(("clients",)), (row,), 1, date(2025, 1, 1), None), [Lacking()])
    return list(csv.reader(io.StringIO(made, newline="")))


@pytest.mark.parametrize("write", [of_table, of_rejects, of_answer])
@given(text=TEXTS)
def test_no_writer_of_csv_lets_a_formula_out(write: Callable[[str], list[list[str]]], text: str) -> None:
    cells = [cell for row in write(text) for cell in row]
    assert cells
    assert not [cell for cell in cells if runs(cell)]


@given(text=TEXTS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert neutral(text) == (f"'{text}" if runs(text) or neutral(text) != text else text)
    assert neutral(neutral(text)) == neutral(text)
    assert neutral(text).removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize("text", ["Espoo", "−5", "– ", "±0 %", "a=b", "", "5-6", "'=x", "«=»"])
def test_plain_words_have_no_apostrophe(text: str) -> None:
    assert neutral(text) == text


def test_numbers_are_numbers_however_they_begin() -> None:
    assert csv_text([["=x", -1, 2.5, None, True]], separator=";") == "'=x;-1;2.5;;True\n"
    assert csv_text([[-1.5]], number=lambda number: str(number).replace(".", ",")) == '"-1,5"\n'


@settings(max_examples=40)
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=8))
def test_a_workbook_holds_a_formula_as_text(text: str) -> None:
    names = [sign + text for sign in SIGNS]
    for head in (names[0], names[-1]):
        table = of_texts((head, head), [(name, name) for name in names])
        book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table, About(head, (head,), ()), texts("fi"))))
        cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
        assert len(cells) == 2 * (1 + len(names))
        assert {cell.data_type for cell in cells} == {"s"}


def test_the_sample_of_a_municipality_lets_no_formula_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CodeList, "label", lambda _self, code, _lang: f" ＝{code}")
    rows = pl.DataFrame(
        {
            "encounter_id": [1], "client_id": [2], "occurred_on": [date(2025, 1, 1)], "municipality": ["049"],
            "language": ["so"], "language_support": ["own_language"], "channel": ["phone"], "topics": [["work", "housing"]],
            "minutes": [5], "resolution": ["solved"], "requested_on": [date(2025, 1, 1)], "arrived_on": [date(2024, 1, 1)],
        }
    )  # fmt: skip
    (line,) = csv_file._as_exported(rows).rows()
    assert not [cell for cell in line if isinstance(cell, str) and runs(cell)]
    assert [cell for cell in line if isinstance(cell, str) and "＝" in cell]
