"""`python -m metrics` as its user meets it."""

import csv
import errno
import io
import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import LANGUAGES, message
from metrics.cli import main
from metrics.cube import cube, files
from metrics.gate import ANONYMOUS_BASE, BASE, SHOWN_FROM, TOGETHER_FROM
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import Question
from metrics.listing import as_csv
from metrics.measures.gaps import Lacking
from metrics.model.definition import definitions
from tests.metrics.made import store_of


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """31 Somali speakers with two encounters each and 3 Burmese speakers with one, all in Espoo in 2025."""
    rows = [
        {"client": 1 + i % 31, "occurred_on": date(2025, 2, 3), "language": "so", "municipality": "049"}
        for i in range(62)
    ]
    rows += [
        {"client": 100 + i, "occurred_on": date(2025, 2, 3), "language": "my", "municipality": "049"} for i in range(3)
    ]
    return store_of(tmp_path_factory.mktemp("cli") / "store", {"encounter": rows})


def asked(store: Store, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["ask", *words, "--store", str(store.path)]) == 0
    return capsys.readouterr().out


def test_json_has_one_flat_row_per_cell(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("clients", "--where", "language=so,my", "--period", "2025", "--audience", "internal", "--format", "json")
    answer = json.loads(asked(store, capsys, *words))
    somali, burmese = answer["rows"]
    assert somali == {
        "metric": "clients", "language": "so", "period": "2025", "value": 31, "unit": "clients", "state": "shown",
        "n": 31, "numerator": None, "denominator": None,
    }  # fmt: skip
    assert burmese["value"] == 3
    assert (answer["audience"], answer["generation"], answer["definition_version"]) == ("internal", 1, {"clients": 1})
    assert answer["question"]["where"] == {"language": ["so", "my"]}


def test_hidden_values_are_null_in_the_protected_view(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(asked(store, capsys, "clients", "--where", "language=so,my", "--format", "json"))
    somali, burmese = answer["rows"]
    assert somali["value"] in (30, 35)
    assert (burmese["value"], burmese["state"], burmese["bound"], burmese["n"]) == (None, "small", "<10", None)


def test_table_is_said_in_the_reader_s_language(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    table = asked(store, capsys, "clients", "--where", "language=so,my", "--period", "2025", "--lang", "sv")
    assert "Burmesiska" in table
    assert "under 10 kunder" in table
    assert "avrundade" in table
    assert "INTERN" in asked(store, capsys, "clients", "--audience", "internal", "--lang", "sv")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_says_why_sums_do_not_add_up(lang: str, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Rounding, few of a month who wait, and what is shown as under a bound."""
    said = asked(store, capsys, "clients", "--lang", lang).splitlines()[-1]
    assert {BASE, SHOWN_FROM, TOGETHER_FROM, ANONYMOUS_BASE} <= {int(number) for number in re.findall(r"\d+", said)}


def test_a_dimension_is_named_by_the_metric_s_own_list(sample_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = asked(Store(sample_store), capsys, "still_employed", "--by", "kind", "--lang", "en")
    assert "Work in the open labour market" in table


def test_csv_has_codes_and_a_header(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(asked(store, capsys, "encounters", "--by", "language", "--format", "csv"))))
    assert [(row["language"], row["unit"]) for row in rows] == [("so", "encounters")]


def test_csv_carries_no_live_formula() -> None:
    row = Row(metric="clients", codes={"service_point": "=cmd"}, period="all", value=10, unit="clients")
    assert "'=cmd" in as_csv(Answer(Question(("clients",)), (row,), 1, None, None), [Lacking()])


def test_a_refusal_is_one_clear_line_and_exit_code_2(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "clients", "--by", "langage", "--store", str(store.path), "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert error.splitlines() == [
        "The metric clients cannot be broken down by langage. Nearest: language, language_group, language_support."
    ]


def test_an_empty_store_is_said(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "clients", "--store", str(tmp_path_factory.mktemp("none"))]) == 2
    assert "tilannekuva import" in capsys.readouterr().err


def test_a_lost_key_file_is_said_and_no_new_keys_are_made(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lost = tmp_path_factory.mktemp("lost") / "keys"
    monkeypatch.setenv("TILANNEKUVA_KEYS", str(lost))
    assert main(["ask", "clients", "--store", str(store.path)]) == 2
    assert "avaintiedosto" in capsys.readouterr().err.lower()
    assert not lost.exists()


def test_list_show_and_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--lang", "en"]) == 0
    listed = capsys.readouterr().out
    assert all(f"  {metric} " in listed for metric in definitions())
    assert main(["show", "employed_by"]) == 0
    assert "Aalen–Johansen" in capsys.readouterr().out
    assert main(["show", "employed"]) == 2
    assert main(["check"]) == 0


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """100 clients in 2024 and 300 in 2025, in every month of both; the second import has added nothing."""
    rows = [
        {"client": 1000 * year + n, "occurred_on": date(year, 1 + n % 12, 3), "municipality": "049"}
        for year, clients in ((2024, 100), (2025, 300))
        for n in range(clients)
    ]
    made = store_of(tmp_path_factory.mktemp("cli_years") / "store", {"encounter": rows})
    with made.next_generation("again"):
        pass
    return made


def test_a_change_is_asked_in_every_format(two_years: Store, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("clients", "--period", "2025", "--compare", "year")
    table = asked(two_years, capsys, *words, "--lang", "en")
    assert "A year earlier" in table
    assert "clearly more" in table
    answer = json.loads(asked(two_years, capsys, *words, "--format", "json"))
    (row,) = answer["rows"]
    assert (row["value"], row["before"]["value"], row["change"]) == (300, 100, "up")
    assert answer["compared"] == {"against": "year", "period": "2024", "generation": 2}
    (line,) = csv.DictReader(io.StringIO(asked(two_years, capsys, *words, "--format", "csv")))
    assert (line["value"], line["before"], line["change"]) == ("300", "100", "up")


def test_the_month_and_the_import_before(two_years: Store, capsys: pytest.CaptureFixture[str]) -> None:
    month = ("clients", "--period", "2025-01", "--compare", "month", "--audience", "internal")
    answer = json.loads(asked(two_years, capsys, *month, "--format", "json"))
    assert (answer["compared"]["period"], answer["rows"][0]["before"]["value"]) == ("2024-12", 8)
    imported = ("clients", "--period", "2025", "--compare", "import", "--audience", "internal")
    answer = json.loads(asked(two_years, capsys, *imported, "--format", "json"))
    assert (answer["compared"]["generation"], answer["rows"][0]["before"]["value"]) == (1, 300)
    # What the store has no data of, and what goes on, is not called.
    nothing = asked(two_years, capsys, "clients", "--period", "2024", "--compare", "year", "--lang", "en")
    assert "not compared" in nothing
    going_on = asked(
        two_years, capsys, "clients", "--period", "2026", "--compare", "year", "--audience", "internal", "--lang", "en"
    )
    assert "The period is not over" in going_on
    assert main(["ask", "clients", "--period", "2026", "--lang", "en", "--store", str(two_years.path)]) == 2
    assert "The period 2026 has not ended yet" in (refused := capsys.readouterr().err)
    assert "2025" in refused.partition(":")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--compare", "import"), "internal figures only"),
        (("--compare", "month"), "Only a month is compared"),
        (("--compare", "year", "--each", "month"), "in parts"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    words: tuple[str, ...], said: str, two_years: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["ask", "clients", "--period", "2025", *words, "--lang", "en", "--store", str(two_years.path)]
    assert main(ask) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_metric_says_the_page_it_stands_on(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--format", "json", "--lang", lang]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {one["id"]: (one["name"], one["page"]) for one in listed} == {
        one.id: (one.name[lang], one.page) for one in definitions().values()
    }
    assert main(["show", "recognition_share", "--lang", lang]) == 0
    assert f"{message('cli.page', lang)}: {message('page.centre', lang)}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("number", "reason"), [(errno.ENOSPC, "no_room"), (errno.EROFS, "unwritable")])
def test_building_cells_that_cannot_be_kept_is_refused(
    number: int, reason: str, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for nothing but cells, it would count for an hour and leave nothing. Whoever asks a question is answered."""

    def fails(path: Path, _: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    cube._memory.clear()
    monkeypatch.setattr(files, "save", fails)
    assert main(["build", "--store", str(store.path), "--lang", "en"]) == 2
    path = store.cube_path(store.serving())
    assert message(f"refusal.store.{reason}", "en", path=path) in capsys.readouterr().err
    asked(store, capsys, "clients", "--period", "2025")
