"""Values of the comparison of which some data lack have a star, in the matrix and the tables, and it is said what it means."""

from __future__ import annotations

import pytest

from data.store.store import Store
from data.texts import Language, texts
from tests.pages.compare.test_compare import cells_of
from tests.pages.drawn import open_page, said, tables
from tests.pages.without_months import lacking

__all__ = ["lacking"]


@pytest.fixture(autouse=True)
def _served(lacking: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(lacking.path))


def starred(table: str, row: str) -> list[bool]:
    return ["*" in cell for cell in cells_of(table, row)]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_the_matrix_and_the_tables_beside_lines_have_stars(lang: Language) -> None:
    t = texts(lang)
    app = open_page("compare", lang, period="2026-ytd-08", areas="all,272,905", metrics="clients,encounters")
    vaasa, kokkola = ("Vasa", "Karleby") if lang == "sv" else ("Vaasa", "Kokkola")
    matrix, *beside = [one for one in tables(app) if f'<th scope="row">{vaasa}</th>' in one and "compared" not in one]
    assert starred(matrix, vaasa)[:2] == starred(matrix, t("filter.all.area"))[:2] == [True, True]
    assert starred(matrix, kokkola)[:2] == [False, False]
    assert any(starred(one, vaasa)[0] and not starred(one, kokkola)[0] for one in beside)
    assert t("figure.star") in said(app)
    before = open_page("compare", lang, period="2025", areas="all,272,905", metrics="clients,encounters")
    assert not any("*<" in one for one in tables(before))
    assert t("figure.star") not in said(before)


def test_beside_a_target_they_have_them_too() -> None:
    t = texts("fi")
    app = open_page("compare", "fi", period="2026", against="target", areas="272,905", metrics="clients,encounters")
    rows = [one for one in tables(app) if '<th scope="row">Vaasa</th>' in one]
    of_target = [one for one in rows if len(cells_of(one, "Vaasa")) == 3]
    assert len(of_target) == 2
    assert all(starred(one, "Vaasa")[0] and not starred(one, "Kokkola")[0] for one in of_target)
    assert t("figure.star") in said(app)
