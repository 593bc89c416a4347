"""The command `definitions`: list, diff, update, rollback. What it does is loaded when it is given."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from data.command_line import on_use

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands, common: argparse.ArgumentParser, stored: argparse.ArgumentParser) -> None:
    """Add the command to a parser. common, stored: options that all have."""
    made = commands.add_parser("definitions", help="definitions of others: what they change, taking them, going back")
    steps = made.add_subparsers(required=True, metavar="STEP")
    every = [common, stored]
    listing = steps.add_parser("list", parents=every, help="which definitions are in force, and since when")
    listing.set_defaults(run=on_use("metrics.registry.acts", "told"), of_definitions=True)
    diff = steps.add_parser("diff", parents=every, help="what differs, and what it does to the numbers")
    diff.add_argument("folder", type=Path, metavar="FOLDER|FILE.zip")
    diff.add_argument("--format", choices=("table", "json"), default="table")
    diff.set_defaults(run=on_use("metrics.registry.acts", "compared"), of_definitions=True)
    update = steps.add_parser("update", parents=every, help="take definitions; those that were in force are kept")
    update.add_argument("folder", type=Path, metavar="FOLDER|FILE.zip")
    update.add_argument("--yes", action="store_true", help="after having looked at what differs")
    update.set_defaults(run=on_use("metrics.registry.acts", "update"), of_definitions=True)
    rollback = steps.add_parser("rollback", parents=every, help="go back to a set that was taken before")
    rollback.add_argument("number", type=int, help="of the list; 0 for the program's own definitions")
    rollback.add_argument("--yes", action="store_true", help="do it")
    rollback.set_defaults(run=on_use("metrics.registry.acts", "rollback"), of_definitions=True)
