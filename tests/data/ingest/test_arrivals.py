"""A folder that files arrive in: half a file is left alone, each whole one goes where its outcome says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.cli import main
from data.ingest.arrivals import Arrivals
from data.store.store import Store
from tests.data.ingest.imports import GOOD, encounters, rows

ODD = [GOOD.replace("K1", f"K{number}").replace("Puhelin", "Velhopallo") for number in range(4)]


@pytest.fixture
def arrivals(tmp_path: Path) -> Arrivals:
    (tmp_path / "in").mkdir()
    return Arrivals(tmp_path / "in", Store(tmp_path / "s"), "fi")


def take(arrivals: Arrivals) -> list[tuple[str, str]]:
    return [(one.file, one.outcome) for one in arrivals.take()]


def test_a_file_is_taken_once_it_has_stopped_growing(arrivals: Arrivals) -> None:
    path = encounters(arrivals.folder, GOOD, name="a.csv")
    assert take(arrivals) == []
    with path.open("a", encoding="utf-8") as file:
        file.write(GOOD.replace("K1", "K2") + "\n")
    assert take(arrivals) == [], "it has changed since"
    assert take(arrivals) == [("a.csv", "done")]
    assert take(arrivals) == []
    assert (arrivals.folder / "done" / "a.csv").exists()
    assert rows(arrivals.store, "SELECT count(*) FROM encounter") == [(2,)]
    for name in ("b.csv.part", "~$b.xlsx", ".b.csv"):
        (arrivals.folder / name).write_text("x")
    assert take(arrivals) + take(arrivals) == []


def test_a_second_file_of_a_name_does_not_replace_the_first(arrivals: Arrivals) -> None:
    for _ in range(2):
        encounters(arrivals.folder, GOOD, name="a.csv")
        take(arrivals)
        take(arrivals)
    assert sorted(path.name for path in (arrivals.folder / "done").iterdir()) == ["a-2.csv", "a.csv"]


def test_a_refused_file_stands_beside_its_reason(arrivals: Arrivals) -> None:
    encounters(arrivals.folder, "maito;1,20", name="a.csv", header="tuote;hinta")
    take(arrivals)
    assert take(arrivals) == [("a.csv", "rejected")]
    assert "a.csv: ei ladattu" in (arrivals.folder / "rejected" / "a.csv.txt").read_text("utf-8")


def test_a_file_that_asks_waits_until_it_is_answered(arrivals: Arrivals) -> None:
    encounters(arrivals.folder, *ODD, name="a.csv")
    take(arrivals)
    assert take(arrivals) == [("a.csv", "waiting-for-answers")]
    waiting = arrivals.folder / "waiting-for-answers"
    encounters(arrivals.folder, *ODD, name="a.csv")
    take(arrivals)
    assert take(arrivals) == [("a-2.csv", "waiting-for-answers")], "another file of the name"
    questions = json.loads((waiting / "a-2.csv.questions.json").read_text("utf-8"))
    questions["questions"][0]["answer"] = "message"
    (waiting / "a-2.csv.answers.json").write_text(json.dumps(questions), "utf-8")
    assert take(arrivals) == [("a-2.csv", "done")]
    questions = json.loads((waiting / "a.csv.questions.json").read_text("utf-8"))
    (waiting / "a.csv.answers.json").write_text("{", "utf-8")
    assert take(arrivals) == [("a.csv", "waiting-for-answers")], "damaged answers are set aside"
    questions["questions"][0]["answer"] = "phone"
    (waiting / "a.csv.answers.json").write_text(json.dumps(questions), "utf-8")
    assert take(arrivals) == [("a.csv", "done")]
    assert rows(arrivals.store, "SELECT DISTINCT channel::VARCHAR FROM encounter") == [("phone",)]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    encounters(folder, GOOD, name="a.csv")
    assert main(["watch", str(folder), "--once", "--every", "0.1", "--store", str(tmp_path / "s"), "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip() == "a.csv: imported, version 1"
    assert main(["watch", str(tmp_path / "none"), "--once", "--store", str(tmp_path / "s")]) == 2
