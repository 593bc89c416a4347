"""Which groups are the largest is told only as far as rounding lets it be."""

from __future__ import annotations

import pytest

from metrics.change.largest import leaders
from metrics.grammar.answer import Row


def row(language: str, value: float | None) -> Row:
    return Row("clients", {"language": language}, "2026", value, "clients")


@pytest.mark.parametrize(
    ("values", "exact", "first"),
    [
        ({"ru": 135, "ar": 130, "so": 60}, False, ["ru", "ar"]),
        ({"ar": 134, "ru": 136, "so": 60}, True, ["ru"]),
        ({"ru": 135, "und": 900, "ar": 100}, False, ["ru"]),
        ({"ru": 0, "ar": 0}, False, []),
        ({"ru": None}, False, []),
    ],
)
def test_what_rounding_may_have_put_in_another_order_leads_together(
    values: dict[str, float | None], exact: bool, first: list[str]
) -> None:
    rows = [row(language, value) for language, value in values.items()]
    assert [one.codes["language"] for one in leaders(rows, exact=exact)] == first
