"""Money, months, scores and yes or no by the column: another unit or scale is told, asked about or left unknown."""

from __future__ import annotations

import pytest

from tests.data.ingest.recognise.written import column, column_in_rows

MONEY = [
    ("Kustannukset (1000 €)", ["340", "12,5"], [340_000, 12_500]),
    ("Kustannukset (1 000 €)", ["340"], [340_000]),
    ("Kustannukset t€", ["340"], [340_000]),
    ("Kustannukset (M€)", ["1,25"], [1_250_000]),
    ("Kustannukset (milj. €)", ["0,34"], [340_000]),
    ("Kustannukset (€)", ["340"], [340]),
    ("Kustannukset", ["340 000", "12 500"], [340_000, 12_500]),
    ("Kustannukset", ["340 t€", "1,2 M€"], [340_000, 1_200_000]),
    ("Kustannukset", ["12.500,50 €"], [12_500.5]),
    ("Kustannukset", ["CHF 12'500"], [None]),
]


@pytest.mark.parametrize(("header", "texts", "values"), MONEY)
def test_money(header: str, texts: list[str], values: list[float | None]) -> None:
    found = column("cost", "euros", texts, header)
    assert (found.values, found.asked) == (values, {})


def test_a_cost_too_small_or_too_large_for_its_unit_is_asked() -> None:
    found = column("cost", "euros", ["340", "1250"], "Kustannukset")
    assert (found.values, set(found.asked)) == ([340, 1250], {"amount"})
    assert column("cost", "euros", ["340", "1250"], "Kustannukset", amount="thousand_euros").values == [
        340_000,
        1_250_000,
    ]
    found = column("cost", "euros", ["12500000"], "Kustannukset (1000 €)")
    assert set(found.asked) == {"amount"}
    assert column("cost", "euros", ["12500000"], "Kustannukset (1000 €)", amount="euros").values == [12_500_000]


def test_a_unit_in_the_cells_that_is_not_the_headers_is_asked() -> None:
    """A cell's format may show € where the header says thousands of them."""
    texts = ["12 500 €", "340"]
    found = column("cost", "euros", texts, "Kustannukset (1000 €)")
    assert (found.values, set(found.asked)) == ([12_500, 340_000], {"unit"})
    told = column("cost", "euros", texts, "Kustannukset (1000 €)", unit="header")
    assert (told.values, told.asked) == ([12_500_000, 340_000], {})


def test_few_months_without_a_unit_may_be_years() -> None:
    found = column("enrolment", "months_unemployed", ["0,5", "2"], "Työttömyyden kesto")
    assert set(found.asked) == {"amount"}
    assert column("enrolment", "months_unemployed", ["0,5", "2"], "Työttömyyden kesto", amount="years").values == [
        6,
        24,
    ]
    for header, texts, values in (
        ("Työttömyyden kesto (kk)", ["2"], [2]), ("Työttömyyskuukaudet", ["2"], [2]),
        ("Työttömyyden kesto", ["2", "14"], [2, 14]), ("Työttömyyden kesto (v)", ["0,5"], [6]),
    ):  # fmt: skip
        found = column("enrolment", "months_unemployed", texts, header)
        assert (found.values, found.asked) == (values, {})


@pytest.mark.parametrize(("header", "texts", "rows", "values"), [
    ("Arvio", ["1", "3", "5"], 10, [1, 3, 5]),
    ("Arvio (1-5)", ["1", "4", "9"], 1, [None] * 3),  # a third of them is not on the scale it says
    ("Arvio (1–5)", ["1", "4"], 100, [1, 4]),
    ("Arvio (0–10)", ["0", "5", "10"], 1, [1, 3, 5]),
    ("Arvio asteikolla 1-10", ["1", "10", "8"], 1, [1, 5, 4]),
    ("Kouluarvosana 4-10", ["4", "7", "10"], 1, [1, 3, 5]),
    ("Hymiö (1-4)", ["1", "4"], 1, [1, 5]),
])  # fmt: skip
def test_scores(header: str, texts: list[str], rows: int, values: list[int | None]) -> None:
    assert column_in_rows("encounter", "satisfaction", texts, header, rows).values == values


@pytest.mark.parametrize(("texts", "rows", "answer", "values"), [
    (["3", "8", "10"], 1, "1-10", [2, 4, 5]),
    (["0", "8", "10"], 1, "0-10", [1, 4, 5]),
    (["1", "2", "3", "4"], 10, "1-4", [1, 2, 4, 5]),
    (["1", "2", "3"], 20, "1-3", [1, 3, 5]),
    (["20", "55", "100"], 1, "0-100", [2, 3, 5]),
    (["4", "7", "9"], 1, "4-10", [1, 3, 4]),
    (["3", "8", "10"], 1, "1-5", [3, None, None]),
])  # fmt: skip
def test_another_scale_is_asked_and_nothing_taken_before(
    texts: list[str], rows: int, answer: str, values: list[int | None]
) -> None:
    found = column_in_rows("encounter", "satisfaction", texts, "Arvio", rows)
    assert (found.values, set(found.asked)) == ([None] * len(texts), {"scale"})
    assert column_in_rows("encounter", "satisfaction", texts, "Arvio", rows, scale=answer).values == values


def test_a_slip_of_the_pen_is_no_other_scale() -> None:
    found = column("encounter", "satisfaction", [*"12345", "55"], "Arvio")
    assert set(found.asked) == {"scale"}, "a sixth of the rows is more than a slip"
    many = column("encounter", "satisfaction", [*(f"{number % 5 + 1}.{'0' * number}" for number in range(1, 20)), "55"])
    assert (many.values[-1], many.asked) == (None, {})


@pytest.mark.parametrize(("texts", "values", "asked"), [
    (["1", "0"], [True, False], set()),
    (["1"], [True], set()),
    (["kyllä", "ei", "1"], [True, False, True], set()),
    (["1", "2"], [None, None], {"yes_no"}),
    (["1", "2", "kyllä"], [None, None, True], {"yes_no"}),
    (["1", "3", "5"], [None] * 3, set()),  # a scale
    (["0", "1", "2"], [None] * 3, set()),
])  # fmt: skip
def test_numbers_for_yes_and_no(texts: list[str], values: list[bool | None], asked: set[str]) -> None:
    found = column("encounter", "understood", texts, "Ymmärsi")
    assert (found.values, set(found.asked)) == (values, asked)


def test_one_and_two_as_the_steward_says() -> None:
    assert column("encounter", "understood", ["1", "2"], "Ymmärsi", yes_no="one_is_yes").values == [True, False]
    assert column("encounter", "understood", ["1", "2"], "Ymmärsi", yes_no="two_is_yes").values == [False, True]
