"""What files lack goes with a package: half a quarter of another publisher does not look like a whole one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from data.store.store import Store
from data.texts import LANGUAGES, message
from metrics.ask import ask, lacking_of_rows
from metrics.ask import lacking as lacking_of
from metrics.grammar.question import Question
from metrics.measures.gaps import Lacking, as_objects, said
from metrics.packages import jsonstat
from metrics.packages.checking import check
from metrics.packages.comparing import own_side, package_side
from metrics.packages.container import STATISTICS
from metrics.packages.errors import PackageError
from metrics.packages.lacking import lacking_in, lacking_of_packed_rows
from metrics.packages.listing import beside_json, beside_lines
from metrics.packages.making import make, release_of
from metrics.packages.manifest import PackedGap, read
from metrics.packages.opening import package_of
from metrics.packages.scope import Scope, population_of
from metrics.packages.signing import make_publisher
from pages.site.writing import write
from tests.conftest import own_copy
from tests.metrics.packages.conftest import Made
from tests.metrics.packages.test_receiving import forged
from tests.pages.without_months import lacking

__all__ = ["lacking"]
PERIODS = ("2026-ytd-08", "2026-Q2", "2025")
AREAS = {"everybody": None, "vaasa": "Vaasa", "kokkola": "Kokkola", "region": "region-15"}


@pytest.fixture(scope="module", params=AREAS)
def made(request: pytest.FixtureRequest, lacking: Store, tmp_path_factory: pytest.TempPathFactory) -> Made:
    store = Store(own_copy(lacking.path, tmp_path_factory.mktemp(request.param) / "store"))
    release = release_of(store)
    scope = Scope(population_of(store, release, AREAS[request.param]), PERIODS, ("clients", "encounters"), ("sex",))
    return Made(store, release, scope, make(store, release, scope, make_publisher(store.path, "Kunta")))


def test_a_package_tells_of_its_questions_what_its_store_does(made: Made) -> None:
    about, told = package_of(made.package.content, "x.tkp").about, list[str]()
    for one in about.answers:
        for period in made.scope.periods_of(one):
            asked = made.scope.asked(one, period)
            here = lacking_of(asked, made.store, made.release)
            assert lacking_in(Question(one.metrics, one.by, period=period), about) == here
            assert lacking_in(asked, about) == here
            told.append(said(here, "fi"))
            rows = ask(asked, made.store, made.release).rows
            assert lacking_of_packed_rows(rows, about) == lacking_of_rows(rows, asked, made.store, made.release)
    assert "" in told
    assert any(told), "nothing lacks: nothing is tested"


def test_of_a_package_of_an_earlier_program_it_is_not_known(made: Made) -> None:
    about = made.package.about.model_copy(update={"format": 1, "lacking": None})
    earlier = read(about.text().replace(b',\n "lacking": null', b""))
    assert earlier.lacking is None
    assert lacking_in(Question(("clients",), period="2025"), earlier) is None
    assert lacking_of_packed_rows([], earlier) is None


def test_the_statistics_in_a_package_tell_it_too(made: Made) -> None:
    package = package_of(made.package.content, "x.tkp")
    found = json.loads(package.members[f"{STATISTICS}/clients.json"])["link"]["item"]
    items = {tuple(one["id"][:-1]): one for one in found}
    assert items.keys() >= {(), ("sex",)}
    for by, one in items.items():
        lost = lacking_in(Question(("clients",), by, period="all"), package.about)
        assert lost is not None
        assert one["extension"]["lacking"] == json.loads(json.dumps(as_objects(lost)))
        assert one.get("note", []) == ([said(lost, "fi")] if said(lost, "fi") else [])
    earlier = package.about.model_copy(update={"format": 1, "lacking": None})
    rows = ask(Question(("clients",), period="2025"), made.store, made.release).rows
    told = json.loads(jsonstat.collection("clients", rows, earlier))["link"]["item"][0]
    assert told["extension"]["lacking"] is None
    assert told["note"] == [message("gaps.untold", "fi")]


def test_beside_each_other_each_publisher_says_what_its_own_files_lack(made: Made) -> None:
    question, package = Question(("clients",), period="2026-Q2"), package_of(made.package.content, "x.tkp")
    sides = [own_side(question, made.store, "Oma"), package_side(question, package)]
    about = package.about.model_copy(update={"format": 1, "lacking": None})
    sides.append(package_side(question, replace(package, about=about)))
    here, there = (lacking_of(question, made.store, made.release), lacking_in(question, package.about))
    assert here.tables
    assert there is not None
    told = json.loads(beside_json(sides))
    assert [one["lacking"] for one in told] == [json.loads(json.dumps(as_objects(one))) for one in (here, there)] + [
        None
    ]
    for lang in LANGUAGES:
        lines = beside_lines(sides, (), lang)
        assert f"Oma: {said(here, lang)}" in lines
        assert (f"Kunta: {said(there, lang)}" in lines) == bool(there.tables)
        assert f"Kunta: {message('gaps.untold', lang)}" in lines


@pytest.mark.parametrize(
    "wrong",
    [
        {"table": "../x"}, {"months": ("2026-13",)}, {"months": ("9999-01",)}, {"municipality": "<b>"},
        {"fields": ("sex",)}, {"ways": (("sex",),), "fields": ("minutes",)}, {"ways": (("sex",),)}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PackedGap.model_validate({"table": "encounter", **wrong})


def test_a_municipality_that_nobody_knows_is_refused(made: Made) -> None:
    gap = PackedGap(table="encounter", municipality="999", months=("2026-04",))
    with pytest.raises(PackageError, match="content"):
        check(forged(made, made.key, lacking=(gap,)))
    # A table or a field that only a later program knows is of no figure here.
    later = PackedGap(table="visit", ways=(("mood",),), fields=("mood",), months=("2026-04",))
    package = forged(made, made.key, lacking=(later,))
    check(package)
    assert lacking_in(Question(("clients",), period="2026-Q2"), package.about) == Lacking()


def test_a_site_says_it_on_its_pages_and_in_its_files(made: Made, tmp_path: Path) -> None:
    package = package_of(made.package.content, "x.tkp")
    write(package, tmp_path / "site")
    lost = lacking_in(Question(("clients",), ("sex",), period="all"), package.about)
    assert lost
    for lang in LANGUAGES:
        words = said(lost, lang)
        assert words
        for name in ("clients.html", "clients.csv"):
            assert words in (tmp_path / "site" / lang / name).read_text(encoding="utf-8-sig"), name
        start = message("gaps", lang, tables="|").split("|")[0]
        index = (tmp_path / "site" / lang / "index.html").read_text(encoding="utf-8")
        assert (start in index) == bool(lost.tables)
