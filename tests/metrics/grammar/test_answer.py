"""Rows of an answer as they are written."""

from __future__ import annotations

import json
import warnings

import pytest
from pydantic import TypeAdapter

from metrics.grammar.answer import Row


@pytest.mark.parametrize("known", [91, 91.5, None])
def test_a_known_part_is_written_without_a_warning_that_would_tell_it(known: float | None) -> None:
    row = Row("outcome_known_share", {}, "2026", 60.0, "%", known=known)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert json.loads(TypeAdapter(Row).dump_json(row))["known"] == known
