"""What people write after "Other, which?" counts as other; the text itself is kept nowhere."""

from pathlib import Path

import pytest

from data.ingest.pipeline import prepare
from data.ingest.recognise import profiles
from data.ingest.recognise.profiles import Profiles
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import Grid, asked, csv, load, workbook

WRITTEN: list[str | None] = ["koiran lupa", None, "-", "verotus", "pyykkitupa", None, "ei", "koiran lupa"]
IS_OTHER = [text not in (None, "-", "ei") for text in WRITTEN]
BY_TOPICS = (
    "SELECT list_sort(topics::VARCHAR[])::VARCHAR topics, count(*) FROM encounter GROUP BY topics ORDER BY topics"
)
RIGHT = [("[housing]", 4), ("[other]", 4)]


def marked(*head: str, above: list[str | None] | None = None) -> Grid:
    """Two columns of marks and the text; nothing is marked where a text is written."""
    body = [
        [place + 1, f"{place + 1}.3.2025", 0, 0 if IS_OTHER[place] else 1, text] for place, text in enumerate(WRITTEN)
    ]
    return [*([above] if above else []), list(head), *body]


def single(*head: str, between: bool = False) -> Grid:
    """One column of a topic, empty where a text is written."""
    body = [
        [
            place + 1,
            f"{place + 1}.3.2025",
            None if IS_OTHER[place] else "Asuminen",
            *(["Espoo"] if between else []),
            text,
        ]
        for place, text in enumerate(WRITTEN)
    ]
    return [list(head), *body]


SHAPES: dict[str, Grid] = {
    "Webropol": marked("Nro", "Pvm", "Aihe: Työ", "Aihe: Asuminen", "Aihe: Muu, mikä?"),
    "Webropol, open answer": marked("Nro", "Pvm", "Aihe: Työ", "Aihe: Asuminen", "Aihe: Muu, mikä?: Avoin vastaus"),
    "a question in brackets": marked(
        "Nro", "Pvm", "Mitä asia koski? [Työ]", "Mitä asia koski? [Asuminen]", "Mitä asia koski? [Muu, mikä?]"
    ),
    "bare labels": marked("Nro", "Pvm", "Työ", "Asuminen", "Muu, mikä?"),
    "a group above": marked("Nro", "Pvm", "Työ", "Asuminen", "Muu (tarkenna)", above=[None, None, "Aihe", None, None]),
    "in Swedish": marked("Nr", "Datum", "Ämne: Arbete", "Ämne: Boende", "Ämne: Annat, vad?"),
    "in English": marked("ID", "Date", "Topic: Work", "Topic: Housing", "Topic: Other, please specify"),
    "beside a topic": single("Nro", "Pvm", "Aihe", "Muu, mikä?"),
    "named after the topic": single("Nro", "Pvm", "Aihe", "Kotikunta", "Aihe: Muu, mikä?", between=True),
    "named by its kind": single("Nro", "Pvm", "Aihe", "Kotikunta", "Muu aihe, mikä?", between=True),
    "in Swedish, beside a topic": single("Nr", "Datum", "Ämne", "Annat ämne, vilket?"),
    "in English, beside a topic": single("ID", "Date", "Topic", "Other topic (please specify)"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_text_after_other_is_other_and_is_kept_nowhere(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, SHAPES[name])
    prepared = load(store, path)
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, BY_TOPICS) == RIGHT
    assert not [content for content in bytes_below(store.path) if b"pyykkitupa" in content]
    assert "pyykkitupa" not in str(prepared)


def test_the_same_from_a_workbook_and_with_a_box_of_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    head = ["Nro", "Pvm", "Aihe: Työ", "Aihe: Asuminen", "Aihe: Muu", "Aihe: Muu, mikä?"]
    body = [[*row[:4], 1 if place % 4 == 0 else 0, row[4]] for place, row in enumerate(SHAPES["Webropol"][1:])]
    load(store, workbook(tmp_path, {"Vastaukset": [head, *body]}))
    assert rows(store, BY_TOPICS) == RIGHT  # the box and the line are one answer


def test_a_saved_shape_keeps_no_text_either(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, SHAPES["Webropol"])
    plan = prepare([path], store).files[0].parts[0]
    profiles.save(store.path, "lomake", [(plan.table, plan.columns, plan.ignored)])
    assert "lomake" in Profiles.of_store(store.path).known
    assert load(store, path).exit_code == 0
    assert rows(store, BY_TOPICS) == RIGHT


def test_the_text_after_other_of_another_field_is_no_topic(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [["Nro", "Pvm", "Aihe", "Kanava", "Kanava: Muu, mikä?"],
            *([place, f"{place + 1}.3.2025", "Työ", None, "savumerkit"] for place in range(8))]  # fmt: skip
    load(store, csv(tmp_path, grid))
    assert rows(store, BY_TOPICS) == [("[work]", 8)]


def test_another_language_is_the_one_that_is_written(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    written = [("arabia", None) if n % 2 else (None, "somali" if n else "en kerro") for n in range(8)]
    grid: Grid = [
        ["Nro", "Pvm", "Aihe", "Äidinkieli", "Muu kieli, mikä?"],
        *([n, f"{n + 1}.3.2025", "Työ", *texts] for n, texts in enumerate(written)),
    ]
    load(store, csv(tmp_path, grid))
    query = "SELECT language::VARCHAR l, count(*) FROM encounter GROUP BY l ORDER BY l"
    assert rows(store, query) == [("ar", 4), ("so", 3), ("und", 1)]


QUESTIONS = [
    "1. Päivämäärä *", "2. Asiakkaan kotikunta?", "3. Missä asiassa asiakas asioi? (pakollinen)",
    "4. Millä kielellä asiakasta palveltiin? *", "5. Asiakkaan äidinkieli (valitse yksi)",
]  # fmt: skip


def test_questions_of_a_form_are_headers(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    body = [[f"{n + 1}.3.2025", "Espoo", "Työ;Asuminen;", "suomi", "arabia"] for n in range(8)]
    assert load(store, csv(tmp_path, [QUESTIONS, *body])).exit_code == 0
    query = "SELECT DISTINCT municipality::VARCHAR, served_in::VARCHAR, language::VARCHAR FROM encounter"
    assert rows(store, query) == [("049", "fi", "ar")]
    assert rows(store, BY_TOPICS) == [("[housing, work]", 8)]


@pytest.mark.parametrize(
    ("languages", "reason"), [(("Muu", "somali"), "with_another"), (("arabia", "somali"), "unknown_header")]
)
def test_a_column_that_is_read_with_another_is_told_as_such(
    languages: tuple[str, str], reason: str, tmp_path: Path
) -> None:
    """Beside a language that is told, other ones are spoken besides, and are not kept."""
    head = ["Pvm", "Äidinkieli", "Muu kieli", "Aihe"]
    grid = [head, *([f"{day}.4.2025", one, "tigrinja", "Työ"] for day, one in enumerate(languages, 1))]
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, grid))
    (left,) = prepared.files[0].parts[0].ignored
    assert (left.header, left.reason) == ("Muu kieli", reason)
