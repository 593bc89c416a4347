"""Laatu tells which published figures have been changed and why; from what, only to whoever may see all figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.store.json_lines import text
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from metrics.gate import State
from metrics.model.definition import definitions
from metrics.revisions.log import Revision, RevisionLog
from metrics.revisions.snapshot import FollowedFigure
from pages.access.rights import READER, STEWARD, Rights
from pages.quality.revised import MOST_ROWS
from tests.conftest import own_copy
from tests.pages.drawn import in_turn, open_page, said, tables
from tests.pages.rights import with_rights


def figure(value: float | None, period: str = "2024") -> FollowedFigure:
    state: State = "small" if value is None else "shown"
    bound = "<10" if value is None else None
    return FollowedFigure(metric="clients", period=period, unit="clients", value=value, state=state, bound=bound)


@pytest.fixture
def store(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store(own_copy(sample_store, tmp_path / "store"))
    if made.release() is None:
        open_to_others(made)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(made.path))
    return made


def noted(store: Store, *pairs: tuple[FollowedFigure, FollowedFigure]) -> None:
    lines = [
        Revision(day=date(2026, 11, 20), release_before=1, release=2, why="late", before=one, after=other)
        for one, other in pairs
    ]
    folder = RevisionLog(store).folder
    folder.mkdir(exist_ok=True)
    (folder / "log.jsonl").write_text(text(line.model_dump(mode="json") for line in lines), encoding="utf-8")


@in_turn("rights", [READER, STEWARD, READER])
def test_the_table(lang: Language, rights: Rights, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    t = texts(lang)
    assert t("revisions.title") not in said(open_page("quality", lang))
    noted(store, (figure(12_345), figure(12_350)), (figure(None, "2024-02"), figure(55, "2024-02")))
    with_rights(monkeypatch, rights)
    app = open_page("quality", lang)
    assert not app.exception
    (table,) = [one for one in tables(app) if t("revisions.why.late") in one]
    assert definitions()["clients"].name[lang] in table
    told = table.replace("\xa0", "").replace(" ", "").replace(",", "")
    assert ("12345" in told) == ("12350" in told) == (rights == STEWARD)
    assert (t("revisions.values") in said(app)) != (rights == STEWARD)


def test_many_are_cut_and_of_a_damaged_list_it_is_said(store: Store) -> None:
    noted(store, *((figure(10 * one, f"{2000 + one // 12}-{1 + one % 12:02}"), figure(5)) for one in range(60)))
    app = open_page("quality", "fi")
    assert texts("fi")("revisions.more", count=60 - MOST_ROWS) in said(app)
    file = RevisionLog(store).folder / "log.jsonl"
    file.write_text(file.read_text().replace('"late"', '"soon"', 1))
    app = open_page("quality", "fi")
    assert not app.exception
    assert texts("fi")("revisions.title") not in said(app)
    assert [one.value for one in app.error] == [texts("fi")("page.not_now", code="store.damaged_line")]
    assert len(app.title) == 1, "the page is about other things"
