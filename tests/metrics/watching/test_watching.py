"""Watches: silent where nothing has happened, heard where something has, and never louder than the numbers."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.steward.targets_and_notes import Ledger
from data.store.sealed import unsealed
from data.store.store import Store
from data.texts import LANGUAGES
from metrics.cli import main
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.model.definition import definitions, put_in_force, value_limits
from metrics.watching import evaluation
from metrics.watching.evaluation import evaluate, evaluate_watch
from metrics.watching.sentences import sentence
from metrics.watching.watch import Watch, WatchError, Watches
from tests.metrics.made import store_of
from tests.pages.without_months import lacking

__all__ = ["lacking"]


def visits(year: int, clients: int, solved: int = 0, first: int = 1) -> list[dict[str, Any]]:
    """One encounter of each of `clients` clients in December; the first `solved` of them solved on the spot."""
    return [
        {
            "client": first + number, "occurred_on": date(year, 12, 1 + number % 31), "municipality": "049", "language": "so",
            "resolution": "solved" if number < solved else "continues",
        }
        for number in range(clients)
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """800 clients in December 2024, 1 200 in December 2025 (half again as many); 60 % and 50 % solved."""
    return store_of(tmp_path / "store", {"encounter": [*visits(2024, 800, 480), *visits(2025, 1200, 600, 2000)]})


def watch(**values: Any) -> Watch:
    return Watch.model_validate({"id": "W-1", "time": "2026-01-01T00:00:00Z", **values})


@pytest.mark.parametrize(
    ("values", "state", "way"),
    [
        ({"metric": "clients", "rule": "change"}, "fired", "up"),
        ({"metric": "clients", "rule": "above", "value": 1000}, "fired", "up"),
        ({"metric": "clients", "rule": "above", "value": 1190}, "near", "up"),
        ({"metric": "clients", "rule": "above", "value": 1300}, "quiet", ""),
        ({"metric": "clients", "rule": "below", "value": 1400}, "fired", "down"),
        ({"metric": "solved_share", "rule": "below", "value": 70}, "fired", "down"),
        ({"metric": "solved_share", "rule": "below", "value": 51}, "near", "down"),
        ({"metric": "solved_share", "rule": "target"}, "no_target", ""),
        ({"metric": "clients", "rule": "change", "municipality": "091"}, "hidden", ""),
        ({"metric": "clients", "rule": "below", "value": 50, "municipality": "091"}, "hidden", ""),
        ({"metric": "clients", "rule": "change", "municipality": "049", "language": "so"}, "fired", "up"),
    ],
)
def test_what_a_watch_sees(values: dict[str, Any], state: str, way: str, store: Store) -> None:
    seen = evaluate_watch(watch(**values), store)
    assert (seen.state, seen.way, seen.period) == (state, way, "2025-12")
    for lang in LANGUAGES:
        said = sentence(seen, lang)
        assert "{" not in said
        assert definitions()[values["metric"]].name[lang] in said
    words = "voi olla sattumaa" in sentence(seen, "fi")
    assert words == (state == "near")


def test_nothing_is_told_where_nothing_has_changed(tmp_path: Path) -> None:
    same = store_of(tmp_path / "same", {"encounter": [*visits(2024, 800, 400), *visits(2025, 810, 410, 2000)]})
    for metric in ("clients", "encounters", "solved_share"):
        assert evaluate_watch(watch(metric=metric, rule="change"), same).state == "quiet"


def test_too_few_have_no_rule(tmp_path: Path) -> None:
    few = store_of(tmp_path / "few", {"encounter": [*visits(2024, 20), *visits(2025, 60, 0, 2000)]})
    assert evaluate_watch(watch(metric="clients", rule="change"), few).state == "no_rule"


@pytest.mark.parametrize(("target", "state"), [(90.0, "fired"), (51.0, "near"), (40.0, "quiet")])
def test_a_target_is_missed_on_the_side_that_is_not_good(target: float, state: str, store: Store) -> None:
    Ledger.of(store.path).set_target("solved_share", 2025, target, known=value_limits())
    seen = evaluate_watch(watch(metric="solved_share", rule="target"), store)
    assert definitions()["solved_share"].good == "high"
    assert (seen.state, seen.limit) == (state, target)
    if state == "fired":
        assert sentence(seen, "fi").endswith("tavoite on vähintään 90\u00a0%.")


def test_a_target_of_everybody_is_not_held_against_a_language(store: Store) -> None:
    """Watches of earlier versions may ask for that. Pages and slides compare no row of a language with a target either."""
    Ledger.of(store.path).set_target("solved_share", 2025, 90, known=value_limits())
    seen = evaluate_watch(watch(metric="solved_share", rule="target", language="so"), store)
    assert (seen.state, seen.limit) == ("no_target", None)


def test_a_target_set_later_is_looked_at_in_the_same_generation(store: Store) -> None:
    watches, steward, known = Watches.of(store.path), Ledger.of(store.path), value_limits()
    watches.set(metric="solved_share", rule="target")
    assert [one.state for one in evaluate(store)] == ["no_target"]
    steward.set_target("solved_share", 2025, 90, known=known)
    assert [one.state for one in evaluate(store)] == ["fired"]
    steward.set_target("solved_share", 2025, 40, known=known)
    assert [one.state for one in evaluate(store)] == ["quiet"]
    assert evaluate(store) == evaluate(store)
    assert [one.state for one in watches.seen()] == ["no_target", "fired", "quiet"]


def test_a_definition_that_changed_is_looked_at_in_the_same_generation(store: Store) -> None:
    """Half of December were solved; of how they came, which the other definition counts, nothing is known."""
    watches, known = Watches.of(store.path), definitions()
    watches.set(metric="solved_share", rule="below", value=40)
    assert [one.state for one in evaluate(store)] == ["quiet"]
    own = known["solved_share"]
    other = own.model_copy(update={"version": own.version + 1, "measure": known["in_person_share"].measure})
    for there, states in (
        ({**known, "solved_share": other}, ["hidden"]),
        ({name: one for name, one in known.items() if name != "solved_share"}, ["gone"]),
        (None, ["quiet"]),
    ):
        put_in_force(there)
        try:
            assert [one.state for one in evaluate(store)] == states
            assert evaluate(store) == evaluate(store)
        finally:
            put_in_force(None)
    assert len(watches.seen()) == 4


def test_a_years_target_is_not_held_against_a_month(store: Store) -> None:
    Ledger.of(store.path).set_target("reach_gap", 2025, 1, known=value_limits())
    row = Row("reach_gap", {}, "2025-12", 500.0, "clients", n=500.0)
    assert definitions()["reach_gap"].good == "low"
    spans: dict[str, str] = {"2025-12": "part", "2025": "near"}
    for period, state in spans.items():
        rule = watch(metric="reach_gap", rule="target")
        assert evaluation._passed(rule, Period.parse(period), row, None, 1.0, is_whole=True)[0] == state
    seen = evaluate_watch(watch(metric="clients", rule="above", value=1), store)
    assert seen.state == "fired"
    assert "vuoden osaan" in sentence(seen.model_copy(update={"state": "part"}), "fi")


@pytest.mark.parametrize(("each", "state"), [(1, "fired"), (3, "quiet")])
def test_referrals_of_few_clients_vary_more(each: int, state: str, tmp_path: Path) -> None:
    """405 and 555 referrals: clear when each is of a client of its own, not when each client has three."""
    rows = [
        {"client": first + number // each, "referred_on": date(year, 12, 1), "from_service": "guidance"}
        for year, count, first in ((2024, 405, 1), (2025, 555, 1000))
        for number in range(count)
    ]
    few = store_of(tmp_path / "referrals", {"referral": rows, "encounter": visits(2025, 10, first=5000)})
    assert evaluate_watch(watch(metric="referrals", rule="change"), few).state == state


def test_a_watch_outlives_its_metric_and_a_store_that_may_not_be_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    watches = Watches.of(store.path)
    watches.set(metric="clients", rule="change")
    line = unsealed((watches.folder / "watches.jsonl").read_text(encoding="utf-8"))
    gone = json.dumps(line).replace('"clients"', '"no_more"')
    (watches.folder / "watches.jsonl").write_text(gone + "\n", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr("data.store.ledger.write_durably", refuse)
    (seen,) = evaluate(store)
    assert seen.state == "gone"
    assert sentence(seen, "sv").startswith("no_more: ")


def test_a_mistake_of_the_program_is_no_alert(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("metrics.watching.evaluation.evaluate", fail)
    assert main(["watch", "--store", str(store.path)]) == 2


def test_what_is_kept_is_protected(store: Store) -> None:
    seen = evaluate_watch(watch(metric="clients", rule="change"), store)
    for row in (seen.now, seen.before):
        assert row is not None
        assert row.value is not None
        assert row.value % 5 == 0


def test_each_generation_is_looked_at_once(store: Store) -> None:
    watches = Watches.of(store.path)
    watches.set(metric="clients", rule="change")
    first = evaluate(store)
    assert evaluate(store) == first
    assert len(watches.seen()) == 1
    watches.set(metric="encounters", rule="above", value=10)
    assert [one.watch.id for one in evaluate(store)] == ["W-1", "W-2"]
    assert len(watches.seen()) == 2
    with store.next_generation("test") as connection:
        connection.execute("DELETE FROM encounter WHERE occurred_on >= '2025-12-20'")
    assert {one.generation for one in evaluate(store)} == {2}
    assert len(watches.seen()) == 4
    watches.withdraw("W-1")
    assert [one.watch.id for one in evaluate(store)] == ["W-2"]
    assert watches.set(metric="clients", rule="change").id == "W-3"


def test_a_restored_generation_of_the_same_number_is_looked_at(store: Store, tmp_path: Path) -> None:
    """What was seen of generation 1 says nothing of the generation 1 that lies there now."""
    other = store_of(tmp_path / "other", {"encounter": [*visits(2024, 800), *visits(2025, 800, 0, 2000)]})
    Watches.of(store.path).set(metric="clients", rule="change")
    assert [one.state for one in evaluate(store)] == ["fired"]
    for file in (other.path / "generations").iterdir():
        shutil.copy(file, store.path / "generations" / file.name)
    assert [(one.generation, one.state) for one in evaluate(store)] == [(1, "quiet")]
    assert len(Watches.of(store.path).seen()) == 2


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"metric": "happiness", "rule": "change"}, "metric"),
        ({"metric": "flow", "rule": "change"}, "metric"),
        ({"metric": "clients", "rule": "above"}, "value"),
        ({"metric": "clients", "rule": "change", "value": 3}, "value"),
        ({"metric": "solved_share", "rule": "above", "value": 150}, "limits"),
        ({"metric": "satisfaction", "rule": "below", "value": 0.5}, "limits"),
        ({"metric": "clients", "rule": "change", "municipality": "999"}, "municipality"),
        ({"metric": "clients", "rule": "change", "language": "zz"}, "language"),
        ({"metric": "clients", "rule": "target"}, "side"),
        ({"metric": "solved_share", "rule": "target", "language": "so"}, "all_languages"),
    ],
)
def test_what_cannot_be_watched_is_refused(values: dict[str, Any], reason: str, store: Store) -> None:
    with pytest.raises(WatchError) as error:
        Watches.of(store.path).set(**values)
    assert error.value.reason == reason
    assert Watches.of(store.path).all() == ()
    with pytest.raises(WatchError, match="nothing"):
        Watches.of(store.path).withdraw("W-9")


def test_the_command_prints_for_cron_and_its_code_tells(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["watch", "--store", str(store.path), "--lang", "sv"]
    assert main(base) == 0
    assert "inga bevakningar" in capsys.readouterr().out
    Watches.of(store.path).set(metric="clients", rule="above", value=5000)
    assert main(base) == 0
    assert "inget larm" in capsys.readouterr().out
    Watches.of(store.path).set(metric="clients", rule="change")
    assert main(base) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "tydligt mer" in line
    assert main([*base, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["state"] for one in told] == ["quiet", "fired"]
    assert main(["watch", "--store", str(store.path / "nowhere")]) == 2


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"rule": "below", "value": 400}, "lacking"),
        ({"rule": "above", "value": 400}, "lacking"),
        ({"rule": "below", "value": 100}, "quiet"),
        ({"rule": "above", "value": 100}, "fired"),
    ],
)
def test_half_a_number_is_not_below_a_limit(values: dict[str, Any], state: str, lacking: Store) -> None:
    """Vaasa's April and May lack: whatever the limit above the rest, the whole may be on either side of it."""
    seen = evaluate_watch(watch(metric="clients", span="quarter", **values), lacking)
    assert (seen.period, seen.state) == ("2026-Q2", state)
    for lang, words in zip(LANGUAGES, ("huhti–toukokuu 2026", "april–maj 2026", "April–May 2026"), strict=True):
        assert words in sentence(seen, lang)
    whole = evaluate_watch(watch(metric="clients", span="month", rule="below", value=400), lacking)
    assert (whole.period, whole.state) == ("2026-08", "fired")
    assert "Missing" not in sentence(whole, "en")


def test_a_share_of_the_rest_is_judged_by_a_limit() -> None:
    """What lacks would not make it larger: it is said, and no more."""
    row, rule = Row("solved_share", {}, "2026-Q2", 60, "%"), watch(metric="solved_share", rule="below", value=70)
    state, way = evaluation._passed(rule, Period.parse("2026-Q2"), row, None, 70.0, is_whole=False)
    assert (state, way) == ("near", "down")
