"""*Tilannekuva* says of its largest changes what is so: that they may be chance, or that too little stands behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from data.texts import texts
from metrics.change import ranking
from metrics.change.ranking import RankedChange
from metrics.change.trend import Direction
from pages.overview import ICONS, OPENS
from tests.pages.drawn import Open

T = texts("fi")


@pytest.mark.parametrize(
    ("ways", "said"), [(("unclear", "unclear"), "chance"), (("unclear", None), "small"), ((None, None), "small")]
)
def test_what_is_too_small_to_compare_is_not_said_to_be_chance(
    ways: tuple[Direction | None, Direction | None], said: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ranked(groups: list[list[RankedChange]], most: int) -> tuple[RankedChange, ...]:
        found = [one for group in groups for one in group][:2]
        return tuple(
            RankedChange(one.dimension, one.now, one.before, 1.0, way) for one, way in zip(found, ways, strict=False)
        )

    monkeypatch.setattr(ranking, "significant", lambda _: ())
    monkeypatch.setattr(ranking, "ranked", ranked)
    app = opened("overview")
    links = [one.proto for one in app.main.get("page_link") if one.proto.icon]
    assert links
    assert {one.icon for one in links} == {OPENS}, "an arrow would say that it has changed, or, level, that it has not"
    shown = [one.value for one in app.markdown]
    assert {key for key in ("chance", "small", "none") if T(f"overview.changes.{key}") in shown} == {said}


def test_a_clear_change_has_its_arrow(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = ranking.compared

    def told(*given: Any, **wishes: Any) -> tuple[RankedChange, ...]:
        return tuple(replace(one, way=way) for one, way in zip(compared(*given, **wishes), ICONS, strict=False))

    monkeypatch.setattr(ranking, "compared", told)
    monkeypatch.setattr(ranking, "significant", lambda groups: tuple(groups[0]))
    monkeypatch.setattr(ranking, "ranked", lambda groups, most: tuple(one for group in groups for one in group))
    icons = [one.proto.icon for one in opened("overview").main.get("page_link") if one.proto.icon]
    assert icons == list(ICONS.values())
