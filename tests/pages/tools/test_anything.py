"""Whatever a model sends: an answer or a refusal in words, and no number that visitors are not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.store import Store
from pages.api import bounds
from pages.tools.server import ToolServer
from pages.tools.tools import TOOLS
from tests.pages.tools.conftest import used


@pytest.fixture(scope="module")
def server(released: Store) -> Iterator[ToolServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILANNEKUVA_STORE", str(released.path))
        patch.setattr(bounds, "A_MINUTE", 1_000_000)
        yield ToolServer("fi")


WORDS = st.one_of(
    st.sampled_from(
        ["clients", "solved_share", "2025", "language", "sex", "topic", "language:so", "month", "", ",", ":"]
    ),
    st.text(st.characters(), max_size=20),
)
VALUES = st.recursive(
    st.one_of(WORDS, WORDS, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
NAMES = st.one_of(
    st.sampled_from(sorted({one.name for tool in TOOLS for one in tool.arguments} | {"audience", "format", "store"})),
    WORDS,
)


@settings(max_examples=300)
@given(
    name=st.one_of(st.sampled_from([tool.name for tool in TOOLS]), WORDS),
    arguments=st.one_of(st.dictionaries(NAMES, VALUES, max_size=5), VALUES),
)
def test_anything_is_answered_or_refused(server: ToolServer, name: str, arguments: Any) -> None:
    status, told = used(server, name, arguments)
    assert status in (200, 400, 404, 414), told
    assert status == 200 or told["detail"]
    assert "Traceback" not in str(told)
    if "question" in told:
        assert told["question"]["audience"] == "protected"
