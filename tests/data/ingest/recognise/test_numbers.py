"""Signs of numbers by the column: right where the cells tell, asked where they do not, never quietly a thousand times off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.ingest.recognise.written import column

RIGHT = [
    # One sign, told by the cell itself.
    (["12,5"], [12.5]),
    (["12.5"], [12.5]),
    (["0,75"], [0.75]),
    (["0.750"], [0.75]),
    (["0,125"], [0.125]),
    (["1234,567"], [1234.567]),
    (["1234.567"], [1234.567]),
    (["12,50", "8,00"], [12.5, 8]),
    (["1,2345"], [1.2345]),
    ([",5", "1,5"], [0.5, 1.5]),
    (["7"], [7]),
    (["0"], [0]),
    (["007"], [7]),
    # Thousands that can be nothing else.
    (["1 234"], [1234]),
    (["1\u00a0234,5"], [1234.5]),
    (["1\u202f234\u202f567"], [1_234_567]),
    (["1'234.5"], [1234.5]),
    (["1’234’567"], [1_234_567]),
    (["1.234.567"], [1_234_567]),
    (["1,234,567"], [1_234_567]),
    (["1.234,5"], [1234.5]),
    (["1,234.5"], [1234.5]),
    (["12.345.678,90"], [12_345_678.9]),
    (["12,345,678.90"], [12_345_678.9]),
    (["1 234,567"], [1234.567]),
    # Cells that others decide.
    (["1.250", "12,5"], [1250, 12.5]),
    (["1,250", "12.5"], [1250, 12.5]),
    (["1.250", "1.234.567"], [1250, 1_234_567]),
    (["1,250", "1,234,567"], [1250, 1_234_567]),
    (["12.500", "1,234.5"], [12.5, 1234.5]),
    (["12,500", "1,234.5"], [12_500, 1234.5]),
    (["12,500", "0,750"], [12.5, 0.75]),
    (["12.500", "7.25"], [12.5, 7.25]),
    (["12,500", "1.234.567"], [12.5, 1_234_567]),
    (["1.250", "2.000", "3,75", "980"], [1250, 2000, 3.75, 980]),
    (["1,5", "2.5"], [1.5, 2.5]),
    (["1 250,125", "2,500"], [1250.125, 2.5]),
    # No numbers.
    (["12 34"], [None]),
    (["1.23.456"], [None]),
    (["1,234,56"], [None]),
    (["12,"], [None]),
    (["1.2.2025"], [None]),
    (["−5", "- 3", "–1,5"], [None, None, None]),  # no days of training below zero
    (["1,234.567.890"], [None]),
    (["9" * 400, "5"], [None, 5]),
    (["viisi", "5"], [None, 5]),
]


@pytest.mark.parametrize(("texts", "values"), RIGHT)
def test_what_the_column_tells(texts: list[str], values: list[object]) -> None:
    found = column("staff", "training_days", texts, "Koulutuspäivät")
    assert (found.values, found.asked) == (values, {})
    assert column("staff", "training_days", texts[::-1], "Koulutuspäivät").values == values[::-1], "in any order"


ASKED = [
    ("staff", "person_years", ["1.250", "2.500"], "decimals", [1.25, 2.5], [1250, 2500]),
    ("staff", "training_days", ["12,500"], "decimals", [12.5], [12_500]),
    ("cost", "euros", ["12.500 €", "340.000 €"], "thousands", [12.5, 340], [12_500, 340_000]),
    ("cost", "euros", ["1.250", "980000"], "thousands", [1.25, 980_000], [1250, 980_000]),
    ("cost", "euros", ["1.250", "2,500", "9000"], "thousands", [1.25, 2.5, 9000], [1250, 2500, 9000]),
    ("cost", "euros", ["1 250", "12.500", "70000"], "thousands", [1250, 12.5, 70_000], [1250, 12_500, 70_000]),
    ("cost", "euros", ["1,5", "2.5", "1.250"], "thousands", [1.5, 2.5, 1.25], [1.5, 2.5, 1250]),
    (
        "cost",
        "euros",
        ["12,5", "1.234.567", "1,234,567", "1.250"],
        "thousands",
        [12.5, 1_234_567, 1_234_567, 1.25],
        [12.5, 1_234_567, 1_234_567, 1250],
    ),
    ("population", "residents", ["1.250", "12.500"], "thousands", [None, None], [1250, 12_500]),
    (
        "encounter",
        "minutes",
        ["1.250", "45", "30", "60", "90"],
        "decimals",
        [1, 45, 30, 60, 90],
        [1250, 45, 30, 60, 90],
    ),
]


@pytest.mark.parametrize(("table", "field", "texts", "safe", "small", "large"), ASKED)
def test_three_digits_after_one_lone_sign_are_asked(
    table: str, field: str, texts: list[str], safe: str, small: list[object], large: list[object]
) -> None:
    header = {"euros": "Euroa", "minutes": "Kesto (min)"}.get(field, field)
    found = column(table, field, texts, header)
    assert found.asked["thousands"][0] == safe
    assert found.values == (small if safe == "decimals" else large)
    assert column(table, field, texts, header, thousands="decimals").values == small
    assert column(table, field, texts, header, thousands="thousands").values == large


@pytest.mark.parametrize(("table", "field", "texts", "header", "values"), [
    ("encounter", "minutes", ["1.250", "2.500"], "Kesto (h)", [75, 150]),  # 1250 hours are none
    ("encounter", "satisfaction", ["4.000", "5.000"], "Arvio", [4, 5]),
    ("cost", "year", ["2.024", "2.025"], "Vuosi", [2024, 2025]),
])  # fmt: skip
def test_what_the_field_can_hold_tells_too(
    table: str, field: str, texts: list[str], header: str, values: list[int]
) -> None:
    found = column(table, field, texts, header)
    assert (found.values, "thousands" in found.asked) == (values, False)


def test_what_was_decided_is_remarked() -> None:
    remarks = column("staff", "training_days", ["1.250", "12,5"], "Koulutuspäivät").remarks
    assert remarks == ("decimal_comma", "thousands_point")
    assert column("staff", "training_days", ["7", "1 250"], "Koulutuspäivät").remarks == ()


STYLES = {
    "finnish": ("\u00a0", ","), "german": (".", ","), "english": (",", "."), "swiss": ("'", "."), "plain": ("", "."),
    "plain comma": ("", ","),
}  # fmt: skip


def written(value: float, style: str, decimals: int) -> str:
    thousands, decimal = STYLES[style]
    signs = {",": thousands, ".": decimal}
    return "".join(signs.get(letter, letter) for letter in f"{value:,.{decimals}f}")


@given(
    st.lists(st.floats(0, 2_000_000, allow_nan=False), min_size=1, max_size=12), st.sampled_from(sorted(STYLES)),
    st.integers(0, 3),
)  # fmt: skip
def test_a_column_of_one_style_is_right_or_asked(values: list[float], style: str, decimals: int) -> None:
    texts = list(dict.fromkeys(written(value, style, decimals) for value in values))
    truth = list(dict.fromkeys(round(float(f"{value:.{decimals}f}"), 3) for value in values))
    found = column("staff", "training_days", texts, "Koulutuspäivät")
    if found.asked:
        right = "decimals" if decimals else "thousands"
        found = column("staff", "training_days", texts, "Koulutuspäivät", thousands=right)
    assert found.values == pytest.approx(truth)
