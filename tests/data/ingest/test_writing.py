"""Columns that can be read in more than one way, from the file to the store: asked once, answered, remembered and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.ingest.question_words import option_text, question_text
from data.ingest.report import column_remarks, lines
from data.store.store import Store
from data.texts import LANGUAGES
from tests.data.ingest.imports import encounters, rows

COST = "049;Ohjaus ja neuvonta"
FILES = {
    "thousands": ("cost", "Kunta;Palvelu;Vuosi;Euroa", [f"{COST};2024;12.500", f"{COST};2025;9.250"]),
    "amount": ("cost", "Kunta;Palvelu;Vuosi;Kustannukset", [f"{COST};2024;340", f"{COST};2025;1250"]),
    "unit": ("cost", "Kunta;Palvelu;Vuosi;Kustannukset (1000 €)", [f"{COST};2024;340 €"]),
    "duration": ("encounter", "Tunnus;Pvm;Aiheet;Kesto", ["K1;3.3.2025;Työ;0,5", "K2;4.3.2025;Työ;1", "K3;5.3.2025;Työ;1,5"]),
    "clock": ("encounter", "Tunnus;Pvm;Aiheet;Kesto", ["K1;3.3.2025;Työ;3:25", "K2;4.3.2025;Työ;12:40"]),
    "date_order": ("encounter", "Tunnus;Pvm;Aiheet", ["K1;05/03/2025;Työ", "K2;06/04/2025;Työ"]),
    "month_order": ("encounter", "Tunnus;Pvm;Aiheet;Maahantulo", ["K1;3.3.2025;Työ;09/12", "K2;4.3.2025;Työ;10/11"]),
    "scale": ("encounter", "Tunnus;Pvm;Aiheet;Arvio", ["K1;3.3.2025;Työ;4", "K2;4.3.2025;Työ;10"]),
    "yes_no": ("encounter", "Tunnus;Pvm;Aiheet;Ymmärsi", ["K1;3.3.2025;Työ;1", "K2;4.3.2025;Työ;2"]),
}  # fmt: skip
LOADED = {
    ("thousands", "thousands"): [12_500.0, 9_250.0], ("thousands", "decimals"): [12.5, 9.25],
    ("amount", "thousand_euros"): [340_000.0, 1_250_000.0], ("unit", "header"): [340_000.0], ("unit", "cell"): [340.0],
    ("duration", "hours"): [30, 60, 90], ("duration", "minutes"): [1, 1, 2], ("duration", "not_known"): [None] * 3,
    ("clock", "clock_minutes"): [3, 13], ("clock", "clock_hours"): [205, 760],
    ("date_order", "day_first"): [date(2025, 3, 5), date(2025, 4, 6)],
    ("date_order", "month_first"): [date(2025, 5, 3), date(2025, 6, 4)],
    ("month_order", "year_first"): [date(2009, 12, 1), date(2010, 11, 1)],
    ("scale", "1-10"): [2, 5], ("yes_no", "one_is_yes"): [True, False],
}  # fmt: skip
FIELDS = {
    "thousands": "euros", "amount": "euros", "unit": "euros", "duration": "minutes", "clock": "minutes",
    "date_order": "occurred_on", "month_order": "arrived_on", "scale": "satisfaction", "yes_no": "understood",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def write(folder: Path, kind: str) -> Path:
    _, header, body = FILES[kind]
    return encounters(folder, *body, name=f"{kind}.csv", header=header)


def remarked(prepared: Prepared, field: str) -> list[str]:
    (part,) = prepared.files[0].parts
    return column_remarks(part, next(match for match in part.columns if match.field == field), "fi")


@pytest.mark.parametrize(("kind", "answer"), LOADED)
def test_asked_then_loaded_as_answered_and_never_asked_again(
    kind: str, answer: str, store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, kind)
    refused = prepare([path], store)
    assert refused.exit_code == 4
    (question,) = (one.question for one in refused.open_questions)
    assert (question.kind, answer in question.options) == (kind, True)
    wishes = Wishes(answers=Answers({question.key: answer}))
    done, generation = publish(prepare([path], store, wishes=wishes), store, "test")
    assert (done.exit_code, generation is not None) == (0, True)
    table, field = FILES[kind][0], FIELDS[kind]
    by = "year" if table == "cost" else "occurred_on"
    days = LOADED[kind, answer]
    assert [value for (value,) in rows(store, f"SELECT {field} FROM {table} ORDER BY {by}")] == days
    again = prepare([path], store)
    assert (again.exit_code, again.changes) == (0, False), "the answer is kept with the source"


@pytest.mark.parametrize("kind", FILES)
def test_questions_can_be_read_in_three_languages(kind: str, store: Store, tmp_path: Path) -> None:
    (question,) = (one.question for one in prepare([write(tmp_path, kind)], store).open_questions)
    for lang in LANGUAGES:
        said = [question_text(question, lang), *(option_text(question, option, lang) for option in question.options)]
        assert len(set(said)) == len(said)
        assert not [text for text in said if "{" in text or "_" in text]


def test_a_wholly_open_column_of_days_loads_nothing_unasked(store: Store, tmp_path: Path) -> None:
    done = publish(prepare([write(tmp_path, "date_order")], store).with_defaults(), store, "test")[0]
    assert (done.files[0].counts.loaded, done.files[0].counts.rejected) == (0, 2)


def evidence() -> Iterator[tuple[str, str, list[str], list[str]]]:
    yield "Tunnus;Pvm;Aiheet", "occurred_on", ["K1;05/03/2025;Työ", "K2;25/03/2025;Työ"], ["päivä ensin"]
    yield "Tunnus;Pvm;Aiheet", "occurred_on", ["K1;2025-03-01T22:30:00Z;Työ"], ["ajat Suomen aikaan"]
    yield "Tunnus;Pvm;Aiheet", "occurred_on", ["K1;45719;Työ"], ["Excelin päivänumerot"]
    yield "Tunnus;Pvm;Aiheet;Kesto", "minutes", ["K1;3.3.2025;Työ;30", "K2;3.3.2025;Työ;45"], ["yksikkö minuutti"]
    yield "Tunnus;Pvm;Aiheet;Kesto", "minutes", ["K1;3.3.2025;Työ;0:45"], ["tunnit ja minuutit"]
    yield "Tunnus;Pvm;Aiheet;Kesto", "minutes", ["K1;3.3.2025;Työ;0,03125", "K2;3.3.2025;Työ;0,0416667"], [
        "yksikkö vuorokauden osa", "desimaalipilkku",
    ]  # fmt: skip
    yield "Tunnus;Pvm;Aiheet;Arvio (0–10)", "satisfaction", ["K1;3.3.2025;Työ;9"], ["asteikolta 0–10"]


@pytest.mark.parametrize(("header", "field", "body", "remarks"), list(evidence()))
def test_what_was_decided_is_told(
    header: str, field: str, body: list[str], remarks: list[str], store: Store, tmp_path: Path
) -> None:
    prepared = prepare([encounters(tmp_path, *body, header=header)], store)
    assert (prepared.exit_code, remarked(prepared, field)) == (0, remarks)
    for lang in LANGUAGES:
        assert "\n".join(lines(prepared, lang))


def test_moments_of_a_parquet_file_are_days_in_helsinki(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "kohtaamiset.parquet"
    moments = [datetime(2025, 3, 1, 22, 30, tzinfo=UTC), datetime(2025, 6, 30, 21, 0, tzinfo=UTC)]
    pl.DataFrame({"Tunnus": ["K1", "K2"], "Pvm": moments, "Aiheet": ["Työ", "Työ"]}).write_parquet(path)
    assert publish(prepare([path], store), store, "test")[0].exit_code == 0
    found = rows(store, "SELECT occurred_on FROM encounter ORDER BY 1")
    assert found == [(date(2025, 3, 2),), (date(2025, 7, 1),)]
