"""Tables of values as HTML: what stands on paper is the same as on screen."""

from __future__ import annotations

import re

import pytest

from pages.figures.tables import to_html
from pages.view.table import of_texts


@pytest.mark.parametrize("columns", [1, 9, 10, 18, 19, 27])
def test_a_wide_table_stands_on_paper_in_parts_that_have_every_value_once(columns: int) -> None:
    header = ["Kuukausi", *(f"Kieli{place}" for place in range(columns))]
    lines = [[f"kk{row}", *(f"{row}/{place}" for place in range(columns))] for row in range(3)]
    screen, *paper = re.findall(r"<table.*?</table>", to_html(of_texts(header, lines), "Kielet"))
    assert bool(paper) == (columns > 9)
    for place, part in enumerate(paper, 1):
        assert f"<caption>Kielet ({place}/{len(paper)})</caption>" in part
        assert [re.findall(rf">kk{row}<", part) for row in range(3)] == [[f">kk{row}<"] for row in range(3)]
    wide = [part.count('scope="col"') for part in paper]
    assert max(wide, default=0) - min(wide, default=0) <= 1, "no part has a lone column of what is left"
    for form in (r"<td>(.*?)</td>", r"<th scope=.col.>(Kieli\d+)</th>"):
        assert not paper or sorted(re.findall(form, "".join(paper))) == sorted(re.findall(form, screen))


def test_long_words_leave_room_for_fewer_columns() -> None:
    header = ["Aihe", *["Maahanmuuttajapalvelut"] * 4]
    assert to_html(of_texts(header, [["a", *"1234"]]), "x").count("<table") == 3


@pytest.mark.parametrize(("name", "is_narrow"), [("1", True), ("2026-11-28", True), ("Ohjaus ja neuvonta", False)])
def test_short_names_of_rows_take_no_room_from_the_values(name: str, is_narrow: bool) -> None:
    made = to_html(of_texts(["Versio", "Asiakkaat"], [[name, "2 640"]]), "Versiot")
    assert ('class="values pair narrow"' in made) == is_narrow
