"""Who is alone in a language and month cannot be followed through periods that lie within each other.

A busy beginning of the year in every language, then one new speaker a month: the hardest case. Where everyone enters every cell
in their own month (`metrics.cube.admission`), nearly all is told.
"""

from pathlib import Path

import pytest

from metrics.cube import cube
from metrics.gate import TOGETHER_FROM
from tests.metrics.linking import Published, Result, World, attack, newcomers_told, ordinary, regulars, stress

THREE = ("municipality", "channel", "resolution")
MOST = 5
"""Percentage points above the guess of the commonest value that are allowed."""


def attacked(world: World, path: Path, together: int, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The better of two attacks: that of cells which move in the very month, and that of cells which wait for more people."""
    monkeypatch.setattr(cube, "TOGETHER_FROM", together)
    shown = Published(world, path / "store")
    found = max((attack(world, shown, assumed) for assumed in (1, TOGETHER_FROM)), key=lambda one: one.right)
    print(together, found)
    return found


def test_who_was_alone_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 140 people; chance moves the share of right guesses by some two points."""
    found = attacked(stress(14, 1, THREE), tmp_path, TOGETHER_FROM, monkeypatch)
    assert found.people == 140
    assert found.right <= found.usual + MOST + 5


def test_where_nobody_waits_they_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it must succeed, or the attack would prove nothing."""
    found = attacked(stress(10, 1, THREE), tmp_path, 1, monkeypatch)
    assert found.right >= found.usual + 20
    assert found.three >= 3 * found.three_usual


@pytest.mark.parametrize(("together", "told"), [(1, 10), (TOGETHER_FROM, 0)], ids=["control", "waiting"])
def test_a_newcomer_is_not_told_when_regulars_come_again(
    together: int, told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who are in the cells already move nothing, so that only the newcomer would: of 36 attributes, those
    that are told in the control are right."""
    monkeypatch.setattr(cube, "TOGETHER_FROM", together)
    right, found = newcomers_told(regulars(12, 1, THREE), tmp_path / "store")
    print(together, right, found)
    assert (found >= told and right == found) if told else found == 0


@pytest.mark.simulation
@pytest.mark.parametrize("make", [stress, ordinary])
def test_linking_at_length(make: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All six attributes, 480 people."""
    results = []
    for seed in range(1, 3):
        world = make(24, seed)
        results.append(attacked(world, tmp_path / f"{seed}", TOGETHER_FROM, monkeypatch))
    people = sum(one.people for one in results)

    def share(name: str) -> float:
        return float(sum(getattr(one, name) * one.people for one in results) / people)

    assert share("right") <= share("usual") + MOST
    # They are among those who have become commoner since: this guess is worse than what the last release tells anybody.
    assert share("right") <= share("before") + 2 * MOST
    # Two points more by attribute are more of three at once.
    assert sum(one.three for one in results) <= sum(one.three_usual for one in results) + 0.10 * people
