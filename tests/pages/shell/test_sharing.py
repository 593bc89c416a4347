"""The link to share shows the same view to whoever opens it: every choice of every page stands in it, the audience never."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from data.texts import texts
from metrics.audience import INTERNAL
from pages.shell.registry import PAGES
from pages.shell.serving import Serving
from pages.shell.sharing import link
from pages.view.state import Choice, View
from tests.pages.drawn import Open, said, tables

PAGES_OF_FIGURES = [
    spec.id for spec in PAGES if spec.id not in ("importing", "sources", "targets", "briefings", "hypotheses")
]


def shared(app: AppTest) -> dict[str, str]:
    """Parameters of the link that the page offers."""
    (code,) = [element.value for element in app.code if "lang=" in element.value]
    return dict(parse_qsl(urlsplit(code).query))


def choices(app: AppTest) -> Iterator[str]:
    """Keys of everything that can be chosen on a page, the language and the audience apart."""
    for widget in (*app.selectbox, *app.radio, *app.multiselect, *app.text_input, *app.toggle, *app.checkbox):
        if widget.key and widget.key not in ("language_switch", "filter_audience"):
            yield widget.key


def choose_another(app: AppTest, key: str) -> None:
    """Choose something else, as a person would."""
    found = next(w for w in (*app.selectbox, *app.multiselect, *app.text_input) if w.key == key)
    if found in app.text_input:
        found.set_value("tulkattu").run()
    elif found in app.multiselect:
        found.set_value([found.value[0]]).run()
    else:
        found.select_index(next(n for n in range(len(found.options)) if n != found.index)).run()


@pytest.mark.slow  # a drawing of the page for each choice
@pytest.mark.parametrize("page_id", PAGES_OF_FIGURES)
def test_every_choice_is_in_the_link(page_id: str, opened: Open) -> None:
    keys = list(choices(opened(page_id, "sv")))
    assert "filter_period" in keys
    # The filters are one piece of code for all pages: they are tried on one.
    for key in [key for key in keys if page_id == "demand" or not key.startswith("filter_")]:
        app = opened(page_id, "sv")
        choose_another(app, key)
        params = shared(app)
        assert params["lang"] == "sv"
        assert "period" in params
        again = opened(page_id, **params)
        assert not again.warning, key
        assert said(again) == said(app), key
        assert tables(again) == tables(app), key
        values = {w.key: w.value for w in (*app.selectbox, *app.multiselect, *app.text_input)}
        assert {w.key: w.value for w in (*again.selectbox, *again.multiselect, *again.text_input)} == values
        assert shared(again) == params


def test_what_follows_the_data_is_named_in_the_link(opened: Open, served: Serving) -> None:
    params = shared(opened("compare"))
    assert params["period"] == str(served.default_period)
    assert params["areas"].startswith("all,")
    assert params["metrics"].count(",") == 3


def test_the_audience_and_what_only_it_sees_stay_behind(served: Serving) -> None:
    known = served.known(INTERNAL)
    running = known.open_periods[0] if known.open_periods else "all"
    view = View("en", running, language=Choice("language", "so"), audience="internal")
    made = dict(parse_qsl(urlsplit(link("http://127.0.0.1/kysynta?old=1", view, known, {"series": "8"})).query))
    period = known.default_period if known.open_periods else "all"
    assert made == {"lang": "en", "period": period, "language": "so", "series": "8"}


def test_what_was_wrong_in_the_address_is_not_shared(opened: Open) -> None:
    params = shared(opened("demand", period="2031", colour="red", series="99"))
    assert set(params) == {"lang", "period"}
    assert params["period"] != "2031"


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("http://127.0.0.1:8501/kysynta", True),
        ("http://localhost:8501/", True),
        ("https://tilannekuva.kunta.fi/", False),
        ("", False),
    ],
)
def test_an_address_of_this_machine_says_that_nobody_else_can_open_it(
    address: str, is_own: bool, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "url", property(lambda _: address))
    assert (texts("fi")("share.loopback") in said(opened("catalogue"))) == is_own
