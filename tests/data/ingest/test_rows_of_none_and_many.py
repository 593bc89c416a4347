"""Rows that stand for nobody or for several people, and clients without a number: asked or said, and never silently one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.ingest.recognise.asking import question_key
from data.ingest.report import notes_line
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, beside, csv, load, visits

ALL = "SELECT count(*) FROM encounter"
CLIENTS = "SELECT count(DISTINCT client) FILTER (client > 0), count(*) FILTER (client < 0) FROM encounter"

Cells = Sequence[object]


def table(header: str, *columns: Cells, count: int = 12) -> Grid:
    """Rows of a number, a day and a topic with more columns; the cells of a column are repeated as far as needed."""
    cells = [[column[place % len(column)] for place in range(count)] for column in columns]
    return [[*"Tunnus;Pvm;Aihe".split(";"), *header.split(";")], *beside(visits(count, "id", "day", "topic"), *cells)]


def anew(grid: Grid) -> Grid:
    """The rows with other numbers of their own."""
    return [grid[0], *([f"L{number}", *row[1:]] for number, row in enumerate(grid[1:]))]


def answered(store: Store, path: Path, *answers: tuple[str, str, str]) -> Prepared:
    """What an import with answers would do: kind of question, what it is about, answer."""
    said = {question_key(kind, "encounter", about): answer for kind, about, answer in answers}
    return prepare([path], store, wishes=Wishes(answers=Answers(said)))


# --- head counts ---
HEADS = (
    "Hlö", "Hlöä", "Hlömäärä", "Hlö lkm", "Henk.", "Henk.lkm", "Henkilöt", "Henkilöitä", "Henkilölkm", "Kävijät",
    "Kävijämäärä", "Kävijä lkm", "Osallistujat", "Osallistujia", "Osallistujien lukumäärä (arvio)", "Osanottajat",
    "Läsnäolijat", "Paikalla", "Paikalla (hlö)", "Asiakkaat", "Asiakkaita", "Asiakkaita (kpl)", "Asiakaslkm", "Ryhmän koko",
    "Ryhmän henkilömäärä", "Montako henkilöä?", "4. Kuinka monta henkilöä oli paikalla?", "Vierailijat", "Ihmisiä",
    "Antal personer", "Antal pers.", "Deltagare", "Deltagarantal", "Besökare", "Personer", "Kunder", "Närvarande",
    "Hur många personer?", "Gruppstorlek", "Visitors", "Attendees", "Attendance", "No. of attendees", "# of people",
    "How many people?", "Participants", "Headcount", "Pax",
)  # fmt: skip
COUNTS = (
    "Lkm", "kpl", "Määrä", "Käyntejä yhteensä", "Antal", "Antal besök", "Number of visits", "Kohtaamisten lkm",
    "Käyntikerrat", "Käyntikertoja", "Asiointikertojen määrä", "Antal besöksgånger",
)  # fmt: skip
SPLIT = (
    "Naisia;Miehiä", "Naiset;Miehet;Muut", "Miehet (lkm);Naiset (lkm)", "Aikuisia;Lapsia", "Aikuiset;Nuoret;Lapset",
    "Kvinnor;Män", "Vuxna;Barn", "Women;Men", "Adults;Children", "N;M", "Nainen;Mies", "Uusia asiakkaita;Vanhoja asiakkaita",
)  # fmt: skip
NOT_HEADS = {
    "Lasten lukumäärä": (0, 2, 3), "Lapsia": (0, 2, 3), "Ikä": (33, 41, 20), "Asiakkaiden ikä": (33, 41, 20),
    "Perheen koko": (2, 3, 4), "Kesto min": (30, 15, 60), "Työntekijöitä": (1, 2, 1), "Ohjaajien määrä": (1, 2, 1),
    "Tulkkeja": (1, 2, 1), "Vuosi": (2025, 2024, 2025), "Postinumero": (100, 2100, 530), "Tyytyväisyys": (5, 4, 3),
    "Asiakkaan käyntien määrä": (5, 4, 3), "Matkakulut": (12, 3, 4), "Huone": (2, 3, 14), "Joista lapsia": (2, 3, 1),
    "Hlö-tunnus": (101, 102, 103), "Kuinka monta kertaa asiakas on käynyt?": (2, 3, 4), "Henkilökunnan määrä": (2, 3, 4),
    "Käyntikerta": (1, 2, 3), "Monesko käyntikerta": (1, 2, 3), "Asiakkaan käyntikerrat": (1, 2, 3),
    "Barnens antal": (2, 0, 1), "Number of children": (2, 0, 1), "Jonotusaika päivinä": (2, 3, 14),
}  # fmt: skip


@pytest.mark.parametrize("header", [*HEADS, *COUNTS])
def test_numbers_of_people_and_encounters_are_asked_about_and_counted(header: str, tmp_path: Path) -> None:
    kind = "counts" if header in COUNTS else "heads"
    path = csv(tmp_path, table(header, (1, 12, 3)))
    prepared = answered(Store(tmp_path / "s"), path, (kind, header, "each"))
    assert [(one.question.kind, one.how) for one in prepared.decisions] == [(kind, "answered")]
    assert prepared.files[0].counts.loaded == 64


def test_the_answer_holds_for_later_files_and_without_one_nothing_is_published(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, table("Kävijät", (1, 12, 3)))
    assert asked(load(store, path)) == [("heads", "Kävijät")]
    assert store.current() is None
    load(store, path, heads="each")
    later = csv(tmp_path, anew(table("Kävijät", (2,))), "b.csv")
    assert (asked(load(store, later)), rows(store, ALL)) == ([], [(64 + 24,)])


@pytest.mark.parametrize("headers", SPLIT)
def test_people_split_over_columns_are_summed(headers: str, tmp_path: Path) -> None:
    every: list[Cells] = [(3, 0, 2), (2, 1, None), (1, 0, 0)]
    columns = every[: headers.count(";") + 1]
    path = csv(tmp_path, table(headers, *columns))
    prepared = answered(Store(tmp_path / "s"), path, ("heads_split", headers.replace(";", ", "), "each"))
    assert [one.how for one in prepared.decisions] == ["answered"]
    assert prepared.files[0].counts.loaded == 4 * sum(
        cell for column in columns for cell in column if isinstance(cell, int)
    )


def test_a_sum_beside_its_parts_and_a_part_of_the_others_are_not_counted_twice(tmp_path: Path) -> None:
    parts: list[Cells] = [(3, 0, 2), (2, 1, 1)]
    store = Store(tmp_path / "a")
    path = csv(tmp_path, table("Naisia;Miehiä;Yhteensä", *parts, (5, 1, 3)))
    assert asked(load(store, path)) == [("heads_split", "Naisia, Miehiä")]
    store = Store(tmp_path / "b")
    path = csv(tmp_path, table("Henkilömäärä;Naisia;Miehiä", (5, 1, 3), *parts))
    assert asked(load(store, path)) == [("heads", "Henkilömäärä")]
    store = Store(tmp_path / "c")
    path = csv(tmp_path, table("Women;Men;Children", *parts, (1, 1, 0)))
    assert load(store, path, heads_split="within").exit_code == 0
    assert rows(store, ALL) == [(36,)]
    assert load(Store(tmp_path / "d"), path, heads_split="each").files[0].counts.loaded == 44


@pytest.mark.parametrize("header", NOT_HEADS)
def test_other_numbers_are_no_heads(header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, table(header, NOT_HEADS[header])))
    assert [kind for kind, _ in asked(prepared) if kind in ("heads", "heads_split", "counts")] == []


WRITTEN: dict[str, tuple[Cells, int]] = {
    "with a unit": (("1 hlö", "12 hlöä", "3 henkilöä"), 64),
    "about": (("1", "noin 12", "n. 3"), 64),
    "at least": (("1", "12+", "~3"), 64),
    "decimals": (("1,0", "12,0", "3,0"), 64),
    "empty is one": (("", "12", "3"), 64),
    "nobody is none": (("0", "12", "3"), 60),
    "what cannot be read is one": (("1", "10–15", "3"), 20),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_numbers_of_people_as_they_are_written(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    cells, people = WRITTEN[name]
    prepared = load(store, csv(tmp_path, table("Henkilömäärä", cells)), heads="each")
    assert rows(store, ALL) == [(people,)]
    assert ("counted_as_one:4" in prepared.files[0].parts[0].notes) == ("cannot" in name)


def test_only_the_first_of_a_row_is_the_client_and_nothing_of_the_client_is_said_of_the_others(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid = table("Asiakasnumero;Sukupuoli;Äidinkieli;Hlö", ["A1", "A2", None], ["nainen"], ["arabia"], [3])
    load(store, csv(tmp_path, grid), heads="each")
    assert rows(store, CLIENTS) == [(2, 28)]
    by_sex = "SELECT sex::VARCHAR s, client > 0, count(*) FROM encounter GROUP BY ALL ORDER BY ALL"
    assert rows(store, by_sex) == [("female", False, 12), ("female", True, 8), ("unknown", False, 16)]
    assert rows(store, "SELECT DISTINCT language::VARCHAR FROM encounter") == [("ar",)]


# --- cancelled visits ---
CANCELLED = (
    "ei tullut paikalle", "ei saapunut", "Ei saapunut paikalle", "peruttu", "peruutettu", "PERUTTU", "perui", "perunut",
    "peruuntui", "Asiakas perui", "Asiakas ei tullut", "Peruttu (sairas)", "Peruttu - asiakas sairaana",
    "peruttu asiakkaan toimesta", "Käynti peruttu", "Asiakas peruutti ajan sairauden vuoksi", "Ei ilmestynyt",
    "Jäi tulematta", "Oharit", "Poissa", "siirretty toiseen aikaan", "Ei tavoitettu", "no show", "No-show",
    "cancelled", "Canceled by client", "Did not attend", "Missed appointment", "Rescheduled", "uteblev", "Kunden uteblev",
    "avbokad", "Avbokat", "inställd", "Inställt", "Kom inte", "Dök inte upp", "Återbud", "Ombokad",
)  # fmt: skip
USUAL = {
    "Aihe": ("Työ", "Asuminen"), "Käyntitapa": ("Puhelin", "Chat"), "Lopputulos": ("Ratkesi", "Jatkuu"), "Tila": ("Toteutunut",),
    "Status": ("Done", "Ongoing"), "Huomautus": ("ok", None), "Asiointikieli": ("suomi", "ruotsi"), "Kesto (min)": (30, 45),
    "Klo": ("9:00", "13:00"), "Asiakasnumero": tuple(f"A{number}" for number in range(14)),
}  # fmt: skip


def among(column: str, word: str, count: int = 30, place: int = 17) -> Grid:
    """One row that says so among many that do not."""
    cells: list[object] = [USUAL[column][n % len(USUAL[column])] for n in range(count)]
    cells[place] = word
    if column == "Aihe":
        return [["Tunnus", "Pvm", column], *beside(visits(count, "id", "day"), cells)]
    return [["Tunnus", "Pvm", "Aihe", column], *beside(visits(count, "id", "day", "topic"), cells)]


@pytest.mark.parametrize(
    ("column", "word"), [*(("Tila", word) for word in CANCELLED), *((column, "PERUTTU") for column in USUAL), *(
        ("Aihe", word) for word in CANCELLED[::4]), *(("Lopputulos", word) for word in CANCELLED[2::5])]
)  # fmt: skip
def test_one_cancelled_visit_is_asked_about_in_whatever_column_it_says_so(
    column: str, word: str, tmp_path: Path
) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, among(column, word)))
    assert asked(prepared) == [("cancelled", column)]
    assert prepared.open_questions[0].question.options == ("-", "count")
    assert prepared.files[0].counts.left_out == 1


@pytest.mark.parametrize("column", ["Tila", "Aihe", "Lopputulos"])
def test_cancelled_visits_are_left_out_said_and_remembered(column: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    first = answered(store, csv(tmp_path, among(column, "PERUTTU")), ("cancelled", column, "-"))
    prepared, _ = publish(first, store, "test")
    assert (prepared.exit_code, rows(store, ALL)) == (0, [(29,)])
    assert notes_line(prepared.files[0].parts[0], "fi").endswith(
        "peruttuja tai toteutumattomia käyntejä jätetty pois 1"
    )
    next_year = [
        [str(cell).replace(".2025", ".2026") for cell in row] for row in anew(among(column, "no show", place=3))
    ]
    again = load(store, csv(tmp_path, next_year, "b.csv"))
    assert (again.exit_code, again.files[0].counts.left_out, rows(store, ALL)) == (0, 1, [(58,)])
    assert notes_line(again.files[0].parts[0], "en").endswith("cancelled visits and no-shows left out 1")


FLAGS: dict[str, tuple[object, object]] = {
    "Saapui": ("kyllä", "ei"), "Asiakas saapui": ("k", "e"), "Saapunut": ("x", None), "Paikalla": (1, 0),
    "Läsnä": ("x", None), "Toteutunut": ("Kyllä", "Ei"), "Närvaro": ("ja", "nej"), "Attended": ("Y", "N"),
    "Peruttu": (None, "x"), "Peruutettu": ("Ei", "Kyllä"), "Peruttu pvm": (None, "3.3.2025"),
    "Peruutuksen syy": (None, "sairaus"), "Avbokad": ("nej", "ja"), "No-show": ("FALSE", "TRUE"),
}  # fmt: skip


@pytest.mark.parametrize("header", FLAGS)
def test_a_column_that_says_who_came_or_what_was_cancelled(header: str, tmp_path: Path) -> None:
    came, not_so = FLAGS[header]
    store = Store(tmp_path / "s")
    path = csv(tmp_path, table(header, [came] * 7 + [not_so] * 2, count=18))
    prepared = load(store, path, yes=True)
    assert [(one.question.kind, one.question.about) for one in prepared.decisions] == [("cancelled", header)]
    assert rows(store, ALL) == [(14,)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Kielituki", ("Tulkki ei saapunut", "Etätulkki")), ("Huomautus", ("tulkki ei tullut paikalle", "ok")),
        ("Aihe 2", ("Perusturva", "Peruskoulu")), ("Tila", ("siirretty toiselle ohjaajalle", "siirretty toiseen palveluun")),
        ("Huomautus", ("edellinen käynti peruttu", "päätöstä ei tullut")), ("Tila", ("Toteutunut", "Varattu aika")),
        ("Läsnä", ("asiakas ja tulkki", "asiakas")), ("Lopputulos", ("Ei ratkennut", "Siirretty toiselle")),
    ],
)  # fmt: skip
def test_other_words_are_no_cancelled_visits(header: str, cells: Cells, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, table(header, cells)))
    assert [kind for kind, _ in asked(prepared) if kind == "cancelled"] == []


def test_one_of_several_topics_and_one_of_three_hundred_notes_say_so(tmp_path: Path) -> None:
    grid = table("Huomautus", [f"vapaa teksti {n}" for n in range(299)] + ["peruttu"], count=300)
    assert asked(load(Store(tmp_path / "a"), csv(tmp_path, grid))) == [("cancelled", "Huomautus")]
    listed: Grid = [
        ["Tunnus", "Pvm", "Aihe"],
        *beside(visits(12, "id", "day"), ["Työ;Asuminen"] * 11 + ["Työ;Peruttu"]),
    ]
    assert asked(load(Store(tmp_path / "b"), csv(tmp_path, listed))) == [("cancelled", "Aihe")]


# --- visits cancelled after they were counted ---
def with_status(*columns: str, off: Sequence[int] = (), topic: str | None = None, heads: Cells | None = None) -> Grid:
    """Twelve rows; those of `off` say that they are cancelled, in a column of their own or instead of their topic."""
    grid = visits(12, *columns)
    header = [
        {"id": "Tunnus", "day": "Pvm", "client": "Asiakas", "place": "Kunta", "topic": "Aihe"}[one] for one in columns
    ]
    if heads:
        header, grid = [*header, "Hlö"], beside(grid, [heads[n % len(heads)] for n in range(12)])
    if topic is None:
        status = ["Peruttu" if n in off else "Toteutunut" for n in range(12)]
        return [[*header, "Tila"], *beside(grid, status)]
    place = columns.index("topic")
    return [
        header,
        *([*row[:place], topic if n in off else row[place], *row[place + 1 :]] for n, row in enumerate(grid)),
    ]


OWN, NONE = ("id", "day", "client", "topic"), ("day", "place", "topic")


@pytest.mark.parametrize("columns", [OWN, NONE])
@pytest.mark.parametrize("topic", [None, "PERUTTU"])
def test_a_visit_cancelled_later_leaves_with_the_answer_and_the_next_ones_unasked(
    columns: tuple[str, ...], topic: str | None, tmp_path: Path
) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, with_status(*columns, topic=topic), "a.csv"))
    assert rows(store, ALL) == [(12,)]
    later = csv(tmp_path, with_status(*columns, off=(3, 7), topic=topic), "b.csv")
    assert asked(load(store, later)) == [("cancelled", "Aihe" if topic else "Tila")]
    counts = load(store, later, cancelled="-").files[0].counts
    assert (counts.gone, counts.left_out, rows(store, ALL)) == (2, 2, [(10,)])
    last = load(store, csv(tmp_path, with_status(*columns, off=(1, 3, 7), topic=topic), "c.csv"))
    assert (last.exit_code, last.files[0].counts.gone, rows(store, ALL)) == (0, 1, [(9,)])


@pytest.mark.parametrize("columns", [OWN, NONE])
def test_a_visit_that_counts_all_the_same_stays(columns: tuple[str, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, with_status(*columns), "a.csv"))
    load(store, csv(tmp_path, with_status(*columns, off=(3, 7)), "b.csv"), cancelled="count")
    assert rows(store, ALL) == [(12,)]


@pytest.mark.parametrize("columns", [OWN, NONE])
def test_a_cancelled_group_leaves_with_all_its_people(columns: tuple[str, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    people = (1, 12, 3)
    load(store, csv(tmp_path, with_status(*columns, heads=people), "a.csv"), heads="each")
    assert rows(store, ALL) == [(64,)]
    off = csv(tmp_path, with_status(*columns, off=(3, 7), heads=people), "b.csv")
    assert load(store, off, cancelled="-").files[0].counts.gone == 13
    assert rows(store, ALL) == [(51,)]


def test_every_visit_cancelled_and_one_cancelled_in_the_same_import(tmp_path: Path) -> None:
    first, second = Store(tmp_path / "a"), Store(tmp_path / "b")
    whole, off = csv(tmp_path, with_status(*OWN), "a.csv"), csv(tmp_path, with_status(*OWN, off=range(12)), "b.csv")
    load(first, whole)
    load(first, off, cancelled="-")
    assert rows(first, ALL) == [(0,)]
    some = csv(tmp_path, with_status(*OWN, off=(3, 7)), "c.csv")
    load(second, whole, some, cancelled="-")
    assert rows(second, ALL) == [(10,)]


# --- clients without a number ---
NOBODY = (
    "uusi asiakas", "uusi", "asiakas", "ei numeroa", "ulkopuolinen", "nimetön", "x", "???", "vanha asiakas", "vierailija",
    "ryhmä", "perhe", "ei rekisterissä", "turisti", "opiskelija", "puhelinasiakas", "tuttu", "sama", "Matti", "uusi 1",
    "asiakas 1", "AS-X", "AS-", "AS-000", "AS-?", "ny kund", "gäst", "utomstående", "walk-in", "drop-in", "new client",
    "guest",
)  # fmt: skip


def clients(cells: Cells) -> Grid:
    return table("Asiakasnumero", cells, count=len(cells))


@pytest.mark.parametrize("word", NOBODY)
@pytest.mark.parametrize("number", ["{n}", "AS-{n}"])
def test_a_word_among_numbers_is_nobody_and_said(word: str, number: str, tmp_path: Path) -> None:
    cells = [word if n % 4 == 2 else number.format(n=1000 + 7 * n) for n in range(30)]
    prepared = prepare([csv(tmp_path, clients(cells))], Store(tmp_path / "s"))
    assert prepared.exit_code == 0
    found = prepared.files[0].parts[0].frame["client"]
    assert (found.filter(found > 0).n_unique(), (found < 0).sum()) == (23, 7)
    assert [(one.reason, one.rows, one.text) for one in prepared.files[0].parts[0].odd] == [("placeholder", 7, None)]


def numbers(count: int, often: int, of: str = "AS-7") -> list[object]:
    """So many numbers, one of which comes so often."""
    return [*([of] * often), *(f"AS-{100 + n}" for n in range(count - often))]


USUAL_CLIENTS: dict[str, tuple[Cells, int]] = {
    "three visits of thirty": (numbers(30, 3), 28),
    "six visits of thirty": (numbers(30, 6), 25),
    "five rows of one client": (["AS-7"] * 5, 1),
    "a few regular clients": ([f"AS-{n % 5}" for n in range(30)], 5),
    "letters and digits": ([f"Q{n}ZP{n}T" for n in range(30)], 30),
    "clients called clients": ([f"asiakas {n}" for n in range(30)], 30),
    "a series from 0": ([f"AS-{n % 15}" for n in range(30)], 15),
    "a series from 0, of whom the first comes most often": (["a0", *(f"a{n % 15}" for n in range(30))], 15),
    "letters and one digit": ([f"{'abcdef'[n % 6]}{n % 10}" for n in range(60)], 30),
    "letters and a nought": ([f"{'abcdefghijklmno'[n % 15]}0" for n in range(30)], 15),
    "digits and a letter": ([f"{n % 15:04}-{'AB'[n % 2]}" for n in range(30)], 30),
    "a blank or none, capital or small": (
        [("as {n}", "AS{n}", " As {n}")[n % 3].format(n=n % 10) for n in range(30)],
        10,
    ),
    "powers of ten": ([f"{1 + n % 9}e{n % 7}" for n in range(63)], 63),
}


@pytest.mark.parametrize("name", USUAL_CLIENTS)
def test_usual_clients_raise_no_question(name: str, tmp_path: Path) -> None:
    cells, count = USUAL_CLIENTS[name]
    store = Store(tmp_path / "s")
    assert asked(load(store, csv(tmp_path, clients(cells)))) == []
    assert rows(store, CLIENTS) == [(count, 0)]


EVERYBODY: dict[str, tuple[Cells, str]] = {
    "initials": ([f"{chr(65 + n)}{chr(90 - n)}" for n in range(26)], "names"),
    "one code of letters alone": ([f"Q{n}ZP{n}T" if n != 3 else "QKZPRT" for n in range(30)], "names"),
    "one number for nine of thirty": (numbers(30, 9, "1000"), "same_client"),
    "one number for everybody": (["1"] * 12, "same_client"),
    "kinds of clients": (["nainen", "mies", "lapsi"] * 10, "names"),
    "many words among numbers": (
        [("Matti", "Olga", "Amina", "Linh")[n % 8 % 4] if n % 8 < 4 else f"AS-{n}" for n in range(32)], "names"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EVERYBODY)
def test_numbers_and_words_that_may_be_everybodys_are_asked_about_and_not_told(name: str, tmp_path: Path) -> None:
    cells, kind = EVERYBODY[name]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, clients(cells)))
    assert asked(prepared) == [(kind, "Asiakasnumero")]
    assert not [word for word in ("Matti", "1000", "nainen") if word in str(prepared.open_questions)]
    load(store, csv(tmp_path, clients(cells)), names="codes", same_client="same")
    assert rows(store, CLIENTS) == [(len(set(cells)), 0)]
