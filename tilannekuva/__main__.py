"""`tilannekuva COMMAND`, or `python -m tilannekuva COMMAND`: hands a command to the room that knows it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

import data.cli
import metrics.cli
import pages.__main__
from data.command_line import exit_code, said_language
from data.texts import texts
from data.version import version
from tilannekuva import running
from tilannekuva.reference import command as reference

NAME = "tilannekuva"


class Room(NamedTuple):
    """The parser of a command line, and what runs it; both take the name the command line is called by."""

    parser: Callable[[str], argparse.ArgumentParser]
    main: Callable[[Sequence[str], str], int]


ROOMS = (
    Room(running.parser, running.main),
    Room(data.cli.parser, data.cli.main),
    Room(metrics.cli.parser, metrics.cli.main),
    Room(pages.__main__.parser, pages.__main__.main),
    Room(reference.parser, reference.main),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is its exit code. Without one, say what there is."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        return exit_code(lambda: _say("\n".join(overview())), "en")
    if given[0] == "--version":
        return exit_code(lambda: _say(f"{NAME} {version()}"), "en")
    for room in ROOMS:
        if given[0] in commands(room):
            return room.main(given, NAME)
    print(f"{NAME}: {texts(said_language(given))('cli.usage.no_command')}\n", file=sys.stderr)
    print("\n".join(overview()), file=sys.stderr)
    return 2


def _say(text: str) -> int:
    print(text)
    return 0


def commands(room: Room) -> dict[str, str]:
    """The commands of a room with their one-line help; without their other names."""
    choices = next(a for a in room.parser(NAME)._actions if isinstance(a, argparse._SubParsersAction))
    return {action.dest: action.help or "" for action in choices._choices_actions}


def overview() -> list[str]:
    """What there is, as lines."""
    found = [commands(room) for room in ROOMS]
    wide = max(len(name) for room in found for name in room)
    lines = [f"usage: {NAME} COMMAND …    ({NAME} COMMAND --help tells more)"]
    for room in found:
        lines += ["", *(f"  {name:{wide}}  {told}".rstrip() for name, told in room.items())]
    return lines


if __name__ == "__main__":
    sys.exit(main())
