"""A whole round: what comes out is the sum of what visitors' figures are made of, and whatever is wrong is refused before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.cli import main
from metrics.grammar.question import Question, QuestionError
from metrics.sums.adding import added, masked_file, published
from metrics.sums.counting import FIELDS, WIDTH, counted
from metrics.sums.errors import SumError
from metrics.sums.listing import told
from metrics.sums.masks import Numbers
from metrics.sums.plan import order_of, planned
from metrics.sums.rounds import Round, gathered, read_round, read_ticket
from metrics.sums.signed import read, written
from metrics.sums.taking_part import masked_for
from tests.metrics.sums.conftest import PERIOD, Taker, fingerprints, mask, refused, round_of, takers_of

PLAN_BY = (("language",), ("sex", "age_group"))
METRICS = ("clients", "encounters")


@pytest.fixture(scope="module")
def takers(four: tuple[Taker, ...]) -> tuple[Taker, ...]:
    return four[:3]


@pytest.fixture(scope="module")
def found(takers: tuple[Taker, ...]) -> Round:
    return round_of(takers, planned(METRICS, PLAN_BY, (PERIOD, "2025")))


@pytest.fixture(scope="module")
def plain(found: Round, takers: tuple[Taker, ...]) -> list[Numbers]:
    """What each has."""
    return [counted(found.plan, one.store, one.release, one.population) for one in takers]


@pytest.fixture(scope="module")
def files(found: Round, takers: tuple[Taker, ...]) -> dict[str, bytes]:
    """What each sends."""
    trusted = fingerprints(takers)
    return {one.key.publisher.name: masked_for(one.store, one.release, found, one.key, trusted) for one in takers}


def test_the_sum_is_that_of_all_and_goes_through_the_gate_once(
    found: Round, files: dict[str, bytes], plain: list[Numbers]
) -> None:
    total = added(found, files)
    summed = plain[0] + plain[1] + plain[2]
    over = len(FIELDS) - 6
    assert (total[:, :over] == summed[:, :over]).all()
    assert ((total[:, over:] > 0) == (sum(one[:, over:] > 0 for one in plain) > 0)).all()
    rows = {(one.row.metric, one.row.period, *one.row.codes.items()): one for one in published(found, total)}
    assert len(rows) == found.plan.size
    shown = 0
    for one in rows.values():
        assert one.publishers == 3
        if one.row.metric == "clients" and one.row.value is not None:
            shown += 1
            assert one.row.value % 5 == 0
    everybody = rows["clients", PERIOD].row.value
    exact = int(summed[0, 0])
    assert everybody is not None
    assert abs(everybody - exact) < 5
    assert shown > 20


def test_the_row_of_everybody_tells_whether_the_rows_that_are_not_there_are_small_or_not_covered(
    fresh: tuple[Taker, ...],
) -> None:
    found = round_of(fresh[:3], planned(METRICS, (("language",),), ("2012", "2025")))
    files = {one.key.publisher.name: mask(one, found) for one in fresh[:3]}
    rows = list(published(found, added(found, files)))
    for metric in METRICS:
        for period, covering in (("2012", 0), ("2025", 3)):
            several = [one for one in rows if (one.row.metric, one.row.period) == (metric, period)]
            assert {one.publishers for one in several} == {covering}
            said = [one for one in told(rows) if (one["metric"], one["period"]) == (metric, period)]
            everybody = [one for one in said if "language" not in one]
            assert [(one["state"] == "no_data", one["publishers"]) for one in everybody] == [(not covering, covering)]
            assert (len(said) > 1) == bool(covering)
    without = found.plan.model_copy(update={"by": (("language",),)})
    with pytest.raises(SumError) as error:
        gathered(without.model_copy(update={"cells": order_of(without.blocks())}), found.tickets)
    refused("other_cells", error)


def test_who_is_alone_with_a_language_is_rounded_as_in_its_own_figures(
    found: Round, takers: tuple[Taker, ...], files: dict[str, bytes], plain: list[Numbers]
) -> None:
    rows = list(published(found, added(found, files)))
    compared = 0
    for at, one in enumerate(rows):
        having = [number for number, numbers in enumerate(plain) if numbers[at, 2]]
        if len(having) != 1 or one.row.value is None:
            continue
        own = takers[having[0]]
        where = (("municipality", (own.population.code,)), *((n, (c,)) for n, c in one.row.codes.items()))
        [seen] = ask(Question((one.row.metric,), (), where, one.row.period), own.store, own.release).rows
        assert (one.row.value, one.row.state) == (seen.value, seen.state)
        compared += 1
    assert compared >= 1


def test_what_is_sent_tells_nothing_by_itself(files: dict[str, bytes]) -> None:
    numbers = np.frombuffer(read(next(iter(files.values())), "masked", "x").numbers, np.uint8)
    counts = np.bincount(numbers, minlength=256)
    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < 400  # by chance once in a hundred million times


def test_who_is_missing_is_named_and_nothing_is_told(
    found: Round, takers: tuple[Taker, ...], files: dict[str, bytes]
) -> None:
    gone = takers[1].key.publisher.name
    with pytest.raises(SumError) as error:
        added(found, {name: content for name, content in files.items() if name != gone})
    refused("missing", error)
    assert error.value.params["publishers"] == gone


def test_nobody_is_masked_among_strangers(takers: tuple[Taker, ...]) -> None:
    found = round_of(takers, planned(METRICS, (), (PERIOD,)))
    with pytest.raises(SumError) as error:
        masked_for(takers[0].store, takers[0].release, found, takers[0].key, fingerprints(takers)[:2])
    refused("unknown_publishers", error)
    assert takers[2].key.publisher.fingerprint in error.value.params["publishers"]


def test_what_does_not_fit_is_refused(found: Round, takers: tuple[Taker, ...]) -> None:
    tickets = list(found.tickets)
    for wrong, reason in (
        (tickets[:2], "few"),
        ([*tickets, tickets[0]], "twice"),
        ([tickets[0], *(replace(one, population=tickets[0].population) for one in tickets[1:])], "overlap"),
    ):
        with pytest.raises(SumError) as error:
            gathered(found.plan, wrong)
        refused(reason, error)
    for change, reason in (
        ({"gate": {**found.plan.gate, "base": 3}}, "other_gate"),
        ({"cells": "0" * 64}, "other_cells"),
        ({"definitions": {}}, "other_definition"),
    ):
        with pytest.raises(SumError) as error:
            gathered(found.plan.model_copy(update=change), tickets)
        refused(reason, error)


def test_a_file_that_was_changed_is_refused(found: Round, files: dict[str, bytes]) -> None:
    name, content = next(iter(files.items()))
    for at in (20, len(content) // 2, len(content) - 1):
        torn = bytearray(content)
        torn[at] ^= 1
        with pytest.raises(SumError) as error:
            added(found, {**files, name: bytes(torn)})
        refused("forged", error)
    for wrong, reason in ((b"x", "not_one"), (found.tickets[0].content, "other_kind")):
        with pytest.raises(SumError) as error:
            added(found, {**files, name: wrong})
        refused(reason, error)


def test_numbers_of_another_round_or_length_are_refused(
    found: Round, takers: tuple[Taker, ...], files: dict[str, bytes]
) -> None:
    one = takers[0]
    name = one.key.publisher.name
    nothing = np.zeros((found.plan.size, WIDTH), dtype=np.uint64)
    for numbers, round_id, reason in (
        (nothing, "ab" * 32, "other_round"),
        (nothing[:1], found.id, "other_cells"),
        (nothing, found.id, "does_not_cancel"),
    ):
        with pytest.raises(SumError) as error:
            added(found, {**files, name: masked_file(numbers, round_id, one.key)})
        refused(reason, error)
    with pytest.raises(SumError) as error:
        added(found, {**files, "more": masked_file(nothing, found.id, one.key)})
    refused("twice", error)


def test_a_round_is_the_same_from_its_file(found: Round) -> None:
    assert read_round(found.text(), "x").id == found.id
    for wrong in (b"", b"{}", b"[]", b'{"plan": 1, "tickets": []}', found.text().replace(b"tickets", b"ticket")):
        with pytest.raises(SumError) as error:
            read_round(wrong, "x")
        refused("not_one", error)
    text = json.loads(found.text())
    text["tickets"][0] = text["tickets"][0].replace("kaupunki", "kunta")
    with pytest.raises(SumError) as error:
        read_round(json.dumps(text).encode(), "x")
    refused("forged", error)


def test_a_ticket_of_rubbish_is_refused(takers: tuple[Taker, ...]) -> None:
    key = takers[0].key
    for about in ({}, {"key": "ab", "population": {}}, {"key": "x" * 64, "population": {"municipalities": []}}):
        with pytest.raises(SumError) as error:
            read_ticket(written("ticket", about, key), "x")
        refused("forged", error)


def test_a_period_that_is_open_is_not_summed(takers: tuple[Taker, ...]) -> None:
    open_one = round_of(takers, planned(METRICS, (), ("2026-12",), date(2027, 1, 1)))
    with pytest.raises(QuestionError, match="period_open"):
        masked_for(takers[0].store, takers[0].release, open_one, takers[0].key, fingerprints(takers))


def test_the_commands_make_a_round(base: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    takers = takers_of(base, tmp_path)[:3]
    trust = tmp_path / "trusted.txt"
    trust.write_text("\n".join(f"{one.key.publisher.name} {one.key.publisher.fingerprint}" for one in takers))
    tickets, files = [], []
    for one in takers:
        tickets.append(str(tmp_path / f"{one.population.code}.ticket"))
        assert (
            main(
                ["sum", "prepare", "--store", str(one.store.path), "--area", one.population.code, "--out", tickets[-1]]
            )
            == 0
        )
    session = str(tmp_path / "round")
    asked = ["--metric", "clients", "--metric", "encounters", "--by", "language", "--period", PERIOD]
    assert main(["sum", "gather", *tickets, *asked, "--out", session]) == 0
    for one in takers:
        files.append(str(tmp_path / f"{one.population.code}.masked"))
        mask = ["sum", "mask", session, "--store", str(one.store.path), "--out", files[-1]]
        assert main(mask) == 2
        assert main([*mask, "--trust-file", tickets[0]]) == 2
        assert "ei ole sormenjälkiä" in capsys.readouterr().err
        assert main([*mask[:-1], str(tmp_path / "no_folder" / "x"), "--trust-file", str(trust)]) == 2
        assert main([*mask, "--trust-file", str(trust)]) == 0
        assert main([*mask, "--trust-file", str(trust)]) == 2
    assert main(["sum", "add", session, *files[:2], "--out", str(tmp_path / "x.csv")]) == 2
    assert "Raision kaupunki" in capsys.readouterr().err
    for ending in ("csv", "json"):
        assert main(["sum", "add", session, *files, "--out", str(tmp_path / f"all.{ending}")]) == 0
    lines = (tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "metric,language,period,value,unit,state,bound,n,publishers"
    all_of_it = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert len(all_of_it["rows"]) == len(lines) - 1 > 10
    assert {one["name"] for one in all_of_it["publishers"]} == {one.key.publisher.name for one in takers}
