"""The command `sum`: prepare, gather, mask, add. What they do is loaded when one is given."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.command_line import Group, add_commands, on_use


def add_to(commands: Group, common: argparse.ArgumentParser, stored: argparse.ArgumentParser) -> None:
    """Add the command to a parser. common, stored: options that all have, and those of who takes part."""
    summing = commands.add_parser("sum", help="cli.command.sum")
    steps = add_commands(summing, "cli.value.step")
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument("--out", type=Path, required=True, metavar="cli.value.file", help="cli.option.out")

    prepare = steps.add_parser("prepare", parents=[common, stored, out], help="cli.command.sum.prepare")
    prepare.add_argument("--area", metavar="cli.value.area", help="cli.option.area")
    prepare.set_defaults(run=on_use("metrics.sums.steps", "prepare"))

    gather = steps.add_parser("gather", parents=[common, out], help="cli.command.sum.gather")
    gather.add_argument("ticket", nargs="+", type=Path, metavar="cli.value.ticket", help="cli.option.sum.ticket")
    gather.add_argument(
        "--metric", action="append", required=True, metavar="cli.value.metric", help="cli.option.sum.metric"
    )
    gather.add_argument("--by", action="append", default=[], metavar="cli.value.dimensions", help="cli.option.sum.by")
    gather.add_argument(
        "--period", action="append", required=True, metavar="cli.value.period_code", help="cli.option.sum.period"
    )
    gather.set_defaults(run=on_use("metrics.sums.steps", "gather"))

    mask = steps.add_parser("mask", parents=[common, stored, out], help="cli.command.sum.mask")
    mask.add_argument("round", type=Path, metavar="cli.value.round", help="cli.option.sum.round")
    mask.add_argument(
        "--trust", action="append", default=[], metavar="cli.value.fingerprint", help="cli.option.sum.trust"
    )
    mask.add_argument("--trust-file", type=Path, metavar="cli.value.file", help="cli.option.sum.trust_file")
    mask.add_argument("--again", action="store_true", help="cli.option.sum.again")
    mask.set_defaults(run=on_use("metrics.sums.steps", "mask"))

    add = steps.add_parser("add", parents=[common, out], help="cli.command.sum.add")
    add.add_argument("round", type=Path, metavar="cli.value.round", help="cli.option.sum.round")
    add.add_argument("masked", nargs="+", type=Path, metavar="cli.value.masked", help="cli.option.sum.masked")
    add.set_defaults(run=on_use("metrics.sums.steps", "add"))
