"""What the command lines do when nothing is said: protected, in Finnish, all time; and what is off stays off."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from data.cli import parser as data_parser
from data.steward.boundaries import SOURCE
from data.store.store import SAMPLE_STORE
from metrics.cli import parser as metrics_parser
from metrics.model.definition import FOLDER
from pages.__main__ import parser as pages_parser


def defaults(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, object]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, inner in action.choices.items():
                yield from defaults(inner, f"{name} {command}")
        elif action.default not in (None, argparse.SUPPRESS):
            yield f"{name} {action.dest}", action.default


def test_the_defaults_of_every_command() -> None:
    parsers = {"data": data_parser(), "metrics": metrics_parser(), "pages": pages_parser()}
    found = {key: value for name, parser in parsers.items() for key, value in defaults(parser, name)}
    assert {value for key, value in found.items() if key.endswith(" lang")} == {"fi"}
    assert {key for key, value in found.items() if value is True} == set()
    assert {key: value for key, value in found.items() if value is not False and not key.endswith(" lang")} == {
        "data sample encounters": 50_000,
        "data watch every": 10.0,
        "data watch-folder every": 10.0,
        "data boundaries source": SOURCE,
        "data sample seed": 1,
        "data sample store": SAMPLE_STORE,
        "metrics check folder": FOLDER,
        "metrics list format": "table",
        "metrics ask by": [],
        "metrics build processes": 1,
        "metrics build engine": "processes",
        "metrics build master": "local[*]",
        "metrics slices slices": 16,
        "metrics ask where": [],
        "metrics ask period": "all",
        "metrics ask audience": "protected",
        "metrics ask format": "table",
        "metrics definitions diff format": "table",
        "metrics package metric": [],
        "metrics package by": [],
        "metrics sum gather by": [],
        "metrics sum mask trust": [],
        "metrics hypotheses audience": "protected",
        "pages report compare": "year",
    }
