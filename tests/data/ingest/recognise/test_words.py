"""The words of exports: a wide collection with the right answers (`words.toml`), and what is never guessed."""

import tomllib
from pathlib import Path

import pytest

from data.codes import code_list, code_list_names
from data.codes.codelist import UNKNOWN_WORDS
from data.codes.municipalities import former_municipalities, municipalities
from data.ingest.recognise.codes import many, one
from data.ingest.recognise.forms import other_form
from data.ingest.recognise.numbers import yes_or_no
from data.ingest.recognise.problem import Problem

COLLECTED = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
ASKED = COLLECTED.pop("asked")
NO_ANSWER = COLLECTED.pop("no_answer")["words"]
WITH_UNKNOWN = [name for name in COLLECTED if code_list(name).unknown]

LETTERED = [
    (name, code)
    for name in code_list_names()
    for code in code_list(name).ids
    if name != "hour" and not (code.isdigit() and len(code) == 3)
]
ENDINGS = ("t", "n", "ssa", "lle", "asiat", " asiat", "palvelut", "palveluun", "en", "et", "s", "ärenden", "tjänster")


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in COLLECTED.items() for code in codes])
def test_the_collected_words_are_read(name: str, code: str) -> None:
    read = {word: one(name, word) for word in COLLECTED[name][code]}
    assert {word: found for word, found in read.items() if found != code} == {}


@pytest.mark.parametrize("name", ASKED)
def test_what_may_mean_two_things_is_not_guessed(name: str) -> None:
    read = {word: one(name, word) for word in ASKED[name]}
    assert {word: found for word, found in read.items() if not isinstance(found, Problem)} == {}


@pytest.mark.parametrize("name", WITH_UNKNOWN)
def test_no_answer_is_unknown_in_every_list(name: str) -> None:
    read = {word: one(name, word) for word in (*NO_ANSWER, *UNKNOWN_WORDS)}
    assert {word: found for word, found in read.items() if found != code_list(name).unknown} == {}


def test_no_answer_to_a_yes_or_no_question_is_neither() -> None:
    assert {word: yes_or_no(word) for word in NO_ANSWER} == dict.fromkeys(NO_ANSWER)
    assert [yes_or_no(word) for word in ("Kyllä", "✔\ufe0f", "☒", "Ei ole", "☐", "❌")] == [True] * 3 + [False] * 3


@pytest.mark.parametrize(("name", "code"), LETTERED)
def test_a_code_beside_a_word_we_do_not_know_is_not_believed(name: str, code: str) -> None:
    # `en tiedä` is not English, `no comment` not Norwegian, `8 vuotta` no doctorate, `other than that` not other.
    assert isinstance(one(name, f"{code} zyxel"), Problem)


def test_a_three_digit_code_is_believed_beside_a_name_we_do_not_know() -> None:
    assert one("municipality", "049 Alberga") == "049"
    assert isinstance(one("municipality", "49 asukasta"), Problem)


def test_parts_that_agree_are_one_answer_and_parts_that_do_not_are_none() -> None:
    assert one("language", "venäjä / ryska / Russian") == "ru"
    assert one("municipality", "Helsinki | Helsingfors (091)") == "091"
    assert isinstance(one("language", "venäjä / ukraina"), Problem)
    assert isinstance(one("municipality", "Espoo (091)"), Problem)
    assert many("topic", "Työ/Arbete; Bostad/Asuminen") == ("work", "housing")


def test_two_services_in_one_cell_are_never_one() -> None:
    for text in (
        "polisen, FPA",
        "polisen FPA",
        "banken och FPA",
        "Migrin ja Kelan",
        "Kelan / Migrin",
        "Turun poliisi ja Kela",
        "Psykologin, Kelan",
    ):
        assert isinstance(one("service", text), Problem), text
    assert many("service", "polisen, FPA") == ("police", "kela")


def test_a_long_text_is_no_word_and_takes_no_time() -> None:
    assert isinstance(one("topic", "a-" * 20_000), Problem)
    assert isinstance(one("service", "Helsingin " * 20_000), Problem)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("topic", "Kela-asioissa", "social_security"), ("topic", "FPA-frågor", "social_security"),
        ("topic", "skattekortsärenden", None),
        ("service", "Malmin terveysasemalle", "wellbeing_health"), ("service", "Etelä-Savon hyvinvointialue", "wellbeing_social"),
        ("service", "Kela Vantaa", "kela"), ("service", "Esbo stads ungdomstjänster", "other_municipal"),
        ("service", "Helsinki", None), ("service", "muun kunnan sosiaalitoimi", None), ("service", "ilman Kelaa", None),
        ("channel", "Helsingin puhelin", None), ("language", "se asia", None), ("municipality", "Salonsa", None),
    ],
)  # fmt: skip
def test_other_forms(name: str, text: str, code: str | None) -> None:
    assert other_form(name, text) == code


@pytest.mark.parametrize("name", code_list_names())
def test_another_form_never_makes_another_code_of_a_word(name: str) -> None:
    wrong: dict[str, tuple[str, str | None]] = {}
    for code in code_list(name).codes:
        for word in code.words():
            texts = [
                word,
                f"Helsingin {word}",
                f"Esbo stads {word}",
                f"{word} Vantaa",
                *(word + end for end in ENDINGS),
            ]
            found = {text: other_form(name, text) for text in texts if code_list(name).find(text) is None}
            wrong |= {text: (code.id, other) for text, other in found.items() if other not in (None, code.id)}
    assert wrong == {}


def test_every_former_municipality_is_the_present_one() -> None:
    places = [(code, place) for code, old in former_municipalities().items() for place in old]
    assert len(places) == len({(place.fi, place.into) for _, place in places}) > 150
    assert all(code in municipalities() and 1970 <= place.year <= 2026 for code, place in places)
    for code, place in places:
        words = [place.fi, place.sv, f"{place.fi_genitive} kunta", *([f"KU{place.code}"] if place.code else [])]
        assert {word: one("municipality", word) for word in words} == dict.fromkeys(words, code)


def test_every_municipality_is_read_in_its_usual_forms() -> None:
    for code, place in municipalities().items():
        words = [
            place.fi, place.sv, place.fi_genitive, f"{place.fi_genitive} kaupunki", f"{place.sv} stad", f"{place.fi} ({code})",
            f"{code} {place.fi}", f"{place.fi}/{place.sv}", f"KU{code}", place.fi.upper(),
        ]  # fmt: skip
        assert {word: one("municipality", word) for word in words} == dict.fromkeys(words, code)
