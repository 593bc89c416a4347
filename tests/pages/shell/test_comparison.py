"""What figures are compared with: one control for all pages, and the words, rows and calls that follow it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import Language, texts
from metrics.audience import PROTECTED
from metrics.change.earlier import Against
from metrics.grammar.period import Period
from pages.shell.serving import Serving
from tests.pages.drawn import Open, each_language, open_page, said, tables
from tests.pages.rights import with_rights

PAGES = ("overview", "quality", "compare")


@pytest.fixture
def twice(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose last import added nothing but a generation, served to someone with the right to internal figures."""
    store = Store(own_store)
    with store.next_generation("again") as connection:
        connection.execute("DELETE FROM encounter WHERE client % 10 = 3")
    with_rights(monkeypatch)
    return store


@pytest.mark.parametrize("page_id", PAGES)
@each_language
def test_the_month_before(page_id: str, lang: Language, opened: Open, served: Serving) -> None:
    t, month = texts(lang), served.known(PROTECTED).last_month
    app = opened(page_id, lang, period=month, against="month")
    assert not app.exception
    assert not app.warning
    shown = said(app) + "".join(tables(app)) + "".join(str(one.help) + str(one.label) for one in app.metric)
    before = Period.parse(month).month_before()
    assert t("against.month.note") in shown
    assert t("when.year") not in shown
    assert t("before.year") not in shown
    assert t("before.month") in shown or page_id != "compare"
    # The sentence under the title names the month.
    assert before.label(lang).split(" ")[0][:4].lower() in said(app).lower()


def test_a_month_before_of_a_year_is_said_not_to_exist(opened: Open) -> None:
    app = opened("overview", period="2025", against="month")
    assert texts("fi")("parameter.against") in str(app.warning[0].value)


@pytest.mark.parametrize("page_id", PAGES)
def test_the_last_import_with_internal_figures(page_id: str, twice: Store) -> None:
    t = texts("fi")
    app = open_page(page_id, period="2025", against="import", audience="internal")
    assert not app.exception
    assert not app.warning
    assert t("sentence.compared_import") in said(app)
    if page_id == "overview":
        now, before = (value.replace("\u00a0", "") for value in _values(tables(app)[0], t("key.clients")))
        assert int(now) < int(before)


def _values(table: str, row: str) -> list[str]:
    line = table.split(f'<th scope="row">{row}</th>')[1].split("</tr>")[0]
    return [cell.split(">", 1)[1].split(" ")[0].split("\u00a0a")[0] for cell in line.split("</td>") if cell][:2]


@pytest.mark.parametrize("audience", ["protected", None])
def test_protected_figures_never_compare_two_imports_and_say_why(audience: str | None, twice: Store) -> None:
    t = texts("fi")
    address = {"against": "import", **({"audience": audience} if audience else {})}
    app = open_page("overview", "fi", **address)
    assert t("parameter.against") in str(app.warning[0].value)
    control = next(one for one in app.selectbox if one.label == t("filter.against"))
    assert list(control.options) == [t("against." + one) for one in ("year", "month", "target", "place")]
    assert t("against.import.protected") in str(control.proto.help)
    assert t("sentence.compared_import") not in said(app)


def test_the_control_writes_the_address(twice: Store) -> None:
    t = texts("fi")
    app = open_page("overview", audience="internal")
    against: Against = "month"
    next(one for one in app.selectbox if one.label == t("filter.against")).set_value(against).run()
    assert app.query_params["against"] == "month"
    assert Period.parse(app.query_params["period"]).level == "month"


def test_what_went_on_at_the_last_import_is_shown_and_not_called(
    own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(own_store)
    with store.next_generation("earlier") as connection:
        connection.execute("DELETE FROM encounter WHERE occurred_on > DATE '2025-06-30'")
        connection.execute("UPDATE delivery SET last_day = DATE '2025-06-30' WHERE data_table = 'encounter'")
    first = store.serving()
    assert first.closed_until.year == 2025
    with_rights(monkeypatch)
    with store.next_generation("later") as connection:
        connection.execute("INSERT INTO encounter SELECT * REPLACE (occurred_on + 90 AS occurred_on) FROM encounter")
        connection.execute("UPDATE delivery SET last_day = DATE '2025-09-30' WHERE data_table = 'encounter'")
    app = open_page("overview", period="2025", against="import", audience="internal")
    assert not app.exception
    assert texts("fi")("overview.changes.import") not in [str(one.value) for one in app.subheader]
    assert "tietoja oli 30.6.2025 asti" in said(app)


@pytest.mark.parametrize("lang", ["fi"])
def test_a_year_before_the_first_data_is_compared_with_nothing(lang: Language, opened: Open, served: Serving) -> None:
    first = served.generation.first_day
    assert first is not None
    app = opened("overview", lang, period=str(first.year))
    shown = said(app) + "".join(tables(app))
    before = texts(lang)("period.is.year", stem="", number=0, year=first.year - 1)
    assert texts(lang)("overview.changes.no_data", period=before) in shown
    assert "vuotta aiemmin alle" not in shown
    assert not [one for one in app.metric if one.delta.strip().startswith(("+", "-", "\u2212"))]
