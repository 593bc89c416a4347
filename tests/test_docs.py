"""README.md names what there is: pages, metric groups, options of the command lines, environment variables, make targets."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.cli import _parser as data_parser
from data.texts import texts
from metrics.cli import _parser as metrics_parser
from metrics.model.definition import definitions
from pages.__main__ import parser as pages_parser
from pages.shell.registry import PAGES
from tests.conftest import ROOT
from tests.test_architecture import python_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
PARSERS = {"data": data_parser, "metrics": metrics_parser, "pages": pages_parser}


def words(text: str) -> set[str]:
    """Words of a text as they are typed: `--dry-run`, `phone_share`, `make`."""
    return set(re.findall(r"--[a-z][a-z-]*|[\w-]+", text))


def options(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, str]]:
    """Every command and every long option of a parser and its commands, with the command it belongs to."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, inner in action.choices.items():
                yield name, f"{name} {command}"
                yield from options(inner, f"{name} {command}")
        for option in action.option_strings:
            if option.startswith("--") and option != "--help":
                yield name, option


def environment() -> set[str]:
    """Environment variables of the project that its code and its Makefile read."""
    files: list[Path] = [ROOT / name for name in python_files("data", "metrics", "pages", "tests")]
    return {
        name
        for path in (*files, ROOT / "app.py", ROOT / "Makefile")
        for name in re.findall(r"TILANNEKUVA_[A-Z]+(?:_[A-Z]+)*\b", path.read_text(encoding="utf-8"))
    }


def test_every_page_is_in_the_table_of_pages() -> None:
    named = [texts("fi")(spec.title_key) for spec in PAGES]
    assert [name for name in named if f"| *{name}* |" not in README] == []


def test_every_metric_group_is_named() -> None:
    assert {definition.group for definition in definitions().values()} - words(README) == set()


@pytest.mark.parametrize("room", PARSERS)
def test_every_command_and_option_is_named(room: str) -> None:
    found = list(options(PARSERS[room](), f"python -m {room}"))
    assert len(found) > 4
    missing = [
        pair for pair in found if (pair[1] not in words(README) if pair[1].startswith("--") else pair[1] not in README)
    ]
    assert missing == []


def test_every_environment_variable_is_named() -> None:
    found = environment()
    assert {"TILANNEKUVA_STORE", "TILANNEKUVA_KEYS", "TILANNEKUVA_INTERNAL"} <= found
    assert {name for name in found if not re.search(rf"\b{name}\b", README)} == set()


def test_every_make_target_is_named() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    targets = {target for line in phony for target in line.split()}
    assert {"run", "test"} <= targets
    assert {target for target in targets if not re.search(rf"\bmake {target}\b", README)} == set()


def test_what_the_readme_points_to_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    quoted = re.findall(r"`((?:data|metrics|pages|tests|translations|docs)/[\w./-]*)`", README)
    assert linked
    assert [path for path in (*linked, *quoted) if not (ROOT / path).exists()] == []
