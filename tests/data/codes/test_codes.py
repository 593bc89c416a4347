"""Code lists: complete in three languages, unambiguous, and recognising what municipalities write in their files."""

import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from babel import Locale
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from data.codes import (
    GROUPED_BY,
    LANGUAGES,
    CodeListError,
    code_for_unknown,
    code_list,
    code_list_names,
    employment_area_of,
    normalise,
    region_of,
    unknown_code,
)
from data.codes.codelist import UNKNOWN_WORDS, Code, CodeList, bare_letters, make_list, read_codes
from tests.conftest import ROOT

UNKNOWN_OF = {"language": "und", "municipality": "000", "education_level": "9"}
WITHOUT_UNKNOWN = {"guidance_service", "outcome_kind", "weekday", "hour"}

# The words of real exports, as their makers wrote them.
WORDS = {
    "language_support": {
        "Yhteisellä kielellä": "common_language",
        "Asiakkaan omalla kielellä": "own_language",
        "Etätulkki": "interpreter_remote",
        "Tulkki paikalla": "interpreter_on_site",
        "Läheinen tulkkasi": "relative",
        "Ei yhteistä kieltä": "none_available",
    },
    "channel": {
        "Ilman ajanvarausta": "walk_in",
        "Ajanvaraus": "appointment",
        "Puhelin": "phone",
        "Sähköposti tai chat": "message",
        "Etätapaaminen": "video",
        "Jalkautuminen": "outreach",
        "Pop up": "pop_up",
        "ryhmä": "group",
        "Drop-in": "walk_in",
    },
    "resolution": {
        "Ratkesi": "solved",
        "Ohjattiin eteenpäin": "referred",
        "Jatkuu": "continues",
        "Ei ratkennut": "not_solved",
    },
    "topic": {
        "Työ": "work",
        "Oleskelulupa": "residence_permit",
        "Kela-etuudet": "social_security",
        "Asuminen": "housing",
        "Kieliopinnot": "language_study",
        "Koulutus": "education",
        "Lomakkeiden täyttö": "form_filling",
        "Sähköiset palvelut": "digital_services",
        "Perhe ja lapset": "family",
        "Terveys": "health",
        "Rekisteröinti (DVV)": "registration",
        "Raha-asiat": "everyday_economy",
        "Yrittäjyys": "entrepreneurship",
        "Verotus": "taxation",
    },
    "referral_status": {
        "Palvelu alkoi": "started",
        "Ei tietoa": "unknown",
        "Ei saapunut": "no_show",
        "Lähetetty": "sent",
        "Kieltäytyi": "declined",
    },
    "referral_manner": {"Tieto annettu": "information", "Aika varattu": "booked", "Saattaen": "warm"},
    "service": {
        "Ohjaus ja neuvonta": "guidance",
        "Kela": "kela",
        "FPA": "kela",
        "Ammattioppilaitos": "school_vocational",
        "Hyvinvointialueen sosiaalipalvelut": "wellbeing_social",
        "Migri": "migri",
        "Asuntopalvelut": "housing",
        "Työllisyyspalvelut": "employment_services",
        "Terveysasema": "wellbeing_health",
        "Pankki": "bank",
        "Verotoimisto": "tax",
        "DVV": "dvv",
        "Järjestö": "ngo",
        "Osaamiskeskus": "competence_centre",
        "Poliisi": "police",
        "Itse": "self",
    },
    "recognition_method": {
        "Haastattelu": "interview",
        "Todistukset": "certificate",
        "Näyttö": "demonstration",
        "Työkokeilu": "work_trial",
        "Digitaalinen testi": "digital_test",
    },
    "recognition_partner": {"Oppilaitos": "school", "Osaamiskeskus": "centre", "Työnantaja": "employer"},
    "training_kind": {
        "Kielikoulutus": "language",
        "Tutkinnon osa": "vocational_module",
        "Lyhytkurssi": "short_course",
        "Työkokeilu": "work_trial",
        "Oppisopimus": "apprenticeship",
    },
    "outcome_kind": {
        "Tutkinto-opiskelu": "degree_study",
        "Työssä avoimilla markkinoilla": "employment_open",
        "Palkkatuettu työ": "employment_subsidised",
        "Oppisopimus": "apprenticeship",
        "Yrittäjä": "self_employment",
    },
    "end_reason": {"Työllistyi": "employed", "Opiskelemaan": "studying", "Muutti": "moved"},
    "education_level": {"0": "0", "8": "8", "Lukio": "3", "ISCED 7": "7", "tuntematon": "9"},
    "language_level": {"A1.1": "a1_1", "A1": "a1", "A2": "a2", "B1": "b1", "A0": "below_a1", "0": "below_a1"},
    "weekday": {"ma": "1", "Söndag": "7"},
    "hour": {"8": "08", "8–9": "08", "08:00": "08", "23": "23"},
    "municipality": {
        "49": "049",
        "Esbo": "049",
        "ESPOO": "049",
        "KU049 Espoo": "049",
        "KU091": "091",
        "Åbo": "853",
        "Maarianhamina": "478",
        "5": "005",
        "Ei tietoa": "000",
    },
    "region": {"Nyland": "01", "MK01": "01", "1": "01"},
    "employment_area": {"Espoo-Kauniainen": "01"},
    "language": {
        "arabia": "ar",
        "Arabiska": "ar",
        "ar": "ar",
        "ara": "ar",
        "Arabic": "ar",
        "Turkki": "tr",
        "Ukraina": "uk",
        "Venäjä": "ru",
        "rus": "ru",
        "venäjän kieli": "ru",
        "ryska språket": "ru",
        "Burma": "my",
        "Myanmar": "my",
        "persia": "fa",
        "Farsi": "fa",
        "per": "fa",
        "fas": "fa",
        "dari": "prs",
        "Kurdi": "ku",
        "sorani": "ckb",
        "Kurmandži": "kmr",
        "Somalia": "so",
        "viro": "et",
        "et viro, eesti": "et",
        "kiina": "zh",
        "Mandariini": "zh",
        "Tagalog": "tl",
        "Filipino": "tl",
        "thai": "th",
        "Tigrinja": "ti",
        "tigrinya": "ti",
        "vietnam": "vi",
        "espanja": "es",
        "englanti": "en",
        "ar arabia": "ar",
        "fi suomi": "fi",
        "tuntematon": "und",
        "muu kieli": "mis",
    },
}  # fmt: skip

NOT_CODES = {
    "language": ("Klingon", "tlh", "SSS YHTEENSÄ", "02 VIERASKIELISET YHTEENSÄ", "", "-"),
    "municipality": ("999", "Tukholma", "SSS", ""),
    "topic": ("Työ; Asuminen", "=1+1", ""),
}


@pytest.mark.parametrize("name", code_list_names())
def test_every_code_has_three_labels_that_lead_back_to_it(name: str) -> None:
    codes = code_list(name)
    assert len(set(codes.ids)) == len(codes) == len(codes.codes)
    for code_id in codes.ids:
        assert code_id in codes
        assert codes.find(code_id) == code_id
        for lang in LANGUAGES:
            assert codes.find(codes.label(code_id, lang)) == code_id


@pytest.mark.parametrize("name", code_list_names())
def test_no_two_codes_share_a_label(name: str) -> None:
    codes = code_list(name)
    for lang in LANGUAGES:
        assert len({codes.label(code_id, lang) for code_id in codes.ids}) == len(codes)


@pytest.mark.parametrize("name", sorted(set(code_list_names()) - WITHOUT_UNKNOWN))
def test_unknown_is_a_code_of_its_own_and_comes_last(name: str) -> None:
    codes = code_list(name)
    unknown = UNKNOWN_OF.get(name, "unknown")
    assert codes.ids[-1] == unknown == codes.unknown == unknown_code(name)
    assert {codes.find(word) for word in UNKNOWN_WORDS} == {unknown}


@pytest.mark.parametrize("name", sorted(WITHOUT_UNKNOWN))
def test_lists_where_nothing_can_be_unknown_say_so(name: str) -> None:
    assert all(code_list(name).find(word) is None for word in UNKNOWN_WORDS)
    assert code_list(name).unknown is None
    with pytest.raises(KeyError):
        unknown_code(name)


@pytest.mark.parametrize("name", code_list_names())
def test_a_list_has_at_most_one_unknown_code(name: str) -> None:
    assert sum(code.unknown for code in code_list(name).codes) == (name not in WITHOUT_UNKNOWN)


def test_a_code_is_unknown_because_its_list_says_so_not_because_of_its_text() -> None:
    said = CodeList(name="x", codes=(_code("9"), _code("und"), _code("000"), _code("q", unknown=True)))
    assert said.unknown == "q"
    assert {said.find(word) for word in UNKNOWN_WORDS} == {"q"}
    assert CodeList(name="x", codes=(_code("9"), _code("unknown"))).unknown is None
    with pytest.raises(ValidationError, match="two codes"):
        CodeList(name="x", codes=(_code("a", unknown=True), _code("b", unknown=True)))


def test_what_is_unknown_belongs_to_an_unknown_group() -> None:
    for name, groups in GROUPED_BY.items():
        assert code_list(name).group_of(unknown_code(name)) == unknown_code(groups)
    assert employment_area_of(unknown_code("municipality")) == unknown_code("employment_area")


def _code(code_id: str, *, unknown: bool = False) -> Code:
    return Code(id=code_id, fi=f"a {code_id}", sv=f"b {code_id}", en=f"c {code_id}", unknown=unknown)


@pytest.mark.parametrize(("name", "text", "code"), [(n, t, c) for n, ws in WORDS.items() for t, c in ws.items()])
def test_words_of_real_files_are_recognised(name: str, text: str, code: str) -> None:
    assert code_list(name).find(text) == code


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in NOT_CODES.items() for t in texts])
def test_what_is_no_code_is_not_guessed(name: str, text: str) -> None:
    assert code_list(name).find(text) is None


@pytest.mark.parametrize(("name", "groups"), GROUPED_BY.items())
def test_every_code_is_in_one_known_group_and_no_group_is_empty(name: str, groups: str) -> None:
    codes = code_list(name)
    assert {codes.group_of(code_id) for code_id in codes.ids} == set(code_list(groups).ids)


def test_national_languages_are_finnish_swedish_and_sami() -> None:
    languages = code_list("language")
    national = {code for code in languages.ids if languages.group_of(code) == "national"}
    assert national == {"fi", "sv", "se", "sma", "smj", "smn", "sms"}


def test_languages_hold_all_two_letter_codes_and_babels_names() -> None:
    languages = code_list("language")
    names = {str(code): name for code, name in Locale("fi").languages.items()}
    assert {code for code in names if len(code) == 2} <= set(languages.ids)
    for code in ("ar", "et", "fa", "ku", "my", "so", "ti", "uk"):
        assert languages.label(code, "fi") == names[code]


def test_there_are_308_municipalities_each_in_a_region_and_an_employment_area() -> None:
    municipalities = code_list("municipality")
    places = municipalities.ids[:-1]
    assert len(places) == 308
    assert all(len(code) == 3 and code.isdigit() for code in places)
    assert {region_of(code) for code in municipalities.ids} == set(code_list("region").ids)
    assert {employment_area_of(code) for code in municipalities.ids} == set(code_list("employment_area").ids)
    assert all(region_of(code) == municipalities.group_of(code) for code in municipalities.ids)
    assert (region_of("049"), employment_area_of("049"), employment_area_of("235")) == ("01", "01", "01")
    with pytest.raises(KeyError):
        region_of("999")


def test_order_is_the_order_of_the_field_not_of_the_alphabet() -> None:
    levels = code_list("language_level").ids
    assert levels[:4] == ("below_a1", "a1_1", "a1_2", "a1_3")
    assert levels[-4:] == ("b2", "c1", "c2", "unknown")
    assert code_list("education_level").ids == tuple("0123456789")
    assert code_list("weekday").ids == tuple("1234567")
    assert code_list("hour").ids == tuple(f"{hour:02}" for hour in range(24))
    assert code_list("guidance_service").ids == ("guidance", "competence_centre")


PLACES = [
    (name, word, code.id) for name in code_list_names() for code in code_list(name).codes for word in code.words()
]


@given(
    place=st.sampled_from(PLACES),
    case=st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase]),
    gap=st.sampled_from([" ", "  ", "_", "-", " - ", "\u00a0", "\n", "/"]),
    edge=st.sampled_from(["", " ", "\t", ".", "\u00a0", ":"]),
    form=st.sampled_from(["NFC", "NFD", "NFKC"]),
)
def test_case_spaces_punctuation_and_unicode_form_do_not_matter(
    place: tuple[str, str, str], case: Callable[[str], str], gap: str, edge: str, form: Literal["NFC", "NFD", "NFKC"]
) -> None:
    name, word, code = place
    written = unicodedata.normalize(form, edge + gap.join(case(word).split()) + edge)
    assert code_list(name).find(written) == code


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
@example("TYÖLLISTYMINEN")
@example("tyollistyminen")
def test_a_text_is_found_in_a_list_only_if_one_of_its_words_is_the_same(text: str) -> None:
    topics = code_list("topic")
    found = topics.find(text)
    if found is not None:
        words = {normalise(word) for word in topics[found].words()}
        assert normalise(text) in words | {bare_letters(word) for word in words}


BAD: dict[str, list[dict[str, object]]] = {
    "id is given twice": [{"id": "a", "fi": "x", "sv": "x", "en": "x"}, {"id": "a", "fi": "y", "sv": "y", "en": "y"}],
    "belongs to both a and b": [
        {"id": "a", "fi": "x", "sv": "x", "en": "x", "synonyms": ["Y "]},
        {"id": "b", "fi": "y", "sv": "y", "en": "y"},
    ],
    "sv": [{"id": "a", "fi": "x", "en": "x"}],
    "id": [{"id": "Työ", "fi": "x", "sv": "x", "en": "x"}],
    "without letters": [{"id": "a", "fi": "x", "sv": "x", "en": "x", "synonyms": ["–"]}],
    "some do not": [
        {"id": "a", "fi": "x", "sv": "x", "en": "x", "group": "g"},
        {"id": "b", "fi": "y", "sv": "y", "en": "y"},
    ],
}


@pytest.mark.parametrize("reason", BAD)
def test_a_wrong_list_is_refused_with_its_name_and_reason(reason: str) -> None:
    with pytest.raises(CodeListError, match=f"(?s)colours: .*{reason}"):
        make_list("colours", BAD[reason]).find("a word")


def test_a_file_with_anything_but_codes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "colours.toml"
    path.write_text('name = "colours"\n[[code]]\nid = "red"\n', "utf-8")
    with pytest.raises(CodeListError, match=r"colours\.toml"):
        read_codes(path)


def test_unknown_list_code_language_and_group_are_errors() -> None:
    with pytest.raises(KeyError):
        code_list("colours")
    with pytest.raises(KeyError):
        code_list("topic").label("work", "de")
    with pytest.raises(KeyError):
        code_list("topic").label("play", "fi")
    with pytest.raises(KeyError):
        code_list("channel").group_of("phone")


def test_plain_letters_are_normalised_as_they_are_beside_others() -> None:
    for char in map(chr, range(128)):
        assert normalise(f"A{char}B ö") == normalise(f"A{char}B") + " ö", repr(char)


@pytest.mark.parametrize("name", code_list_names())
def test_the_code_for_unknown_is_found_without_the_list(name: str) -> None:
    assert code_for_unknown(name) == code_list(name).unknown


def test_there_is_none_of_a_list_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        code_for_unknown("colour")


def test_the_tables_are_known_without_the_names_of_languages() -> None:
    """A command that asks for one number waits for nothing of it."""
    read = "import data.model.records; from babel import localedata; print(sorted(localedata._cache))"
    found = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
