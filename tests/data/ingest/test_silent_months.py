"""Months of which a file says nothing between others: lacking rows are asked about, a column nobody filled in is not recorded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.coverage import deliveries
from data.coverage.extent import extent_of
from data.coverage.lacking import lacking_days
from data.ingest import report
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.question_words import question_text
from data.store.store import Store
from tests.data.ingest.shapes import asked, csv, load

MONTHS = range(1, 9)


def visited(folder: Path, months: range | list[int], told: list[int] | None = None, each: int = 6) -> Path:
    """A file with rows in some months of 2025, of which some tell the sex."""
    rows = [
        [f"K{month}-{n}", f"A{month}-{n}", f"{n + 1}.{month}.2025", "Työ", "nainen" if told is None or month in told else ""]
        for month in months for n in range(each)
    ]  # fmt: skip
    return csv(folder, [["Tunnus", "Asiakas", "Pvm", "Aihe", "Sukupuoli"], *rows])


def silent(store: Store) -> list[tuple[str, ...]]:
    generation = store.current()
    assert generation is not None
    with store.reading(generation) as connection:
        return [one.silent for one in deliveries.read(connection)]


def covers_(store: Store, month: int) -> bool:
    generation = store.current()
    assert generation is not None
    return extent_of(store, generation).covers("encounter", date(2025, month, 1), date(2025, month, 28))


def records(store: Store, month: int) -> bool:
    generation = store.current()
    assert generation is not None
    return extent_of(store, generation).records("encounter", ["sex"], date(2025, month, 1), date(2025, month, 28))


def test_months_without_rows_are_asked_about_and_said_nothing_of_until_there_is_an_answer(tmp_path: Path) -> None:
    path = visited(tmp_path, [1, 2, 5, 6, 7, 8, 9])
    assert asked(load(Store(tmp_path / "s"), path)) == [("silent_months", "Pvm")]
    store = Store(tmp_path / "t")
    assert load(store, path, yes=True).exit_code == 0
    assert silent(store) == [("2025-03", "2025-04")]
    assert [covers_(store, month) for month in (2, 3, 4, 5)] == [True, False, False, True]
    # Whoever knows better may say so of the same file, of which every row is there.
    assert load(store, path, silent_months="none").exit_code == 0
    assert silent(store) == [("2025-03", "2025-04"), ()]
    assert [covers_(store, month) for month in (2, 3, 4, 5)] == [True] * 4
    assert load(store, path, silent_months="none").exit_code == 0
    assert len(silent(store)) == 2, "nothing is new"
    there = Store(tmp_path / "u")
    assert load(there, path, silent_months="none").exit_code == 0
    assert silent(there) == [()]
    assert covers_(there, 3)


@pytest.mark.parametrize(("months", "each"), [([1, 3], 20), ([1, 2, 4, 5, 6], 25), ([2, 5], 20)])
def test_a_month_that_lacks_in_a_quarter_or_half_a_year_is_asked_about(
    months: list[int], each: int, tmp_path: Path
) -> None:
    """What stands between few months is no more nobody than what stands between many."""
    store = Store(tmp_path / "s")
    path = visited(tmp_path, months, each=each)
    assert asked(load(store, path)) == [("silent_months", "Pvm")]
    load(store, path, yes=True)
    assert [covers_(store, month) for month in (months[0], 3 if 3 not in months else 2)] == [True, False]


@pytest.mark.parametrize(
    ("months", "each"),
    [
        ([1, 2, 3, 4, 5, 6, 8], 6),  # fewer than would be expected for it not to be chance
        ([3, 9], 20),  # too few months to tell what is usual
        (list(MONTHS), 6),
    ],
)
def test_what_may_be_chance_or_usual_is_not_asked(months: list[int], each: int, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, visited(tmp_path, months, each=each))
    assert (prepared.exit_code, asked(prepared), silent(store)) == (0, [], [()])


def test_months_in_which_nobody_filled_a_column_in_are_not_recorded(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert load(store, visited(tmp_path, MONTHS, told=[4, 5, 6, 7, 8])).exit_code == 0
    assert silent(store) == [("2025-01 sex", "2025-02 sex", "2025-03 sex")]
    assert [records(store, month) for month in (1, 3, 4, 8)] == [False, False, True, True]
    assert covers_(store, 1)


def test_a_column_that_is_empty_throughout_is_not_recorded_and_one_that_is_rarely_filled_in_is(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, visited(tmp_path, MONTHS, told=[]))
    assert not any(records(store, month) for month in MONTHS)
    # A month in which nobody came is none that has the column.
    hole = Store(tmp_path / "u")
    load(hole, visited(tmp_path, [1, 2, 3, 5], told=[]))
    assert silent(hole) == [tuple(f"2025-{month:02d} sex" for month in range(1, 6))]
    assert not any(records(hole, month) for month in range(1, 6))
    # One month of eight tells that the others were asked, too, as far as chance goes.
    few = Store(tmp_path / "t")
    load(few, visited(tmp_path, [1, 2], told=[2], each=6))
    assert silent(few) == [()]


def test_a_stray_value_or_row_is_as_none(tmp_path: Path) -> None:
    """Of one person: that there is one would be told by what the months lack."""
    found = []
    for name, value, rows in (("none", "", ""), ("some", "mies", "KX;AX;9.4.2025;Työ;nainen\n")):
        (tmp_path / name).mkdir()
        path = visited(tmp_path / name, [1, 2, 3, 5, 6, 7, 8, 9], told=[1, 2, 3, 7, 8, 9], each=20)
        text = path.read_text(encoding="utf-8").replace("1.5.2025;Työ;", f"1.5.2025;Työ;{value}", 1)
        path.write_text(text + rows, encoding="utf-8")
        store = Store(tmp_path / name / "store")
        assert asked(load(store, path, silent_months="lacking")) == []
        found.append(silent(store))
    assert found[0] == found[1] == [("2025-04", "2025-05 sex", "2025-06 sex")]


def with_bad(folder: Path, cells: tuple[str, str], each: int = 6, bad: tuple[int, ...] = (4,)) -> Path:
    """A file of eight months of 2025, of which some have a bad topic, or no readable day, on every row. cells: day, topic."""
    rows = [
        [f"K{month}-{n}", f"A{month}-{n}", *(cells if month in bad else ("{}.{}.2025", "Työ"))]
        for month in MONTHS for n in range(each)
    ]  # fmt: skip
    days = [(n + 1, month) for month in MONTHS for n in range(each)]
    filled = [[*row[:2], row[2].format(*day), row[3]] for row, day in zip(rows, days, strict=True)]
    return csv(folder, [["Tunnus", "Asiakas", "Pvm", "Aihe"], *filled])


@pytest.mark.parametrize("each", [1, 20])
@pytest.mark.parametrize("covers", [None, (date(2025, 1, 1), date(2025, 8, 31))])
def test_a_month_whose_every_row_was_rejected_is_said_and_never_asked_about(
    covers: tuple[date, date] | None, each: int, tmp_path: Path
) -> None:
    store, path = Store(tmp_path / "s"), with_bad(tmp_path, ("{}.{}.2025", ""), each)
    prepared, generation = publish(prepare([path], store, wishes=Wishes(covers=covers)), store, "test")
    assert generation is not None
    assert asked(prepared) == []
    assert silent(store) == [("2025-04",)]
    assert [covers_(store, month) for month in (3, 4, 5)] == [True, False, True]
    told = list(report.lines(prepared, "en"))
    assert any(line.strip().startswith("Every row was rejected (encounters, 4/2025)") for line in told)
    assert report.as_json(prepared, 1, dry_run=False)["files"][0]["sheets"][0]["rejected_months"] == ["2025-04"]


ALL = date(2025, 1, 1), date(2025, 8, 31)


def lacks(store: Store) -> dict[str, dict[str, bool]]:
    generation = store.current()
    assert generation is not None
    found = lacking_days(extent_of(store, generation), "encounter", date(2025, 1, 1), date(2025, 7, 31))
    return {place: {f"{month:%m}": partly for month, partly in months.items()} for place, months in found.items()}


def with_good(path: Path, number: int, day: str = "9.4.2025") -> Path:
    """The file with so many good rows more."""
    rows = "".join(f"G{day}-{one};G{one};{day};Työ\n" for one in range(number))
    path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("good", "written", "covers"),
    [
        (1, "2025-04 -29", ALL),
        *((*one, said) for one in ((20, "2025-04 -15"), (380, "2025-04 -2")) for said in (None, ALL)),
    ],
)
def test_a_month_of_which_more_than_some_rows_were_rejected_is_known_in_part(
    good: int, written: str, covers: tuple[date, date] | None, tmp_path: Path
) -> None:
    store, path = Store(tmp_path / "s"), with_good(with_bad(tmp_path, ("{}.{}.2025", ""), 20), good)
    prepared, _ = publish(prepare([path], store, wishes=Wishes(covers=covers)), store, "test")
    assert silent(store) == [(written,)]
    assert covers_(store, 4)
    assert lacks(store) == {"": {"04": True}}
    told = [line.strip() for line in report.lines(prepared, "en")]
    assert any(line.startswith("Some of the rows were rejected (encounters, 4/2025)") for line in told)
    sheet = report.as_json(prepared, 1, dry_run=False)["files"][0]["sheets"][0]
    assert (sheet["rejected_months"], sheet["partly_rejected_months"]) == ([], ["2025-04"])
    # The rows corrected, it is whole.
    path.write_text(path.read_text(encoding="utf-8").replace("2025;\n", "2025;Työ\n"), encoding="utf-8")
    load(store, path)
    assert lacks(store) == {}


@pytest.mark.parametrize(("each", "good"), [(20, 381), (2, 1)])
def test_a_month_of_which_few_rows_were_rejected_is_whole(each: int, good: int, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, with_good(with_bad(tmp_path, ("{}.{}.2025", ""), each), good))
    assert (silent(store), lacks(store)) == ([()], {})


def test_rejected_rows_without_a_day_may_be_of_every_month(tmp_path: Path) -> None:
    """20 of 420 rows, of which some of each month lack, but few of those with a few."""
    store, path = Store(tmp_path / "s"), with_bad(tmp_path, ("kesken", "Työ"), 20)
    load(store, with_good(with_good(path, 20), 250, "8.8.2025"))
    assert lacks(store) == {}
    few = Store(tmp_path / "t")
    load(few, with_good(with_bad(tmp_path, ("kesken", "Työ"), 40), 40))
    assert lacks(few) == {"": {f"0{month}": True for month in range(1, 8)}}


def test_some_rejected_rows_do_not_make_old_clients_look_new(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, with_good(with_bad(tmp_path, ("{}.{}.2025", ""), 20), 20))
    generation = store.current()
    assert generation is not None
    extent = extent_of(store, generation)
    assert extent.knows_past("encounter", date(2025, 8, 1), date(2025, 8, 31), 200)
    assert extent.ground("encounter", date(2025, 4, 1), date(2025, 4, 30)) is None
    assert extent.first_day("encounter") == date(2025, 1, 1)


@pytest.mark.parametrize(("good", "is_asked"), [(1, True), (20, False)])
def test_a_month_of_which_some_rows_are_good_is_told_of(tmp_path: Path, good: int, *, is_asked: bool) -> None:
    """One of twenty is as none: the answer, and so what visitors are told, does not depend on it."""
    store, path = Store(tmp_path / "s"), with_bad(tmp_path, ("{}.{}.2025", ""), 20)
    more = [f"KX{number};A{number};9.4.2025;Työ\n" for number in range(good)]
    path.write_text(path.read_text(encoding="utf-8") + "".join(more), encoding="utf-8")
    assert asked(prepare([path], store)) == ([("silent_months", "Pvm")] if is_asked else [])
    load(store, path, silent_months="lacking")
    assert silent(store) == [("2025-04",) if is_asked else ("2025-04 -15",)]


@pytest.mark.parametrize("bad", [(4,), (8,)])
def test_rows_without_a_readable_day_may_be_those_of_a_month_that_has_none(
    bad: tuple[int, ...], tmp_path: Path
) -> None:
    """Also where the period was said, of which the file would else have all rows."""
    store, path = Store(tmp_path / "s"), with_bad(tmp_path, ("kesken", "Työ"), 20, bad)
    wishes = Wishes(covers=(date(2025, 1, 1), date(2025, 8, 31)))
    prepared = prepare([path], store, wishes=wishes)
    assert asked(prepared) == [("silent_months_rejected", "Pvm")]
    (question,) = (one.question for one in prepared.decisions)
    assert question_text(question, "en").endswith("without a day that could be read: 20. Are data missing?")
    publish(prepared.with_defaults(), store, "test")
    assert silent(store) == [(f"2025-{bad[0]:02d}",)]
    assert not covers_(store, bad[0])
    there = Store(tmp_path / "t")
    answers = Answers({question.key: "none"})
    publish(prepare([path], there, wishes=Wishes(covers=wishes.covers, answers=answers)), there, "test")
    assert covers_(there, bad[0])


def test_whoever_says_later_that_a_month_with_unreadable_days_had_no_rows_is_heard(tmp_path: Path) -> None:
    store, path = Store(tmp_path / "s"), with_bad(tmp_path, ("kesken", "Työ"), 20)
    load(store, path, yes=True)
    assert not covers_(store, 4)
    load(store, path, silent_months_rejected="none")
    assert covers_(store, 4)


def test_rows_with_too_many_cells_may_be_those_of_a_month_that_has_none(tmp_path: Path) -> None:
    """Nobody knows which of their cells is the day, also where the period was said."""
    store, path = Store(tmp_path / "s"), with_bad(tmp_path, ("{}.{}.2025", "Työ"), 20)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(f"{one};x;y" if ".4.2025" in one else one for one in lines) + "\n", encoding="utf-8")
    prepared = prepare([path], store, wishes=Wishes(covers=(date(2025, 1, 1), date(2025, 8, 31))))
    assert asked(prepared) == [("silent_months_rejected", "Pvm")]
    publish(prepared.with_defaults(), store, "test")
    assert not covers_(store, 4)
