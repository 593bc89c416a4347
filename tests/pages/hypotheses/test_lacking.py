"""A hypothesis says what data lack of its time and places, as other pages do of their figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from metrics.hypotheses.hypothesis import parse_hypothesis
from metrics.hypotheses.register import Register
from tests.conftest import own_copy
from tests.pages.drawn import open_page
from tests.pages.without_months import lacking

__all__ = ["lacking"]

LACKS = "Tiedoista puuttuu: asioinnit (Vaasa, huhti–toukokuu 2026). Ne eivät ole mukana luvuissa."


@pytest.mark.parametrize(
    ("compared", "reference", "period", "told"),
    [
        ("272", "others", "2026-Q2", [LACKS]),
        ("905", "272", "2026-Q2", [LACKS]),
        ("272", "others", "2026-Q1", []),
        ("272", "others", "2025", []),
    ],
)
def test_what_lacks_of_either_group_is_told(
    compared: str,
    reference: str,
    period: str,
    told: list[str],
    lacking: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    store = own_copy(lacking.path, tmp_path / "store")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store))
    design = {"kind": "groups", "dimension": "municipality", "compared": compared, "reference": reference}
    asked = {"question": "Onko Kokkolassa enemmän asiointeja?", "outcome": "encounters", "direction": "up"}
    Register.of(store).register(parse_hypothesis(**asked, design=design, smallest=5, period=period))
    assert [one.value for one in open_page("hypotheses", "fi").info if "puuttuu" in one.value] == told
