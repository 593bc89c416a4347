"""The data command line: what it prints, its exit codes, its three languages, and that it never echoes a value."""

import csv
import io
import json
from pathlib import Path

import pytest

from data.cli import main
from data.ingest.rejects import Reject, as_csv
from data.model.records import TABLES
from data.texts import LANGUAGES, has_message, message, texts
from tests.data.ingest.imports import GOOD, HEADER, encounters


@pytest.fixture(autouse=True)
def no_work_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is told of long work; on a busy machine any work may be long."""
    monkeypatch.setattr("data.commands.importing._QUIET_SECONDS", float("inf"))


BAD = GOOD.replace("K1", "K2").replace("3.2.2025", "31.2.2025")


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_an_import_tells_what_it_recognised_and_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = encounters(
        tmp_path, GOOD + ";a", GOOD.replace("K1", "K2").replace("Arabia", "Klingon") + ";b",
        GOOD.replace("K1", "K3").replace("3.2.2025", "helmikuu") + ";c", header=f"{HEADER};Huomio",
    )  # fmt: skip
    code, out, err = run(capsys, "import", path, "--store", tmp_path / "s", "--yes")
    assert (code, "Klingon" in err, len(err.splitlines())) == (3, True, 1)
    for line in (
        "kohtaamiset.csv → asioinnit",
        "  Kesto_h → kesto minuutteina (yksikkö tunti, desimaalipilkku)",
        "    49 → Espoo 3",
        "  Kieli: ”Klingon”, 1 rivi → ei tiedossa",
        "  Huomio – jätetään pois: otsikkoa ei tunneta",
        "  Luettu 3 = ladattu 2 + korvattu 0 + ennallaan 0 + hylätty 1",
        "    Rivi 4, Pvm: ei ole päivämäärä (teksti, 8 merkkiä)",
        "Versio 1 on käytössä.",
    ):
        assert line in out.splitlines()
    assert "helmikuu" not in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_speaks_three_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    path = encounters(tmp_path, GOOD.replace("K1", "K2"), GOOD, GOOD.replace("Arabia", "Somali"))
    store = ("--store", tmp_path / "s", "--lang", lang)
    _, imported, _ = run(capsys, "import", path, *store)
    assert message("loading.published", lang, number=1) in imported
    _, again, _ = run(capsys, "import", path, *store)
    assert message("loading.nothing_changed", lang) in again
    _, rejected, _ = run(capsys, "rejected", *store)
    assert message("refusal.row.duplicate_id", lang, fields=message("field.language", lang)) in rejected
    _, history, _ = run(capsys, "history", *store)
    assert history.startswith("* 1 ")
    code, _, err = run(capsys, "rollback", 9, *store)
    assert (code, err.strip()) == (2, message("refusal.store.no_generation", lang, path=tmp_path / "s", detail=9))


def test_one_line_per_cause_when_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    personal = encounters(tmp_path, GOOD + ";aino@example.fi", name="a.csv", header=f"{HEADER};Huomio")
    wrong = encounters(tmp_path, "K1;Puhelin", name="b.csv", header="Tunnus;Kanava")
    code, out, err = run(
        capsys, "import", personal, wrong, tmp_path / "c.csv", encounters(tmp_path, GOOD), "--store", tmp_path / "s"
    )
    assert code == 2
    assert [line.split(". ")[0] for line in err.splitlines() if "%" not in line] == [
        "a.csv: ei ladattu",
        "  Rivi 2, sarake ”Huomio”: sähköpostiosoite",
        "b.csv: ei ladattu",
        "c.csv: ei ladattu",
    ]
    assert "puuttuu: päivä, aiheet" in err
    assert "aino" not in out + err
    assert "ladattu 1" in out


def test_a_dry_run_leaves_no_generation_and_no_rejects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "import", encounters(tmp_path, GOOD, BAD), "--store", tmp_path / "s", "--dry-run")
    assert (code, out.splitlines()[-1]) == (3, "Koeajo: mitään ei otettu käyttöön.")
    assert not (tmp_path / "s").exists()


def test_json_holds_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "import", encounters(tmp_path, GOOD, BAD), "--store", tmp_path / "s", "--json")
    told = json.loads(out)
    assert (code, told["generation"], told["exit_code"]) == (3, 1, 3)
    [sheet] = told["files"][0]["sheets"]
    assert {name: count for name, count in sheet["counts"].items() if count} == {"read": 2, "loaded": 1, "rejected": 1}
    assert {
        "header": "Kesto_h",
        "field": "minutes",
        "how": "header",
        "unit": "hours",
        "mark": None,
        "written": ["decimal_comma"],
    } in sheet["columns"]
    assert {"field": "municipality", "text": "49", "code": "049", "rows": 2} in sheet["values"]
    _, out, _ = run(capsys, "rejected", "--store", tmp_path / "s", "--json")
    assert [(line["row"], line["reason"]) for line in json.loads(out)] == [(3, "bad_date")]
    _, out, _ = run(capsys, "history", "--store", tmp_path / "s", "--json")
    assert [(line["generation"], line["serving"]) for line in json.loads(out)] == [(1, True)]


def test_rollback_serves_the_older_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", tmp_path / "s")
    run(capsys, "import", encounters(tmp_path, GOOD), *store)
    run(capsys, "import", encounters(tmp_path, GOOD.replace("K1", "K2")), *store)
    code, out, _ = run(capsys, "rollback", 1, *store)
    assert (code, out.strip()) == (0, "Käytössä on nyt versio 1.")
    _, out, _ = run(capsys, "history", *store)
    assert [line[:3] for line in out.splitlines()] == ["* 1", "  2"]
    assert [line.rpartition("  ")[2] for line in out.splitlines()] == ["tuonti: kohtaamiset.csv"] * 2


def test_what_made_a_version_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", tmp_path / "s")
    run(capsys, "import", encounters(tmp_path, GOOD), *store)
    run(capsys, "import", encounters(tmp_path, GOOD.replace("K1", "K2")), *store)
    run(capsys, "undo", 2, "--yes", *store)
    run(capsys, "sample", "--encounters", 1200, "--seed", 1, "--store", tmp_path / "made", "--lang", "en")
    _, out, _ = run(capsys, "history", *store, "--lang", "sv")
    assert out.splitlines()[-1].rpartition("  ")[2] == f"{texts('sv')('audit.cause.undo')}: 2"
    _, out, _ = run(capsys, "history", "--store", tmp_path / "made", "--lang", "en")
    assert out.endswith(f"  {texts('en')('audit.cause.sample')}\n")
    assert " 1,200, " in out


def test_a_saved_profile_is_used_next_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", tmp_path / "s")
    _, _, err = run(capsys, "import", encounters(tmp_path, GOOD), *store, "--save-profile", "neuvonta")
    assert "Profiili neuvonta on tallennettu." in err
    _, out, _ = run(capsys, "import", encounters(tmp_path, GOOD), *store)
    assert "profiili neuvonta" in out
    code, _, err = run(capsys, "import", encounters(tmp_path, GOOD), *store, "--profile", "muu")
    assert (code, err.strip()) == (2, "Profiilia muu ei ole.")


@pytest.mark.parametrize("name", ["bad name", "a/b", "", "x" * 61, "131052-308T"])
def test_a_profile_that_cannot_be_saved_publishes_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(
        capsys, "import", encounters(tmp_path, GOOD), "--store", tmp_path / "s", "--save-profile", name
    )
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert not (tmp_path / "s" / "current").exists()


@pytest.mark.parametrize("option", ["--save-profile", "--questions"])
def test_what_cannot_be_written_publishes_nothing(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "s"
    store.mkdir()
    (store / "profiles").write_text("a file where the folder would be")
    target = "mine" if option == "--save-profile" else store / "profiles" / "questions.json"
    code, out, _ = run(capsys, "import", encounters(tmp_path, GOOD), "--store", store, option, target)
    assert (code, out) == (2, "")
    assert not (store / "current").exists()


def test_real_data_does_not_go_into_the_sample_municipality(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sample_store: Path
) -> None:
    code, _, err = run(capsys, "import", encounters(tmp_path, GOOD), "--store", sample_store)
    assert code == 2
    assert "esimerkkikunnan" in err


def test_an_empty_store_and_a_lost_key_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "history", "--store", tmp_path / "s")
    assert (code, "ei ole vielä aineistoa" in err) == (2, True)
    run(capsys, "import", encounters(tmp_path, GOOD), "--store", tmp_path / "s")
    assert run(capsys, "rejected", "--store", tmp_path / "s")[1].strip() == "Hylättyjä rivejä ei ole."
    (tmp_path / "s.keys").unlink()
    code, _, err = run(capsys, "import", encounters(tmp_path, GOOD), "--store", tmp_path / "s")
    assert (code, "varmuuskopiosta" in err) == (2, True)
    assert "Traceback" not in err


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_rejected_row_carries_a_live_formula(start: str) -> None:
    text = as_csv([Reject(f"{start}cmd.csv", f"{start}taulu", 2, f"{start}HYPERLINK(1)", "topics", "unknown_code")])
    [_, line] = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


def test_every_table_and_field_has_a_name() -> None:
    for table, model in TABLES.items():
        assert has_message(f"table.{table}")
        assert all(has_message(f"field.{name}") for name in model.model_fields)
