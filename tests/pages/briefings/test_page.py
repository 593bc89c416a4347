"""Briefings on a page: ready-made and own ones, the presenter's view, a question from the floor, and what may be changed."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.store.store import Store
from data.texts import Language, texts
from metrics.ask import ask
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.ready import ORDER, ready_made
from metrics.briefings.slide import Slide
from metrics.grammar.question import Question
from pages.briefings.drawing import drawn
from pages.briefings.floor import COURSE, question_slide
from pages.figures.adding import slide_of
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view.sentences import protected_explained
from tests.pages.briefings.adding import asking_dialog
from tests.pages.drawn import Open, each_language, said
from tests.pages.rights import without_rights


@pytest.fixture
def own(own_store: Path) -> Briefings:
    """The briefings of the store that pages serve."""
    return Briefings.of(own_store)


def screens(app: AppTest) -> list[str]:
    """What stands on the whole screen, or in the small pictures of the list."""
    return [html.unescape(str(element.proto.body)) for element in app.get("html")]


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


@each_language
@pytest.mark.parametrize("ready_id", ORDER)
def test_a_ready_made_briefing_shows_its_slides(ready_id: str, lang: Language, opened: Open, served: Serving) -> None:
    app, t = opened("briefings", lang, briefing=ready_id), texts(lang)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == t("page.briefings")
    assert ready_made()[ready_id].title[lang] in app.header[0].value
    assert len([one for one in screens(app) if 'class="preview"' in one]) == len(ready_made()[ready_id].slides)
    assert protected_explained(t) in said(app)
    assert t("briefing.no_right") in said(app), "nobody sits at the machine here"


def test_a_slide_shows_the_published_number(opened: Open, served: Serving) -> None:
    frozen = freeze([Slide(metric="clients", kind="number", period="month")], served.store)
    period = frozen.slides[0].slide.period
    row = ask(Question(("clients",), period=period), served.store).rows[0]
    app, t = opened("briefings", briefing="month", slide="1"), texts("fi")
    (screen,) = screens(app)
    assert f'<div class="number">{formats.value_text(row, t)}</div>' in screen
    one = drawn(frozen.slides[0], frozen, t)
    assert one.headline in screen
    assert f"1 / {len(ready_made()['month'].slides)}" in screen
    assert not app.title, "nothing of the app around it"


def test_keys_move_and_stop_at_the_ends(opened: Open) -> None:
    app = opened("briefings", briefing="month", slide="1")
    last = len(ready_made()["month"].slides)
    for key, to in (
        ("key_previous", 1),
        ("key_next", 2),
        ("present_Space", 3),
        ("present_PageUp", 2),
        ("present_End", last),
    ):
        app = press(app, key)
        assert app.query_params["slide"] == str(to)
        assert f"{to} / {last}" in screens(app)[0]
    app = press(app, "key_next")
    assert app.query_params["slide"] == str(last)
    assert app.button(key="key_next").proto.shortcut
    app = press(app, "key_leave")
    assert "slide" not in app.query_params
    assert app.title


@pytest.mark.parametrize(("slide", "shown"), [("0", 1), ("99", 6), ("-3", 1), ("x", 1), ("²", 1)])
def test_a_slide_that_is_none_is_the_nearest(slide: str, shown: int, opened: Open) -> None:
    app = opened("briefings", briefing="month", slide=slide)
    assert not app.exception
    assert f"{shown} / 6" in screens(app)[0]


def test_notes_and_contrast_are_turned_by_keys(opened: Open) -> None:
    app = press(opened("briefings", briefing="month", slide="1"), "key_notes")
    assert "<aside" in screens(app)[0]
    app = press(app, "key_dark")
    assert 'class="screen notes dark"' in screens(app)[0]
    assert 'class="screen"' in screens(press(press(app, "key_notes"), "key_dark"))[0]


def test_a_question_from_the_floor_is_answered_as_a_slide_and_always_protected(opened: Open, served: Serving) -> None:
    app = press(opened("briefings", briefing="month", slide="2", audience="internal"), "key_ask")
    app.selectbox(key="floor_metric").set_value("clients").run()
    app.selectbox(key="floor_language").set_value("so").run()
    period = str(served.default_period)
    question = Question(("clients",), where=(("language", ("so",)),), period=period)
    row = ask(question, served.store).rows[0]
    assert row.value
    (screen,) = screens(app)
    assert f'<div class="number">{formats.value_text(row, texts("fi"))}</div>' in screen
    assert "omalinkieli" in screen
    app = press(app, "key_leave")
    assert "2 / 6" in screens(app)[0], "the presentation goes on where it was"


def test_a_question_that_cannot_be_asked_is_said_and_the_slide_stays(opened: Open) -> None:
    app = press(opened("briefings", briefing="month", slide="1"), "key_ask")
    app.selectbox(key="floor_metric").set_value("flow").run()
    app.selectbox(key="floor_place").set_value("853").run()
    assert not app.warning
    app.selectbox(key="floor_language").set_value("so").run()
    assert app.warning
    assert not app.exception
    assert "1 / 6" in screens(app)[0], "four dimensions are one too many"


def test_every_metric_can_be_asked_from_the_floor_in_some_way(opened: Open) -> None:
    app = press(opened("briefings", briefing="month", slide="1"), "key_ask")
    offered = app.selectbox(key="floor_metric").options
    for name in offered[::9]:
        app.selectbox(key="floor_metric").select(name).run()
        assert not app.exception


@pytest.mark.parametrize(
    ("metric", "by", "period", "expected"),
    [
        ("clients", "language", "2026", ("bars", ("language",), "2026", None)),
        ("encounters", COURSE, "2026-03", ("lines", (), "2026-ytd-03", "month")),
        ("encounters", COURSE, "all", ("lines", (), "all", "quarter")),
        ("flow", None, "2026", ("bars", ("from_service", "to_service"), "2026", None)),
        ("paths", None, "2026", ("bars", ("from_service", "via_service", "to_service"), "2026", None)),
    ],
)
def test_a_question_becomes_the_slide_that_shows_it(
    metric: str, by: str | None, period: str, expected: tuple[str, tuple[str, ...], str, str | None]
) -> None:
    slide = question_slide(metric, by, None, None, period)
    assert (slide.kind, slide.by, slide.period, slide.each) == expected


def test_what_is_broken_down_by_language_is_not_fixed_to_one() -> None:
    assert question_slide("clients", "language", "853", "so", "2026").where == (("municipality", "853"),)


def test_saving_makes_a_copy_that_keeps_its_numbers(own: Briefings, opened: Open) -> None:
    app, t = opened("briefings", briefing="budget"), texts("fi")
    app.text_input(key="briefing_title").set_value("Valtuusto 12.12.")
    app = next(button for button in app.button if button.proto.form_id == "briefing_title_form").click().run()
    assert [success.value for success in app.success] == [t("briefing.saved")]
    assert app.query_params["briefing"] == "B-1"
    assert app.header[0].value == "Valtuusto 12\\.12\\." or "Valtuusto" in app.header[0].value
    before = screens(app)
    with Store(own.folder.parent).next_generation("test", sample=True) as connection:
        connection.execute("DELETE FROM encounter WHERE language = 'so'")
    again = opened("briefings", briefing="B-1")
    assert screens(again) == before
    assert any("Uudempaa tietoa on" in one.value for one in again.info)
    assert screens(opened("briefings", briefing="budget")) != before
    again = press(again, "briefing_refresh")
    assert screens(again) != before
    assert len(own.history("B-1")) == 2
    older = opened("briefings", briefing="B-1", version="1")
    assert screens(older) == before


def test_slides_are_moved_removed_and_noted(own: Briefings, opened: Open) -> None:
    store = Store(own.folder.parent)
    metrics = ("clients", "encounters", "solved_share")
    own.save("Syksy", freeze([Slide(metric=metric, kind="number") for metric in metrics], store))

    def order() -> list[str]:
        found = own.get("B-1")
        assert found is not None
        return [answered.slide.metric for answered in found.frozen.slides]

    app = press(opened("briefings", briefing="B-1"), "briefing_down")
    assert order() == ["encounters", "clients", "solved_share"]
    assert app.selectbox(key="briefing_slide").value == 2, "the slide in hand is still the same"
    app = press(app, "briefing_down")
    assert order() == ["encounters", "solved_share", "clients"]
    app = press(app, "briefing_up")
    assert order() == ["encounters", "clients", "solved_share"]
    app = press(app, "briefing_remove")
    assert order() == ["encounters", "solved_share"]
    key = str(app.text_area[0].key)
    app.text_area(key=key).set_value("Kysy lautakunnalta")
    app = next(button for button in app.button if button.proto.form_id == "briefing_notes_form").click().run()
    found = own.get("B-1")
    assert found is not None
    assert [answered.slide.notes for answered in found.frozen.slides] == ["Kysy lautakunnalta", ""]
    key = str(app.text_area[0].key)
    app.text_area(key=key).set_value("Soita 040 123 4567")
    app = next(button for button in app.button if button.proto.form_id == "briefing_notes_form").click().run()
    assert [error.value for error in app.error] == [texts("fi")("refusal.briefing.notes")]
    app = press(app, "briefing_withdraw")
    assert own.all() == ()
    assert own.history("B-1")


def test_notes_that_came_too_late_can_be_copied_until_notes_are_saved(own: Briefings, opened: Open) -> None:
    t, frozen = texts("fi"), freeze([Slide(metric="clients", kind="number")], Store(own.folder.parent))
    own.save("Syksy", frozen)

    def write(app: AppTest, text: str) -> AppTest:
        app.text_area[0].set_value(text)
        return next(button for button in app.button if button.proto.form_id == "briefing_notes_form").click().run()

    app = opened("briefings", briefing="B-1")
    own.save("Talvi", frozen, "B-1")
    app = write(app, "Kerro Salosta")
    assert [error.value for error in app.error] == [t("refusal.briefing.meanwhile")]
    for _ in range(2):
        assert [one.value for one in app.code] == ["Kerro Salosta"]
        app = app.run()
    app = write(app, app.code[0].value)
    assert not app.error
    assert not app.code
    found = own.get("B-1")
    assert found is not None
    assert (found.title, found.frozen.slides[0].slide.notes) == ("Talvi", "Kerro Salosta")


def test_who_has_no_right_changes_nothing(own: Briefings, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    own.save("Syksy", freeze([Slide(metric="clients", kind="number")], Store(own.folder.parent)))
    app = opened("briefings", briefing="B-1")
    without_rights(monkeypatch)
    app = press(app, "briefing_withdraw")
    assert [error.value for error in app.error] == [texts("fi")("briefing.no_right")]
    assert own.get("B-1") is not None


def test_an_unknown_briefing_is_said(own: Briefings, opened: Open) -> None:
    for name in ("B-99", "nothing", "../secrets"):
        app = opened("briefings", briefing=name)
        assert any("ei löydy" in warning.value for warning in app.warning)
        assert not app.exception


def test_a_figure_of_a_page_becomes_a_slide(own: Briefings, opened: Open) -> None:
    app = opened("demand", language="so")
    assert app.button(key="add_topics").label == texts("fi")("slide.add")
    app = asking_dialog("encounters", ("topic", "channel"), (("language", "so"),))
    app.text_input(key="slide_add_title").set_value("Syksy").run()
    app = press(app, "slide_add_yes")
    found = own.get("B-1")
    assert found is not None
    slide = found.frozen.slides[0].slide
    assert (slide.metric, slide.kind, slide.by, slide.where) == (
        "encounters", "heat", ("topic", "channel"), (("language", "so"),),
    )  # fmt: skip
    assert slide.follows == "to_date"
    assert any("Syksy" in success.value for success in app.success)


def test_only_what_one_slide_can_show_is_offered() -> None:
    assert slide_of(Question(("clients", "encounters")), "2026") is None
    assert slide_of(Question(("clients",), where=(("language", ("so", "ar")),)), "2026") is None
    assert slide_of(Question(("clients",), period="2025-03"), "2026", "month").against == "month"  # type: ignore[union-attr]
    assert slide_of(Question(("clients",), period="2025"), "2026", "import").against == "year"  # type: ignore[union-attr]
    fixed = slide_of(Question(("clients",), period="2025"), "2026")
    assert fixed is not None
    assert fixed.follows is None
