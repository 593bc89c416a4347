"""`tilannekuva reference`: writes the data dictionary and the JSON schemas into a folder."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.command_line import Parser, add_commands, add_language, exit_code
from tilannekuva.reference.dictionary import dictionary
from tilannekuva.reference.schemas import schemas

FOLDER = Path("docs")


def parser(prog: str) -> argparse.ArgumentParser:
    """The command and its options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    reference = commands.add_parser("reference", help="cli.command.reference")
    reference.add_argument(
        "folder", nargs="?", type=Path, default=FOLDER, metavar="cli.value.folder", help="cli.option.reference.folder"
    )
    add_language(reference)
    return made


def main(arguments: Sequence[str], prog: str) -> int:
    """Write the files; the result is the exit code."""
    options = parser(prog).parse_args(arguments)
    return exit_code(lambda: _write(options.folder), options.lang)


def _write(folder: Path) -> int:
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path)
    return 0


def files() -> Mapping[str, str]:
    """Every generated file by its name within docs/."""
    return {"data-dictionary.md": dictionary(), **{f"schemas/{name}": text for name, text in schemas().items()}}
