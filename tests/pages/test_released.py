"""Pages, briefings and the command line show visitors the release, and the newest import to those with the right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.cli import main as data_main
from data.store.releases import follow, open_to_others
from data.store.store import Store
from data.texts import texts
from metrics.audience import INTERNAL, PROTECTED
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide
from metrics.cli import main as metrics_main
from pages.downloads.about import about
from pages.view.state import View
from tests.metrics.made import add_rows, store_of
from tests.pages.drawn import open_page, said
from tests.pages.rights import with_rights

T = texts("fi")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A hundred clients in September are released; twenty more have come since."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "store"))
    rows = [{"client": one, "record": one, "occurred_on": date(2025, 9, 9)} for one in range(1, 121)]
    made = store_of(tmp_path / "store", {"encounter": rows[:100]})
    open_to_others(made)
    with made.next_generation("more") as connection:
        add_rows(connection, "encounter", rows[100:])
    follow(made)
    return made


def screen(app: AppTest) -> str:
    """What slides show."""
    return "".join(one.proto.body for one in app.get("html"))


@pytest.mark.parametrize(("audience", "shown"), [("", "100"), ("internal", "120")])
def test_a_page_shows_each_audience_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch, audience: str, shown: str
) -> None:
    with_rights(monkeypatch)
    asked = {"period": "2025-09"} | ({"audience": audience} if audience else {})
    app = open_page("overview", "fi", **asked)
    assert not app.exception
    assert shown in [tile.value for tile in app.metric]


def test_the_address_alone_gives_nobody_the_newest_import(store: Store) -> None:
    app = open_page("overview", period="2025-09", audience="internal")
    assert "100" in [tile.value for tile in app.metric]
    assert "120" not in said(app)


def test_visitors_open_a_saved_briefing_with_the_figures_of_the_release(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen of the newest import, as it was before the store was opened, or of an earlier release."""
    slides = [Slide(metric="clients", kind="number", period="2025-09")]
    saved = Briefings.of(store.path)
    one = saved.save("Syksy", freeze(slides, store, generation=store.serving()))
    saved.save("Syksy", freeze(slides, store, generation=store.serving()), one.id)
    app = open_page("briefings", briefing=one.id, version="1")
    assert [warning.value for warning in app.warning] == [T("briefing.only_newest"), T("briefing.answered_anew")]
    assert ("100" in screen(app), "120" in screen(app)) == (True, False)
    with_rights(monkeypatch)
    assert "120" in screen(open_page("briefings", briefing=one.id, version="1"))


def test_the_steward_sees_what_waits_and_opens_the_store(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rights(monkeypatch)
    assert T("release.corrected", count=20) in said(open_page("sources"))
    closed = store_of(tmp_path / "closed", {"encounter": [{"client": 1}]})
    monkeypatch.setenv("TILANNEKUVA_STORE", str(closed.path))
    app = open_page("sources")
    assert T("release.not_open") in said(app)
    assert app.button(key="sources_open").disabled
    app = app.checkbox(key="sources_open_sure").check().run()
    app = app.button(key="sources_open").click().run()
    assert T("release.opened") in [one.value for one in app.success]
    assert closed.release() is not None


def test_the_command_line_answers_each_audience_its_own(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["ask", "clients", "--period", "2025-09", "--store", str(store.path), "--lang", "fi"]
    assert metrics_main(asked) == 0
    assert "100 asiakasta" in capsys.readouterr().out
    assert metrics_main([*asked, "--audience", "internal"]) == 0
    assert "120 asiakasta" in capsys.readouterr().out


def test_the_commands_open_and_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = store_of(tmp_path / "own", {"encounter": [{"client": one, "record": one} for one in range(1, 60)]})
    at = ["--store", str(store.path)]
    assert data_main(["release", "--status", *at]) == 0
    assert capsys.readouterr().out.strip() == T("release.not_open")
    assert data_main(["release", "--now", "--yes", *at]) == 2
    assert capsys.readouterr().err.strip() == T("refusal.release.not_open")
    assert data_main(["open", *at]) == 0
    assert T("release.opened") in capsys.readouterr().out
    assert data_main(["open", *at]) == 2
    with store.next_generation("more") as connection:
        add_rows(connection, "encounter", [{"client": 99, "record": 99}])
    assert data_main(["release", *at]) == 0
    assert T("release.corrected", count=1) in capsys.readouterr().out
    assert data_main(["release", "--now", *at]) == 2
    assert T("refusal.release.warning") in capsys.readouterr().err
    assert data_main(["release", "--now", "--yes", *at]) == 0
    assert T("release.corrected", count=1) not in capsys.readouterr().out
    assert store.released().rows["encounter"] == 60


def test_going_back_warns_that_visitors_go_along(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert data_main(["rollback", "1"]) == 0, "visitors have not seen what came after it"
    assert data_main(["rollback", "2"]) == 0
    assert T("refusal.release.rollback") not in capsys.readouterr().err
    follow(store, "now")
    assert data_main(["rollback", "1"]) == 2
    assert T("refusal.release.rollback") in capsys.readouterr().err
    assert (store.serving().number, store.released().number) == (2, 2)
    assert data_main(["rollback", "1", "--yes"]) == 0
    assert store.released().number == 1
    assert data_main(["rollback", "2"]) == 0, "visitors have not seen it any more, so nothing moves"
    assert store.released().number == 1


@pytest.mark.parametrize(("exact", "said"), [(False, "julkaisu 1"), (True, "aineiston versio 2")])
def test_a_download_names_what_its_reader_sees(store: Store, said: str, *, exact: bool) -> None:
    generation = store.serving() if exact else store.released()
    serving = SimpleNamespace(
        store=store, generation=generation, closed_until=generation.closed_until, is_example=False, package=None
    )  # fmt: skip
    view = View("fi", "all", audience=INTERNAL if exact else PROTECTED)
    page: Any = SimpleNamespace(t=T, serving=serving, view=view, sentence="")
    lines = about(page, "title", (), ()).lines
    assert [line for line in lines if "asti" in line] == [f"Tiedot 30.9.2025 asti, {said}"]


@pytest.mark.parametrize(("audience", "is_told"), [("protected", False), ("internal", True)])
def test_only_who_sees_every_import_reads_its_version(
    store: Store, audience: str, capsys: pytest.CaptureFixture[str], *, is_told: bool
) -> None:
    assert (
        metrics_main(["ask", "clients", "--period", "2025-09", "--store", str(store.path), "--audience", audience]) == 0
    )
    assert ("versio 2" in capsys.readouterr().out) is is_told
