"""Osaamiskeskus: steps and tables are the answers, of the same filters on every step."""

from __future__ import annotations

import pytest

from data.texts import Language, texts
from metrics.ask import ask
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from pages.centre.page import BETWEEN, COMPETENCE, INFLOW, TIME, TRAINING
from pages.centre.steps import STEPS
from pages.i18n import formats
from pages.shell.serving import Serving
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables


@each_language
def test_the_steps_are_the_answers(lang: Language, opened: Open, served: Serving) -> None:
    t, period = texts(lang), str(served.default_period)
    app = opened("centre", lang)
    drawn = {row["x"]: row["value"] for row in sent_rows(charts(app)[0]) if "x" in row}
    for step in STEPS:
        where = (("service", (step.service,)),) if step.service else ()
        row = ask(Question((step.metric,), where=where, period=period), served.store).rows[0]
        assert row.value
        assert drawn[step.key] == row.value
    starters = ask(Question(("centre_starters",), period=period), served.store).rows[0]
    assert formats.value_text(starters, t) in app.main.header[0].value
    year = next(row for row in ask(Question(("working_or_studying_by",)), served.store).rows if row.horizon == 12)
    assert t("centre.headline.year.everyone", share=formats.value_text(year, t)) in said(app)


def test_every_step_follows_the_same_filters(opened: Open, served: Serving) -> None:
    """A topic is no part of an enrolment: clients of guidance are then not limited to it either, and the figure says so."""
    period = str(served.default_period)
    app = opened("centre", "fi", language="ar", topic="work")
    drawn = {row["x"]: row["value"] for row in sent_rows(charts(app)[0]) if "x" in row}
    where = (("service", ("guidance",)), ("language", ("ar",)))
    assert drawn["guidance"] == ask(Question(("clients",), where=where, period=period), served.store).rows[0].value
    assert texts("fi")("figure.left_out", count=1, names="aihe Työ") in said(app)


def test_more_filters_than_fit_every_step_are_left_out_of_all(opened: Open, served: Serving) -> None:
    period = str(served.default_period)
    app = opened("centre", "fi", municipality="853", language="ar", sex="female")
    drawn = {row["x"]: row["value"] for row in sent_rows(charts(app)[0]) if "x" in row}
    where = (("municipality", ("853",)), ("language", ("ar",)))
    for step in STEPS[1:]:
        row = ask(Question((step.metric,), where=where, period=period), served.store).rows[0]
        assert drawn[step.key] == row.value, step.key


@pytest.mark.parametrize("metrics", [BETWEEN, INFLOW, COMPETENCE, TRAINING, TIME])
def test_tables_hold_the_answers(metrics: tuple[str, ...], opened: Open, served: Serving) -> None:
    t = texts("en")
    shown = "".join(tables(opened("centre", "en", period="2025")))
    for metric in metrics:
        assert definitions()[metric].name["en"].replace("'", "&#x27;") in shown
        for row in ask(Question((metric,), period="2025"), served.store).rows:
            assert f"<td>{formats.value_text(row, t, unit=True)}</td>" in shown, metric


def test_a_part_of_a_year_says_what_is_of_everyone(opened: Open) -> None:
    t, app = texts("fi"), opened("centre")
    assert t("outcomes.everyone") in said(app)
    table = next(table for table in tables(app) if t("centre.between") in table)
    assert f"{definitions()['training_share'].name.fi}\u00a0*<" in table
    assert f"{definitions()['centre_days'].name.fi}<" in table
    assert t("outcomes.everyone") not in said(opened("centre", period="2025"))


def test_where_few_have_started_nothing_is_told(opened: Open) -> None:
    app = opened("centre", "fi", municipality="734", language="so")
    assert app.main.header[0].value.endswith(": alle 10")
    assert not app.exception
