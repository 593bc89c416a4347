"""Vertailu beside packages: others' areas are marked, answer as the package does, and what they do not tell is said in words."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.sample.plan import make_plan
from data.sample.publish import publish
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from metrics.audience import PROTECTED
from metrics.change.decision import decide, queried_totals
from metrics.grammar.question import Question
from metrics.packages.asking import ask_package
from metrics.packages.manifest import PackedPeople
from metrics.packages.opening import Package
from metrics.packages.shelf import Shelf
from pages.i18n import formats
from pages.view.sentences import plain
from tests.conftest import own_copy
from tests.metrics.packages.conftest import Made, made_of
from tests.metrics.packages.test_receiving import forged
from tests.once import once
from tests.pages.compare.test_compare import cells_of, heading
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables
from tests.pages.rights import with_rights

NAME = "*Espoon* <b>kaupunki</b>"
NOW, BEFORE = "2026-ytd-10", "2025-ytd-10"
METRICS = ("clients", "solved_share", "days_to_employment")


@once
def espoo(folder: Path) -> Made:
    """Figures of Turku in another store, to be published as those of a place that the sample municipality does not know."""
    store = Store(folder / "store")
    publish(make_plan(9000, 3, date(2026, 10, 31)), store)
    open_to_others(store)
    return made_of(store.path, NAME, "Turku", (NOW, BEFORE))


def of_espoo(made: Made, **changes: Any) -> Package:
    people = PackedPeople(dimension="municipality", code="049", municipalities=("049",))
    return forged(made, made.key, **{"population": people, "noise": "0" * 16, **changes})


def token(package: Package) -> str:
    return f"{package.publisher.key[:8]}-049"


@pytest.fixture
def shelf(sample_store: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """That of a store that the pages show."""
    folder = own_copy(sample_store, tmp_path / "own")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(folder))
    return Shelf(Store(folder))


@pytest.fixture
def taken(espoo: Made, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Package:
    package = of_espoo(espoo)
    shelf.take(package, package.publisher.fingerprint)
    return package


def labelled(lang: Language) -> str:
    return texts(lang)("compare.other", area={"fi": "Espoo", "sv": "Esbo", "en": "Espoo"}[lang], publisher=NAME)


def html(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


@each_language
def test_values_and_directions_are_those_of_the_package(lang: Language, taken: Package, opened: Open) -> None:
    t = texts(lang)
    app = drawn(opened, taken, lang)
    asking = partial(ask_package, package=taken)
    for metric in METRICS:
        now, before = (
            next(
                r
                for r in asking(Question((metric,), period=period)).rows
                if r.horizon in (None, 12) and r.quantile in (None, 0.5)
            )
            for period in (NOW, BEFORE)
        )
        way = decide(now, before, queried_totals(asking, PROTECTED), exact=False)
        cells = next(
            cells_of(one, html(labelled(lang)))
            for one in tables(app)
            if t("before.year") in one and heading(metric, lang) in one
        )
        assert cells == [formats.value_text(now, t), formats.value_text(before, t), t(f"compare.trend.{way or 'none'}")]


def drawn(opened: Open, package: Package, lang: Language = "fi", **params: str) -> AppTest:
    wanted = {"areas": f"all,{token(package)}", "metrics": ",".join(METRICS), "period": NOW, **params}
    app = opened("compare", lang, **wanted)
    assert not app.exception
    assert not app.error
    return app


@each_language
def test_whose_they_are_is_said_once_with_what_rounding_costs(lang: Language, taken: Package, opened: Open) -> None:
    t = texts(lang)
    found = said(drawn(opened, taken, lang))
    assert found.count(t("package.rounded")) == 1
    assert f"**{plain(labelled(lang))}**" in found
    assert NAME not in found.replace(plain(NAME), ""), "a name that others have given is shown as it is written"
    assert t("compare.other.offer", publishers=plain(NAME)) in said(opened("compare", lang))


def test_both_lines_stand_in_one_chart(taken: Package, opened: Open) -> None:
    rows = sent_rows(charts(drawn(opened, taken, metrics="clients", step="year"))[0])
    label = labelled("fi")
    drawn_of = {(row["series_label"], row["x"]): row["value"] for row in rows if row["value"] is not None}
    for period in (NOW, BEFORE):
        (row,) = ask_package(Question(("clients",), period=period), taken).rows
        assert drawn_of[label, period] == row.value
    assert len({name for name, _ in drawn_of}) == 2


@each_language
def test_a_period_that_is_not_held_is_said_and_not_left_blank(lang: Language, taken: Package, opened: Open) -> None:
    t = texts(lang)
    app = drawn(opened, taken, lang, period="2025")
    matrix = next(one for one in tables(app) if t("compare.matrix", period="|").split("|")[0] in one)
    assert set(cells_of(matrix, html(labelled(lang)))) == {t("compare.other.missing")}
    assert t("compare.other.why") in said(app)
    assert plain(NAME) in said(app).split(t("compare.other.why"))[1]


def test_other_definitions_and_other_limits_are_said(espoo: Made, shelf: Shelf, opened: Open) -> None:
    t, marks = texts("fi"), dict(espoo.package.about.definitions)
    marks["clients"] = marks["clients"].model_copy(update={"version": 99})
    package = of_espoo(espoo, definitions=marks)
    shelf.take(package, package.publisher.fingerprint)
    matrix = next(one for one in tables(drawn(opened, package)) if t("compare.matrix", period="|").split("|")[0] in one)
    assert cells_of(matrix, html(labelled("fi")))[0] == t("compare.other.otherwise")
    shelf.remove(package.id)
    # Taken in by a version of the program that had these limits.
    other = of_espoo(espoo, gate={**espoo.package.about.gate, "base": 3})
    (shelf.folder / f"{other.id}.tkp").write_bytes(other.content)
    app = drawn(opened, other)
    matrix = next(one for one in tables(app) if t("compare.matrix", period="|").split("|")[0] in one)
    assert set(cells_of(matrix, html(labelled("fi")))) == {t("compare.other.otherwise")}
    assert t("refusal.package.other_gate", publisher=plain(NAME)) in said(app)


def test_nothing_exact_stands_beside_them(taken: Package, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    seen, asked = drawn(opened, taken), drawn(opened, taken, audience="internal")
    assert tables(asked) == tables(seen)
    assert texts("fi")("compare.other.protected") in said(asked)
    assert tables(opened("compare", audience="internal", period=NOW)) != tables(opened("compare", period=NOW))


def test_a_package_that_cannot_be_read_takes_nothing_else_with_it(taken: Package, shelf: Shelf, opened: Open) -> None:
    (path,) = shelf.folder.glob("*.tkp")
    path.write_bytes(taken.content[:-1])
    app = opened("compare")
    assert not app.exception
    assert charts(app)
    assert texts("fi")("compare.other.unreadable", why="").strip() in said(app)


@each_language
def test_a_folder_in_the_place_of_a_package_is_told_to_whoever_can_mend_it(
    lang: Language, taken: Package, shelf: Shelf, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = shelf.folder.glob("*.tkp")
    path.unlink()
    path.mkdir()
    t = texts(lang)
    why = t("page.out_of_order", code="store.unreadable")
    assert t("compare.other.unreadable", why=why) in said(opened("compare", lang))
    with_rights(monkeypatch)
    why = plain(t("refusal.store.unreadable", path=path))
    assert t("compare.other.unreadable", why=why) in said(opened("compare", lang))
