"""A second figure on a slide: from a figure's own menu, and in the editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.store.store import Store
from data.texts import texts
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import ENDS, Slide
from tests.pages.briefings.adding import asking_dialog
from tests.pages.drawn import Open

T = texts("fi")
BARS = Slide(metric="clients", kind="bars", by=("language",), notes="Kerro kielistä")
NUMBER = Slide(metric="encounters", kind="number", notes="Kerro määrästä")
SHARE = Slide(metric="solved_share", kind="number")


@pytest.fixture
def own(own_store: Path) -> Briefings:
    """A briefing of three slides in the store that pages serve."""
    store = Briefings.of(own_store)
    store.save("Syksy", freeze([BARS, NUMBER, SHARE], Store(own_store)))
    return store


def slides(own: Briefings) -> list[list[str]]:
    """The metrics of each slide."""
    found = own.get("B-1")
    assert found is not None
    return [[one.slide.metric for one in slide.figures] for slide in found.frozen.slides]


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=key).click().run()
    assert not app.exception
    return app


def test_a_figure_is_added_to_a_slide_of_the_briefing(own: Briefings, opened: Open) -> None:
    opened("briefings")
    app = asking_dialog("flow", ENDS, kind="flow")
    where = next(one for one in app.selectbox if one.label == T("slide.add.at"))
    assert where.options[0] == T("slide.add.alone")
    assert where.options[1].startswith("1. ")
    assert where.help == T("slide.add.room")
    app = press(where.set_value(1).run(), "slide_add_yes")
    assert T("slide.add.done", title="Syksy", number=1) in [one.value for one in app.success]
    assert slides(own) == [["clients", "flow"], ["encounters"], ["solved_share"]]
    found = own.get("B-1")
    assert found is not None
    assert found.frozen.slides[0].figures[1].slide.kind == "flow"
    assert found.frozen.slides[0].figures[1].sizes
    assert found.frozen.slides[0].slide.notes == "Kerro kielistä"


def test_a_slide_that_is_full_is_not_offered(own: Briefings, opened: Open) -> None:
    opened("briefings")
    app = asking_dialog("flow", ENDS, kind="flow")
    app = press(
        next(one for one in app.selectbox if one.label == T("slide.add.at")).set_value(1).run(), "slide_add_yes"
    )
    app = asking_dialog("clients", ("topic",))
    where = next(one for one in app.selectbox if one.label == T("slide.add.at"))
    assert [one[:2] for one in where.options[1:]] == ["2.", "3."]
    app = press(app, "slide_add_yes")
    assert slides(own)[-1] == ["clients"], "without a choice it is a slide of its own, as ever"


def test_slides_are_brought_together_and_taken_apart(own: Briefings, opened: Open) -> None:
    app = opened("briefings", briefing="B-1")
    app.selectbox(key="briefing_slide").set_value(2).run()
    assert app.button(key="briefing_bring").disabled
    app.selectbox(key="briefing_beside_2").set_value(1).run()
    app = press(app, "briefing_bring")
    assert slides(own) == [["encounters", "clients"], ["solved_share"]]
    assert app.selectbox(key="briefing_slide").value == 1, "the slide in hand is still the same"
    found = own.get("B-1")
    assert found is not None
    assert found.frozen.slides[0].slide.notes == "Kerro määrästä\n\nKerro kielistä"
    app = press(app, "briefing_first_1")
    assert slides(own) == [["clients", "encounters"], ["solved_share"]]
    app.selectbox(key="briefing_beside_1").set_value(2).run()
    app = press(app, "briefing_bring")
    assert slides(own) == [["clients", "encounters", "solved_share"]]
    app = press(app, "briefing_own_0")
    assert slides(own) == [["encounters", "solved_share"], ["clients"]]
    app = press(app, "briefing_own_1")
    assert slides(own) == [["encounters"], ["solved_share"], ["clients"]]
    assert "briefing_own_0" not in [one.key for one in app.button]


def test_numbers_stay_as_they_were_saved_when_slides_are_put_together(own: Briefings, opened: Open) -> None:
    before = own.get("B-1")
    assert before is not None
    with Store(own.folder.parent).next_generation("test", sample=True) as connection:
        connection.execute("DELETE FROM encounter WHERE language = 'so'")
    app = opened("briefings", briefing="B-1")
    app.selectbox(key="briefing_beside_1").set_value(2).run()
    press(app, "briefing_bring")
    after = own.get("B-1")
    assert after is not None
    assert [one.rows for one in after.frozen.figures] == [one.rows for one in before.frozen.figures]


@pytest.mark.parametrize(("page", "key", "kind"), [("flows", "routes", "flow"), ("reach", "municipalities", "map")])
def test_diagram_and_map_are_offered_as_what_they_are(
    page: str, key: str, kind: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = {}
    monkeypatch.setattr("pages.figures.adding.offer", lambda _, key, question, kind=None: offered.update({key: kind}))
    opened(page)
    assert offered[key] == kind
    assert {one for name, one in offered.items() if name != key} == {None}
