"""Ohjautuminen: the diagram, the shares and the tables are the answers; hidden routes are one grey ribbon without a number."""

from __future__ import annotations

import re
from typing import Any

import pytest

from data.texts import Language, texts
from metrics.ask import ask
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.dimensions import label
from pages.charts.sankey import Flow, sankey
from pages.flows.services import COLUMNS
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view.values import Value
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables

ENDS = ("from_service", "to_service")


def answers(served: Serving, metric: str, by: tuple[str, ...]) -> list[Row]:
    return list(ask(Question((metric,), by=by, period=str(served.default_period)), served.store).rows)


def name_of(served: Serving, row: Row, lang: Language = "fi") -> str:
    names = [label("flow", end, row.codes[end], lang, served.places) for end in ENDS]
    return " → ".join(names)


def ribbons(chart: Any) -> dict[str, str]:
    """Name and text of every ribbon sent to the browser."""
    return {row["name"]: row["text"] for row in sent_rows(chart) if row.get("name") and "wide" not in row}


@each_language
def test_the_ribbons_are_the_published_routes(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    rows = answers(served, "flow", ENDS)
    shown = sorted((row for row in rows if row.value), key=lambda row: -(row.value or 0))
    assert len(shown) > 10
    assert any(row.value is None for row in rows), "the sample must have routes too small to show"
    found = ribbons(charts(opened("flows", lang))[0])
    assert found.pop(t("flows.other")) == "–"
    assert found == {name_of(served, row, lang): formats.value_text(row, t, unit=True) for row in shown[:10]}


def test_nodes_carry_their_own_published_number(opened: Open, served: Serving) -> None:
    t = texts("fi")
    nodes = [row for row in sent_rows(charts(opened("flows"))[0]) if row.get("wide")]
    for side, end in enumerate(ENDS):
        own = {
            f"{label('flow', end, row.codes[end], 'fi', served.places)}  {formats.value_text(row, t)}"
            for row in answers(served, "referrals", (end,))
        }
        drawn = {row["wide"] for row in nodes if row["x"] == side} - {t("flows.other")}
        assert drawn
        assert drawn <= own


def test_numbers_beside_a_figure_have_its_filters(opened: Open, served: Serving) -> None:
    """A figure by two services has room for one filter, a number beside it for two or three: they may not take more."""
    t, period = texts("fi"), str(served.default_period)
    page = opened("flows", municipality="853", language="ar", topic="work")
    nodes = {row["text"] for row in sent_rows(charts(page)[0]) if row.get("wide")}
    where = (("municipality", ("853",)),)
    rows = [r for end in ENDS for r in ask(Question(("referrals",), (end,), where, period), served.store).rows]
    assert nodes - {""} <= {formats.value_text(row, t) for row in rows}
    both = (*where, ("language", ("ar",)))
    (warm,) = ask(Question(("warm_share",), (), both, period), served.store).rows
    assert t("flows.manners.warm", share=formats.value_text(warm, t)) in said(page)


def test_a_service_named_other_is_not_everything_not_drawn() -> None:
    flows = (
        Flow("kela", "other", "Kela", "Muu palvelu", 40.0, "40"),
        Flow("other", "kela", "Muu palvelu", "Kela", 30.0, "30"),
    )
    chart = sankey(flows, texts("fi"), sources={}, targets={}, other="Muut reitit", value_title="x").to_dict()
    rows = [row for dataset in chart["datasets"].values() for row in dataset]
    nodes = [row["wide"] for row in rows if "wide" in row]
    assert sorted(nodes) == sorted(["Kela", "Muu palvelu", "Muut reitit"] * 2)
    assert {row["name"] for row in rows if row.get("name") and "wide" not in row} == {
        "Kela → Muu palvelu",
        "Muu palvelu → Kela",
        "Muut reitit",
    }


def test_every_number_on_the_page_is_protected(opened: Open) -> None:
    for chart in charts(opened("flows")):
        for row in sent_rows(chart):
            value = row.get("value")
            assert value is None or value >= 5
            assert not row.get("hidden") or value is None


def test_the_table_has_all_routes_and_hidden_ones_only_by_their_bound(opened: Open, served: Serving) -> None:
    t = texts("fi")
    table = next(table for table in tables(opened("flows")) if t("flows.routes") in table)
    for row in answers(served, "flow", ENDS):
        assert (f'<th scope="row">{name_of(served, row)}</th>' in table) == (row.value is not None)
    assert "kukin alle 10" in table


def test_routes_go_by_their_published_number_alone(opened: Open, served: Serving) -> None:
    t = texts("fi")
    table = next(table for table in tables(opened("flows")) if t("flows.routes") in table)
    shown = [row for row in answers(served, "flow", ENDS) if row.value]
    places = {table.index(f'<th scope="row">{name_of(served, row)}</th>'): row.value for row in shown}
    numbers = [value or 0 for _, value in sorted(places.items())]
    assert len(set(numbers)) > 5
    assert numbers == sorted(numbers, reverse=True)


def test_arrivals_are_the_started_shares_and_days_of_the_largest_routes(opened: Open, served: Serving) -> None:
    t = texts("fi")
    table = next(table for table in tables(opened("flows")) if t("flows.arrivals") in table)
    started = {name_of(served, row): row for row in answers(served, "referral_started_share", ENDS)}
    days = {name_of(served, row): row for row in answers(served, "referral_days", ENDS)}
    for row in answers(served, "flow", ENDS):
        if row.value:
            name = name_of(served, row)
            cells = [formats.number(row.value, "fi")]
            cells += [formats.value_text(found[name], t) if name in found else "–" for found in (started, days)]
            line = "".join(f"<td>{cell}</td>" for cell in cells)
            assert f'<th scope="row">{name}</th>{line}' in table


@each_language
def test_where_nothing_may_be_shown_the_page_says_so(lang: Language, opened: Open) -> None:
    app = opened("flows", lang, municipality="734", language="so", period="2026-01")
    assert not app.error
    assert not re.search(r"\d", app.main.header[0].value.partition(":")[2]), "a number"
    assert texts(lang)("state.note.small") in said(app)


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """All rows of data in a chart."""
    return [row for dataset in chart.to_dict()["datasets"].values() for row in dataset]


def test_a_diagram_of_hidden_routes_alone_is_one_grey_ribbon() -> None:
    chart = sankey([], texts("fi"), sources={}, targets={}, other="Muut", value_title="ohjaukset")
    rows = rows_of(chart)
    assert {row["name"]: row["text"] for row in rows if "name" in row and "wide" not in row} == {"Muut": "–"}


def test_services_stand_by_the_number_that_is_beside_them() -> None:
    """A service's own number and that of its ribbon are rounded each by itself, and may go two ways."""
    flows = [
        Flow("own", code, "Ohjaus", code, value, str(value))
        for code, value in (("kela", 130.0), ("migri", 125.0), ("te", 120.0))
    ]
    own = {"kela": 130, "migri": 115, "te": 155}
    targets = {code: Value(str(number), number=number) for code, number in own.items()}
    chart = sankey(flows, texts("fi"), sources={}, targets=targets, value_title="ohjaukset")
    nodes = [row for row in rows_of(chart) if "wide" in row and row["code"] in own]
    assert [row["code"] for row in sorted(nodes, key=lambda row: row["top"])] == ["te", "kela", "migri"]


def test_names_on_a_phone_are_never_cut_inside_a_word() -> None:
    flow = Flow("a", "b", "Hyvinvointialueen sosiaalipalvelut", "Maahanmuuttovirasto", 30, "30 ohjausta")
    chart = sankey([flow], texts("fi"), sources={}, targets={}, value_title="ohjaukset")
    rows = rows_of(chart)
    assert {row["narrow"] for row in rows if "narrow" in row} == {
        "Hyvinvointialueen\nsosiaalipalvelut",
        "Maahanmuuttovirasto",
    }


def test_the_table_of_services_has_the_published_values_and_bars_of_their_numbers(
    opened: Open, served: Serving
) -> None:
    t = texts("fi")
    table = next(table for table in tables(opened("flows")) if f"<caption>{t('flows.services')}" in table)
    by_service = [{r.codes["to_service"]: r for r in answers(served, metric, ("to_service",))} for metric in COLUMNS]
    top = max(row.value or 0 for row in by_service[0].values())
    assert len(by_service[0]) > 10
    for code, row in by_service[0].items():
        line = table.split(f'<th scope="row">{label("referrals", "to_service", code, "fi", served.places)}</th>')[1]
        cells = line.split("</tr>")[0].split("</td>")[:-1]
        assert [cell.split(">")[-1] for cell in cells] == [
            formats.value_text(found[code], t) if code in found else "–" for found in by_service
        ]
        if row.value is not None:
            assert f"--part: {100 * row.value / top:.0f}%" in cells[0]
        assert "--part" not in cells[2]


@pytest.mark.parametrize("column", COLUMNS)
def test_services_come_in_the_chosen_order_without_values_last(column: str, opened: Open, served: Serving) -> None:
    app = opened("flows", sort=column)
    table = next(table for table in tables(app) if f"<caption>{texts('fi')('flows.services')}" in table)
    rows = {r.codes["to_service"]: r for r in answers(served, column, ("to_service",))}
    names = [line.split("</th>")[0] for line in table.split('<th scope="row">')[1:]]
    by_name = {label("referrals", "to_service", code, "fi", served.places): row for code, row in rows.items()}
    values = [by_name[name].value if name in by_name else None for name in names]
    shown = [value for value in values if value is not None]
    assert shown == sorted(shown, reverse=True)
    assert set(values[len(shown) :]) <= {None}


def test_the_order_that_a_page_has_anyhow_is_not_in_its_address(opened: Open) -> None:
    """A choice that is drawn anew with its tab is sent as if it had been made, and so is one that is made and taken back."""
    app = opened("flows")
    for column in (COLUMNS[1], COLUMNS[0]):
        app.selectbox(key="own_flows_sort").select(column).run()
        assert app.query_params.get("sort", [COLUMNS[0]]) in (column, [column])
    assert "sort" not in app.query_params


@each_language
def test_a_service_is_looked_at_by_topic(lang: Language, opened: Open, served: Serving) -> None:
    """As after a click on its ribbon: the values are those of the service alone, and so is what they stand on."""
    t, period = texts(lang), str(served.default_period)
    where = (("to_service", ("kela",)),)
    rows = ask(Question(("referral_started_share",), by=("topic",), where=where, period=period), served.store).rows
    app = opened("flows", lang, service="kela")
    title = t("flows.one.topics", service=label("referrals", "to_service", "kela", lang, {}))
    assert title in [one.value for one in app.main.subheader]
    table = next(one for one in tables(app) if title in one)
    assert any(row.value is not None for row in rows)
    for row in rows:
        assert f"<td>{formats.value_text(row, t)}</td>" in table
    assert t("figure.more", count=1) not in said(app), "one bar is not the largest of many"
    assert title not in [one.value for one in opened("flows", lang).main.subheader]


def test_a_service_that_is_none_is_said(opened: Open) -> None:
    app = opened("flows", "fi", service="shoe_shop")
    assert "shoe" in app.warning[0].value
    assert not app.error
