"""A figure whose metric has begun to be counted otherwise says when and how; a briefing of before says that it is of before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import Language, texts
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide
from metrics.model.definition import definitions, own_definitions, own_origin, put_in_force
from metrics.registry.folder import read_registry
from metrics.registry.shelf import DefinitionShelf, use
from pages.briefings.drawing import drawn
from pages.briefings.opening import counted_otherwise
from pages.view import sentences
from pages.view.sentences import plain
from tests.conftest import own_copy
from tests.metrics.registry.conftest import folder_of, started_in_90
from tests.pages.drawn import each_language, open_page, said

SHARE = "referral_started_share"


@pytest.fixture
def taken(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    store = Store(own_copy(sample_store, tmp_path / "store"))
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    DefinitionShelf(store).take(read_registry(folder_of(tmp_path / "registry", referral_started_share=started_in_90())))
    yield store
    put_in_force(None)


@each_language
def test_the_note_stands_at_the_figure(lang: Language, taken: Store) -> None:
    change = {"fi": "Aikaa on 90 päivää", "sv": "Tiden är 90 dagar", "en": "The time is 90 days"}[lang]
    app = open_page("catalogue", lang, metric=SHARE, period="2025")
    assert not app.error
    assert texts(lang)("figure.definition.what", what=change) in said(app)
    assert "KEHA-keskus" in said(app)
    assert texts(lang)("catalogue.registry.of", name="Kansallinen mittaristo", version="2026.11") in said(app)
    assert texts(lang)("catalogue.reviewed.not") in said(open_page("catalogue", lang, metric="warm_share"))
    assert change not in said(open_page("catalogue", lang, metric="warm_share", period="2025"))


@each_language
def test_the_explanation_of_a_figure_names_the_version_and_the_set(lang: Language, taken: Store) -> None:
    t, app = texts(lang), open_page("flows", lang)
    told = "\n".join(one.proto.help for one in (*app.header, *app.subheader))
    assert t("figure.defined", version=4, name="Kansallinen mittaristo", set=plain("2026.11")) in told
    whose = own_origin()
    assert t("figure.defined", version=1, name=whose.name, set=plain(whose.version)) in told


@each_language
def test_a_page_does_not_say_its_own_sentence_of_what_is_counted_otherwise(lang: Language, taken: Store) -> None:
    name = {"fi": "Palvelu alkoi 30 päivässä", "sv": "Tjänsten började inom 30 dagar", "en": "Started within 30 days"}[
        lang
    ]
    app = open_page("flows", lang)
    assert texts(lang)("page.definitions", names=name) in [one.value for one in app.info]
    (headline, *_) = [one.value for one in app.header]
    assert headline.startswith(name)


def test_the_page_is_as_before_without_other_definitions(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    assert "Määritelmä muuttui" not in said(open_page("catalogue", "fi", metric=SHARE, period="2025"))


def test_what_was_frozen_before_says_its_version(sample_store: Path, taken: Store) -> None:
    put_in_force(None)
    frozen = freeze((Slide(metric=SHARE, period="2025", kind="number"),), Store(sample_store))
    assert counted_otherwise(frozen, "fi") == ""
    open_page("catalogue", "fi", metric=SHARE, period="2025")  # whose store has other definitions
    assert counted_otherwise(frozen, "fi") == "Palvelu alkoi 30 päivässä"
    t = texts("fi")
    told = drawn(frozen.slides[0], frozen, t).meaning
    assert t("slide.definition.other", name="Palvelu alkoi 30 päivässä", version=3, now=4) in told
    anew = freeze((frozen.slides[0].slide,), taken)
    assert counted_otherwise(anew, "fi") == ""


@each_language
def test_files_and_handouts_name_the_set_of_others_definitions(lang: Language, taken: Store) -> None:
    t = texts(lang)
    put_in_force(None)
    own = sentences.defined(definitions()["clients"], t)
    use(taken)
    told = sentences.defined(definitions()[SHARE], t)
    assert "Kansallinen mittaristo 2026.11" in told
    assert definitions()[SHARE].text[lang] in told
    assert sentences.defined(definitions()["clients"], t) == own
    assert own_origin().version not in own
    frozen = freeze((Slide(metric=SHARE, period="2025", kind="number"),), taken)
    assert told in drawn(frozen.slides[0], frozen, t).footnotes
    # What a package is counted by may be another's, of which this program's sets tell nothing.
    assert "Kansallinen" not in sentences.defined(own_definitions()[SHARE], t)
