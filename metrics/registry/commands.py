"""The command `definitions`: list, diff, update, rollback. What it does is loaded when it is given."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.command_line import Group, add_commands, on_use, whole_number


def add_to(commands: Group, common: argparse.ArgumentParser, stored: argparse.ArgumentParser) -> None:
    """Add the command to a parser. common, stored: options that all have."""
    made = commands.add_parser("definitions", help="cli.command.definitions")
    steps = add_commands(made, "cli.value.step")
    every = [common, stored]
    listing = steps.add_parser("list", parents=every, help="cli.command.definitions.list")
    listing.set_defaults(run=on_use("metrics.registry.acts", "told"), of_definitions=True)
    diff = steps.add_parser("diff", parents=every, help="cli.command.definitions.diff")
    diff.add_argument("folder", type=Path, metavar="cli.value.set", help="cli.option.definitions.folder")
    diff.add_argument("--format", choices=("table", "json"), default="table", help="cli.option.format")
    diff.set_defaults(run=on_use("metrics.registry.acts", "compared"), of_definitions=True)
    update = steps.add_parser("update", parents=every, help="cli.command.definitions.update")
    update.add_argument("folder", type=Path, metavar="cli.value.set", help="cli.option.definitions.folder")
    update.add_argument("--yes", action="store_true", help="cli.option.definitions.yes")
    update.set_defaults(run=on_use("metrics.registry.acts", "update"), of_definitions=True)
    rollback = steps.add_parser("rollback", parents=every, help="cli.command.definitions.rollback")
    rollback.add_argument("number", type=whole_number, metavar="cli.value.number", help="cli.option.definitions.number")
    rollback.add_argument("--yes", action="store_true", help="cli.option.definitions.yes")
    rollback.set_defaults(run=on_use("metrics.registry.acts", "rollback"), of_definitions=True)
