"""Watches on the pages: set by the steward, seen by everybody at the head of the overview."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import Language, texts
from metrics.watching.watch import Watches
from tests.pages.drawn import Open, each_language, tables
from tests.pages.rights import without_rights


@pytest.fixture
def watches(own_store: Path) -> Watches:
    """The watches of the store that pages serve."""
    return Watches.of(own_store)


def submit(app: AppTest, form: str) -> AppTest:
    return next(button for button in app.button if button.proto.form_id == form).click().run()


@each_language
def test_a_watch_that_fires_stands_at_the_head_of_the_overview(lang: Language, opened: Open, watches: Watches) -> None:
    t = texts(lang)
    assert not opened("overview", lang).warning
    watches.set(metric="clients", rule="above", value=99999, span="to_date")
    app = opened("overview", lang)
    assert not app.warning
    assert t("watch.quiet", count=1) in [caption.value for caption in app.caption]
    watches.set(metric="clients", rule="above", value=20, span="to_date")
    (warning,) = opened("overview", lang).warning
    assert t("watch.alerts", count=1) in warning.value


def test_the_steward_sets_and_ends_a_watch(opened: Open, watches: Watches) -> None:
    app, t = opened("targets"), texts("fi")
    app.selectbox(key="watch_metric").set_value("wait_days")
    app.selectbox(key="watch_rule").set_value("above")
    app.text_input(key="watch_value").set_value("1,5")
    app = submit(app, "watch_form")
    assert [success.value for success in app.success] == [t("watch.saved")]
    (made,) = watches.all()
    assert (made.metric, made.rule, made.value) == ("wait_days", "above", 1.5)
    assert any(t("watch.title") in table and "yli 1,5" in table for table in tables(app))
    app = submit(app, "watch_withdraw_form")
    assert watches.all() == ()


def test_a_limit_that_is_no_number_is_refused(opened: Open, watches: Watches) -> None:
    app = opened("targets")
    app.selectbox(key="watch_rule").set_value("above")
    app = submit(app, "watch_form")
    assert app.error
    assert watches.all() == ()


def test_who_has_no_right_sees_no_form(opened: Open, watches: Watches, monkeypatch: pytest.MonkeyPatch) -> None:
    watches.set(metric="clients", rule="change")
    without_rights(monkeypatch)
    app = opened("targets")
    assert not app.selectbox
    assert any(texts("fi")("watch.title") in table for table in tables(app))


def test_a_damaged_file_is_said_and_the_figures_stand(opened: Open, watches: Watches) -> None:
    watches.set(metric="clients", rule="change")
    (watches.folder / "watches.jsonl").write_text("{}\n", encoding="utf-8")
    app = opened("overview")
    assert app.error
    assert app.metric
