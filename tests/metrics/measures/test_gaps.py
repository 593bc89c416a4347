"""What files lack of a period is said beside its numbers: half a month does not look like a whole one."""

from datetime import date
from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.store.generation import MANY
from data.store.store import Store
from metrics.ask import ends_within
from metrics.cli import main
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.measures.gaps import MOST_PLACES, Lacking, said
from tests.metrics.measures.delivering import deliver

HEAD = "Asiakas;Pvm;Kunta;Kieli;Aihe"
NUMBERED = f"Tunnus;{HEAD}"


def test_half_a_month_and_a_month_that_is_missing_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(tmp_path / "store")
    days = [*((day, 8) for day in range(1, 18)), *((day, 10) for day in range(1, 32))]
    rows = [f"A{day}-{number};{day}.{month}.2025;Kokkola;arabia;työ" for day, month in days for number in range(3)]
    deliver(store, tmp_path / "a.csv", [HEAD, *(row for row in rows if ".8." in row)], Wishes())
    deliver(store, tmp_path / "b.csv", [HEAD, *(row for row in rows if ".10." in row)], Wishes())

    def last_line(*words: str) -> str:
        assert main(["ask", "encounters", "--store", str(store.path), *words]) == 0
        return capsys.readouterr().out.strip().splitlines()[-1]

    assert "asioinnit (elokuu 2025 osittain, syyskuu 2025)" in last_line("--period", "all")
    # A year whose beginning nobody tells of is no whole year.
    assert "(tammi–heinäkuu 2025, elokuu 2025 osittain, syyskuu 2025)" in last_line("--period", "2025")
    assert "elokuu 2025 osittain)" in last_line("--period", "2025-08")
    assert "lokakuu" not in last_line("--period", "2025-10", "--audience", "internal")


def test_a_field_that_came_later_and_a_municipality_that_lacks_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path / "store")

    def rows(place: str, months: range, more: str = "") -> list[str]:
        return [
            f"{place}{month}-{day};{day}.{month}.2025;{place};arabia;työ{more}"
            for month in months
            for day in range(1, 29)
        ]

    both = f"{HEAD};Sukupuoli;Kesto min"
    for name, source, lines in (
        ("a.csv", "Kokkola", [HEAD, *rows("Kokkola", range(1, 4))]),
        ("b.csv", "Kokkola", [both, *rows("Kokkola", range(4, 7), ";nainen;30")]),
        ("c.csv", "Vaasa", [both, *rows("Vaasa", range(1, 5), ";mies;20")]),
    ):
        deliver(store, tmp_path / name, lines, Wishes(source=source))

    def told(*words: str) -> str:
        assert main(["ask", *words, "--lang", "en", "--store", str(store.path), "--period", "2025-ytd-06"]) == 0
        return capsys.readouterr().out

    by_sex, lost = told("encounters", "--by", "sex"), "Missing from the data: encounters (Vaasa, May–June 2025)."
    assert lost in by_sex
    assert "Not recorded for the whole time: sex (Kokkola, January–March 2025)." in by_sex
    assert "length in minutes (Kokkola, January–March 2025)" in told("minutes_median")
    # Nobody asked for the sex, and Vaasa has it; what nobody recorded says so itself.
    assert lost in (whole := told("encounters", "--compare", "year"))
    assert "Not recorded" not in whole
    assert "Not recorded" not in told("encounters", "--by", "sex", "--where", "municipality=905")
    assert "Not recorded for the whole time" not in told("satisfaction")


@pytest.mark.parametrize("first", [NUMBERED, f"{NUMBERED};Sukupuoli"])
def test_a_corrected_file_lacks_nothing_that_the_first_one_lacked(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first file has no column of the sex, or none of it before April: a later one has it of every row."""
    store, months = Store(tmp_path / "store"), range(1, 7)

    def lines(head: str, of: range) -> list[str]:
        said = {month: ";nainen" if month in of else ";" for month in months} if head != NUMBERED else {}
        return [head] + [
            f"K{month}-{day};A{day};{day}.{month}.2025;Kokkola;arabia;työ{said.get(month, '')}"
            for month in months for day in range(1, 29)
        ]  # fmt: skip

    def told() -> str:
        asked = ["ask", "encounters", "--by", "sex", "--period", "2025-ytd-06", "--lang", "en"]
        assert main([*asked, "--store", str(store.path)]) == 0
        return capsys.readouterr().out

    deliver(store, tmp_path / "a.csv", lines(first, range(4, 7)), Wishes(source="Kokkola"))
    assert ("Not recorded for the whole time: sex (January–March 2025)" in told()) is (first != NUMBERED)
    deliver(store, tmp_path / "b.csv", lines(f"{NUMBERED};Sukupuoli", months), Wishes(source="Kokkola"))
    assert "Not recorded" not in told()
    # Rows of June that no later file has written anew are still without it; of few the only one would be told by it.
    late = [f"K7-{one};A{one};{one + 12}.6.2025;Kokkola;arabia;työ" for one in range(1, MANY + 2)]
    deliver(store, tmp_path / "c.csv", [NUMBERED, late[0]], Wishes(source="Kokkola"))
    assert "Not recorded" not in told()
    deliver(store, tmp_path / "d.csv", [NUMBERED, *late[1:]], Wishes(source="Kokkola"))
    assert "sex (June 2025 in part)" in told()


def test_days_and_months_of_few_people_are_told_to_no_visitor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of a single visit covers its day, and a month in which nobody came has none: neither is what files lack."""
    store = Store(tmp_path / "store")
    for month in range(1, 7):
        many = [f"E{month}-{one};{1 + one % 28}.{month}.2025;Espoo;arabia;työ" for one in range(60)]
        deliver(store, tmp_path / f"e{month}.csv", [HEAD, *many], Wishes(source="Espoo"))
        few = [
            f"A{month}-{day};{day}.{month}.2025;Askola;arabia;työ"
            for day in {2: [12], 4: [3, 27], 5: [11]}.get(month, [])
        ]
        if few:
            deliver(store, tmp_path / f"a{month}.csv", [HEAD, *few], Wishes(source="Askola"))

    def told(period: str, *words: str) -> str:
        asked = ["ask", "clients", "--where", "municipality=018", "--period", period, "--lang", "en", *words]
        assert main([*asked, "--store", str(store.path)]) == 0
        return " ".join(capsys.readouterr().out.replace(Period.parse(period).label("en"), "…").split())

    assert len({told(f"2025-{month:02d}") for month in (2, 3, 4, 5, 6)}) == 1
    assert "Missing" not in told("2025-03")
    assert "Missing from the data: encounters (January 2025)." in told("2025-ytd-06"), (
        "its first month is told, no more"
    )
    assert "March 2025" in told("2025-ytd-06", "--audience", "internal")
    assert "May 2025 in part" in told("2025-ytd-06", "--audience", "internal")
    assert set(ends_within(Question(("clients",), period="2025"), store).values()) == {date(2025, 6, 30)}


def test_the_last_months_of_few_people_are_told_to_no_visitor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last row of a table is one person's: until many would have come after it, nothing lacks."""

    def told(name: str, last: str, period: str, *words: str) -> str:
        store = Store(tmp_path / name)
        if store.current() is None:
            visits = [
                f"E{month}-{day};A{day};{day}.{month}.2025;Espoo;arabia;työ"
                for month in range(1, 7)
                for day in range(1, 29)
            ]
            deliver(store, tmp_path / f"visits-{name}.csv", [NUMBERED, *visits], Wishes(source="Espoo"))
            few = [
                f"O{month}-{day};A{day};Kela;{day}.{month}.2025;Lähetetty"
                for month in (1, 2, 3)
                for day in (2, 9, 30 - month)
            ]
            sent = ["Ohjaustunnus;Asiakas;Mihin;Pvm;Tila", *few, *([f"O9;A9;Kela;{last};Lähetetty"] if last else [])]
            deliver(store, tmp_path / f"sent-{name}.csv", sent, Wishes(source="Espoo"))
        asked = ["ask", "referrals", "--period", period, "--lang", "en", *words]
        assert main([*asked, "--store", str(store.path)]) == 0
        return capsys.readouterr().out

    for period in ("2025-04", "2025-05", "2025-06", "2025-Q2", "2025-ytd-06"):
        assert told("none", "", period) == told("one", "16.6.2025", period)
        assert "under 10" in told("none", "", period)
        assert "Missing" not in told("none", "", period)
    assert "referrals (April–June 2025)" in told("none", "", "2025-ytd-06", "--audience", "internal")


def test_months_in_a_row_are_said_as_one() -> None:
    months = {date(2025, month, 1): month == 4 for month in (1, 2, 4, 5, 12)} | {date(2026, 1, 1): False}
    assert said(Lacking((("encounter", {"": months}),)), "en") == (
        "Missing from the data: encounters (January–February 2025, April 2025 in part, May 2025, "
        "December 2025 – January 2026). They are not in the figures."
    )
    assert said(Lacking(), "fi") == ""


def test_what_lacks_in_the_same_months_is_said_together() -> None:
    half = {"": {date(2025, 1, 1): False}}
    lacking = Lacking((), ((("sex",), half), (("minutes",), {"734": half[""]}), (("channel", "sex"), half)))
    assert "sukupuoli, asiointitapa (tammikuu 2025); kesto minuutteina (Salo, tammikuu 2025)." in said(lacking, "fi")


def test_more_municipalities_than_one_reads_are_counted() -> None:
    january, february = date(2025, 1, 1), date(2025, 2, 1)
    found = {f"{number:03}": {january: False} for number in (49, 91, 92, 149)}
    assert len(found) == MOST_PLACES
    assert "kundmöten (Esbo, Helsingfors, Vanda, Ingå, januari 2025)" in said(Lacking((("encounter", found),)), "sv")
    apart = found | {"149": {february: False}}
    told = said(Lacking((("encounter", apart),)), "sv")
    assert "(Esbo, Helsingfors, Vanda, januari 2025); kundmöten (Ingå, februari 2025)" in told
    found |= {"257": {january: True, february: True}}
    told = said(Lacking((("encounter", found),)), "fi")
    assert "asioinnit (5 kuntaa, tammi–helmikuu 2025 osittain)" in told
