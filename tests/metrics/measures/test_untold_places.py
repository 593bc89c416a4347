"""A municipality with a service of its own of which no file tells is no small one, and its amounts divide nobody's numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.store.store import Store
from metrics.ask import ask, lacking
from metrics.grammar.question import Question
from metrics.measures.gaps import in_short, said
from tests.metrics.measures.delivering import deliver

HEAD = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aihe;Palvelu"
POINTS = ["Koodi;Nimi;Kunta", "E1;Keskus;Espoo", "V1;Kirjasto;Vantaa", "P1;Tori;Pori"]
COSTS = ["Kunta;Palvelu;Vuosi;Eurot", *(f"{town};ohjaus;2025;48000" for town in ("Espoo", "Vantaa", "Pori"))]
PORI = "609"


def visits(town: str, months: range) -> list[str]:
    return [
        f"{town}{month}-{one};{town}{one};{1 + one % 28}.{month}.2025;{town};arabia;työ;ohjaus"
        for month in months for one in range(40)
    ]  # fmt: skip


def made(folder: Path, points: list[str], costs: list[str], residents: str = "Pori;arabia;2024;2000") -> Store:
    """40 visits of 40 clients a month: Espoo all of 2025, Vantaa without April; 1 000 residents each."""
    folder.mkdir(exist_ok=True)
    store, vantaa = Store(folder / "store"), [*range(1, 4), *range(5, 13)]
    of_vantaa = [line for month in vantaa for line in visits("Vantaa", range(month, month + 1))]
    residents_of = ["Espoo;arabia;2024;1000", "Vantaa;arabia;2024;1000", residents]
    for name, lines, source in (
        ("pisteet", points, None), ("kustannukset", costs, None),
        ("vaesto", ["Kunta;Kieli;Vuosi;Asukkaat", *residents_of], None),
        ("espoo", [HEAD, *visits("Espoo", range(1, 13))], "Espoo"),
        ("vantaa1", [HEAD, *of_vantaa[:120]], "Vantaa"), ("vantaa2", [HEAD, *of_vantaa[120:]], "Vantaa"),
    ):  # fmt: skip
        if lines:
            deliver(store, folder / f"{name}.csv", lines, Wishes(source=source))
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(tmp_path_factory.mktemp("untold"), POINTS, COSTS)


def told(store: Store, metric: str, period: str, audience: str = "internal", **where: str) -> tuple[object, str, str]:
    chosen = tuple((name, (code,)) for name, code in where.items())
    question, generation = Question((metric,), where=chosen, period=period, audience=audience), store.current()
    assert generation is not None
    (row,) = ask(question, store).rows
    return row.value, row.state, in_short(lacking(question, store, generation))


@pytest.mark.parametrize("audience", ["internal", "protected"])
@pytest.mark.parametrize("metric", ["encounters", "clients", "reach_per_1000", "euros_per_encounter"])
def test_who_pays_and_brings_no_file_has_no_data(store: Store, metric: str, audience: str) -> None:
    assert told(store, metric, "2025", audience, municipality=PORI)[:2] == (None, "no_data")
    assert told(store, metric, "2025", audience, municipality="049")[1] == "shown"


def test_the_whole_says_that_it_lacks_and_divides_by_what_is_told(store: Store) -> None:
    months = ",".join(f"2025-{month:02d}" for month in range(1, 13))
    lost = f"encounter@092=2025-04 encounter@609={months}"
    assert told(store, "encounters", "2025") == (40 * 23, "shown", lost)
    # 80 clients of the 2 000 residents of the two of whom files tell.
    assert told(store, "reach_per_1000", "2025")[:2] == (40, "shown")
    # In April nothing is told of Vantaa either.
    assert told(store, "reach_per_1000", "2025-04")[:2] == (40, "shown")
    # A year's costs are not those of visits of which nobody tells.
    assert told(store, "euros_per_encounter", "2025")[:2] == (None, "no_data")
    assert told(store, "euros_per_encounter", "2025", municipality="049")[0] == 100
    generation = store.current()
    assert generation is not None
    in_words = said(lacking(Question(("encounters",), period="2025"), store, generation), "en")
    assert "Pori, January–December 2025" in in_words


def test_strays_of_who_pays_and_brings_no_file_are_on_neither_side(tmp_path: Path) -> None:
    store = made(tmp_path / "a", POINTS, COSTS)
    strays = [f"P{one};P{one};{1 + one % 28}.5.2025;Pori;arabia;työ;ohjaus" for one in range(35)]
    deliver(store, tmp_path / "b.csv", [HEAD, *visits("Espoo", range(1, 13)), *strays], Wishes(source="Espoo"))
    assert told(store, "clients", "2025")[0] == 80 + 35
    assert told(store, "reach_per_1000", "2025")[:2] == (40, "shown")
    # Who has no place of its own is served by others: here none of its people come, and its residents count.
    bought = made(tmp_path / "c", POINTS[:3], COSTS)
    assert told(bought, "reach_per_1000", "2025")[:2] == (20, "shown")


def test_who_buys_from_others_or_pays_nothing_is_told_of_by_their_files(tmp_path: Path) -> None:
    bought = made(tmp_path / "a", POINTS[:3], COSTS)
    assert told(bought, "encounters", "2025", municipality=PORI)[1:] == ("shown", "encounter=2025-04~")
    assert told(bought, "encounters", "2025")[2] == "encounter@092=2025-04"


@pytest.mark.parametrize(("strays", "is_served"), [(29, False), (30, True)])
def test_residents_of_whom_no_file_is_divide_nobody(tmp_path: Path, strays: int, *, is_served: bool) -> None:
    """A table of all residents of the country, beside files of two municipalities with some clients from a third one."""
    store, head = (
        made(tmp_path / "a", [], [], residents="Tampere;arabia;2024;8000"),
        "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aihe;Palvelu",
    )
    lines = [*visits("Espoo", range(1, 13)), *visits("Espoo", range(1, 5))]
    of_tampere = [f"T{one};T{one % 12};{1 + one % 28}.3.2025;Tampere;arabia;työ;ohjaus" for one in range(strays)]
    unlike = [f"b{line}" for line in lines[480:]]
    deliver(store, tmp_path / "b.csv", [head, *lines[:480], *unlike, *of_tampere], Wishes(source="Espoo"))
    assert told(store, "reach_per_1000", "2025", municipality="049")[:2] == (40, "shown")
    of_third = told(store, "reach_per_1000", "2025", municipality="837")[:2]
    assert of_third == ((1.5, "shown") if is_served else (None, "no_data"))
    # 80 clients of Espoo and Vantaa, and 12 from Tampere, who do not count where its residents do not.
    assert told(store, "reach_per_1000", "2025")[0] == pytest.approx(1000 * (92 / 10_000 if is_served else 80 / 2_000))
    assert told(store, "encounters", "2025", municipality="837")[:2] == (strays, "shown")


@pytest.mark.parametrize("strays", [29, 30])
@pytest.mark.parametrize("points", [[], [*POINTS[:2], "V1;Kirjasto;Vantaa"]])
def test_a_source_of_several_is_about_those_of_whom_more_than_strays_come(
    tmp_path: Path, strays: int, points: list[str]
) -> None:
    """One file of Espoo and Vantaa, with some visits from Tampere: of a list of service points theirs alone count."""
    store = Store(tmp_path / "store")
    lines = [
        line for month in range(1, 13) for town in ("Espoo", "Vantaa") for line in visits(town, range(month, month + 1))
    ]
    lines += [f"T{one};T{one % 12};{1 + one % 28}.3.2025;Tampere;arabia;työ;ohjaus" for one in range(strays)]
    residents = (
        "Espoo;arabia;2024;1000",
        "Vantaa;arabia;2024;1000",
        "Tampere;arabia;2024;8000",
        "Pori;arabia;2024;9000",
    )
    for name, some in (("p", points), ("k", [HEAD, *lines]), ("v", ["Kunta;Kieli;Vuosi;Asukkaat", *residents])):
        if some:
            deliver(store, tmp_path / f"{name}.csv", some, Wishes())
    is_served = strays == 30 and not points
    of_third = told(store, "reach_per_1000", "2025", municipality="837")[:2]
    assert of_third == ((1.5, "shown") if is_served else (None, "no_data"))
    assert told(store, "reach_per_1000", "2025", municipality=PORI)[:2] == (None, "no_data")
    assert told(store, "reach_per_1000", "2025")[0] == pytest.approx(1000 * (92 / 10_000 if is_served else 80 / 2_000))


def test_of_few_visits_each_place_counts_that_is_no_small_part_of_a_source(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    lines = [line for town in ("Espoo", "Vantaa") for line in visits(town, range(3, 4))[:12]]
    residents = ("Espoo;arabia;2024;1000", "Vantaa;arabia;2024;500", "Tampere;arabia;2024;8000")
    deliver(store, tmp_path / "k.csv", [HEAD, *lines], Wishes())
    deliver(store, tmp_path / "v.csv", ["Kunta;Kieli;Vuosi;Asukkaat", *residents], Wishes())
    assert told(store, "reach_per_1000", "2025-03", municipality="092")[0] == 24
    assert told(store, "reach_per_1000", "2025-03")[0] == 16


def test_residents_of_a_later_year_alone_divide_nobody(tmp_path: Path) -> None:
    store = made(tmp_path / "a", [], [], residents="Espoo;somali;2026;5000")
    for period in ("2025", "all"):
        assert told(store, "reach_per_1000", period, language="so")[:2] == (None, "no_data"), period
        assert told(store, "reach_per_1000", period)[0] == 40, period


@pytest.mark.parametrize("audience", ["internal", "protected"])
def test_costs_of_one_are_not_those_of_visits_to_another_with_files_of_its_own(tmp_path: Path, audience: str) -> None:
    """Vantaa has no costs and no place in a list, and brings 440 visits: Espoo's costs are not those of all 920."""
    store = made(tmp_path / "a", [], COSTS[:2], residents="Espoo;arabia;2023;1000")
    assert told(store, "euros_per_encounter", "2025", audience, municipality="049")[1:] == ("shown", "")
    for where in ({}, {"region": "01"}):
        value, state, lost = told(store, "euros_per_encounter", "2025", audience, **where)
        assert (value, state) == (None, "no_data")
        assert "cost@092=" in lost
    # Who brings files of its own has the service: its residents are known, and count.
    assert told(store, "reach_per_1000", "2025-05", audience) == (40, "shown", "")
    # With a place in a list its visits are left out, and where both have told nothing lacks.
    listed = made(tmp_path / "b", POINTS[:3], COSTS[:2])
    assert told(listed, "euros_per_encounter", "2025", "internal")[0] == 100
    assert told(made(tmp_path / "c", [], COSTS[:3]), "reach_per_1000", "2025-05", audience)[2] == ""


def joint(folder: Path, lines: list[str], others: list[str], points: list[str] | None = None) -> Store:
    """One file of several municipalities beside all residents: 1 000 of Espoo, 500 of Vantaa, 9 000 of Tampere."""
    store, residents = (
        Store(folder / "store"),
        ("Espoo;arabia;2024;1000", "Vantaa;arabia;2024;500", "Tampere;arabia;2024;9000"),
    )
    files = {"p": points or [], "c": others, "k": [HEAD, *lines], "v": ["Kunta;Kieli;Vuosi;Asukkaat", *residents]}
    for name, some in files.items():
        if some:
            deliver(store, folder / f"{name}.csv", some, Wishes())
    return store


@pytest.mark.parametrize("service", ["ohjaus", "osaamiskeskus"])
def test_neighbours_of_a_joint_service_count_though_the_host_alone_pays(tmp_path: Path, service: str) -> None:
    lines = [*visits("Espoo", range(1, 13)), *visits("Vantaa", range(1, 13))]
    hosts = [COSTS[0], f"Espoo;{service};2025;48000"]
    for points in (None, POINTS[:2]):
        (folder := tmp_path / str(points is None)).mkdir()
        store = joint(folder, lines, hosts, points)
        assert told(store, "reach_per_1000", "2025", municipality="049")[0] == 40
        assert told(store, "reach_per_1000", "2025", municipality="092")[0] == 80
        assert told(store, "reach_per_1000", "2025")[0] == pytest.approx(1000 * 80 / 1500)
        assert told(store, "reach_per_1000", "2025", municipality="837")[:2] == (None, "no_data")


def test_residents_of_who_pays_for_a_competence_centre_alone_divide_no_clients_of_guidance(tmp_path: Path) -> None:
    store = joint(tmp_path, visits("Espoo", range(1, 13)), [COSTS[0], "Tampere;osaamiskeskus;2025;48000"])
    # Nor is it said that its residents lack.
    assert told(store, "reach_per_1000", "2025") == (40, "shown", "")
    assert told(store, "reach_per_1000", "2025", municipality="837")[:2] == (None, "no_data")


def test_costs_of_a_competence_centre_elsewhere_leave_no_visits_out_of_those_of_guidance(tmp_path: Path) -> None:
    """480 visits of Espoo's, 20 of people from Tampere and 20 of people from nowhere: 48 000 € for 520."""
    lines = visits("Espoo", range(1, 13))
    lines += [
        f"{town}{one};{town}{one};{1 + one}.3.2025;{town};arabia;työ;ohjaus"
        for town in ("Tampere", "")
        for one in range(20)
    ]
    for name, others in (("a", []), ("b", ["Tampere;osaamiskeskus;2025;90000"])):
        (tmp_path / name).mkdir()
        store = joint(tmp_path / name, lines, [*COSTS[:2], *others])
        assert told(store, "euros_per_encounter", "2025")[0] == pytest.approx(48_000 / 520), name


@pytest.mark.parametrize(("right", "wrong"), [(9, 1), (4, 1), (40, 5)])
def test_some_wrong_codes_of_a_small_file_bring_no_residents_of_another(tmp_path: Path, right: int, wrong: int) -> None:
    lines = [*visits("Espoo", range(3, 4))[:right], *visits("Tampere", range(3, 4))[:wrong]]
    store = joint(tmp_path, lines, [])
    assert told(store, "reach_per_1000", "2025")[0] == right
    assert told(store, "reach_per_1000", "2025", municipality="837")[:2] == (None, "no_data")


def test_a_file_of_mostly_ones_own_people_is_ones_own_whoever_else_pays(tmp_path: Path) -> None:
    """Of Vantaa's visits a third are of people from Espoo, which alone has costs."""
    store = joint(tmp_path, visits("Espoo", range(1, 13)), COSTS[:2])
    lines = [*visits("Vantaa", range(1, 13)), *(f"x{one}" for one in visits("Espoo", range(1, 7)))]
    deliver(store, tmp_path / "w.csv", [HEAD, *lines], Wishes(source="Vantaa"))
    assert told(store, "reach_per_1000", "2025", municipality="092")[0] == 80


@pytest.mark.parametrize("towns", [(), ("Pori", "Turku", "Kuopio")])
def test_costs_of_one_of_many_say_nothing_of_the_others(tmp_path: Path, towns: tuple[str, ...]) -> None:
    """Espoo has told its costs, and a tenth of as many visits as its own makes Vantaa one of five municipalities."""
    of_vantaa = visits("Vantaa", range(1, 13))[:48]
    lines = [
        *visits("Espoo", range(1, 13)),
        *of_vantaa,
        *(line for town in towns for line in visits(town, range(1, 13))),
    ]
    store = joint(tmp_path, lines, COSTS[:2])
    value, state, _ = told(store, "reach_per_1000", "2025", municipality="092")
    assert (value, state) == ((80, "shown") if towns else (None, "no_data"))
