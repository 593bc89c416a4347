"""Commands about packages: `publisher`, `package`, `receive`, `packages`. What they do is loaded when one is given."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.command_line import Group, on_use


def add_to(commands: Group, parents: list[argparse.ArgumentParser]) -> None:
    """Add the commands to a parser. parents: the options that all of them have."""
    publisher = commands.add_parser("publisher", parents=parents, help="cli.command.publisher")
    publisher.add_argument("--name", metavar="cli.value.name", help="cli.option.publisher.name")
    publisher.set_defaults(run=on_use("metrics.packages.acts", "publisher"))

    package = commands.add_parser("package", parents=parents, help="cli.command.package")
    package.add_argument("--out", type=Path, required=True, metavar="cli.value.file", help="cli.option.package.out")
    package.add_argument("--period", action="append", metavar="cli.value.period_code", help="cli.option.package.period")
    package.add_argument("--area", metavar="cli.value.area", help="cli.option.area")
    package.add_argument(
        "--metric", action="append", default=[], metavar="cli.value.metric", help="cli.option.package.metric"
    )
    package.add_argument(
        "--by", action="append", default=[], metavar="cli.value.dimension", help="cli.option.package.by"
    )
    package.set_defaults(run=on_use("metrics.packages.acts", "package"))

    receive = commands.add_parser("receive", parents=parents, help="cli.command.receive")
    receive.add_argument("file", nargs="+", type=Path, metavar="cli.value.file", help="cli.option.receive.file")
    receive.add_argument("--trust", metavar="cli.value.fingerprint", help="cli.option.receive.trust")
    receive.set_defaults(run=on_use("metrics.packages.acts", "receive"))

    packages = commands.add_parser("packages", parents=parents, help="cli.command.packages")
    packages.add_argument("--remove", metavar="cli.value.id", help="cli.option.packages.remove")
    packages.set_defaults(run=on_use("metrics.packages.acts", "packages"))
