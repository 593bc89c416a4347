"""Names of countries in a language column: a language of the country, or asked about."""

import pytest
from babel import Locale
from babel.languages import get_official_languages

from data.codes import ambiguous_languages, code_list
from data.ingest.recognise import codes

ALSO = {"PH": "tl"}
"""Filipino is Tagalog."""


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_country_is_read_as_a_language_only_where_it_is_spoken_officially(lang: str) -> None:
    wrong = []
    for country, name in Locale(lang).territories.items():
        found = codes.one("language", name)
        official = get_official_languages(country, regional=True, de_facto=True)
        if isinstance(found, str) and found not in (*official, ALSO.get(country)):
            wrong.append((name, found))
    assert wrong == []


@pytest.mark.parametrize(
    "word", ["Syyria", "syyria", "Syrien", "Irak", "Iran", "Eritrea", "saame", "Samiska", "Sami", "saamen kieli"]
)
def test_a_country_or_a_group_of_languages_is_no_language(word: str) -> None:
    assert not isinstance(codes.one("language", word), str)


def test_what_it_may_mean_stands_first() -> None:
    assert codes.candidates("language", "Syyria")[:2] == ("ar", "syr")
    assert codes.candidates("language", "saame")[:2] == ("se", "smn")
    for country, likely in (
        ("Irak", "ar"),
        ("Afghanistan", "prs"),
        ("Iran", "fa"),
        ("Etiopien", "am"),
        ("Eritrea", "ti"),
    ):
        assert codes.candidates("language", country)[0] == likely
    assert {code for those in ambiguous_languages().values() for code in those} <= set(code_list("language").ids)
    assert [codes.one("language", word) for word in ("pohjoissaame", "assyria", "se saame")] == ["se", "syr", "se"]
