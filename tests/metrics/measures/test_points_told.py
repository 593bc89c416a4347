"""A service point whose own source has ended has no data, and is no small one."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.store.store import Store
from metrics.ask import ask, lacking, lacking_of_rows
from metrics.grammar.question import Question
from metrics.measures.gaps import in_short
from tests.metrics.measures.delivering import deliver

HEAD = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aihe;Piste"
POINTS = ["Koodi;Nimi;Kunta", "a1;Keskus;Espoo", "b1;Kirjasto;Espoo"]


def visits(point: str, months: range, each: int = 60) -> list[str]:
    return [
        f"{point}{month}-{one};{point}{one};{1 + one % 28}.{month}.2025;Espoo;arabia;työ;{point}"
        for month in months for one in range(each)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two points in Espoo, each with its own files: those of a1 end in June. The files of b1 have a stray visit at a1 in July."""
    folder = tmp_path_factory.mktemp("points")
    store = Store(folder / "store")
    stray = [visits("a1", range(7, 8), 1)[0].replace("a17-0;a10", "stray;b10")]
    for name, lines in (("a", visits("a1", range(1, 7))), ("b", [*visits("b1", range(1, 13)), *stray])):
        deliver(store, folder / f"{name}.csv", [HEAD, *lines], Wishes(source=name))
    deliver(store, folder / "pisteet.csv", POINTS, Wishes())
    return store


@pytest.mark.parametrize("audience", ["internal", "protected"])
@pytest.mark.parametrize("metric", ["encounters", "clients"])
def test_a_point_whose_own_files_have_ended_has_no_data(store: Store, metric: str, audience: str) -> None:
    generation = store.current()
    assert generation is not None
    after = Question((metric,), ("service_point",), period="2025-Q4", audience=audience)
    states = {row.codes["service_point"]: row.state for row in ask(after, store).rows}
    assert states == {"a1": "no_data", "b1": "shown"}
    year = Question((metric,), ("service_point",), period="2025", audience=audience)
    rows = ask(year, store).rows
    told = {
        row.codes["service_point"]: in_short(of)
        for row, of in zip(rows, lacking_of_rows(rows, year, store, generation), strict=True)
    }
    half = ",".join(f"2025-{month:02d}" for month in range(7, 13))
    assert told == {"a1": f"encounter={half}", "b1": ""}
    limited = Question((metric,), where=(("service_point", ("a1",)),), period="2025", audience=audience)
    assert f"encounter={half}" in in_short(lacking(limited, store, generation))
    # Of both together a part is told.
    assert (
        in_short(lacking(Question(("clients",), period="2025", audience=audience), store, generation))
        == "encounter=" + half.replace(",", "~,") + "~"
    )


@pytest.mark.parametrize(("each", "audience", "state"), [
    (24, "internal", "no_data"), (24, "protected", "small"), (25, "internal", "no_data"), (25, "protected", "no_data"),
])  # fmt: skip
def test_visitors_are_told_of_no_source_of_a_point_of_few_visits(
    tmp_path: Path, each: int, audience: str, state: str
) -> None:
    """Fewer than 25 visits are those of single people, and so are the days of the file that has brought them."""
    store = Store(tmp_path / "store")
    many = visits("c1", range(1, 7))
    deliver(store, tmp_path / "a.csv", [HEAD, *visits("a1", range(1, 2), each), *many], Wishes(source="a"))
    deliver(store, tmp_path / "b.csv", [HEAD, *visits("b1", range(1, 13))], Wishes(source="b"))
    deliver(store, tmp_path / "pisteet.csv", [*POINTS, "c1;Tori;Espoo"], Wishes())
    asked = Question(("clients",), where=(("service_point", ("a1",)),), period="2025-Q4", audience=audience)
    assert [row.state for row in ask(asked, store).rows] == [state]
