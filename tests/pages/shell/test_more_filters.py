"""*Lisää* beside the filters is there when something is in it: Streamlit shows an empty one grey, and it cannot be opened."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from data.texts import texts
from pages.shell import filters
from tests.pages.drawn import Open

MORE = texts("fi")("filter.more")


@pytest.mark.parametrize(("options", "has_more"), [((), True), (("topic",), False)])
def test_more_is_shown_where_it_holds_a_filter(
    options: tuple[str, ...], has_more: bool, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens: list[str] = []
    found, popover = filters._options, st.popover

    def seen(label: str, **how: Any) -> Any:
        opens.append(label)
        return popover(label, **how)

    monkeypatch.setattr(st, "popover", seen)
    monkeypatch.setattr(
        filters, "_options", lambda slot, *rest: found(slot, *rest) if not options or slot in options else []
    )
    assert not opened("demand").exception
    assert (MORE in opens) == has_more
