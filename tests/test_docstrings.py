"""The examples in docstrings are right: each is run, and what it prints is what stands under it."""

from __future__ import annotations

import doctest
import importlib

import pytest

from tests.conftest import ROOT
from tests.test_architecture import python_files

WITH_EXAMPLES = [
    name
    for name in (*python_files("data", "metrics", "pages", "tests"), "app.py")
    if ">>> " in (ROOT / name).read_text(encoding="utf-8") and name != "tests/test_docstrings.py"
]


def test_there_are_examples() -> None:
    assert {"metrics/gate.py", "pages/i18n/formats.py", "data/ingest/recognise/values.py"} <= set(WITH_EXAMPLES)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    found = doctest.testmod(module)
    assert found.attempted, "the examples are not where doctest looks for them"
    assert found.failed == 0
