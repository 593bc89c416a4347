"""Files of other shapes than the project's own, made of made-up rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.store.store import Store

Grid = Sequence[Sequence[object]]


def csv(folder: Path, grid: Grid, name: str = "tiedosto.csv") -> Path:
    """A CSV file of cells; None is an empty one."""
    lines = [
        ";".join("" if cell is None else f'"{cell}"' if ";" in str(cell) else str(cell) for cell in row) for row in grid
    ]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def workbook(folder: Path, sheets: Mapping[str, Grid], merged: Sequence[str] = (), name: str = "tiedosto.xlsx") -> Path:
    """A workbook of sheets of cells; `merged` areas are of the first sheet."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, grid in sheets.items():
        sheet = book.create_sheet(title)
        for row in grid:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    path = folder / name
    book.save(path)
    return path


def load(store: Store, *paths: Path, yes: bool = False, **answers: str) -> Prepared:
    """Prepare and publish; answers by the kind of question, whatever it is about. yes: take the safe default of the others."""
    said: dict[str, str] = {}
    prepared = prepare(paths, store)
    for _ in range(4 if answers else 0):  # an answer may bring up another question
        found = {
            one.question.key: answers[one.question.kind] for one in prepared.decisions if one.question.kind in answers
        }
        if found.keys() <= said.keys():
            break
        said |= found
        prepared = prepare(paths, store, wishes=Wishes(answers=Answers(said)))
    return publish(prepared.with_defaults() if yes else prepared, store, "test")[0]


def asked(prepared: Prepared) -> list[tuple[str, str]]:
    """Kind and subject of every question that waits for an answer."""
    return [(one.question.kind, one.question.about) for one in prepared.open_questions]


def visits(rows: int, *columns: str) -> list[list[object]]:
    """Rows of visits with the columns wanted: `id`, `day`, `client`, `place`, `tongue`, `topic`, `topics`, `minutes`."""
    made: dict[str, Sequence[object]] = {
        "id": [f"K{number}" for number in range(rows)],
        "day": [f"{number % 28 + 1}.3.2025" for number in range(rows)],
        "client": [f"AS-{number // 2}" for number in range(rows)],
        "place": [("Espoo", "Vantaa", "Helsinki")[number % 3] for number in range(rows)],
        "tongue": [("arabia", "somali", "venäjä", "persia")[number % 4] for number in range(rows)],
        "topic": [("Työ", "Asuminen", "Koulutus")[number % 3] for number in range(rows)],
        "topics": [("Työ;Asuminen;", "Koulutus;")[number % 2] for number in range(rows)],
        "minutes": [(15, 30, 45, 60)[number % 4] for number in range(rows)],
    }
    return [[made[column][number] for column in columns] for number in range(rows)]


def beside(grid: Grid, *cells: Sequence[object]) -> list[list[object]]:
    """The rows with more columns at the right."""
    return [[*row, *(column[place] for column in cells)] for place, row in enumerate(grid)]
