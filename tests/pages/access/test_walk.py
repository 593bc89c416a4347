"""Every role on every page, with addresses that ask for more than it has: what is seen is what docs/doors.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import texts
from pages.access.rights import ROLES, Role, rights_of
from pages.shell.registry import PAGES
from tests.conftest import ROOT
from tests.pages.drawn import Open, said
from tests.pages.rights import with_rights

t = texts("fi")
DOORS = (ROOT / "docs" / "doors.md").read_text(encoding="utf-8")
NO_ACTS = {
    "importing": "import.no_right", "sources": "sources.no_right", "targets": "targets.no_right",
    "briefings": "briefing.no_right", "hypotheses": "hypotheses.no_right",
}  # fmt: skip
"""What a page says to someone who may not act there."""
ASKED: tuple[dict[str, str], ...] = ({"audience": "internal"}, {"audience": "internal", "municipality": "091"})
FORGED: tuple[dict[str, str], ...] = (
    {"audience": "internal:091"},
    {"audience": "internal:049+091"},
    {"audience": "INTERNAL"},
)
"""No address of the app's. They take turns, so that each meets every page and every role."""


PLACES = {spec.id: place for place, spec in enumerate(PAGES)}


def promised() -> dict[tuple[str, Role], str]:
    """The cells of the table of pages, by page and role."""
    names = {t("page." + spec.id) if spec.id != "overview" else "Tilannekuva": spec.id for spec in PAGES}
    rows = re.findall(r"^\| \*(.+?)\* \| (.+) \|$", DOORS, re.MULTILINE)
    return {
        (names[name], role): cell for name, cells in rows for role, cell in zip(ROLES, cells.split(" | "), strict=True)
    }


def seen(app: AppTest, page: str) -> str:
    """What a role sees on a page, in the words of the table."""
    marked = any(t("audience.internal_mark") in str(one.proto.body) for one in app.markdown)
    if page not in NO_ACTS:
        return "exact" if marked else "protected"
    acts = t(NO_ACTS[page]) not in said(app)
    return f"{'acts' if acts else 'looks'}{', exact' if marked else ''}"


def test_the_table_has_every_page_and_role() -> None:
    assert set(promised()) == {(spec.id, role) for spec in PAGES for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", [spec.id for spec in PAGES])
def test_each_role_sees_on_each_page_what_the_table_says(
    page: str, role: Role, opened: Open, monkeypatch: pytest.MonkeyPatch, sample_store: Path
) -> None:
    with_rights(monkeypatch, rights_of(role, ["049"] if role == "manager" else None))
    cell = promised()[page, role]
    for asked in (*ASKED, FORGED[(PLACES[page] + ROLES.index(role)) % len(FORGED)]):
        app = opened(page, "fi", **asked)
        assert not app.exception
        wants = asked["audience"] == "internal"
        found = seen(app, page)
        if "own" not in cell:
            without = cell.removesuffix(", exact") if page in NO_ACTS else "protected"
            assert found == (cell if wants else without)
            continue
        # Marked as internal, and every figure that reaches beyond one's own is refused.
        assert found == ("exact" if wants else "protected")
        if wants:
            assert t("page.not_own", areas="Espoo") in said(app)
            assert {one.value for one in app.metric} <= {"–"}
