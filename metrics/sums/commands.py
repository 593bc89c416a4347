"""The command `sum`: prepare, gather, mask, add. What they do is loaded when one is given."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from data.command_line import on_use

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands, common: argparse.ArgumentParser, stored: argparse.ArgumentParser) -> None:
    """Add the command to a parser. common, stored: options that all have, and those of who takes part."""
    summing = commands.add_parser("sum", help="sum over several publishers, of whom none shows its own numbers")
    steps = summing.add_subparsers(required=True, metavar="STEP")
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write")

    prepare = steps.add_parser("prepare", parents=[common, stored, out], help="make a ticket for one round")
    prepare.add_argument("--area", help="a municipality by code or name, or region-02; without it everybody")
    prepare.set_defaults(run=on_use("metrics.sums.steps", "prepare"))

    gather = steps.add_parser("gather", parents=[common, out], help="make a round of all tickets, as who adds")
    gather.add_argument("ticket", nargs="+", type=Path)
    gather.add_argument("--metric", action="append", required=True, help="a metric that counts; may be repeated")
    gather.add_argument("--by", action="append", default=[], metavar="DIM[,DIM]", help="a breakdown; may be repeated")
    gather.add_argument("--period", action="append", required=True, help="a closed period; may be repeated")
    gather.set_defaults(run=on_use("metrics.sums.steps", "gather"))

    mask = steps.add_parser("mask", parents=[common, stored, out], help="mask one's own numbers for a round")
    mask.add_argument("round", type=Path)
    mask.add_argument("--trust", action="append", default=[], metavar="FINGERPRINT", help="of another who takes part")
    mask.add_argument("--trust-file", type=Path, metavar="FILE", help="a list of such fingerprints, a line each")
    mask.add_argument("--again", action="store_true", help="although there was a round of others about the same")
    mask.set_defaults(run=on_use("metrics.sums.steps", "mask"))

    add = steps.add_parser("add", parents=[common, out], help="add what all have masked, and publish the sum")
    add.add_argument("round", type=Path)
    add.add_argument("masked", nargs="+", type=Path)
    add.set_defaults(run=on_use("metrics.sums.steps", "add"))
