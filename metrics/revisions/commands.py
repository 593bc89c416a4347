"""The command `revisions`: which published figures have been changed, from what to what, and why."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from data.command_line import on_use

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command to a parser. parents: the options that it has with others."""
    made = commands.add_parser("revisions", parents=parents, help="which published figures have been changed, and why")
    made.add_argument("--json", action="store_true", help="as JSON")
    made.set_defaults(run=on_use("metrics.revisions.acts", "told"))
