"""Mittaristo: every metric is found and explained in three languages, and the recommendations carry the published values."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from data.texts import LANGUAGES, Language, texts
from metrics.ask import ask
from metrics.grammar.question import Question
from metrics.model.definition import SOURCES, definitions
from metrics.model.formulas import formula
from pages.catalogue.page import FEW
from pages.catalogue.recommendations import serving as serving_metrics
from pages.catalogue.searching import matching
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view import sentences, states
from tests.pages.drawn import Open, each_language, said, tables

EVERY = tuple(definitions())


def listed(app: Any) -> str:
    return "\n".join(tables(app))


@each_language
def test_every_metric_is_listed_with_its_page_and_recommendations(lang: Language, opened: Open) -> None:
    app = opened("catalogue", lang)
    assert not app.error
    assert not app.warning
    shown = listed(app)
    for one in definitions().values():
        name = one.name[lang].replace("'", "&#x27;")
        stands = f"{texts(lang)('page.' + one.page)} · {', '.join(one.sources)}"
        link = f'<a href="mittaristo?lang={lang}&amp;metric={one.id}" target="_self">{name}</a>'
        assert f'<th scope="row">{link}</th><td class="words">{stands}</td>' in shown, one.id
    assert [part.value for part in app.main.header] == [
        texts(lang)(f"catalogue.group.{group}") for group in dict.fromkeys(d.group for d in definitions().values())
    ]


@pytest.mark.parametrize("metric", EVERY)
def test_every_metric_opens_with_its_published_value(metric: str, opened: Open, served: Serving) -> None:
    lang = LANGUAGES[EVERY.index(metric) % len(LANGUAGES)]
    t, one = texts(lang), definitions()[metric]
    app = opened("catalogue", lang, metric=metric, period="2025")
    assert not app.error
    assert not app.warning
    shown = said(app)
    assert one.why[lang] in shown.replace("\\", "")
    assert formula(one, lang) in shown.replace("\\", "")
    for source in one.sources:
        assert f"- {source}: {t('catalogue.source.' + source)}" in shown
    assert t("catalogue.shown_on", page=t("page." + one.page)) in shown
    for change in one.changes:
        on = formats.day(date.fromisoformat(change.date), lang)
        assert t("catalogue.version", version=change.version, date=on) in shown
    rows = ask(Question((metric,), by=one.requires, period="2025"), served.store).rows
    for row in sorted(rows, key=lambda row: -(row.value or 0))[:5]:
        assert f"<td>{formats.value_text(row, t, unit=True)}</td>" in listed(app)


@each_language
def test_why_a_number_of_a_small_base_is_not_shown_stands_below_it(
    lang: Language, opened: Open, served: Serving
) -> None:
    asked = Question(("satisfaction",), by=("language",), period="2025")
    hidden = next(row for row in ask(asked, served.store).rows if row.value is None)
    app = opened("catalogue", lang, metric="satisfaction", period="2025", language=hidden.codes["language"])
    (note,) = states.notes((hidden.state,), texts(lang))
    assert note in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dimensions_are_said_for_every_metric(lang: Language) -> None:
    t = texts(lang)
    for one in definitions().values():
        assert all(t("dimension." + name) for name in one.of_fact.dimensions)


@pytest.mark.parametrize(
    ("lang", "wanted", "metric"),
    [("fi", "VIERASKIEL", "reach_per_1000"), ("sv", "hänvisningar", "referrals"), ("en", "referral_lost", "referral_lost_share"),
     ("fi", "osaamiskeskus k2", "evidence_share")],
)  # fmt: skip
def test_the_search_matches_id_name_and_text(lang: Language, wanted: str, metric: str, opened: Open) -> None:
    found = matching(wanted, texts(lang))
    assert metric in {one.id for one in found}
    assert len(found) < len(EVERY)
    app = opened("catalogue", lang, q=wanted)
    shown = listed(app)
    for one in definitions().values():
        assert (f'metric={one.id}" target="_self">' in shown) == (one in found), one.id
        if len(found) <= FEW:
            assert (f'<td class="words">{one.text[lang]}</td>' in shown) == (one in found), (
                "few are told with their meaning"
            )


def test_a_single_match_opens_by_itself(opened: Open) -> None:
    app = opened("catalogue", "fi", q="solved_first_contact_share")
    assert definitions()["solved_first_contact_share"].why["fi"] in said(app)


def test_nothing_found_is_said(opened: Open) -> None:
    app = opened("catalogue", "sv", q="<b>xyzzy")
    assert texts("sv")("catalogue.found_none") in said(app)
    assert not app.error


def test_the_search_is_kept_in_the_address(opened: Open) -> None:
    app = opened("catalogue")
    app.text_input(key="own_catalogue_q").input("tulkki").run()
    assert app.query_params["q"] == ["tulkki"] or app.query_params["q"] == "tulkki"
    app.text_input(key="own_catalogue_q").input("").run()
    assert "q" not in app.query_params


def test_an_unknown_metric_is_said(opened: Open) -> None:
    app = opened("catalogue", "fi", metric="shoe_size")
    assert "shoe" in app.warning[0].value
    assert not app.error


@each_language
def test_recommendations_carry_the_published_values(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    app = opened("catalogue", lang, view="recommendations", period="2025")
    assert not app.error
    assert not app.warning
    shown = {source: next((x for x in tables(app) if f"<caption>{source}, " in x), "") for source in SOURCES}
    told = "\n".join([said(app), *(one.label for one in app.expander)]).replace("\\", "")
    assert all(f"{source} · {t('catalogue.source.' + source)}" in told for source in SOURCES)
    for source in SOURCES:
        assert bool(shown[source]) == bool(serving_metrics(source))
        for metric in serving_metrics(source):
            assert metric.name[lang] in shown[source], metric.id
            if metric.requires:
                continue
            now, before = (ask(Question((metric.id,), period=period), served.store).rows for period in ("2025", "2024"))
            for row, earlier in zip(now, before, strict=True):
                had_data = earlier.state not in ("no_data", "not_recorded", "immature")
                values = (
                    formats.value_text(row, t, unit=True),
                    formats.value_text(earlier, t, unit=True) if had_data else "–",
                )
                assert "".join(f"<td>{value}</td>" for value in values) in shown[source], metric.id


def test_changes_come_from_the_two_values_shown(opened: Open, served: Serving) -> None:
    now, before = (ask(Question(("clients",), period=p), served.store).rows[0] for p in ("2025", "2024"))
    change = sentences.relative_text(now, before, texts("en"))
    table = next(
        x for x in tables(opened("catalogue", "en", view="recommendations", period="2025")) if "<caption>O2, " in x
    )
    assert change
    assert f"<td>{change}</td>" in table


def test_everything_is_in_the_file_of_the_page(served: Serving) -> None:
    from pages.catalogue.page import _whole
    from pages.figures import tables as written

    class Reader:
        t = texts("fi")

    whole = _whole(Reader(), tuple(definitions().values()))  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(written.to_csv(whole, texts("fi")).decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:] if row] == list(EVERY)
    assert {len(row) for row in rows if row} == {12}


def test_a_filter_that_is_not_in_force_is_marked_at_the_figure(opened: Open) -> None:
    t = texts("fi")
    app = opened("catalogue", "fi", view="recommendations", period="2025", municipality="049", topic="housing")
    assert not app.error
    note = t("catalogue.left_out", names="aihe Asuminen")
    mark = next(line for line in said(app).replace("\\", "").splitlines() if note in line)[0]
    (table,) = (x for x in tables(app) if "<caption>K2, " in x)
    assert f">{definitions()['evidence_share'].name['fi']}{mark}<" in table
    (table,) = (x for x in tables(app) if "<caption>O2, " in x)
    assert f">{definitions()['clients'].name['fi']}<" in table
