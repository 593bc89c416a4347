"""A published site: the same pages over packages, with the numbers of the store they were made of, and nothing that writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from metrics.audience import PROTECTED
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.packages import table
from metrics.packages.container import packed, unpacked
from metrics.packages.making import make, release_of
from metrics.packages.manifest import PackedPeople
from metrics.packages.naming import by_area
from metrics.packages.opening import package_of
from metrics.packages.scope import Scope, population_of
from metrics.packages.signing import SigningKey, make_publisher
from pages.access import mode, published
from pages.access.rights import STEWARD
from pages.i18n import formats
from pages.shell import publications
from pages.shell.asking import answer_to
from pages.shell.registry import PAGES, PageSpec, closed_paths, pages_here
from pages.shell.serving import serving
from pages.view.sentences import period_text, plain
from tests.conftest import own_copy
from tests.pages.access.test_guard import Asked
from tests.pages.drawn import Open, charts, each_language, in_turn, open_page, said, tables
from tests.pages.questions.test_answers import question_page
from tests.pages.rights import with_rights
from tilannekuva.publishing import fill

NOW = "2026-ytd-10"
METRICS = (
    "clients",
    "encounters",
    "new_clients",
    "solved_share",
    "understood_language_share",
    "support_use",
    "reach_per_1000",
)
DIMENSIONS = ("language", "topic", "municipality", "channel", "language_support")
SHOWN = [spec.id for spec in PAGES if spec.is_published]


@pytest.fixture(scope="session")
def store(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The sample municipality, opened to others."""
    found = Store(own_copy(sample_store, tmp_path_factory.mktemp("released") / "store"))
    open_to_others(found)
    return found


@pytest.fixture(scope="session")
def key(store: Store) -> SigningKey:
    return make_publisher(store.path, "Turun *seutu*")


@pytest.fixture(scope="session")
def package(store: Store, key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of everybody, as far as it is cheap."""
    release = release_of(store)
    known = definitions()
    scope = Scope(
        population_of(store, release, None), (NOW, "2025-ytd-10", "2025", "all"),
        tuple(one for one in METRICS if one in known), DIMENSIONS,
    )  # fmt: skip
    file = tmp_path_factory.mktemp("package") / "turku.tkp"
    file.write_bytes(make(store, release, scope, key).content)
    return file


@pytest.fixture(scope="session")
def espoo(package: Path, key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same figures, said to be of people elsewhere."""
    people = PackedPeople(dimension="municipality", code="049", municipalities=("049",))
    members = unpacked(package.read_bytes(), "x")
    about = package_of(package.read_bytes(), "x").about
    by_place = [one for one in about.answers if "municipality" not in one.by]
    members["manifest.json"] = about.model_copy(update={"population": people, "answers": tuple(by_place)}).text()
    frame = table.read(members["cells.parquet"], table.CELLS)
    members["cells.parquet"] = table.cells(row for row in table.rows_of(frame) if "municipality" not in row.codes)
    members["signature.json"] = key.signature(members)
    file = tmp_path_factory.mktemp("other") / "espoo.tkp"
    file.write_bytes(packed(members))
    return file


@pytest.fixture
def site(package: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return published_of(tmp_path, monkeypatch, package)


def published_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *files: Path) -> Path:
    """Where a published site of these packages would keep what it has no right to write: an empty folder."""
    fill(folder / "published", files)
    (folder / "store").mkdir()
    monkeypatch.setenv("TILANNEKUVA_STORE", str(folder / "store"))
    monkeypatch.setenv(published.FOLDER, str(folder / "published"))
    return folder / "store"


def numbers(app: AppTest) -> set[str]:
    """The tables of a page, without their styles."""
    return {re.sub(r"<style>.*?</style>", "", one, flags=re.DOTALL) for one in tables(app) if "<table>" in one}


@in_turn("page", SHOWN)
def test_every_page_is_drawn_and_nothing_is_written(page: str, lang: Language, site: Path) -> None:
    app = open_page(page, lang)
    assert not app.exception
    assert not app.error
    assert "Turun \\*seutu\\*" in said(app)
    assert texts(lang)("page.sample.mark") in said(app)
    assert list(site.iterdir()) == []


@pytest.mark.parametrize("page", ["overview", "demand", "compare"])
def test_the_numbers_are_those_that_visitors_of_the_store_see(
    page: str, site: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = numbers(open_page(page, period=NOW))
    monkeypatch.delenv(published.FOLDER)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    of_store = numbers(open_page(page, period=NOW))
    if page == "compare":  # where areas have the publisher's name
        plain = [re.sub(r"</?a[^>]*>", "", "".join(one)) for one in (shown, of_store)]
        cells = [set(re.findall(r"<td[^>]*>(.*?)</td>", one)) for one in plain]
        assert cells[0] <= cells[1] | {texts("fi")("compare.other.missing")}
        return
    same = shown & of_store
    assert len(same) >= (2 if page == "demand" else 1)
    values = {value for one in of_store for value in re.findall(r"<td[^>]*>(.*?)</td>", one)}
    assert {value for one in shown for value in re.findall(r"<td[^>]*>(.*?)</td>", one)} <= values | {"–"}


@each_language
def test_what_it_does_not_hold_is_said_once(lang: Language, site: Path) -> None:
    t = texts(lang)
    found = said(open_page("demand", lang, language="so", topic="work"))
    start = t("published.lacking", metrics="|").split("|")[0]
    assert found.count(start) == 1
    told = found.split(start)[1].splitlines()[0]
    assert plain(f"”{definitions()['clients'].name[lang]}” ({t('dimension.municipality').lower()})") in told


@each_language
def test_it_names_what_it_does_not_hold_in_words(
    lang: Language, espoo: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_of(tmp_path, monkeypatch, espoo)
    told = said(open_page("reach", lang)).split(texts(lang)("published.lacking", metrics="|").split("|")[0])[1]
    unquoted = re.sub("”[^”]*”", "", told.splitlines()[0])
    assert not definitions().keys() & set(re.findall(r"\w+", unquoted)), unquoted


def test_one_period_alone_has_nothing_before_it(site: Path) -> None:
    app = open_page("demand", period="2025")
    assert not app.error
    assert charts(app)


def test_nothing_stands_beside_the_months_where_no_earlier_time_is_known(site: Path) -> None:
    app = open_page("overview", period="2025")
    assert charts(app)
    assert not [column for column in app.columns if column.weight == 0.5]


def test_the_menu_has_what_there_is_something_of(site: Path) -> None:
    there = [spec.id for spec in publications.pages_shown()]
    assert {"overview", "demand", "compare", "catalogue"} <= set(there)
    assert not {"outcomes", "flows", "centre"} & set(there), "it holds no metric of theirs"
    closed = {"briefings", "hypotheses", "targets", "sources", "importing"}
    assert closed == {spec.id for spec in PAGES} - {spec.id for spec in pages_here()}


def test_no_door_opens_anything(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.access.mode.secrets", lambda: ({"client_id": "x"}, None))
    assert mode.current() == "closed"
    app = open_page("overview", audience="internal")
    assert texts("fi")("audience.internal_mark") not in said(app)
    assert not app.error
    # Even to someone with every right, as by a fault elsewhere, it has nothing exact to tell.
    with_rights(monkeypatch, STEWARD)
    app = open_page("overview", audience="internal")
    assert not app.exception
    assert not charts(app)
    assert not [button for button in open_page("demand").button if "add_" in str(button.key)]


@pytest.mark.parametrize("page", [spec for spec in PAGES if not spec.is_published], ids=lambda spec: spec.id)
def test_a_steward_s_address_does_not_exist(page: PageSpec, site: Path) -> None:
    for address in (f"/{page.url_path}", f"/{page.url_path}/", f"//{page.url_path}"):
        found = Asked(address, closed=closed_paths())
        assert found.status == 404
        assert not found.inner.seen
    assert Asked("/kysynta", closed=closed_paths()).status == 200


@each_language
def test_whose_figures_can_be_chosen(
    lang: Language, package: Path, espoo: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_of(tmp_path, monkeypatch, package, espoo)
    t = texts(lang)
    found = by_area(publications.held(tmp_path))
    first, other = found
    app = open_page("demand", lang)
    choice = app.selectbox(key="filter_of")
    assert choice.value == first
    assert choice.label == t("filter.of")
    assert publications.named(found[first][0], t) in choice.options
    choice.set_value(other).run()
    assert not app.error
    assert app.query_params["of"] in (other, [other])
    wrong = open_page("demand", lang, of="nobody")
    assert "nobody" in wrong.warning[0].value
    app = open_page("compare", lang)
    assert app.multiselect(key="own_compare_areas").value == [first, other]
    assert not app.error


@pytest.fixture(scope="session")
def by_year(store: Store, key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Two packages of one area, each of a period of its own."""
    folder, release = tmp_path_factory.mktemp("by_year"), release_of(store)
    for period in (NOW, "2025"):
        scope = Scope(population_of(store, release, None), (period,), ("clients", "encounters"), ("language",))
        (folder / f"{period}.tkp").write_bytes(make(store, release, scope, key).content)
    return folder / f"{NOW}.tkp", folder / "2025.tkp"


@pytest.mark.parametrize("turned", [False, True])
def test_every_period_of_every_package_of_an_area_is_reached(
    turned: bool, by_year: tuple[Path, ...], opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_of(tmp_path, monkeypatch, *(reversed(by_year) if turned else by_year))
    served = serving(newest=False)
    assert served
    assert served.default_period == Period.parse(NOW)
    assert {NOW, "2025", "2026-Q2", "2025-Q4", "2025-03"} <= set(served.known(PROTECTED).periods)
    assert len(served.publications) == 1
    for period in ("2025", "2025-Q4", NOW):
        shown = serving(newest=False, period=period)
        assert shown
        assert shown.package == publications.holder(served.packages, period)
        for asked in (served, shown):  # whichever is shown, a figure of any period is answered
            assert answer_to(asked, Question(("clients",), ("language",), period=period)).rows
    app = open_page("demand", period="2025")
    assert not app.warning
    assert not app.error
    assert charts(app)
    app = open_page("compare", period="2025")
    assert not app.error
    assert len(app.multiselect(key="own_compare_areas").value) == 1
    assert texts("fi")("compare.other.missing") not in "".join(tables(app)[:1])


def test_a_folder_that_cannot_be_read_is_said(site: Path, tmp_path: Path) -> None:
    (file,) = (tmp_path / "published" / "packages").glob("*.tkp")
    file.write_bytes(file.read_bytes()[:-3])
    app = open_page("demand")
    assert not app.exception
    assert app.error
    assert [spec.id for spec in pages_here()] == SHOWN


def _answered(text: str, lang: Language, **params: str) -> AppTest:
    """What a question in plain words is answered, on an otherwise empty page."""
    app = AppTest.from_function(question_page, args=("", lang, False), default_timeout=60)
    app.query_params.update({"lang": lang, **params})
    app.run()
    app.text_input[0].set_value(text).run()
    assert not app.exception
    assert not app.error
    return app


@each_language
@pytest.mark.parametrize("by", [None, "sex"])
def test_a_question_that_it_does_not_answer_is_told_in_words(by: str | None, lang: Language, site: Path) -> None:
    t = texts(lang)
    metric = definitions()["clients" if by else "referrals"].name[lang]
    breakdown = {"fi": "sukupuolittain", "sv": "per kön", "en": "by sex"}[lang] if by else ""
    app = _answered(f"{metric} {breakdown}", lang)
    named = f"”{metric}” ({t('dimension.sex').lower()})" if by else f"”{metric}”"
    assert t("question.not_held", metrics=plain(named)) in said(app)
    assert not tables(app)
    assert not charts(app)


@each_language
def test_a_time_that_it_does_not_hold_is_not_promised(lang: Language, site: Path) -> None:
    (warning,) = _answered("2019", lang).warning
    assert "Turun \\*seutu\\*" in warning.value
    assert plain(period_text("2025-ytd-10", texts(lang))) in warning.value


def test_an_answer_says_whose_figures_it_shows_and_leads_to_them(
    package: Path, espoo: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_of(tmp_path, monkeypatch, package, espoo)
    found = by_area(publications.held(tmp_path))
    for number, (of, (one, *_)) in enumerate(found.items()):
        app = _answered("asiakkaat", "fi", of=of)
        assert tables(app)
        assert plain(publications.named(one, texts("fi"))) in said(app)
        link = re.search(r"\(<(kysynta\?[^>]*)>\)", said(app))
        assert link
        assert (f"of={of}" in link[1]) is (number > 0), "the first is shown without being named"


def test_a_site_compares_with_no_target_and_with_another_place_where_a_package_has_one(
    site: Path, espoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered(app: AppTest) -> list[str]:
        return list(app.selectbox(key="filter_against").options)

    t = texts("fi")
    app = open_page("overview", against="place", other="853", period=NOW)
    assert not app.warning
    assert offered(app) == [t("against." + one) for one in ("year", "month", "place")]
    assert next(str(one.delta) for one in app.metric if one.label == t("key.clients")).startswith("Turku: ")
    assert t("against.place.note", name="Turku") in said(app)
    (tmp_path / "one").mkdir()
    published_of(tmp_path / "one", monkeypatch, espoo)
    app = open_page("overview", against="place", other="853", period=NOW)
    assert offered(app) == [t("against.year"), t("against.month")]
    assert t("parameter.other") in str(app.warning[0].value)
    assert "Turku" not in "".join(str(one.delta) for one in app.metric)


@pytest.mark.parametrize(("periods", "offered"), [(("2025",), False), (("2025", "2024"), True)])
def test_of_a_site_nothing_is_offered_to_compare_with_that_it_does_not_have(
    periods: tuple[str, ...], store: Store, key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, offered: bool
) -> None:  # fmt: skip
    """The year before is offered where a period has it; the values stand side by side all the same, in a matrix."""
    release, t = release_of(store), texts("fi")
    scope = Scope(population_of(store, release, None), periods, ("clients", "solved_share"), ("municipality",))
    file = tmp_path / "site.tkp"
    file.write_bytes(make(store, release, scope, key).content)
    published_of(tmp_path / "there", monkeypatch, file)
    app = open_page("compare", period="2025", metrics="clients,solved_share")
    assert not app.error
    box = app.selectbox(key="filter_against")
    assert (t("against.year") in box.options) == offered
    assert (t("against.none") in box.options) != offered
    assert (t("sentence.compared", period=period_text("2024", t, "to")) in said(app)) == offered
    caption = t("compare.matrix", period=formats.period_label("2025", "fi"))
    (matrix,) = (one for one in tables(app) if caption in one)
    assert t("filter.all.area") in matrix
    assert "<a " not in matrix
    assert t("compare.matrix.open") not in said(app), "no number is a link"
    assert t("compare.other.from") not in said(app), "the foot of the page says whose they are"
    assert t("published.tab_lacking") in said(open_page("demand", period="2025", tab="week"))


def test_of_a_site_with_one_month_no_comparison_is_offered(
    store: Store, key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(population_of(store, release_of(store), None), ("2025-03",), ("clients",), ("language",))
    file = tmp_path / "site.tkp"
    file.write_bytes(make(store, release_of(store), scope, key).content)
    published_of(tmp_path / "there", monkeypatch, file)
    app = open_page("overview", period="2025-03")
    assert not app.error
    assert "filter_against" not in {one.key for one in app.selectbox}
