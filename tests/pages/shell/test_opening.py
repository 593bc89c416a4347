"""Every page over a store that has nothing to show, is damaged or has lost its keys says in words what to do."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import streamlit

from data.model.records import TABLES
from data.refusal import Refusal
from data.store.keys import KeyFileError, key_path, load_or_create
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, Language, texts
from metrics.grammar.question import Question
from metrics.measures.inquiry import Inquiry
from pages.shell import noting, opening
from pages.shell.registry import PAGES
from pages.shell.serving import Serving, serving
from pages.view.sentences import refusal_text
from tests.conftest import ROOT, own_copy
from tests.metrics.made import store_of
from tests.pages.drawn import open_page, said
from tests.pages.rights import with_rights, without_rights
from tests.test_architecture import imports, python_files

IDS = [spec.id for spec in PAGES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"client": 1 + i % 90, "occurred_on": date(2025, 1 + i % 9, 3), "municipality": "049"} for i in range(300)]
    return store_of(tmp_path_factory.mktemp("whole") / "store", {"encounter": rows}).path


@pytest.fixture
def store(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own, with its keys, that the app shows."""
    path = own_copy(whole, tmp_path / "store")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(path))
    return path


def damaged(name: str, text: str) -> Callable[[Path], Refusal]:
    def harm(store: Path) -> Refusal:
        (store / name).write_text(text, encoding="utf-8")
        return StoreError("damaged", store, name)

    return harm


def replaced(store: Path) -> Refusal:
    """A file of another store put in the place of the one that serves, which pages have read before."""
    open_page("overview", "fi")
    (other,) = (store_of(store.with_name("other"), {"encounter": [{"client": 1}]}).path / "generations").glob(
        "*.duckdb"
    )
    shutil.copy(other, store / "generations" / "000001.duckdb")
    return StoreError("replaced", store, "generations/000001.duckdb")


def without_keys(store: Path) -> Refusal:
    key_path(store).unlink()
    return KeyFileError("missing", key_path(store))


def with_other_keys(store: Path) -> Refusal:
    without_keys(store)
    load_or_create(store.with_name("first.keys"))  # the keys of the first store of every test
    load_or_create(key_path(store))
    return KeyFileError("mismatch", key_path(store))


def with_open_keys(store: Path) -> Refusal:
    key_path(store).chmod(0o644)
    return KeyFileError("open_to_others", key_path(store))


HARMS = {
    "store.json": damaged("store.json", "{"),
    "pointer": damaged("current", "x"),
    "another file": replaced,
    "no keys": without_keys,
    "other keys": with_other_keys,
    "open keys": with_open_keys,
}


FINNISH: tuple[Language, ...] = ("fi",)
# Every language for one of them; of the others the words are tested with the refusals.
HARMED = [(harm, lang) for harm in HARMS for lang in (LANGUAGES if harm == "store.json" else FINNISH)]
EMPTY = [(kind, lang) for kind in ("no folder", "no rows") for lang in (LANGUAGES if kind == "no folder" else FINNISH)]


@pytest.fixture(autouse=True)
def _at_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)


@pytest.mark.parametrize("page_id", IDS)
@pytest.mark.parametrize(("harm", "lang"), HARMED)
def test_a_page_says_what_is_wrong_with_the_store(harm: str, page_id: str, store: Path, lang: Language) -> None:
    expected, t = HARMS[harm](store), texts(lang)
    app = open_page(page_id, lang)
    assert not app.exception
    assert t("page.failed") not in said(app)
    told = [one.value for one in app.error]
    if page_id == "importing" and "keys" in harm:
        # Files are chosen first; the keys are needed, and asked for, when one is read.
        assert told in ([], [refusal_text(expected, t)])
    else:
        assert told == [refusal_text(expected, t)]


@pytest.mark.parametrize("page_id", ["overview", "flows", "quality", "importing"])
@pytest.mark.parametrize("harm", HARMS)
def test_a_visitor_is_told_no_place_on_the_server(
    harm: str, page_id: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_rights(monkeypatch)
    expected, t = HARMS[harm](store), texts("fi")
    app = open_page(page_id, "fi")
    assert not app.exception
    if page_id != "importing":
        assert [one.value for one in app.error] == [t("page.out_of_order", code=f"{expected.family}.{expected.reason}")]
    assert not any(word in said(app) for word in (str(store), "tilannekuva ", "--"))


@pytest.mark.parametrize("page_id", ["overview", "demand", "sources"])
def test_a_page_whose_data_go_while_it_is_drawn_is_drawn_of_what_is_there(
    page_id: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is forgotten: no visitor is told of versions that are not there, and of commands that list them."""
    forgotten: list[int] = []

    def forget(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("DELETE FROM encounter WHERE client = 1")

    def seen(**how: Any) -> Serving | None:
        found = serving(**how)
        if not forgotten:
            forgotten.append(1)
            rewrite(Store(store), forget)
        return found

    monkeypatch.setattr(opening, "serving", seen)
    app = open_page(page_id, "fi")
    assert forgotten
    assert not app.exception
    assert [one.value for one in app.error] == []
    assert [one.value for one in app.title] == [texts("fi")("page." + page_id)]


@pytest.mark.parametrize("page_id", IDS)
@pytest.mark.parametrize(("kind", "lang"), EMPTY)
def test_a_page_without_data_says_where_to_begin(
    kind: str, page_id: str, lang: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, t = tmp_path / "store", texts(lang)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(path))
    if kind == "no rows":
        with Store(path).next_generation("nothing"):
            pass
    app = open_page(page_id, lang)
    assert not app.exception
    assert not app.error
    assert [one.value for one in app.title] == [t("page." + page_id)]
    if page_id == "importing":
        assert t("import.intro") in said(app)
    else:
        assert [one.value for one in app.info] == []
        assert t("first.intro") in said(app)
        assert ("example_try" in {one.key for one in app.button}) == (kind != "no rows")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_store_of_undated_rows_says_what_is_there_and_what_is_missing(
    lang: Language, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Residents alone have no period; that they were imported is not denied."""
    store, t = Store(own_copy(sample_store, tmp_path / "store")), texts(lang)
    with store.next_generation("population alone", sample=True) as connection:
        for table in TABLES:
            if table != "population":
                connection.execute(f"DELETE FROM {table}")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    for page_id in ("overview", "reach", "sources"):
        (told,) = [one.value for one in open_page(page_id, lang).info]
        there, _, missing = told.partition(". ")
        assert t("page.empty") not in told
        assert t("table.population") in there
        assert t("table.encounter") in missing
        assert t("table.encounter") not in there


def test_no_page_opens_the_store_by_itself() -> None:
    found = {name for name in python_files("pages") if "pages.shell.serving.serving" in imports(name)}
    assert found == {"pages/shell/opening.py", "pages/api/visible.py"}  # of all pages, and of all that programs ask


@pytest.mark.parametrize("page_id", ["overview", "targets", "hypotheses", "briefings"])
def test_whatever_a_page_asks_it_is_said_that_figures_are_computed(
    page_id: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now: list[str] = []
    unsaid: list[str] = []

    @contextmanager
    def spinner(text: str) -> Iterator[None]:
        open_now.append(text)
        yield
        open_now.pop()

    asked = Inquiry.__init__

    def inquire(inquiry: Inquiry, question: Question, *rest: Any) -> None:
        if texts("fi")("page.computing") not in open_now:
            unsaid.append(question.words)
        asked(inquiry, question, *rest)

    monkeypatch.setattr(streamlit, "spinner", spinner)
    monkeypatch.setattr(Inquiry, "__init__", inquire)
    assert not open_page(page_id, "fi").exception
    assert not unsaid


WORDS = "010190-123X /srv/x"
FAULTS: list[tuple[Exception, str]] = [
    (MemoryError(WORDS), ""),
    (RecursionError(WORDS), ""),
    (ValueError(WORDS), ""),
    (duckdb.ConversionException(WORDS), ""),
    (duckdb.InterruptException(WORDS), ""),
    (duckdb.OutOfMemoryException(WORDS), "no_memory"),
    (duckdb.IOException(f"{WORDS}: {os.strerror(errno.ENOSPC)}"), "no_room"),
    (OSError(errno.ENOSPC, WORDS, WORDS), "no_room"),
    (OSError(errno.EMFILE, WORDS, WORDS), "unwritable"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=lambda one: type(one).__name__)
def test_a_fault_of_a_page_is_told_and_logged_without_its_words(
    fault: Exception, reason: str, store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    without_rights(monkeypatch)

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(noting, "begin", fail)
    app, t = open_page("overview", "fi"), texts("fi")
    assert not app.exception
    code = t("page.out_of_order", code=f"store.{reason}") if reason else t("page.failed")
    assert [one.value for one in app.error] == [code]
    assert f"page overview: {type(fault).__name__} at" in caplog.text
    assert "pages/shell/opening.py:" in caplog.text
    assert not [
        record
        for record in caplog.records
        if "page overview" in record.getMessage() and str(ROOT) in record.getMessage()
    ]
    assert not [word for word in WORDS.split() if word in said(app) or word in caplog.text]
