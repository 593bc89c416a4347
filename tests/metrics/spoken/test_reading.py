"""Questions in plain words: read whole or not at all, in three languages, and never guessed."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.codes import code_list
from data.texts import LANGUAGES, Language, texts
from metrics.grammar.period import Period, is_period, registered
from metrics.model.definition import definitions
from metrics.spoken import lexicon as lexicon_module
from metrics.spoken.lexicon import lexicon, normalised
from metrics.spoken.reading import MOST_LETTERS, Understood, read

DAY = date(2026, 9, 30)
VOCABULARY = Path(lexicon_module.__file__).with_name("vocabulary.toml")
PLACES = {"p1": {"fi": "Ison Omenan palvelutori", "sv": "Stora Äpplets servicetorg", "en": "Iso Omena Service Centre"}}


def of(text: str, lang: Language = "fi", day: date = DAY, today: date | None = None) -> Understood:
    """day: to which months are closed; today: when it is asked, by default in the month after that."""
    return read(text, lang, today or day + timedelta(12), day, PLACES)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fi", "somalinkieliset Espoossa viime vuonna", ("so", "049", None, None, None, "2025")),
        ("sv", "somaliskspråkiga i Esbo i fjol", ("so", "049", None, None, None, "2025")),
        ("en", "Somali speakers in Espoo last year?", ("so", "049", None, None, None, "2025")),
        ("fi", "arabiankieliset kuukausittain", ("ar", None, None, None, "month", None)),
        ("sv", "arabiskspråkiga per månad", ("ar", None, None, None, "month", None)),
        ("en", "Arabic speakers by month", ("ar", None, None, None, "month", None)),
        ("fi", "Kuinka monta venäjänkielistä asiakasta oli Turussa?", ("ru", "853", "clients", None, None, None)),
        ("fi", "odotusaika kunnittain 2025", (None, None, "wait_days", "municipality", None, "2025")),
        ("sv", "väntetid per kommun 2025", (None, None, "wait_days", "municipality", None, "2025")),
        ("en", "waiting time by municipality 2025", (None, None, "wait_days", "municipality", None, "2025")),
        ("fi", "asioinnit asiakasta kohden", (None, None, "encounters_per_client", None, None, None)),
        ("fi", "asioinnit q2 2025", (None, None, "encounters", None, None, "2025-Q2")),
        ("fi", "montako asiakasta meillä oli viime kvartaalilla", (None, None, "clients", None, None, "2026-Q3")),
        ("fi", "asiakkaat tammi-maaliskuussa", (None, None, "clients", None, None, "2026-Q1")),
        ("sv", "hur många kunder hade vi januari–maj 2025", (None, None, "clients", None, None, "2025-ytd-05")),
        ("sv", "somalisktalande i Esbo", ("so", "049", None, None, None, None)),
        ("fi", "viime vuoden syyskuun asiakkaat", (None, None, "clients", None, None, "2025-09")),
        ("fi", "asiakkaita tämän vuoden ensimmäisellä neljänneksellä", (None, None, "clients", None, None, "2026-Q1")),
        ("fi", "viime kuun asioinnit", (None, None, "encounters", None, None, "2026-09")),
        ("sv", "fjolårets kunder per kommun", (None, None, "clients", "municipality", None, "2025")),
        ("sv", "förra kvartalets besök", (None, None, "encounters", None, None, "2026-Q3")),
    ],
)
def test_a_question_is_read(lang: Language, text: str, expected: tuple[str | None, ...]) -> None:
    found = of(text, lang)
    where = dict(found.where)
    assert found.is_whole
    assert (
        where.get("language"),
        where.get("municipality"),
        found.metric,
        found.by,
        found.each,
        found.period,
    ) == expected


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        ("kaikki paitsi somalinkieliset", "unknown", ("kaikki", "paitsi")),
        ("ei somalinkieliset", "unknown", ("ei",)),
        ("somali ja arabia", "unknown", ("ja",)),
        ("somali ja arabia", "twice", ("language",)),
        ("Turku Espoo", "twice", ("area",)),
        ("viime vuonna 2024", "twice", ("period",)),
        ("lokakuu q3", "twice", ("period",)),
        ("viime kuussa maaliskuussa", "twice", ("period",)),
        ("viime neljänneksellä tammikuussa", "twice", ("period",)),
        ("kaikkiaan tammikuussa", "twice", ("period",)),
        ("koko aika q1 2025", "twice", ("period",)),
        ("asiakkaat asioinnit", "twice", ("metric",)),
        ("asiakkaat - naiset", "unknown", ("-",)),
        ("asiakkaat – naiset", "unknown", ("–",)),
        ("asiakkaat -naiset", "unknown", ("-naiset",)),
        ("asiakkaat !naiset", "unknown", ("!naiset",)),
        ("asiakkaat-", "unknown", ("asiakkaat-",)),
        ("asiakkaat -somali", "unknown", ("-somali",)),
        ("somali - Espoo", "unknown", ("-",)),
        ("naiset & somali", "unknown", ("&",)),
        ("<b>x</b> '; drop table", "unknown", ("<b>x</b>", "drop", "table")),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_guessed(text: str, part: str, words: tuple[str, ...]) -> None:
    found = of(text)
    assert not found.is_whole
    assert getattr(found, part) == words


@pytest.mark.parametrize(
    ("lang", "text", "area"),
    [
        ("fi", "asiakkaat Uudellamaalla", ("region", "01")),
        ("fi", "uudenmaan asiakkaat viime vuonna", ("region", "01")),
        ("fi", "asiakkaat Varsinais-Suomesta", ("region", "02")),
        ("fi", "asiakkaat Lapissa", ("region", "19")),
        ("fi", "asiakkaat Keski-Uudellamaalla", ("employment_area", "14")),
        ("fi", "asiakkaat Pohjanmaan maakunnassa", ("region", "15")),
        ("fi", "asiakkaat Pohjanmaan työllisyysalueella", ("employment_area", "26")),
        ("fi", "asiakkaat Oulun seutu työllisyysalueella", ("employment_area", "24")),
        ("sv", "kunder i Nyland", ("region", "01")),
        ("sv", "Nylands kunder i fjol", ("region", "01")),
        ("sv", "kunder i landskapet Österbotten", ("region", "15")),
        ("en", "clients in Uusimaa", ("region", "01")),
        ("en", "clients in the region of Ostrobothnia", ("region", "15")),
    ],
)
def test_an_area_is_read_as_people_say_it(lang: Language, text: str, area: tuple[str, str]) -> None:
    found = of(text, lang)
    assert found.is_whole
    assert found.where == (area,)


@pytest.mark.parametrize("ending", ["lla", "n", "lta", "lle"])
def test_areas_of_one_name_are_not_guessed_between_in_any_case(ending: str) -> None:
    assert of(f"asiakkaat Pohjanmaa{ending}").unclear == (f"pohjanmaa{ending}",)


def test_every_region_has_its_cases() -> None:
    for code in code_list("region").codes:
        if not code.unknown:
            genitive = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))["fi"]["area_forms"][code.fi][0]
            assert of(f"asiakkaat {genitive} maakunnassa").where == (("region", code.id),), code.fi


@pytest.mark.parametrize("text", ["", "   ", "?!", "kuinka monta oli", "853", "1", "x" * 5000, "on " * 500])
def test_a_question_of_nothing_is_not_answered(text: str) -> None:
    assert not of(text).is_whole


def test_words_past_the_bound_are_not_read_and_nothing_is_answered() -> None:
    assert of("on " * MOST_LETTERS + "somali").where == ()
    assert not of("somali " + "on " * MOST_LETTERS + "naiset").is_whole


def test_from_a_place_is_of_that_place() -> None:
    assert (
        of("clients from Espoo last year", "en").where
        == of("kunder från Esbo", "sv").where
        == (("municipality", "049"),)
    )
    assert of("clients from the municipality of Espoo", "en").is_whole
    assert of("clients at the Iso Omena Service Centre", "en").is_whole
    assert of("all time January", "en").twice == ("period",)


def test_a_month_without_a_year_is_the_last_one_that_has_ended() -> None:
    assert of("asiakkaat elokuussa").period == "2026-08"
    assert of("asiakkaat lokakuussa").period == "2025-10"
    assert of("asiakkaat viime vuonna lokakuussa").period == "2025-10"
    assert of("asiakkaat lokakuussa 2024").period == "2024-10"
    assert of("clients in October", "en").period == "2025-10"
    assert of("asiakkaat q4").period == "2025-Q4"


def test_last_year_is_counted_from_the_day_of_the_question_however_far_the_data_reach() -> None:
    asked = ("tänä vuonna", "viime vuonna", "viime kuussa", "viime neljänneksellä", "marraskuussa", "q4")

    def periods(day: date, today: date) -> list[str | None]:
        return [of(text, day=day, today=today).period for text in asked]

    assert periods(DAY, date(2026, 10, 1)) == ["2026-ytd-09", "2025", "2026-09", "2026-Q3", "2025-11", "2025-Q4"]
    december = date(2026, 12, 31)
    assert periods(december, date(2027, 1, 9)) == ["2027", "2026", "2026-12", "2026-Q4", "2026-11", "2026-Q4"]
    # The figures of December have not come yet, or those of a year: no earlier time is answered for the one that is asked for.
    for day in (date(2026, 11, 30), date(2025, 11, 30)):
        assert periods(day, date(2027, 1, 9)) == periods(december, date(2027, 1, 9))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_period_is_understood_as_it_is_printed(lang: Language) -> None:
    for one in registered(date(2025, 1, 1), date(2026, 9, 30)):
        found = Period.parse(of(one.label(lang), lang).period or "")
        assert (found == one) or (
            one.level == "ytd" and (found.first_day, found.last_day) == (one.first_day, one.last_day)
        )


@pytest.mark.parametrize(
    "text", ["helmi-huhtikuussa", "maalis-tammikuu", "tammi-maaliskuu q2", "tammi–syyskuu maaliskuussa"]
)
def test_a_span_that_is_no_period_is_not_answered(text: str) -> None:
    assert not of(text).is_whole


@pytest.mark.parametrize(
    ("lang", "text", "word"),
    [
        ("en", "visits in Swedish", "in swedish"), ("en", "clients in Arabic in Espoo", "in arabic"),
        ("sv", "kundmöten på engelska", "på engelska"), ("fi", "asiakkaat ruotsiksi", "ruotsiksi"),
        ("fi", "asioinnit venäjäksi viime vuonna", "venäjäksi"),
    ],
)  # fmt: skip
def test_the_language_of_the_service_is_not_taken_for_the_mother_tongue(lang: Language, text: str, word: str) -> None:
    assert of(text, lang).unknown == (word,)


def test_a_municipality_is_meant_where_an_area_has_its_name() -> None:
    assert of("Turku").where == (("municipality", "853"),)
    assert of("Varsinais-Suomi").where == (("region", "02"),)
    assert of("arabia").where == (("language", "ar"),)


def test_a_service_point_is_known_by_its_name_in_any_language() -> None:
    for name in PLACES["p1"].values():
        assert of(f"asiakkaat {name.upper()}").where == (("service_point", "p1"),)


EVERYDAY: dict[Language, str] = {
    "fi": "lapset lapsi nuoret yrittäjä muu muut annan se ne he on sun kun yli som Somalia Irak Afganistan Kurdistan Tre Hki",
    "sv": "som nya kom kan sin her est fin per var men hen barn unga annat andra övriga Somalia Kongo Syrien Irak Tre arab",
    "en": "new per fin sun run her est som ven children girl boys minor other others Somalia Iraq Syria Korea Arabia Persia",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyday_words_countries_and_codes_of_files_are_no_names(lang: Language) -> None:
    assert {word: found.where for word in EVERYDAY[lang].split() if (found := of(word, lang)).where} == {}
    codes = code_list("language").codes
    labels = {getattr(code, lang).casefold() for code in codes}
    assert [one.id for one in codes if one.id not in labels and "language" in dict(of(one.id, lang).where)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_and_topic_is_known_by_its_label(lang: Language) -> None:
    for dimension, other in (("language", "mis"), ("topic", "other")):
        codes = [code for code in code_list(dimension).codes if not code.unknown and code.id != other]
        wrong = [code.id for code in codes if (dimension, code.id) not in of(getattr(code, lang), lang).where]
        assert wrong == [], dimension


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("sv", "kvinnor som fick arbete 2025"), ("sv", "nya personer i Esbo"), ("sv", "hur många barn i Åbo"),
        ("sv", "kunder från Somalia"), ("en", "how many new people last year"), ("en", "visits per women"),
        ("en", "how many children in Turku"), ("en", "clients from Somalia"), ("fi", "kuinka monta lapset"),
        ("en", "how many people are there in Helsinki"), ("sv", "hur många personer i Helsingfors"),
        ("fi", "kuinka monta ihmistä Helsingissä"), ("fi", "kuinka monta henkilöä Helsingissä"),
        ("en", "clients from 2020"), ("en", "clients from January"), ("en", "clients from last year"), ("sv", "kunder från 2020"),
        ("sv", "kunder från i fjol"), ("fi", "asiakkaat tammikuusta"), ("fi", "asiakkaat vuodesta 2020"), ("en", "clients from"),
        ("en", "clients from the year 2020"), ("en", "clients from Arabic"), ("en", "clients from from Espoo"),
        ("en", "clients at work"), ("en", "clients over 65"), ("sv", "kunder över 65"), ("fi", "asiakkaat yli 65"),
    ],
)  # fmt: skip
def test_a_question_with_a_word_of_something_else_is_not_answered(lang: Language, text: str) -> None:
    assert of(text, lang).unknown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_metric_can_be_asked_by_its_name(lang: Language) -> None:
    for one in definitions().values():
        found = of(one.name[lang], lang)
        assert (found.metric, found.is_whole) == (one.id, True), one.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_month_and_year_makes_a_period(lang: Language) -> None:
    for name in lexicon(lang).months:
        period = of(f"{name} 2025", lang).period
        assert period
        assert is_period(period)


def test_every_municipality_is_understood_as_it_is_said() -> None:
    """But those whose name is a word of another kind too."""
    places = [code for code in code_list("municipality").codes if not code.unknown]
    other = [code.fi for code in places if dict(of(code.fi).where).get("municipality") != code.id]
    assert len(other) <= 2, other


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_are_understood(lang: Language) -> None:
    told = texts(lang)("question.can").split("*")[1::2]
    assert len(told) == 4
    assert [text for text in told if not of(text, lang).is_whole] == []


def test_a_word_that_is_nearly_known_is_offered() -> None:
    assert "asuminen" in lexicon("fi").nearest("asumisen")
    assert lexicon("fi").nearest("qwertyuiop") == ()


@pytest.mark.parametrize(
    ("lang", "word", "name"),
    [
        ("fi", "espossa", "espoo"),
        ("fi", "ukrainalaista", "ukraina"),
        ("fi", "venäläiset", "venäjä"),
        ("sv", "helsingforz", "helsingfors"),
        ("en", "somalis", "somali"),
    ],
)
def test_of_a_form_of_a_name_the_name_is_offered(lang: Language, word: str, name: str) -> None:
    assert not of(word, lang).is_whole
    assert lexicon(lang).nearest(word)[0] == name


def test_marks_and_spaces_play_no_part() -> None:
    assert of("  SOMALINKIELISET,   espoossa!!  ").where == of("somalinkieliset Espoossa").where
    assert normalised("\u00a0A\u2003B\n") == "a b"
