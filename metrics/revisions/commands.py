"""The command `revisions`: which published figures have been changed, from what to what, and why."""

from __future__ import annotations

import argparse

from data.command_line import Group, on_use


def add_to(commands: Group, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command to a parser. parents: the options that it has with others."""
    made = commands.add_parser("revisions", parents=parents, help="cli.command.revisions")
    made.add_argument("--json", action="store_true", help="cli.option.json")
    made.set_defaults(run=on_use("metrics.revisions.acts", "told"))
