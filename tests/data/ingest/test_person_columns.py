"""Columns of sex, age and birth, from the file to the store: numbers are asked, no day of birth is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from data.ingest.plan import Prepared
from data.ingest.report import lines as report_lines
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows, said_only
from tests.data.ingest.shapes import asked, beside, csv, load, visits

ROWS = 12


def imported(folder: Path, header: str, cells: Sequence[str], **answers: str) -> tuple[Store, Prepared]:
    """Twelve visits in March 2025 with one more column, whose cells are repeated; safe defaults for what is not answered."""
    grid = beside(visits(ROWS, "id", "day", "topic", "client"), [cells[n % len(cells)] for n in range(ROWS)])
    store = Store(folder / "s")
    path = csv(folder, [["Tunnus", "Pvm", "Aihe", "Asiakasnumero", header], *grid])
    return store, load(store, path, yes=True, **answers)


def stored(store: Store, field: str) -> dict[object, int]:
    return dict(Counter(value for (value,) in rows(store, f"SELECT {field}::VARCHAR FROM encounter")))


F, M, U = "female", "male", "unknown"


@pytest.mark.parametrize(
    ("header", "cells", "sexes", "questions"),
    [
        ("Sukupuoli", ["N", "M"], [F, M], 0), ("Kön", ["K", "M"], [F, M], 0), ("Sukupuoli", ["K", "M"], [F, M], 0),
        ("Gender", ["F", "M"], [F, M], 0), ("Gender", ["W", "M"], [F, M], 0), ("Kön", ["F", "P"], [F, M], 0),
        ("Sukupuoli", ["T", "P"], [F, M], 0), ("Kön", ["K"], [F], 0), ("Kön", ["K", "Man"], [F, M], 0),
        ("Sukupuoli", ["nainen", "mies"], [F, M], 0), ("Kön", ["kvinna", "man"], [F, M], 0), ("Sukupuoli", ["M"], [M], 0),
        ("Sukupuoli", ["N", "M", "X"], [F, M, U], 0), ("Sukupuoli", ["nainen", "muu"], [F, U], 0),
        ("Sukupuoli", ["k", "m", "-"], [F, M, U], 0), ("Gender", ["Female", "non-binary", "Male"], [F, U, M], 0),
        ("Sukupuoli", ["N", "M", "En halua vastata"], [F, M, U], 0), ("Kön", ["K", "M", "Vill inte svara"], [F, M, U], 0),
        ("Sukupuoli", ["K"], [U], 1), ("Sukupuoli", ["N", "K", "M"], [U, U, M], 2), ("Sukupuoli", ["F", "K"], [U, U], 2),
        ("Sukupuoli", ["N", "F"], [U, U], 2), ("Sukupuoli", ["K", "Mies"], [U, M], 1), ("Sukupuoli", ["0", "1"], [U, U], 2),
        ("Sukupuoli", ["Q", "M"], [U, M], 1), ("Sukupuoli", ["T", "M"], [U, M], 1),
    ],
)  # fmt: skip
def test_letters_and_words_of_sex(
    header: str, cells: list[str], sexes: list[str], questions: int, tmp_path: Path
) -> None:
    store, prepared = imported(tmp_path, header, cells)
    assert stored(store, "sex") == Counter(sexes[n % len(sexes)] for n in range(ROWS))
    assert len(prepared.decisions) == questions


@pytest.mark.parametrize("cells", [["1", "2"], ["1", "2", "9"], ["1", "2", "0"], ["2"], ["1"]])
def test_numbers_of_sex_are_asked_in_one_question(cells: list[str], tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, "Sukupuoli", cells)
    assert stored(store, "sex") == {U: ROWS}
    assert [one.question.kind for one in prepared.decisions] == ["sex_numbers"]


@pytest.mark.parametrize(
    ("answer", "sexes"), [("one_is_male", [M, F, U]), ("one_is_female", [F, M, U]), ("not_known", [U, U, U])]
)
def test_what_one_and_two_stand_for_is_answered(answer: str, sexes: list[str], tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, "Kön", ["1", "2", "9"], sex_numbers=answer)
    assert stored(store, "sex") == Counter(sexes * 4)
    assert asked(prepared) == []


C, Y, A, B, D, E, G = "under_18", "18_24", "25_34", "35_44", "45_54", "55_64", "65_over"


@pytest.mark.parametrize(
    ("header", "cells", "bands"),
    [
        ("Ikä", ["34", "17"], [A, C]), ("Ålder", ["34 år", "u18"], [A, C]), ("Ikä", ["34,5", "0,5"], [A, C]),
        ("Ikä", ["34 v", "3 kk", "18 v."], [A, C, Y]), ("Age", ["44 years old", "65 yrs"], [B, G]),
        ("Ikäryhmä", ["<18", "18-24", "65+", "yli 65"], [C, Y, G, G]), ("Ikäryhmä", ["alle 18", "under 18"], [C, C]),
        ("Ikäryhmä", ["25–34 v", "25 - 34 vuotta", "25-34-vuotiaat"], [A, A, A]), ("Ikäryhmä", ["≥65", "≤17", ">65"], [G, C, G]),
        ("Ikäryhmä", ["65-", "65 tai yli", "65 år eller äldre"], [G, G, G]), ("Ikäryhmä", ["17 tai alle", "yli 64"], [C, G]),
        ("Åldersgrupp", ["under 18 år", "över 65 år"], [C, G]), ("Age group", ["up to 17", "65 and over"], [C, G]),
        ("Ikäryhmä", ["45..54", "55-64 år"], [D, E]), ("Ikä", ["ei tietoa", "en halua kertoa"], [U, U]),
        ("Syntymävuosi", ["1987", "2010"], [B, C]), ("Född", ["1987", "2010"], [B, C]), ("Synt.v.", ["87", "05"], [B, Y]),
        ("Synt.aika", ["12.3.1987", "31.12.2000"], [B, Y]), ("Syntymäaika", ["120387", "12031987"], [B, B]),
        ("Födelsedatum", ["1987-03-12", "870312"], [B, B]), ("Date of birth", ["11/12/1987", "03/04/1992"], [B, A]),
        ("Ikä", ["1987", "34"], [B, A]), ("Syntymävuosi", ["ei tiedossa", "1987"], [U, B]),
        ("Syntymäaika", ["1.4.1990", "1.1.1990"], [A, B]),
    ],
)  # fmt: skip
def test_ages_groups_and_births(header: str, cells: list[str], bands: list[str], tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, header, cells)
    assert stored(store, "age_band") == Counter(bands[n % len(bands)] for n in range(ROWS))
    assert prepared.decisions == ()


def test_a_group_wider_than_a_band_is_unknown_and_said_and_nobody_is_asked_for_what_is_not_there(
    tmp_path: Path,
) -> None:
    cells = ["18-29", "<25", "yli 18", "<65", "30+", "18–64"]
    store, prepared = imported(tmp_path, "Ikäryhmä", cells)
    assert stored(store, "age_band") == {U: ROWS}
    odd = prepared.files[0].parts[0].odd
    assert [(one.text, one.reason, one.rows) for one in odd] == [(text, "age_across", 2) for text in sorted(cells)]
    assert prepared.decisions == ()


@pytest.mark.parametrize("cells", [["1", "2", "3", "4"], ["0", "1"], ["7"]])
def test_numbers_of_groups_are_asked_one_by_one(cells: list[str], tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, "Ikäluokka", cells)
    assert stored(store, "age_band") == {U: ROWS}
    assert sorted(one.question.value for one in prepared.decisions) == cells


@pytest.mark.parametrize(
    ("answer", "bands"), [("ages", [G, G]), ("birth_years", [B, A]), ("not_known", [U, U])]
)  # fmt: skip
def test_a_column_of_pensioners_may_be_years_of_birth(answer: str, bands: list[str], tmp_path: Path) -> None:
    store, prepared = imported(tmp_path, "Ikä", ["87", "91"], age_numbers=answer)
    assert stored(store, "age_band") == Counter(bands * 6)
    assert [one.question.kind for one in prepared.decisions] == ["age_numbers"]


def test_no_day_of_birth_is_told_or_kept_whatever_it_looks_like(tmp_path: Path) -> None:
    cells = ["12.3.1987", "32.13.1988", "1.1.1850", "130590", "1.4.2031", "tammikuu 1991"]
    store, prepared = imported(tmp_path, "Syntymäaika", cells)
    assert stored(store, "age_band") == {
        B: 2,
        A: 4,
        U: 6,
    }  # of a day that is none nothing is guessed, of a month the year
    told = "\n".join(report_lines(prepared, "fi")) + repr(prepared)
    kept = said_only(b"\n".join([*bytes_below(store.path), told.encode()]))
    assert not any(
        text.encode() in kept for text in (*cells, "1987", "1988", "1850", "1991", "1990-05-13", "1987-03-12")
    )


def test_age_goes_before_year_of_birth_and_neither_is_somebody_elses(tmp_path: Path) -> None:
    grid = beside(visits(ROWS, "id", "day", "topic"), ["34"] * ROWS, ["1950"] * ROWS, ["3"] * ROWS)
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, [["Tunnus", "Pvm", "Aihe", "Ikä", "Syntymävuosi", "Lapsen ikä"], *grid]))
    assert stored(store, "age_band") == {A: ROWS}
