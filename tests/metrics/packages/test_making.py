"""What a package holds: what visitors see and nothing else, in two forms that others can read, in the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import prod
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.coverage.deliveries import Delivery
from data.coverage.extent import Extent
from data.store.generation import Generation
from data.store.keys import key_path
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import texts
from metrics.ask import ask, ask_curve
from metrics.audience import INTERNAL
from metrics.cli import main
from metrics.gate import BASE, FILES_FROM, SHOWN_FROM
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.packages.asking import ask_package
from metrics.packages.checking import check
from metrics.packages.errors import PackageError
from metrics.packages.making import make, release_of
from metrics.packages.manifest import PackedPeople, days_by_table
from metrics.packages.opening import package_of
from metrics.packages.scope import population_of
from metrics.packages.signing import make_publisher, publisher_path
from tests.metrics.made import store_of
from tests.metrics.packages.conftest import METRICS, Made

Two = tuple[Made, Made]


def members(made: Made) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.package.content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def lines(made: Made) -> list[dict[str, Any]]:
    return list(pq.read_table(io.BytesIO(members(made)["cells.parquet"])).to_pylist())


def codes(line: dict[str, Any]) -> dict[str, str]:
    return {line[f"dimension_{i}"]: line[f"code_{i}"] for i in (1, 2, 3) if line[f"dimension_{i}"]}


def test_no_day_of_a_single_row_is_told(two: Two) -> None:
    """The first and the last day of a table are days on which somebody came."""
    for made in two:
        about = json.loads(members(made)["manifest.json"])
        days = [date.fromisoformat(day) for day in about["data_until"].values()]
        assert days
        assert {(day + timedelta(days=1)).day for day in days} == {1}
        assert date.fromisoformat(about["first_day"]).day == 1


def test_the_month_of_a_last_row_of_few_is_not_told() -> None:
    """Of a table of a few rows a month its last one would tell in which months nobody came; of many it tells of files."""
    closed, march = date(2026, 10, 31), date(2026, 3, 10)
    release = Generation(
        number=1, parent=None, created=datetime(2026, 11, 2), cause="test", schema_version="", rows={"outcome": 30}, clients=30,
        first_day=date(2026, 1, 5), data_until={"encounter": closed, "outcome": march}, token="", covered_until=closed,
    )  # fmt: skip

    def told(rows: int) -> date:
        brought = Delivery(
            1, 0, datetime(2026, 11, 2), "a", None, "", "outcome", date(2026, 1, 5), march, (), rows, rows, 0, 0, 0, 0
        )
        return days_by_table(release, Extent({"outcome": (brought,)}).without_days_of_few(FILES_FROM, closed))[
            "outcome"
        ]

    assert told(9) == closed
    assert told(900) == date(2026, 3, 31)


def test_every_value_is_what_visitors_are_answered(two: Two) -> None:
    """All cells, read from the file without the program, against the gate: nothing more, nothing less, nothing else."""
    for made in two:
        asked: dict[tuple[object, ...], object] = {}
        area = made.scope.population
        for one in made.scope.questions():
            for period in made.scope.periods_of(one):
                question = Question(one.metrics, one.by, ((area.dimension, (area.code,)),), period, one.each)
                for row in ask(question, made.store).rows:
                    own = {name: code for name, code in row.codes.items() if name != area.dimension}
                    key = (row.metric, row.period, row.horizon, row.quantile, *sorted(own.items()))
                    asked[key] = (row.value, row.state, row.n, row.numerator, row.denominator, row.lower, row.upper)
        found = {
            (line["metric"], line["period"], line["horizon"], line["quantile"], *sorted(codes(line).items())): (
                *(line[name] for name in ("value", "state", "n", "numerator", "denominator", "lower", "upper")),
            )
            for line in lines(made)
        }
        assert found == asked
        assert len(found) == len(lines(made)) > 500
        assert {line["state"] for line in lines(made)} >= {"shown", "small"}
        numbers = {line["value"] for line in lines(made) if line["metric"] == "clients" and line["value"] is not None}
        assert numbers
        assert all(number % BASE == 0 and number >= SHOWN_FROM for number in numbers)


def test_curves_are_those_of_visitors(two: Two) -> None:
    made = two[0]
    points = pq.read_table(io.BytesIO(members(made)["curves.parquet"])).to_pylist()
    asked = ask_curve(
        Question(("days_to_employment",), where=made.scope.where, period=made.scope.periods[0]), made.store
    )
    found = [p for p in points if p["metric"] == "days_to_employment" and not p["dimension_1"]]
    assert [(p["day"], p["value"], p["at_risk"]) for p in found] == [(p.day, p.value, p.at_risk) for p in asked]


def test_no_key_and_no_count_of_people_is_in_it(two: Two) -> None:
    for made in two:
        keys = json.loads(key_path(made.store.path).read_text())
        secret = [*keys.values(), json.loads(publisher_path(made.store.path).read_text())["private"]]
        assert not [
            one for one in secret if one.encode() in made.package.content or bytes.fromhex(one) in made.package.content
        ]
        about = json.loads(members(made)["manifest.json"])
        assert about["noise"] not in (keys["noise"][:16], made.store.keys.fingerprint)
        assert not {"rows", "clients", "people"} & about.keys()


def test_the_same_release_gives_the_same_bytes(two: Two) -> None:
    made = two[1]
    assert make(made.store, made.release, made.scope, made.key).content == made.package.content


def test_json_stat_is_as_the_format_says_and_holds_the_same(two: Two) -> None:
    """Against the specification of JSON-stat 2.0: sizes, indexes, roles, values and statuses."""
    made = two[0]
    inside = members(made)
    values = {
        (line["metric"], line["period"], line["horizon"], line["quantile"], *sorted(codes(line).items())): line
        for line in lines(made)
    }
    seen = 0
    for metric in {line["metric"] for line in lines(made)}:
        told = json.loads(inside[f"json-stat/{metric}.json"])
        assert (told["version"], told["class"], set(told["link"])) == ("2.0", "collection", {"item"})
        for one in told["link"]["item"]:
            assert one["class"] == "dataset"
            assert len(one["id"]) == len(one["size"]) == len(one["dimension"])
            assert set(one["id"]) == set(one["dimension"])
            assert len(one["value"]) == prod(one["size"])
            assert one["role"]["time"] == ["period"]
            assert {name for names in one["role"].values() for name in names} <= set(one["id"])
            by_place: list[list[str]] = []
            for name, size in zip(one["id"], one["size"], strict=True):
                category = one["dimension"][name]["category"]
                assert sorted(category["index"].values()) == [*range(size)]
                assert category["label"].keys() == category["index"].keys()
                by_place.append(sorted(category["index"], key=category["index"].__getitem__))
            for at, value in enumerate(one["value"]):
                rest, parts = at, {}
                for name, places in reversed([*zip(one["id"], by_place, strict=True)]):
                    rest, place = divmod(rest, len(places))
                    parts[name] = places[place]
                period = parts.pop("period")
                horizon, quantile = (parts.pop(name, None) for name in ("horizon", "quantile"))
                key = (metric, period, horizon and int(horizon), quantile and float(quantile), *sorted(parts.items()))
                assert key in values, "a cell that no row has"
                assert value == values[key]["value"]
                assert one.get("status", {}).get(str(at), "shown") == values[key]["state"]
                seen += 1
    assert seen == len(values)


def test_a_package_answers_as_its_store_does(two: Two) -> None:
    for made in two:
        package = package_of(made.package.content, "x.tkp")
        check(package)
        for by in ((), ("language",), ("topic", "language")):
            question = Question(("clients", "encounters"), by, period=made.scope.periods[0])
            own = ask(replace(question, where=made.scope.where), made.store).rows
            found = ask_package(question, package).rows
            assert {(r.metric, r.value, *(r.codes[name] for name in by)) for r in found} == {
                (r.metric, r.value, *(r.codes[name] for name in by)) for r in own
            }
        fixed = ask_package(
            Question(("clients",), where=(("language", ("so", "ar")),), period=made.scope.periods[0]), package
        )
        assert {row.codes["language"] for row in fixed.rows} == {"so", "ar"}


def test_what_is_not_in_a_package_is_said(two: Two) -> None:
    package = package_of(two[0].package.content, "x.tkp")
    outside = [
        Question(("clients",), period="2025"), Question(("outreach_share",), period="2026-ytd-10"),
        Question(("solved_share",), ("topic", "language"), period="2026-ytd-10"),
        Question(("clients",), ("channel",), period="2026-ytd-10"),
        Question(("clients",), where=(("municipality", ("734",)),), period="2026-ytd-10"),
        Question(("clients",), period="2026-ytd-10", audience=INTERNAL),
    ]  # fmt: skip
    for question in outside:
        with pytest.raises(QuestionError):
            ask_package(question, package)
    assert ask_package(Question(("clients",), period="2026-03"), package).rows[0].period == "2026-03"
    assert len(ask_package(Question(("clients",), period="2026-ytd-10", each="quarter"), package).rows) == 4


def test_a_store_that_is_not_open_gives_no_package(tmp_path: Path) -> None:
    store = store_of(tmp_path / "s", {"encounter": [{"client": 1}]})
    with pytest.raises(PackageError, match="not_open"):
        release_of(store)


@pytest.mark.parametrize(
    ("periods", "reason"),
    [
        (("1950",), "unknown_period"),
        (("x",), "unknown_period"),
        (("2030",), "period_open"),
        (tuple(f"{year}-{month:02}" for year in range(2021, 2026) for month in range(1, 13)), "too_many_periods"),
    ],
)
def test_periods_that_a_package_cannot_have_are_refused_before_anything_is_asked(
    periods: tuple[str, ...], reason: str, two: Two
) -> None:
    made = two[0]
    with pytest.raises((QuestionError, PackageError), match=reason):
        make(made.store, release_of(made.store), replace(made.scope, periods=periods), made.key)


def test_the_private_key_is_its_owner_s_alone_and_not_in_a_backup(two: Two, tmp_path: Path) -> None:
    path = publisher_path(two[0].store.path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not path.is_relative_to(two[0].store.path)
    with pytest.raises(PackageError, match="publisher_exists"):
        make_publisher(two[0].store.path, "Toinen")
    from data.backup.contents import taken

    with taken(Store(two[0].store.path)) as contents:
        assert not [name for name in contents.files if "publisher" in name]


def test_every_metric_that_is_asked_has_its_definition_marked(two: Two) -> None:
    assert set(two[0].package.about.definitions) == set(METRICS)


@pytest.mark.parametrize("name", ["nope", "service_point", "municipality", "sanction", ""])
def test_a_dimension_that_nothing_goes_by_is_refused(name: str, two: Two) -> None:
    """Unknown, of the store alone, fixed by the area, or of other metrics: a package without it would be made in silence."""
    with pytest.raises(PackageError, match="dimension"):
        replace(two[0].scope, metrics=("clients",), dimensions=("language", name)).questions()


def test_a_metric_of_which_an_area_has_nothing_is_refused(two: Two) -> None:
    known = definitions().values()
    (*_, missing) = (one.id for one in known if "municipality" not in one.allowed or "municipality" in one.requires)
    with pytest.raises(PackageError, match="metric"):
        replace(two[0].scope, metrics=("clients", missing), dimensions=()).questions()
    everybody = PackedPeople(municipalities=("853",))
    assert replace(two[0].scope, population=everybody, metrics=(missing,), dimensions=()).questions()


@pytest.mark.parametrize("place", ["853", "000"])
def test_a_package_of_nobody_is_refused_before_a_file_is_written(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"client": number, "municipality": place} for number in range(1, 4 if place == "853" else 200)]
    store = store_of(tmp_path / "s", {"encounter": rows})
    open_to_others(store)
    make_publisher(store.path, "Turku")
    out = tmp_path / "x.tkp"
    assert main(["package", "--store", str(store.path), "--out", str(out), "--period", "2025", "--lang", "en"]) == 2
    assert "--area" in capsys.readouterr().err
    assert not out.exists()
    scope = ["--area", "Turku", "--metric", "clients", "--by", "language"]
    # Of a named area nothing is shown either: a file without a number would help nobody, and say no more than this does.
    assert main(["package", "--store", str(store.path), "--out", str(out), "--period", "2025", *scope]) == 2
    assert texts("fi")("refusal.package.no_values") in capsys.readouterr().err
    assert not out.exists()


def test_people_whose_area_is_not_known_are_no_area(two: Two) -> None:
    for area in ("region-unknown", "000"):
        with pytest.raises(PackageError, match="area"):
            population_of(two[0].store, two[0].release, area)
