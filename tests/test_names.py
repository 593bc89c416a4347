"""One word per thing: no two classes of the house share a name."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.conftest import ROOT
from tests.test_architecture import house


def test_no_two_classes_share_a_name() -> None:
    places = defaultdict(list)
    for name in house():
        for node in ast.parse((ROOT / name).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
