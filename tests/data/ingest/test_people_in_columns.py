"""People's names, homes and identity codes in columns of places and codes: neither shown nor kept, told by their rows."""

from pathlib import Path

import pytest

from data.ingest.plan import Prepared
from data.ingest.question_words import question_text
from data.ingest.report import lines
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import Grid, asked, beside, csv, load, visits

POINTS = "SELECT service_point, count(*) FROM encounter GROUP BY 1 ORDER BY 1"


def grid(header: str, values: tuple[str, ...]) -> Grid:
    cells = [values[place % len(values)] for place in range(12)]
    return [["Tunnus", "Pvm", *([] if header == "Aihe" else ["Aihe"]), header],
            *beside(visits(12, "id", "day", *([] if header == "Aihe" else ["topic"])), cells)]  # fmt: skip


def told(prepared: Prepared) -> str:
    questions = [question_text(one.question, lang) for one in prepared.decisions for lang in ("fi", "sv", "en")]
    return "\n".join([*questions, *lines(prepared, "fi"), *lines(prepared, "en")])


PEOPLE: dict[str, tuple[str, ...]] = {
    "names": ("Anna Aalto", "Leila Nur", "Bo Berg"),
    "unlisted names": ("Quirin Zabel", "Oddvar Knef", "Xenia Prool"),
    "small letters": ("leila nur", "ahmed hassan"),
    "capitals": ("LEILA NUR", "AHMED HASSAN"),
    "homes": ("Ahmed Hassanin koti", "kotikäynti Fatima Ali", "hemma hos Quirin Zabel"),
    "flats": ("Mannerheimintie 5 A 12", "Storgatan 4 B 17"),
    "codes": ("Lokero 1311806938", "131180 6938"),
}


@pytest.mark.parametrize("kind", PEOPLE)
def test_people_are_no_places_until_somebody_says_so(kind: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, grid("Toimipiste", (*PEOPLE[kind], "Sello")))
    prepared = load(store, path)
    assert asked(prepared) == [("places", "Toimipiste")]
    done = load(store, path, yes=True)
    assert not [text for text in PEOPLE[kind] if text in told(prepared) + told(done)]
    number = 12 // (len(PEOPLE[kind]) + 1)
    assert rows(store, POINTS) == [("sello", number), ("unknown", 12 - number)]
    words = [word for text in PEOPLE[kind] for word in text.split() if len(word) > 6]
    assert not [
        word for word in words for content in bytes_below(store.path) if word.casefold().encode() in content.lower()
    ]


def test_places_that_look_like_people_are_kept_once_somebody_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, grid("Toimipiste", ("Anna Aalto", "Sello")))
    load(store, path, places="places")
    assert rows(store, POINTS) == [("anna-aalto", 6), ("sello", 6)]
    assert asked(load(store, path)) == []  # registered by now
    other = csv(tmp_path, grid("Toimipiste", ("Leila Nur", "Sello")), name="b.csv")
    assert "places" in [
        kind for kind, _ in asked(load(store, other))
    ]  # what was said of one name is not said of another


@pytest.mark.parametrize(
    "places",
    [
        ("Sello", "Iso Omena", "Asiakkaan koti", "Entresse"), ("Itäkeskuksen kirjasto", "Helsinki Info", "Espoon Matinkylä"),
        ("Satamakatu 3", "Storgatan 12"), ("Marian kirjasto", "Annankadun toimisto", "Palvelukoti Mäntylä"),
    ],
)  # fmt: skip
def test_places_are_not_asked_about(places: tuple[str, ...], tmp_path: Path) -> None:
    assert asked(load(Store(tmp_path / "s"), csv(tmp_path, grid("Toimipiste", places)))) == []


@pytest.mark.parametrize("header", ["Aihe", "Äidinkieli", "Kotikunta"])
@pytest.mark.parametrize(
    "text",
    [
        "Olena Kovalenko", "Fatima Ali oleskelulupa", "Mehmet Yilmaz", "mehmet yilmaz", "Mannerheimintie 5 A 12", "Storgatan 4",
        "Kela 1311806938", "Lena Bergström", "Ahmedin asia",
    ],
)  # fmt: skip
def test_people_among_codes_are_told_by_their_rows(text: str, header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    known = {"Aihe": "Työ", "Äidinkieli": "arabia", "Kotikunta": "Espoo"}[header]
    path = csv(tmp_path, grid(header, (text, known, known)))
    prepared = load(store, path)
    assert "value" not in [kind for kind, _ in asked(prepared)]
    assert text not in told(prepared)
    assert "(rivit 2, 5, 8, 11)" in told(prepared)
    load(store, path, yes=True)
    assert not [content for content in bytes_below(store.path) if text.encode() in content]


@pytest.mark.parametrize(
    "text", ["Bicycle Repair", "Punaisen Ristin asia", "Bussikortin lataus", "Iso asia 1234567890"]
)
def test_other_unknown_words_are_asked_about_as_before(text: str, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, grid("Aihe", (text, "Työ", "Työ"))))
    assert [one.question.value for one in prepared.open_questions] == [text]


UNLISTED = ("Quirin Zabel", "Oddvar Knef", "Xenia Prool", "Zelda Vroom")


@pytest.mark.parametrize("header", ["Aihe", "Äidinkieli", "Ämne"])
@pytest.mark.parametrize("names", [UNLISTED[:1], UNLISTED])
def test_names_that_no_list_has_are_told_by_their_rows(header: str, names: tuple[str, ...], tmp_path: Path) -> None:
    """Once among codes, or many of them: words that begin with capitals and are of no code."""
    known = (
        ("arabia", "somali", "venäjä", "persia") if header == "Äidinkieli" else ("Asuminen", "Työ", "Koulutus", "Kela")
    )
    values = [*([names[0]] if len(names) == 1 else [*names] * 3), *[*known] * 5]
    needed = ["Asuminen"] if header == "Äidinkieli" else []
    body = [[f"{place % 28 + 1}.3.2025", *needed, value] for place, value in enumerate(values)]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, [["Pvm", *(["Aihe"] if needed else []), header], *body]))
    assert not [name for name in names if name in told(prepared)]
    assert "nimi, osoite tai henkilötunnus" in told(prepared)
    load(store, tmp_path / "tiedosto.csv", yes=True)
    words = [word for name in names for word in name.split() if len(word) > 4]
    assert not [word for word in words for content in bytes_below(store.path) if word.encode() in content]


@pytest.mark.parametrize(
    "text", ["Legal Clinic", "Bussikortin lataus", "Kirpputori", "Rådgivning Extra", "KELA Neuvonta Extra"]
)
def test_a_rare_word_that_is_no_name_is_told_as_before(text: str, tmp_path: Path) -> None:
    body: Grid = [["Pvm", "Aihe"], *([f"{place + 1}.3.2025", text if not place else "Asuminen"] for place in range(28))]
    assert text in told(load(Store(tmp_path / "s"), csv(tmp_path, body)))
