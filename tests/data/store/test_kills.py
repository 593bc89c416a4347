"""Whatever is killed while it writes, the store is as it was or as it should become, and the next command works."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.cli import main
from data.store.commit import UNFINISHED
from tests.data.store.kills import ACTS, Killer, State, copy, has_keys, made, run, state

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
MANY = 30
"""Kills of each act at any moment, besides those at each step of writing."""


@dataclass(frozen=True)
class Setting:
    """Where the stores and files are."""

    base: dict[str, Path]
    files: Path
    own: Path
    killer: Killer


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    files = tmp_path_factory.mktemp("kills")
    return Setting(made(files), files, files / "own" / "store", Killer())


def allowed(act: str, setting: Setting) -> tuple[State, State]:
    """The states before and after an act that nobody kills."""
    store = copy(setting.base[act], setting.own)
    before = state(store)
    assert run(act, store, setting.files) == 0
    return before, state(store)


def is_between(found: State, before: State, after: State) -> bool:
    """Neither the one nor the other. The release follows an import, and the line in the log a deletion, as steps of their own."""
    rows, now = (one[:2] + one[3:4] for one in (found, after))
    is_step = rows == now and found[2] in (before[2], after[2]) and found[4] in (before[4], after[4])
    return found not in (before, after) and not is_step


def check(act: str, setting: Setting, states: tuple[State, State]) -> None:
    """Nothing is lost or mixed, and the same command, given once more, ends as it would have."""
    assert has_keys(setting.own)
    assert not is_between(state(setting.own), *states), act
    code = run(act, setting.own, setting.files)
    # What was done before the kill cannot be done twice.
    assert code == 0 or (code == 2 and state(setting.own)[1] == states[1][1]), act
    assert main(["check", "--repair", "--store", str(setting.own)]) == 0, act
    assert not is_between(state(setting.own), *states), act
    assert not (setting.own / UNFINISHED).exists()
    assert not [*setting.own.rglob("*.draft*")]


@pytest.mark.slow
@pytest.mark.parametrize("act", ["import", "release", "rollback --yes", "forget", "undo", "first import"])
def test_a_kill_at_some_steps(act: str, setting: Setting) -> None:
    kill(act, setting, few=True)


@pytest.mark.simulation
@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_every_step_and_at_any_moment(act: str, setting: Setting) -> None:
    kill(act, setting, few=False)


def kill(act: str, setting: Setting, *, few: bool) -> None:
    draw, states = random.Random(f"{act} 20260930"), allowed(act, setting)
    step = draw.randrange(4) if few else 0
    killed = 0
    while setting.killer.at_step(act, copy(setting.base[act], setting.own), setting.files, step):
        check(act, setting, states)
        killed += 1
        step += draw.randint(12, 20) if few else 1
    assert killed > 1, "every one has finished: nothing was tested"
    if few:
        return
    seconds = setting.killer.whole(act, copy(setting.base[act], setting.own), setting.files)
    for _ in range(MANY):
        if setting.killer.after(act, copy(setting.base[act], setting.own), setting.files, draw.uniform(0, seconds)):
            check(act, setting, states)
            killed += 1
    print(f"{act}: {killed} kills")
