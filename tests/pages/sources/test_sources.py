"""Aineistot: what deliveries cover and lack is shown as it is stored; removing takes a yes, and the right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from data.coverage.months import FieldGap, field_gaps
from data.coverage.removal_log import removals
from data.coverage.sources import Sources
from data.geography.boundaries import BoundaryError
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.forgotten import beside_keys
from data.ingest.pipeline import prepare, publish
from data.steward.boundaries import SOURCE, boundaries
from data.store.store import Store
from data.texts import Language, texts
from pages.i18n import formats
from pages.sources import counting
from pages.view.sentences import plain, refusal_text
from tests.data.geography.geojson import squares
from tests.data.ingest.imports import encounters, rows
from tests.pages.drawn import each_language, open_page, said, tables
from tests.pages.rights import with_rights, without_rights

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two sources: January whole and February in part; March of Vantaa."""
    made = Store(tmp_path / "own")
    january = ["1;A7;2.1.2025;49;Arabia;Työ", "2;;30.1.2025;49;;Työ", "3;B2;15.2.2025;49;Arabia;Työ"]
    for source, lines in (("main", january), ("vantaa", ["1;A7;1.3.2025;92;Arabia;Työ", "2;C2;31.3.2025;92;Thai;Työ"])):
        path = encounters(tmp_path, *lines, name=f"{source}.csv", header=HEADER)
        publish(prepare([path], made, wishes=Wishes(source=source)), made, "test")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(made.path))
    with_rights(monkeypatch)
    return made


def submit(app: AppTest, name: str, *, sure: bool = True) -> AppTest:
    """Tick the yes of a form, or not, and send it."""
    app.checkbox(key=f"sources_sure_{name}").set_value(sure)
    return next(button for button in app.button if button.proto.form_id == f"sources_{name}_form").click().run()


@each_language
def test_months_gaps_and_deliveries_are_shown(lang: Language, store: Store) -> None:
    t, app = texts(lang), open_page("sources", lang)
    assert not app.exception
    calendar, gaps, had = _tables(app)
    assert calendar.count('class="whole"') == 2
    assert calendar.count('class="part"') == 1
    assert calendar.count('class="none"') == 3
    assert t("sources.state.until", until=formats.day(date(2025, 2, 15), lang)) in calendar
    assert f"vantaa: {t('table.encounter')}" in calendar
    assert t("sources.not_recorded") in gaps
    assert "33" in gaps
    assert had.count("<tr>") == 1 + 2
    assert "main.csv" in had
    assert had.count('<th scope="col"') == 6, "more columns are cut at the edge of a laptop's screen"
    assert f"{t('sources.loaded')} " in had
    assert t("sources.gone") not in had, "what is none is not told"
    assert t("sources.late", source="vantaa", until=formats.day(date(2025, 3, 31), lang)) in said(app)


def test_words_of_the_folded_table_stand_under_their_headings(store: Store) -> None:
    months = [one for one in tables(open_page("sources")) if 'class="values' in one][-3]
    row = next(line for line in months.split("<tr>") if ">vantaa<" in line)
    assert months.count('<th scope="col" class="words">') == 3
    assert row.count('<td class="words">') == 3, "the number of rows alone stands at the right"


def _tables(app: AppTest) -> tuple[str, str, str]:
    """The calendar, what is missing, and the deliveries."""
    found = tables(app)
    calendar = next(one for one in found if 'class="calendar"' in one)
    last = [one for one in found if 'class="values' in one]
    return calendar, last[-2], last[-1]


def test_nothing_is_removed_without_the_yes(store: Store) -> None:
    app = submit(open_page("sources"), "delete", sure=False)
    assert texts("fi")("sources.not_sure") in said(app)
    assert rows(store, "SELECT count(*) FROM encounter") == [(5,)]


def test_a_source_is_deleted_within_a_period_or_whole(store: Store) -> None:
    app = open_page("sources")
    app.selectbox(key="sources_delete").set_value("vantaa")
    app.date_input(key="sources_delete_period").set_value((date(2025, 3, 30), date(2025, 4, 1)))
    app = submit(app, "delete")
    assert texts("fi")("removal.deleted", count=1, number=3) in [str(one.value) for one in app.success]
    assert rows(store, "SELECT count(*) FROM encounter") == [(4,)]


def test_a_delivery_is_undone_and_a_client_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("sources")
    assert not [button for button in app.button if button.proto.form_id == "sources_undo_form"]
    labels = [one.label for one in (*app.selectbox, *app.text_input, *app.checkbox, *app.date_input)]
    assert not [one for one in labels if one[:1].islower()]
    app.selectbox(key="sources_undo").set_value(2).run()
    app = submit(app, "undo")
    assert texts("fi")("sources.undone", count=2, returned=0, number=3) in [str(one.value) for one in app.success]
    assert app.selectbox(key="sources_undo").value is None
    assert rows(store, "SELECT count(*) FROM encounter") == [(3,)]
    app.text_input(key="sources_forget").set_value("a7")
    monkeypatch.setattr("data.ingest.forgetting.note_beside_keys", lambda *_: False)
    app = submit(app, "forget")
    (told,) = [str(one.value) for one in app.success]
    assert told.split("\n\n") == [
        texts("fi")("removal.forgotten", count=4),
        plain(texts("fi")("removal.not_beside_keys", path=beside_keys(store.path))),
        texts("fi")("removal.elsewhere"),
    ]
    assert app.text_input(key="sources_forget").value == ""
    assert rows(store, "SELECT count(*) FROM encounter") == [(2,)]
    assert [line.what for line in removals(store.path).lines()] == ["delivery", "client"]
    app.text_input(key="sources_forget").set_value("Z9")
    app = submit(app, "forget")
    assert texts("fi")("refusal.removal.no_client") in said(app)
    assert "Z9" not in said(app)
    app.text_input(key="sources_forget").set_value("a7")
    assert plain(texts("fi")("refusal.removal.already")) in said(submit(app, "forget"))


@each_language
def test_what_undoing_does_is_told_and_a_loss_needs_its_own_yes(lang: Language, store: Store, tmp_path: Path) -> None:
    t = texts(lang)
    paths = [
        encounters(tmp_path, f"5;D5;9.1.2025;49;{language};Työ", name=f"{language}.csv", header=HEADER)
        for language in ("Arabia", "Thai")
    ]
    publish(prepare(paths, store, wishes=Wishes(source="main")), store, "test")
    app = open_page("sources", lang)
    app.selectbox(key="sources_undo").set_value(4).run()
    assert plain_words(t("removal.undo.lost", count=1)) in plain_words(said(app))
    assert app.checkbox(key="sources_sure_undo").label == t("sources.sure_lost", count=1)
    app = submit(app, "undo", sure=False)
    assert t("sources.not_sure") in said(app)
    assert len(rows(store, "FROM encounter")) == 6
    app = submit(app, "undo")
    assert t("sources.undone", count=1, returned=0, number=4) in [str(one.value) for one in app.success]
    assert len(rows(store, "FROM encounter")) == 5


def plain_words(text: str) -> str:
    return " ".join(text.split())


@each_language
def test_a_number_of_several_registers_is_taken_from_nobody_before_one_is_chosen(
    lang: Language, store: Store, tmp_path: Path
) -> None:
    t = texts(lang)
    assert not [one for one in open_page("sources", lang).selectbox if one.key == "sources_forget_register"]
    known = Sources.of(store.path)
    known.save({"vantaa": known.all()[1].model_copy(update={"client_register": "vantaa", "name": "Vantaan palvelu"})})
    path = encounters(tmp_path, "9;A7;9.3.2025;92;Thai;Työ", name="v.csv", header=HEADER)
    publish(prepare([path], store, wishes=Wishes(source="vantaa")), store, "test")
    app = open_page("sources", lang)
    app.text_input(key="sources_forget").set_value("A7")
    app = submit(app, "forget")
    (refused,) = [str(one.value) for one in app.error]
    assert "Vantaan palvelu" in refused
    assert "A7" not in refused
    assert len(rows(store, "FROM encounter")) == 6
    assert app.text_input(key="sources_forget").value == "A7", "nothing has been done with it yet"
    app.selectbox(key="sources_forget_register").set_value(1)
    app = submit(app, "forget")
    assert [str(one.value).startswith(t("removal.forgotten", count=3)) for one in app.success] == [True]
    by_place = "SELECT municipality::VARCHAR, count(*) FROM encounter GROUP BY 1 ORDER BY 1"
    assert rows(store, by_place) == [("049", 3), ("092", 1)], "with what Vantaa's numbers were everybody's for"


@each_language
def test_others_see_how_far_the_data_reach_and_nothing_more(
    lang: Language, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_rights(monkeypatch)
    app = open_page("sources", lang)
    t = texts(lang)
    assert t("sources.no_right") in said(app)
    assert not tables(app)
    assert not app.button
    # The last day of three rows is that of somebody's visit.
    assert formats.day(date(2025, 2, 15), lang) not in said(app)
    assert formats.day(date(2025, 3, 31), lang) in said(app)


def test_the_right_is_asked_for_at_the_act(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("sources")
    without_rights(monkeypatch)
    submit(app, "delete")
    assert rows(store, "SELECT count(*) FROM encounter") == [(5,)]


def test_a_click_counts_nothing_anew_and_a_new_generation_does(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    inner = field_gaps

    def count(connection: duckdb.DuckDBPyConnection) -> tuple[FieldGap, ...]:
        counted.append(1)
        return inner(connection)

    monkeypatch.setattr(counting, "field_gaps", count)
    app = open_page("sources").run().run()
    assert len(counted) == 1
    submit(app, "delete")
    assert len(counted) == 2


@each_language
def test_defaults_that_were_taken_are_listed_until_somebody_answers(
    lang: Language, store: Store, tmp_path: Path
) -> None:
    t = texts(lang)
    assert t("sources.defaults") not in [one.value for one in open_page("sources", lang).header]
    lines = [f"{number};C{number};{number}.4.2025;92;Velhokieli;Työ" for number in range(10, 20)]
    path = encounters(tmp_path, *lines, name="vantaa.csv", header=HEADER)
    publish(prepare([path], store, wishes=Wishes(source="vantaa")).with_defaults(), store, "test")
    app = open_page("sources", lang)
    assert t("sources.defaults") in [one.value for one in app.header]
    [listed] = [table for table in tables(app) if "velhokieli" in table]
    assert t("question.option.not_known") in listed
    answers = Answers({"value|encounter|kieli|velhokieli": "ar"})
    publish(prepare([path], store, wishes=Wishes(source="vantaa", answers=answers)), store, "test")
    assert t("sources.defaults") not in [one.value for one in open_page("sources", lang).header]


@each_language
def test_boundaries_are_brought_in_and_taken_out(lang: Language, store: Store) -> None:
    t, app = texts(lang), open_page("sources", lang)
    app.button(key="sources_boundaries_bring").click().run()
    assert [one.value for one in app.error] == [t("sources.boundaries.no_file")]
    app.file_uploader[0].set_value(("kunnat.geojson", b"PK", "application/json")).run()
    app.button(key="sources_boundaries_bring").click().run()
    assert [one.value for one in app.error] == [refusal_text(BoundaryError("format"), t)]
    app.file_uploader[0].set_value(("kunnat.geojson", squares("049", "092"), "application/json")).run()
    app.button(key="sources_boundaries_bring").click().run()
    assert [one.value for one in app.success] == [t("boundaries.brought", count=2)]
    assert boundaries(store.path).rings.keys() == {"049", "092"}
    assert t("sources.boundaries.there", count=2, source=SOURCE) in said(app)
    app.button(key="sources_boundaries_remove").click().run()
    assert [one.value for one in app.success] == [t("boundaries.removed")]
    assert not boundaries(store.path).rings
