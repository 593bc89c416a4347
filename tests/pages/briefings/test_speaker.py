"""The speaker's window: it follows the slide of the other window, tells what comes next, and shows no more than it."""

from __future__ import annotations

import re
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import Language, texts
from metrics.briefings.ready import ready_made
from pages.briefings import speaker
from tests.pages.drawn import Open, each_language, said, tables


def window_of(app: object) -> dict[str, str]:
    """The parameters of the link to the speaker's window."""
    (link,) = app.get("link_button")  # type: ignore[attr-defined]
    return dict(parse_qsl(urlsplit(str(link.proto.url)).query))


def hides_the_menu(window: AppTest) -> bool:
    """Whether the window has nothing of the app around it."""
    styles = (str(one.proto.body) for one in window.get("html"))
    return any(re.search(r"stSidebar.*\.st-key-top \{ display: none \}", one) for one in styles)


@each_language
def test_the_window_follows_the_presentation(lang: Language, opened: Open) -> None:
    t, count = texts(lang), len(ready_made()["month"].slides)
    presented = opened("briefings", lang, slide="2", briefing="month")
    params = window_of(presented)
    assert params.pop("lang") == lang
    window = opened("briefings", lang, **params)
    assert not window.exception
    assert window.title[0].value.startswith(f"2 / {count}")
    assert t("speaker.next") in said(window)
    assert len([one for one in tables(window) if 'class="preview"' in one]) == 2, "this slide and the next"
    assert not [one.value for one in window.markdown if one.value.startswith("#")], "notes are read, not headings"
    assert hides_the_menu(window)
    presented.button(key="key_next").click().run()
    window.run()
    assert window.title[0].value.startswith(f"3 / {count}")
    presented.button(key="present_End").click().run()
    window.run()
    assert t("speaker.last") in said(window)


@each_language
def test_it_tells_of_a_question_and_that_the_presentation_was_left(
    lang: Language, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, clock = texts(lang), [1000.0]
    monkeypatch.setattr(speaker, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    presented = opened("briefings", lang, slide="2", briefing="month")
    params = window_of(presented)
    del params["lang"]
    window = opened("briefings", lang, **params)
    assert not window.info
    presented.button(key="key_ask").click().run()
    presented.selectbox(key="floor_metric").set_value("clients").run()
    window.run()
    (told,) = [one.value for one in window.info]
    assert t("speaker.question", headline="|").split("|")[0] in told
    presented.button(key="key_leave").click().run()
    window.run()
    assert not window.info, "the slide is on the screen again"
    clock[0] += 65
    presented.button(key="key_leave").click().run()
    clock[0] += 60
    for _ in range(2):
        window.run()
        (told,) = [one.value for one in window.warning]
        assert told == t("speaker.left", time="1.05" if lang == "fi" else "1:05"), "its clock has stopped"
        clock[0] += 60


@pytest.mark.parametrize(("pause", "time"), [(60, "2.00"), (600, "0.00")])
def test_whoever_left_by_mistake_goes_on(pause: int, time: str, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    t, clock = texts("fi"), [1000.0]
    monkeypatch.setattr(speaker, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    presented = opened("briefings", slide="2", briefing="month")
    window = opened("briefings", **window_of(presented))
    clock[0] += 60
    presented.button(key="key_leave").click().run()
    clock[0] += pause
    next(one for one in presented.button if one.label == t("briefing.present")).click().run()
    window.run()
    assert not window.warning
    assert t("speaker.time", time=time) in said(window)


def test_a_closed_window_presents_no_longer(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    presented = opened("briefings", slide="2", briefing="month")
    window = opened("briefings", **window_of(presented))
    alive = [False]
    monkeypatch.setattr(
        speaker, "runtime",
        SimpleNamespace(exists=lambda: True, get_instance=lambda: SimpleNamespace(is_active_session=lambda _: alive[0])),
    )  # fmt: skip
    window.run()
    assert len(window.warning) == 1
    alive[0] = True
    window.run()
    assert not window.warning, "only the line was cut"


def test_a_name_that_no_presentation_has_shows_nothing(opened: Open) -> None:
    for name in ("", "x", "../..", "<b>", "9" * 500):
        window = opened("briefings", speaker=name)
        assert not window.exception
        assert texts("fi")("speaker.gone") in said(window)
        assert not [one for one in tables(window) if "preview" in one]
        assert not hides_the_menu(window), "from here one goes on to a page"


def test_names_cannot_be_guessed_and_are_bounded(opened: Open) -> None:
    names = {window_of(opened("briefings", slide="1"))[speaker.SPEAKER] for _ in range(3)}
    assert len(names) == 3
    assert all(len(name) >= 16 for name in names)
    assert speaker._presented.bound == 1_000
