"""The private key of a ticket: for its owner alone, for one list of numbers, and not for ever."""

from __future__ import annotations

import os
import time

import pytest

from metrics.sums import taking_part
from metrics.sums.counting import counted
from metrics.sums.errors import SumError
from metrics.sums.masks import Numbers
from metrics.sums.rounds import Round
from tests.metrics.sums.conftest import Taker, asked, keys, marks, mask, refused


def test_a_key_is_its_owners_alone(fresh: tuple[Taker, ...]) -> None:
    asked(fresh[:3], "2025")
    assert [file.stat().st_mode & 0o077 for file in keys(fresh[0])] == [0]


def test_a_key_is_gone_before_anything_under_its_masks_is_written(fresh: tuple[Taker, ...]) -> None:
    """Whatever stops the program then: the same masks are never made again."""
    found = asked(fresh[:3], "2025")
    assert mask(fresh[0], found)
    assert not keys(fresh[0])
    with pytest.raises(SumError) as error:
        mask(fresh[0], found)
    refused("no_ticket", error)


def test_of_two_who_mask_at_once_one_has_the_key(fresh: tuple[Taker, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    found = asked(fresh[:3], "2025")
    _meanwhile(monkeypatch, fresh[0], found)
    with pytest.raises(SumError) as error:
        mask(fresh[0], found)
    refused("no_ticket", error)


def test_of_two_rounds_at_once_the_second_is_compared_with_the_first(
    fresh: tuple[Taker, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, other = asked(fresh[:3], "2025"), asked((*fresh[:2], fresh[3]), "2025")
    _meanwhile(monkeypatch, fresh[0], other)
    with pytest.raises(SumError) as error:
        mask(fresh[0], found)
    refused("again", error)


def _meanwhile(monkeypatch: pytest.MonkeyPatch, one: Taker, found: Round) -> None:
    """Let another process mask while the numbers are counted."""

    def slowly(*args: object) -> Numbers:
        monkeypatch.setattr(taking_part, "counted", counted)
        assert mask(one, found)
        return counted(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(taking_part, "counted", slowly)


def test_a_ticket_is_good_for_some_months(fresh: tuple[Taker, ...]) -> None:
    found = asked(fresh[:3], "2025")
    [old] = keys(fresh[0])
    before = time.time() - (taking_part.TICKET_DAYS + 1) * 86_400
    os.utime(old, (before, before))
    with pytest.raises(SumError) as error:
        mask(fresh[0], found)
    refused("no_ticket", error)
    asked(fresh[:3], "2025")
    assert len(keys(fresh[0])) == 1
    assert not marks(fresh[0]).exists()
