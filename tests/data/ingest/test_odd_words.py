"""Words that no list knows: asked in small files too, likely meanings first; several topics in one cell; free text never kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from data.ingest.plan import Prepared
from data.ingest.question_words import question_text
from data.ingest.report import lines as report_lines
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import beside, csv, load, visits


def imported(folder: Path, header: str, cells: Sequence[str], *, count: int = 0) -> tuple[Store, Prepared]:
    number = count or len(cells)
    base = visits(number, "id", "day", "client") if header == "Aihe" else visits(number, "id", "day", "client", "topic")
    names = ["Tunnus", "Pvm", "Asiakasnumero", *(["Aihe"] if header != "Aihe" else []), header]
    store = Store(folder / "s")
    grid = beside(base, [cells[n] if n < len(cells) else cells[0] for n in range(number)])
    return store, load(store, csv(folder, [names, *grid]), yes=True)


def questions(prepared: Prepared) -> list[str]:
    return sorted(one.question.value for one in prepared.decisions if one.question.kind == "value")


PLACES = ["Espoo", "Espoo", "Espoo", "Turku", "Åbo", "Vantaa", "Vanda", "Helsinki", "Helsinki", "Lahti"]


@pytest.mark.parametrize(
    ("header", "good", "odd"),
    [
        ("Kotikunta", PLACES, word)
        for word in ("Koski", "Längelmäki", "Uusikirkko", "Lappi", "Karjala", "Vanaja", "Tukholma", "Uusimaa", "Espoo/Vantaa")
    ] + [
        ("Äidinkieli", ["arabia", "somali", "venäjä", "suomi"] * 3, word)
        for word in ("arabia, englanti", "arabia ja englanti", "persia/dari", "suomi/ruotsi", "afgaani", "jugoslavia", "intia",
                     "arabia + ranska", "kurdi tai turkki", "Arabian (Iraq)")
    ],
)  # fmt: skip
def test_one_odd_word_of_a_small_file_is_asked_and_unknown_until_then(
    header: str, good: list[str], odd: str, tmp_path: Path
) -> None:
    field, unknown = ("municipality", "000") if header == "Kotikunta" else ("language", "und")
    store, prepared = imported(tmp_path, header, [*good, odd])
    assert questions(prepared) == [odd]
    assert [(one.text, one.rows, one.taken_as) for one in prepared.files[0].parts[0].odd] == [(odd, 1, "not_known")]
    assert rows(store, f"SELECT count(*) FROM encounter WHERE {field}::VARCHAR = '{unknown}'") == [(1,)]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("filippiino", "tl"), ("tagalog", "tl"), ("kurdi", "ku"), ("sorani", "ckb"), ("kurmandži", "kmr"), ("kiina", "zh"),
        ("mandariini", "zh"), ("kantonin kiina", "yue"), ("dari", "prs"), ("farsi", "fa"), ("persia/farsi", "fa"),
        ("kurdi (sorani)", "ckb"), ("burmeesi", "my"), ("kroaatti", "hr"), ("venäjä/ryska", "ru"),
    ],
)  # fmt: skip
def test_languages_people_write(word: str, code: str, tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, "Äidinkieli", [word] * 3)
    assert (rows(store, "SELECT DISTINCT language::VARCHAR FROM encounter"), prepared.decisions) == ([(code,)], ())


def test_a_slip_of_the_pen_in_a_large_file_is_listed_and_not_asked(tmp_path: Path) -> None:
    _, prepared = imported(tmp_path, "Kotikunta", ["Espoo", "Espo"], count=60)
    assert prepared.decisions == ()
    assert [(one.text, one.rows) for one in prepared.files[0].parts[0].odd] == [("Espo", 1)]


def test_many_different_odd_words_of_a_large_file_are_asked_together(tmp_path: Path) -> None:
    cells = ["Espoo", *(f"Kylä{chr(97 + n)}" for n in range(12))]
    _, prepared = imported(tmp_path, "Kotikunta", cells, count=100)
    assert len(questions(prepared)) == 12


@pytest.mark.parametrize(
    ("header", "word", "first"),
    [
        ("Kotikunta", "Längelmäki", ("not_known", "562", "182")), ("Kotikunta", "Koski", ("not_known", "284", "098")),
        ("Kotikunta", "Uusikirkko", ("not_known", "895")), ("Äidinkieli", "arabia, englanti", ("not_known", "ar", "en")),
        ("Äidinkieli", "persia/dari", ("not_known", "fa", "prs")),
    ],
)  # fmt: skip
def test_the_likely_meanings_are_offered_first(header: str, word: str, first: tuple[str, ...], tmp_path: Path) -> None:
    _, prepared = imported(tmp_path, header, [word] * 4)
    [one] = prepared.decisions
    assert one.question.options[: len(first)] == first
    assert len(set(one.question.options)) == len(one.question.options)
    assert ("monta arvoa" in question_text(one.question, "fi")) == ("," in word or "/" in word)


TOPICS: dict[str, tuple[str, ...]] = {
    "Työ, Asuminen": ("work", "housing"), "Työ;Asuminen;": ("work", "housing"), "Työ/Asuminen": ("work", "housing"),
    "Työ + Asuminen": ("work", "housing"), "Työ & Asuminen": ("work", "housing"), "Työ ja asuminen": ("work", "housing"),
    "työ sekä asuminen": ("work", "housing"), "Arbete och boende": ("work", "housing"), "Work and housing": ("work", "housing"),
    "Työ\\Asuminen": ("work", "housing"), "Työ, asuminen ja Kela": ("work", "housing", "social_security"),
    "Työ / Kela / Verotus": ("work", "social_security", "taxation"), "Työ • Koulutus": ("work", "education"),
    "Työ,,Asuminen,": ("work", "housing"), "Opiskelu ja koulutus": ("education",), "Muu, mikä, Työ": ("other", "work"),
    "Muu, mikä: kissan tuonti": ("other",), "Muu: kissa": ("other",), "Muu (kissa)": ("other",), "Muu asia – kissa": ("other",),
    "Työ, muu: kissa, koira": ("work", "other"), "Työ;Muu, mikä: kissa; koira": ("work", "other"), "Övrigt: kissa": ("other",),
    "Annat, vad: kissa": ("other",), "Other, please specify: kissa": ("other",), "muuta, tarkenna: kissa": ("other",),
}  # fmt: skip


@pytest.mark.parametrize("text", TOPICS)
def test_several_topics_in_one_cell_and_free_text_that_goes_no_further(text: str, tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, "Aihe", [text] * 4)
    assert rows(store, "SELECT topics::VARCHAR[] FROM encounter") == [(list(TOPICS[text]),)] * 4
    assert prepared.decisions == ()
    told = "\n".join(report_lines(prepared, "fi")).encode() + b"".join(bytes_below(store.path))
    assert [word for word in (b"kissa", b"koira") if word in told] == []


def test_free_text_of_a_field_with_one_code_is_neither_told_nor_asked(tmp_path: Path) -> None:
    cells = ["Puhelin", "Muu, mikä: tapasin kissan", "Muu, mikä: koira puistossa", "Muu, mikä: kissa"]
    store, prepared = imported(tmp_path, "Kanava", cells * 3)
    assert [(one.question.value, one.question.rows) for one in prepared.decisions] == [("Muu, mikä …", 9)]
    told = (
        "\n".join(report_lines(prepared, "fi")).encode() + b"".join(bytes_below(store.path)) + repr(prepared).encode()
    )
    assert [word for word in (b"kissa", b"koira") if word in told] == []
    assert Counter(rows(store, "SELECT channel::VARCHAR FROM encounter")) == {("phone",): 3, ("unknown",): 9}


@pytest.mark.parametrize("text", ["Työ ja taikuus", "kieli- ja kulttuuriasiat", "Muutto: uusi osoite", "Työ ei"])
def test_half_known_cells_are_asked(text: str, tmp_path: Path) -> None:
    _, prepared = imported(tmp_path, "Aihe", ["Työ", "Kela", "Asuminen", text] * 3)
    assert questions(prepared) == [text]


def test_a_text_too_long_to_be_a_word_is_counted_and_never_told(tmp_path: Path) -> None:
    long = "tapasin asiakkaan kadulla ja hän kertoi pitkään omista asioistaan eikä asia kuulunut mihinkään"
    _, prepared = imported(tmp_path, "Kanava", ["Puhelin", "Puhelin", long])
    [one] = [one for one in prepared.files[0].parts[0].odd if one.field == "channel"]
    assert (one.text, one.rows) == (None, 1)
    assert long not in "\n".join(report_lines(prepared, "fi"))
    assert long not in repr(prepared)
