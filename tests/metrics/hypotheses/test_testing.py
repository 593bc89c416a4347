"""Testing registered hypotheses: a planted difference is found, nothing is shown of few, and every test can be repeated."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from data.store.sealed import unsealed
from data.store.store import Store
from data.texts import texts
from metrics.ask import ask
from metrics.cli import main
from metrics.grammar.question import Question
from metrics.hypotheses import work
from metrics.hypotheses.hypothesis import HypothesisError
from metrics.hypotheses.outlook import outlook
from metrics.hypotheses.register import Register
from metrics.hypotheses.samples import draw
from metrics.hypotheses.testing import run
from tests.conftest import ROOT, own_copy
from tests.metrics.hypotheses.test_register import asked
from tests.metrics.made import store_of
from tests.ready import Ready, ready


def visits(channel: str, clients: int, solved: int, first: int) -> list[dict[str, Any]]:
    """One encounter of each of `clients` clients, the first `solved` of them solved on the spot."""
    return [
        {
            "client": first + number, "occurred_on": date(2025, 1 + number % 12, 5), "channel": channel, "language": "so",
            "resolution": "solved" if number < solved else "continues",
        }
        for number in range(clients)
    ]  # fmt: skip


@pytest.fixture
def planted(tmp_path: Path) -> Store:
    """400 walk-ins of whom 280 solved (70 %), 400 calls of which 200 solved (50 %), and 30 messages."""
    rows = [*visits("walk_in", 400, 280, 1), *visits("phone", 400, 200, 1001), *visits("message", 30, 15, 2001)]
    return store_of(tmp_path / "store", {"encounter": rows})


def test_the_sample_is_the_events_of_both_groups(planted: Store) -> None:
    sample = draw(asked(), planted, planted.serving())
    assert sample["n"].sum() == 800
    assert sample.filter("group")["n"].sum() == 400
    assert sample.filter("group")["met"].sum() == 280
    assert sample["unit"].n_unique() == 800
    others = draw(
        asked(design={"kind": "groups", "dimension": "channel", "compared": "phone"}), planted, planted.serving()
    )
    assert others["n"].sum() == 830, "against all others"


def test_a_planted_difference_is_found_with_newcombe_s_interval(planted: Store) -> None:
    register = Register.of(planted.path)
    found = run(register, register.register(asked()).id, planted)
    low, high = confint_proportions_2indep(280, 400, 200, 400, method="newcomb")
    assert found.finding.method == "newcombe"
    assert (found.effect.value, found.effect.lower, found.effect.upper) == (20, round(100 * low), round(100 * high))
    assert found.effect.people == (20, round(100 * low), round(100 * high))
    assert found.effect.p <= 0.001
    assert found.verdict == "kept"
    published = {row.codes["channel"]: row for row in ask(Question(("clients",), by=("channel",)), planted).rows}
    assert [side.people for side in found.sides] == [published[code].value for code in ("walk_in", "phone")]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"direction": "up", "smallest": 5}, "kept"),
        ({"direction": "either", "smallest": 5}, "kept"),
        ({"direction": "down", "smallest": 5}, "rejected"),
        ({"direction": "up", "smallest": 40}, "rejected"),
        ({"direction": "up", "smallest": 22}, "undecided"),
    ],
)
def test_the_verdict_is_that_of_the_direction_and_size_registered(
    changes: dict[str, Any], verdict: str, planted: Store
) -> None:
    register = Register.of(planted.path)
    assert run(register, register.register(asked(**changes)).id, planted).verdict == verdict


def test_without_registration_nothing_is_tested_and_the_same_data_only_once(planted: Store) -> None:
    register = Register.of(planted.path)
    with pytest.raises(HypothesisError, match="unknown"):
        run(register, "H-1", planted)
    register.register(asked())
    run(register, "H-1", planted)
    with pytest.raises(HypothesisError, match="tested"):
        run(register, "H-1", planted)
    assert len(register.results()) == 1


def test_a_restored_generation_of_the_same_number_may_be_tested(planted: Store, tmp_path: Path) -> None:
    register = Register.of(planted.path)
    register.register(asked(looks=2))
    first = run(register, "H-1", planted)
    other = store_of(
        tmp_path / "other", {"encounter": [*visits("walk_in", 400, 200, 1), *visits("phone", 400, 280, 500)]}
    )
    for file in (other.path / "generations").iterdir():
        shutil.copy(file, planted.path / "generations" / file.name)
    second = run(register, "H-1", planted)
    assert (first.generation, second.generation) == (1, 1)
    assert (first.effect.value, second.effect.value) == (20, -20)
    assert [line.is_of(planted.serving()) for line in register.results()] == [False, True]


def test_a_hypothesis_is_tested_as_often_as_was_planned(planted: Store, tmp_path: Path) -> None:
    """New data of the same hypothesis are one more chance to be wrong."""
    register = Register.of(planted.path)
    once, twice = register.register(asked()), register.register(asked(looks=2))
    first = run(register, once.id, planted)
    early = run(register, twice.id, planted)
    assert early.effect.lower < first.effect.lower, "the interval of one look of two is wider"
    assert early.effect.upper > first.effect.upper
    grown = store_of(
        tmp_path / "grown", {"encounter": [*visits("walk_in", 600, 420, 1), *visits("phone", 600, 300, 5000)]}
    )
    with pytest.raises(HypothesisError, match="looks"):
        run(register, once.id, grown)
    run(register, twice.id, grown)
    again = store_of(
        tmp_path / "again", {"encounter": [*visits("walk_in", 800, 560, 1), *visits("phone", 800, 400, 5000)]}
    )
    with pytest.raises(HypothesisError, match="looks"):
        run(register, twice.id, again)
    assert [line.id for line in register.results()] == ["H-1", "H-2", "H-2"]


def unlike(tmp_path: Path, *, walk_in: int, phone: int) -> Store:
    """The planted encounters, with so many Somali speakers of 400 in either channel; the others speak Arabic."""
    rows = [*visits("walk_in", 400, 280, 1), *visits("phone", 400, 200, 1001)]
    for number, row in enumerate(rows):
        somali = number % 400 * 7 % 400 < (walk_in if number < 400 else phone)
        row["language"] = "so" if somali else "ar"
    return store_of(tmp_path / "unlike", {"encounter": rows})


def test_groups_that_are_not_alike_cannot_be_compared_unless_that_is_adjusted_for(tmp_path: Path) -> None:
    store = unlike(tmp_path, walk_in=240, phone=120)
    register = Register.of(store.path)
    crude = run(register, register.register(asked()).id, store)
    assert crude.verdict == "incomparable"
    assert crude.effect.lower > 5, "although the difference itself is clear"
    language = next(row for row in crude.finding.balance if row.covariate == "c_language")
    assert language.before == pytest.approx(0.3 / (0.225**0.5), abs=0.01), "60 and 30 percent"
    assert run(register, register.register(asked(covariates=("language",))).id, store).verdict == "kept"


def test_groups_that_do_not_overlap_cannot_be_compared_by_adjusting(tmp_path: Path) -> None:
    store = unlike(tmp_path, walk_in=400, phone=0)
    register = Register.of(store.path)
    found = run(register, register.register(asked(covariates=("language",))).id, store)
    assert found.verdict == "incomparable"
    assert "overlap_poor" in found.finding.warnings


def test_sizes_other_than_planned_make_groups_incomparable(planted: Store) -> None:
    register = Register.of(planted.path)
    even, uneven = (run(register, register.register(asked(planned_share=share)).id, planted) for share in (50, 60))
    assert (even.verdict, uneven.verdict) == ("kept", "incomparable")
    assert {one.name: one.verdict for one in uneven.finding.assumptions}["sizes_as_planned"] == "contradicted"


def test_facts_of_all_groups_are_compared_by_themselves(planted: Store) -> None:
    register = Register.of(planted.path)
    found = run(register, register.register(asked()).id, planted)
    told = {row.covariate.removeprefix("c_") for row in found.finding.balance}
    assert told == {"language", "service", "weekday"}, "what no file tells says nothing of likeness"
    assert not {"channel", "resolution", "region"} & told, (
        "the groups themselves, the outcome, and what another one groups"
    )


def test_guardrails_are_tested_in_the_same_comparison(tmp_path: Path) -> None:
    """The planted difference, while walk-ins are understood less often; nobody waits for an appointment."""
    rows = [*visits("walk_in", 400, 280, 1), *visits("phone", 400, 200, 1001)]
    for number, row in enumerate(rows):
        row |= {"understood": number % 4 > 0 or (number >= 400 and number % 9 > 0)}
    store = store_of(tmp_path / "store", {"encounter": rows})
    guardrails = ({"metric": "understood_share", "margin": 10}, {"metric": "wait_days", "margin": 2})
    register = Register.of(store.path)
    found = run(register, register.register(asked(guardrails=guardrails)).id, store)
    assert [(one.metric, one.verdict) for one in found.guardrails] == [
        ("understood_share", "harmed"),
        ("wait_days", "not_shown"),
    ]
    assert found.guardrails[0].effect is not None
    assert found.guardrails[0].effect.value == pytest.approx(75 - 97, abs=2)
    assert found.verdict == "kept", "of the hypothesis itself"
    wide = asked(guardrails=({"metric": "understood_share", "margin": 40},))
    assert run(register, register.register(wide).id, store).guardrails[0].verdict == "held"


def eight_municipalities(start: int) -> list[dict[str, Any]]:
    """March and September of eight municipalities: `start` percent solved in the first and up to 21 more in the others; in
    September 40 points more in the first, and 2 or 3 more in each of the others."""
    places = ("853", "049", "091", "092", "257", "543", "753", "858")
    rows = []
    for place, code in enumerate(places):
        for number in range(120):
            for month in (3, 9):
                chance = start + 3 * place + (month > 6) * (2 + place % 2 if place else 40)
                rows.append(
                    {
                        "client": 1000 * place + number + 1, "municipality": code, "occurred_on": date(2025, month, 5),
                        "resolution": "solved" if (number * 37 + month * 11) % 100 < chance else "continues",
                    }
                )  # fmt: skip
    return rows


def test_two_municipalities_cannot_tell_and_all_the_others_can(tmp_path: Path) -> None:
    """40 points more in one municipality after the change, and 2 or 3 more in each of the others."""
    rows = eight_municipalities(40)
    store = store_of(tmp_path / "store", {"encounter": rows})
    design = {"kind": "before_after", "month": "2025-07", "area": "853"}
    register = Register.of(store.path)
    two = asked(design={**design, "comparison": "049"})
    assert outlook(two, store).few_areas
    assert run(register, register.register(two).id, store).verdict == "incomparable"
    found = run(register, register.register(asked(design={**design, "comparison": "others"})).id, store)
    assert found.finding.method == "difference_in_differences_areas"
    assert found.verdict == "kept"
    assert found.effect.value == pytest.approx(37.5, abs=3)


def test_few_people_are_never_shown(planted: Store) -> None:
    register = Register.of(planted.path)
    few = asked(design={"kind": "groups", "dimension": "channel", "compared": "message", "reference": "phone"})
    refused = outlook(few, planted).refusal
    assert refused is not None
    assert (refused.reason, refused.params["share_from"]) == ("few_people", 50)
    with pytest.raises(HypothesisError, match="few_people"):
        run(register, register.register(few).id, planted)
    assert register.results() == ()


def test_what_can_be_seen_is_told_without_the_outcome_of_either_side(planted: Store, tmp_path: Path) -> None:
    seen = outlook(asked(), planted)
    # Two groups of 400 around 60 %: 2.8 standard errors are about 9.7 points.
    assert seen.detectable == pytest.approx(9.7, abs=0.6)
    assert not seen.enough(5)
    turned = [*visits("walk_in", 400, 200, 1), *visits("phone", 400, 280, 1001), *visits("message", 30, 15, 2001)]
    other = store_of(tmp_path / "turned", {"encounter": turned})
    assert outlook(asked(), other).detectable == seen.detectable


TURKU = {"kind": "groups", "dimension": "municipality", "compared": "853"}
SENT = {"kind": "groups", "dimension": "source", "compared": "employment_services"}
BEFORE_AFTER = {"design": {"kind": "before_after", "month": "2025-06"}}
ALONE = {"PYTHONPATH": str(ROOT), "PATH": ""}


@pytest.fixture(scope="module")
def own(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The sample municipality, to be written to."""
    folder = own_copy(sample_store, tmp_path_factory.mktemp("hypotheses") / "own")
    return Store(folder)


@pytest.fixture(scope="module")
def program() -> Iterator[Ready]:
    """Makes a process for each script, which brings nothing along but the modules that scripts load."""
    modules = ("metrics.hypotheses.testing", "metrics.hypotheses.methods.durations", "metrics.hypotheses.methods.areas")
    with ready(modules, ALONE) as made:
        yield made


@pytest.mark.slow  # a process of its own for each
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"covariates": ("language", "municipality", "sex", "age", "months_in_finland", "month")},
        {"design": {"kind": "groups", "dimension": "topic", "compared": "work", "reference": "housing"}, "looks": 2},
        {"outcome": "encounters", "smallest": 10},
        {"outcome": "wait_days", "smallest": 1, "design": TURKU},
        BEFORE_AFTER,
        {"design": {"kind": "before_after", "month": "2025-06", "area": "853", "comparison": "202"}},
        {"design": {"kind": "before_after", "month": "2025-06", "area": "853", "comparison": "others"}},
        {**BEFORE_AFTER, "outcome": "encounters", "smallest": 10},
        {"outcome": "working_or_studying_by", "smallest": 3, "design": SENT},
        {"outcome": "employed_by", "smallest": 3, "design": SENT},
    ],
    ids=[
        "share",
        "adjusted",
        "topics",
        "count",
        "days",
        "series",
        "beside another",
        "beside all",
        "counts in time",
        "followed",
        "competing",
    ],
)
def test_a_script_repeats_every_kind_of_test(
    changes: dict[str, Any], own: Store, program: Ready, tmp_path: Path
) -> None:
    register = Register.of(own.path)
    line = register.register(asked(**changes))
    found = run(register, line.id, own)
    written = work.of(line, (found,), own)
    script = tmp_path / f"{line.id}.py"
    script.write_text(written.script, encoding="utf-8")
    done = program.run(str(script), str(own.path), line.id)
    assert done.exit_code == 0, done.stderr
    if not changes:  # once as a person runs it
        command = [sys.executable, str(script), str(own.path), line.id]
        alone = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True, env=ALONE)
        assert alone.stdout == done.stdout
    told = json.loads(done.stdout)
    assert told["effect"] == json.loads(found.effect.model_dump_json())
    assert told["verdict"] == found.verdict
    cells = json.loads(written.notebook)["cells"]
    assert [cell["cell_type"] for cell in cells][:2] == ["markdown", "code"]
    assert work.call(line.hypothesis) in written.script


def test_the_command_lists_everything_and_says_when_the_chain_is_broken(
    planted: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    register = Register.of(planted.path)
    run(register, register.register(asked()).id, planted)
    words = ["hypotheses", "--store", str(planted.path), "--lang", "en"]
    assert main(words) == 0
    assert "H-1" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hypotheses"][0]["holm"] == "< 0.001"
    assert main([*words, "--audience", "internal"]) == 0
    assert texts("en")("cli.internal_mark") in capsys.readouterr().out
    assert main([*words, "--json", "--audience", "internal"]) == 0
    assert json.loads(capsys.readouterr().out)["hypotheses"][0]["holm"] <= 0.001
    assert main([*words, "--audience", "public"]) == 2
    path = register.folder / "registered.jsonl"
    lines = [unsealed(line) for line in path.read_text(encoding="utf-8").splitlines()]
    changed = (json.dumps(line).replace('"smallest": 5', '"smallest": 4') for line in lines)
    path.write_text("".join(line + "\n" for line in changed), encoding="utf-8")
    assert main(words) == 1
