"""Enrolments that ended for work of which no outcome tells are counted and told at import."""

from __future__ import annotations

from pathlib import Path

from data.ingest import report
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from data.texts import LANGUAGES

ENROLMENTS = """Jakso;Asiakas;Keskus;Alkoi;Päättyi;Päättymisen syy
1;AS-1;49;1.2.2025;1.6.2025;Työllistyi
2;AS-2;49;1.2.2025;1.6.2025;Työllistyi
3;AS-3;49;1.2.2025;1.6.2025;Muutti
4;AS-4;49;1.2.2025;1.6.2025;Työllistyi
"""
OUTCOMES = """Asiakas;Tulos;Alkoi
AS-1;Palkkatuettu työ;2.6.2025
AS-2;Oppisopimus;2.6.2025
AS-4;Yrittäjä;1.1.2025
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_they_are_counted_over_the_import_and_the_store(tmp_path: Path) -> None:
    """All three who left for work, until their outcomes come: then the one who studies, and the one whose work began before."""
    store = Store(tmp_path / "s")
    enrolments = written(tmp_path, "asiakkuudet.csv", ENROLMENTS)
    outcomes = written(tmp_path, "tulokset.csv", OUTCOMES)
    alone, together = prepare([enrolments], store), prepare([enrolments, outcomes], store)
    assert [one.files[0].refused for one in (alone, together)] == [None, None]
    assert (alone.unrecorded_work, together.unrecorded_work) == (3, 2)
    publish(alone.with_defaults(), store, "test")
    assert prepare([outcomes], store).unrecorded_work == 2
    changed = written(
        tmp_path,
        "korjattu.csv",
        ENROLMENTS.replace("2;AS-2;49;1.2.2025;1.6.2025;Työllistyi", "2;AS-2;49;1.2.2025;1.6.2025;Opiskelemaan"),
    )
    assert prepare([changed, outcomes], store).unrecorded_work == 1
    places = written(tmp_path, "pisteet.csv", "Toimipiste;Kuntanro\nKeskus;49\n")
    assert prepare([places], store).unrecorded_work == 0


def test_the_report_tells_it_in_every_language(tmp_path: Path) -> None:
    prepared = prepare([written(tmp_path, "asiakkuudet.csv", ENROLMENTS)], Store(tmp_path / "s"))
    for lang in LANGUAGES:
        assert report.unrecorded_work_line(prepared, lang) in tuple(report.lines(prepared, lang))
        assert "3" in report.unrecorded_work_line(prepared, lang)
    assert report.as_json(prepared, None, True)["unrecorded_work"] == 3
