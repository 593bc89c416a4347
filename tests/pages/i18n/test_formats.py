"""Numbers, bounds, periods and sentences read as a Finn, a Swedish speaker and an English reader write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data.texts import LANGUAGES, Language, texts
from metrics.change.decision import stored_totals
from metrics.change.power import power
from metrics.change.trend import Direction
from metrics.gate import Bound
from metrics.grammar.answer import Row
from pages.i18n import formats
from pages.view import finnish, sentences
from pages.view.state import Choice, View

NBSP = "\u00a0"
PLACES = {"iso": {"fi": "Iso Omena", "sv": "Stora Äpplet", "en": "Big Apple"}}


def row(value: float | None, unit: str = "clients", bound: str | None = None, **codes: str) -> Row:
    return Row("clients", codes, "2026", value, unit, bound=Bound.parse(bound) if bound else None, n=value)


@pytest.mark.parametrize(
    ("lang", "text"),
    [("fi", "1.7.2026 klo 0.05"), ("sv", "1.7.2026 kl. 0.05"), ("en", "1 Jul 2026 at 0:05")],
)
def test_a_moment_is_told_in_the_time_of_finland(lang: Language, text: str) -> None:
    assert formats.moment(datetime(2026, 6, 30, 21, 5, tzinfo=UTC), texts(lang)) == text


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (row(1255.0), "fi", f"1{NBSP}255"),
        (row(1255.0), "sv", f"1{NBSP}255"),
        (row(1255.0), "en", "1,255"),
        (row(2.5, "ratio"), "fi", "2,5"),
        (row(2.5, "ratio"), "en", "2.5"),
        (row(12, "%"), "fi", f"12{NBSP}%"),
        (row(12, "%"), "en", "12%"),
        (row(12.34, "%"), "sv", f"12,3{NBSP}%"),
        (row(None, bound="<10"), "fi", "alle 10"),
        (row(None, bound="<10"), "sv", "under 10"),
        (row(None, "%", "<5"), "fi", f"alle 5{NBSP}%"),
        (row(None, "%", ">95"), "fi", f"yli 95{NBSP}%"),
        (row(None, "%", ">95"), "sv", f"över 95{NBSP}%"),
        (row(None, "%"), "en", "not shown"),
        (row(0.0), "fi", "0"),
    ],
)
def test_values(value: Row, lang: Language, text: str) -> None:
    assert formats.value_text(value, texts(lang)) == text


def test_units_bend_to_their_number() -> None:
    assert formats.value_text(row(1, "days"), texts("sv"), unit=True) == "1 dag"
    assert formats.value_text(row(20, "clients"), texts("fi"), unit=True) == "20 asiakasta"


@pytest.mark.parametrize(
    ("period", "fi", "sv", "en"),
    [("2026-03", "maalis 2026", "mars 2026", "Mar 2026"), ("2026-09", "syys 2026", "sep 2026", "Sep 2026")],
)
def test_months_on_axes(period: str, fi: str, sv: str, en: str) -> None:
    assert [formats.period_short(period, lang) for lang in LANGUAGES] == [fi, sv, en]


@pytest.mark.parametrize(
    ("before", "now", "fi"),
    [
        (100, 150, f"+50{NBSP}%"),
        (200, 150, f"−25{NBSP}%"),
        (1000, 1001, f"±0{NBSP}%"),
        (80, 8, f"−90{NBSP}%"),
        # From few, both numbers: "+750 %" of 10 is a percentage of rounding.
        (10, 85, "10 → 85"),
        (75, 80, "75 → 80"),
        (0, 85, "0 → 85"),
        (10, 10, "±0"),
    ],
)
def test_changes(before: float, now: float, fi: str) -> None:
    assert sentences.change_text(row(now), row(before), texts("fi")) == fi


def test_dates() -> None:
    assert [formats.day(date(2026, 9, 30), lang) for lang in ("fi", "sv")] == ["30.9.2026", "30.9.2026"]
    assert formats.day(date(2026, 9, 30), "en").startswith("30 Sep")


def test_chart_locale_says_months_and_numbers_of_the_language() -> None:
    finnish_locale = formats.vega_locale("fi")
    assert finnish_locale["time"]["months"][2] == "maaliskuu"
    assert finnish_locale["time"]["days"][0] == "sunnuntai"
    assert (finnish_locale["number"]["decimal"], finnish_locale["number"]["thousands"]) == (",", NBSP)
    assert formats.vega_locale("sv")["time"]["shortMonths"][0] == "jan"


@pytest.mark.parametrize(
    ("name", "speakers"),
    [
        ("arabia", "arabiankieliset"),
        ("somali", "somalinkieliset"),
        ("venäjä", "venäjänkieliset"),
        ("englanti", "englanninkieliset"),
        ("islanti", "islanninkieliset"),
        ("turkki", "turkinkieliset"),
        ("kreikka", "kreikankieliset"),
        ("suomi", "suomenkieliset"),
        ("thai", "thainkieliset"),
        ("vietnam", "vietnaminkieliset"),
        ("viro", "vironkieliset"),
        ("pohjoissaame", "pohjoissaamenkieliset"),
        ("osseetti", "osseetinkieliset"),
        ("baski", "baskinkieliset"),
        ("viittomakieli", "viittomakieliset"),
    ],
)
def test_speakers_of_a_language_in_finnish(name: str, speakers: str) -> None:
    assert finnish.speakers(name) == speakers


VIEW = View("fi", "2026", area=Choice("municipality", "049"), language=Choice("language", "so"))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fi", "Somalinkieliset, Espoo, vuosi 2026, verrattuna vuoteen 2025"),
        ("sv", "Somaliskspråkiga, Esbo, år 2026, jämfört med år 2025"),
        ("en", "Somali speakers, Espoo, year 2026, compared with year 2025"),
    ],
)
def test_the_filter_sentence(lang: Language, said: str) -> None:
    assert sentences.filter_sentence(VIEW, texts(lang), PLACES) == said


@pytest.mark.parametrize(
    ("period", "fi", "sv"),
    [
        ("2026-ytd-02", "tammi–helmikuu 2026, verrattuna tammi–helmikuuhun 2025", "januari–februari 2026, jämfört med "
         "januari–februari 2025"),
        ("2026-03", "maaliskuu 2026, verrattuna maaliskuuhun 2025", "mars 2026, jämfört med mars 2025"),
        ("2026-Q3", "3. neljännes 2026, verrattuna 3. neljännekseen 2025", "kvartal 3 2026, jämfört med kvartal 3 2025"),
        ("all", "koko aika", "hela tiden"),
    ],
)  # fmt: skip
def test_periods_in_sentences(period: str, fi: str, sv: str) -> None:
    assert sentences.filter_sentence(View("fi", period), texts("fi"), PLACES) == f"Kaikki asiakkaat, {fi}"
    assert sentences.filter_sentence(View("sv", period), texts("sv"), PLACES) == f"Alla kunder, {sv}"


def test_changes_are_said_in_every_language() -> None:
    now, before = row(180.0, language="ar"), row(120.0, language="ar")

    def sentence(before: Row, way: Direction | None, lang: Language, when: str = "year") -> str:
        t = texts(lang)
        return sentences.change_sentence("language", now, before, way, t("when." + when), t, PLACES)

    said = [sentence(before, "up", lang) for lang in LANGUAGES]
    assert said[0] == f"**Arabiankieliset**: asiakkaita oli enemmän, nyt 180, vuotta aiemmin 120 (+50{NBSP}%)."
    assert said[1] == f"**Arabiskspråkiga** kunder blev fler: nu 180, ett år tidigare 120 (+50{NBSP}%)."
    assert said[2] == "**Arabic speakers** increased among clients: now 180, a year earlier 120 (+50%)."
    assert "nyt 180, vuotta aiemmin 10." in sentence(row(10.0, language="ar"), "up", "fi")
    hidden = row(None, bound="<10", language="ar")
    assert "vuotta aiemmin alle 10." in sentence(hidden, "up", "fi")
    assert f"edellisenä kuukautena 120 (+50{NBSP}%)." in sentence(before, "up", "fi", "month")
    # What may be chance is not said to grow.
    for way in ("unclear", None):
        assert (
            sentence(before, way, "fi") == f"**Arabiankieliset**: asiakkaita nyt 180, vuotta aiemmin 120 (+50{NBSP}%)."
        )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fi", f"Kun luvun takana on 1{NBSP}000 asiakasta, 10 %:n muutos näkyisi noin joka viides kerta."),
        ("sv", f"När talet bygger på 1{NBSP}000 kunder skulle en förändring på 10 % synas ungefär en gång av fem."),
        ("en", "With 1,000 clients behind the figure, a change of 10% would show about one time in five."),
    ],
)
def test_the_power_of_the_rule_in_plain_words(lang: Language, said: str) -> None:
    found = power(Row("clients", {}, "2025", 1000, "clients", n=1000), stored_totals(()), exact=False)
    assert found is not None
    assert sentences.power_text(found, texts(lang)) == said
    certain = sentences.power_text(replace(found, chance=0.999, in_points=True, change=5), texts("fi"))
    assert certain.endswith("5 prosenttiyksikön muutos näkyisi lähes aina.")


def test_text_from_outside_is_no_markup() -> None:
    assert "[x](http" not in sentences.plain("[x](http://example.org)")
    assert sentences.plain("<b>") == "\\<b\\>"
