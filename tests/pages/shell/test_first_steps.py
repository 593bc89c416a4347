"""A store without data opens on three steps; the example is looked at and left, and marked wherever its figures are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.sample import example
from data.sample import plan as plans
from data.sample.plan import make_plan
from data.sample.publish import NotASampleStoreError
from data.store.store import Store, example_store
from data.texts import Language, texts
from pages.briefings.handing_out import handout
from pages.briefings.opening import ready
from pages.shell.first_steps import STEPS
from pages.shell.serving import serving
from pages.view.sentences import refusal_text
from tests.pages.drawn import each_language, open_page, said
from tests.pages.rights import with_rights, without_rights

SHOWING = [*("importing", "sources", "targets", "briefings", "hypotheses"), "catalogue"]
"""Every page that has no line of figures, and one of those that have."""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "own"))
    monkeypatch.setattr(plans, "make_plan", lambda: make_plan(300))
    with_rights(monkeypatch)
    return tmp_path / "own"


def keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}


def framed(lang: Language = "fi") -> AppTest:
    """What the frame of every page draws of the example."""

    def script(lang):  # type: ignore[no-untyped-def]  # it is run without the imports of this file
        from data.texts import texts
        from pages.shell import example_mark

        example_mark.way_out(texts(lang))

    return AppTest.from_function(script, args=(lang,)).run()


def is_marked(app: AppTest, lang: Language = "fi") -> bool:
    return any(texts(lang)("page.sample.mark") in str(one.proto.body) for one in app.markdown)


@each_language
def test_three_steps_and_back_from_the_example(lang: Language, own: Path) -> None:
    t, app = texts(lang), open_page("overview", lang)
    assert not app.exception
    told = said(app)
    assert all(t(f"first.{step}") in told and t(f"first.{step}.what") in told for step in STEPS)
    assert t("first.begin") in told  # as a link
    assert not is_marked(app, lang)
    app.button(key="example_try").click().run()
    assert not app.exception
    assert is_marked(app, lang)
    assert "example_try" not in keys(app)
    framed(lang).button(key="example_leave").click().run()
    app = app.run()
    assert t("first.intro") in said(app)
    assert not is_marked(app, lang)
    assert not own.exists()


def test_the_template_is_there_to_download(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("overview")
    assert [one.proto.label for one in app.get("download_button")] == [texts("fi")("import.template")]


@pytest.mark.parametrize("page_id", SHOWING)
def test_the_example_is_marked_on_every_page(page_id: str, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example.show()
    app = open_page(page_id)
    assert not app.exception
    assert is_marked(app)


def test_whoever_may_not_import_neither_makes_it_nor_leaves_it(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_rights(monkeypatch)
    app = open_page("overview")
    assert [one.value for one in app.info] == [texts("fi")("page.empty")]
    assert "example_try" not in keys(app)
    example.show()
    assert is_marked(open_page("overview"))
    assert keys(framed()) == set()
    with_rights(monkeypatch)
    app = framed()
    without_rights(monkeypatch)
    app.button(key="example_leave").click().run()
    assert example.shown() is not None, "the right was lost meanwhile"


def test_why_it_cannot_be_made_is_said(own: Path) -> None:
    with Store(example_store().path).next_generation("real"):
        pass
    app = open_page("overview")
    app.button(key="example_try").click().run()
    assert [one.value for one in app.error] == [refusal_text(NotASampleStoreError(example_store().path), texts("fi"))]


def test_files_and_handouts_of_the_example_say_so(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    served, t = serving(newest=False), texts("fi")
    assert served is not None
    assert t("page.sample") in handout(replace(ready("month", served, t), is_sample=True), t).mark
    assert t("page.sample") not in handout(ready("month", served, t), t).subtitle
