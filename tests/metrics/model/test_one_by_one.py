"""What is read one by one, and that a short command reads no more than it needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from metrics.model.definition import FOLDER, own_definitions, read
from metrics.model.one_by_one import ReadOneByOne
from tests.conftest import ROOT


def test_one_is_read_alone_and_stays_the_same_object_when_all_are_read() -> None:
    said: list[str] = []

    def one(key: str) -> list[str]:
        said.append(key)
        return [key]

    def every() -> dict[str, list[str]]:
        said.append("all")
        return {key: [key] for key in "cab"}

    found = ReadOneByOne("abc", one, every)
    first = found["b"]
    assert ("a" in found, "x" in found, len(found), said) == (True, False, 3, ["b"])
    assert [*found] == ["c", "a", "b"]
    assert found["b"] is first
    assert found["a"] == ["a"]
    assert [*found.values()] == [["c"], ["a"], ["b"]]
    assert said == ["b", "all"]


@pytest.mark.parametrize("word", ["", "no_such", "../model/kinds", "registry"])
def test_nothing_is_read_for_a_word_that_is_no_id(word: str) -> None:
    assert own_definitions().get(word) is None
    assert word not in own_definitions()


def test_the_programs_own_definitions_are_the_same_either_way() -> None:
    assert {key: own_definitions()[key] for key in own_definitions()} == read(FOLDER)
    assert [*own_definitions()] == [*read(FOLDER)]


_WITHOUT_THE_REST = """
import json, sys
import metrics.model.definition as definition
import metrics.cli
from metrics.model.dimensions import service_points
seen = []
read = definition.parsed
definition.parsed = lambda files: seen.extend(files) or read(files)
definition.definitions()["clients"]
from data.texts import texts
texts("fi")("page.overview")
print(json.dumps([seen, sorted(name for name in sys.modules if name.split(".")[0] in ("babel", "pandas", "pyarrow"))]))
"""


def test_a_metric_and_a_text_are_read_without_all_others_and_without_babel() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_THE_REST], cwd=ROOT, capture_output=True, text=True, check=True
    )
    read_files, loaded = json.loads(done.stdout)
    assert read_files == ["clients.toml"]
    assert loaded == []
