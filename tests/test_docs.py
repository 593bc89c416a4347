"""README.md and docs/ name what there is, and what they point to exists.

Pages, metric groups, commands and options, environment variables, make targets; links, pictures, headings and paths.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.texts import texts
from metrics.model.definition import definitions
from pages.shell.registry import PAGES
from tests.conftest import ROOT
from tests.test_architecture import python_files
from tilannekuva.__main__ import NAME, ROOMS, Room, commands

PAPERS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
}
README = PAPERS["README.md"]
GUIDES = "\n".join(text for name, text in PAPERS.items() if name == "README.md" or name.startswith("docs/"))
"""README.md and docs/ together: what is in neither is not documented."""
MOST_LINES = 150


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
    files: list[Path] = [ROOT / name for name in python_files("data", "metrics", "pages", "tilannekuva", "tests")]
    return {
        name
        for path in (*files, ROOT / "app.py", ROOT / "Makefile")
        for name in re.findall(r"TILANNEKUVA_[A-Z]+(?:_[A-Z]+)*\b", path.read_text(encoding="utf-8"))
    }


def test_every_page_is_in_the_table_of_pages() -> None:
    named = [texts("fi")(spec.title_key) for spec in PAGES]
    assert [name for name in named if f"| *{name}* |" not in README] == []


def test_every_metric_group_is_named() -> None:
    assert {definition.group for definition in definitions().values()} - words(GUIDES) == set()


@pytest.mark.parametrize("room", ROOMS)
def test_every_command_and_option_is_named(room: Room) -> None:
    found = list(options(room.parser(NAME), NAME))
    assert found
    missing = [
        pair for pair in found if (pair[1] not in words(GUIDES) if pair[1].startswith("--") else pair[1] not in GUIDES)
    ]
    assert missing == []


def test_every_environment_variable_is_named() -> None:
    found = environment()
    assert {"TILANNEKUVA_STORE", "TILANNEKUVA_KEYS", "TILANNEKUVA_INTERNAL"} <= found
    assert {name for name in found if not re.search(rf"\b{name}\b", GUIDES)} == set()


def test_every_make_target_is_named() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    targets = {target for line in phony for target in line.split()}
    assert {"run", "test"} <= targets
    assert {target for target in targets if not re.search(rf"\bmake {target}\b", GUIDES)} == set()


def test_the_readme_is_short_and_leads_to_every_guide() -> None:
    assert len(README.splitlines()) <= MOST_LINES
    assert [name for name in PAPERS if name != "README.md" and f"]({name})" not in README] == []


def test_no_command_is_named_that_does_not_exist() -> None:
    known = {name for room in ROOMS for name in commands(room)}
    told = {
        (name, command)
        for name, text in PAPERS.items()
        for command in re.findall(rf"(?:^|`|/bin/|-m ){NAME} ([a-z]+)", text, re.MULTILINE)
    }
    assert {command for _, command in told} >= {"import", "ask", "run"}
    assert [pair for pair in told if pair[1] not in known] == []


def anchors(text: str) -> set[str]:
    """The anchors a host makes of the headings: small letters, no punctuation, blanks as hyphens, a number when repeated."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(
        r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    ):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        found.add(f"{plain}-{seen[plain]}" if seen[plain] else plain)
        seen[plain] += 1
    return found


@pytest.mark.parametrize("name", PAPERS)
def test_what_a_paper_points_to_exists(name: str) -> None:
    text = PAPERS[name]
    folder = (ROOT / name).parent
    broken = []
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (folder / path).resolve() if path else ROOT / name
        known = PAPERS.get(target.relative_to(ROOT).as_posix(), "") if target.is_relative_to(ROOT) else ""
        if not target.exists() or (anchor and anchor not in anchors(known)):
            broken.append(link)
    # CHANGELOG.md also speaks of what has gone.
    quoted = re.findall(r"`((?:data|metrics|pages|tests|translations|docs|tilannekuva)/[\w./-]*)`", text)
    broken += [path for path in quoted if name != "CHANGELOG.md" and not (ROOT / path).exists()]
    assert broken == []


def test_every_picture_says_what_it_shows_and_is_used() -> None:
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", "\n".join(PAPERS.values()))
    assert [path for alt, path in pictures if len(alt) < 20] == []
    shown = {Path(path).name for path in re.findall(r"\(([^)\s]+\.png)\)", "\n".join(PAPERS.values()))}
    assert {path.name for path in (ROOT / "docs").glob("*.png")} - shown == set()
