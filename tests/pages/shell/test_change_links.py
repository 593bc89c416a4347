"""A sentence of a change leads to the page that answers next, filtered by what has changed, in place of a wider filter."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from metrics.model.dimensions import label
from tests.pages.drawn import Open


def test_sentences_of_changes_lead_to_what_has_changed(opened: Open) -> None:
    links = [link.proto for link in opened("overview", "fi", region="02").main.get("page_link")]
    assert links
    for link in links:
        address = parse_qs(link.query_string)
        assert link.page == "kysynta"
        assert address.pop("lang") == ["fi"]
        named = re.findall(r"\*\*(.+?)\*\*", link.label)
        if municipality := address.get("municipality"):
            assert "region" not in address, "of one kind there is one filter"
            assert named == [label(None, "municipality", municipality[0], "fi", {})]
        else:
            assert address.pop("region") == ["02"]
            assert set(address) <= {"language", "topic"}
    assert any("municipality" in link.query_string for link in links)
