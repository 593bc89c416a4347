"""Commands about packages: `publisher`, `package`, `receive`, `packages`. What they do is loaded when one is given."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from data.command_line import on_use

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands, parents: list[argparse.ArgumentParser]) -> None:
    """Add the commands to a parser. parents: the options that all of them have."""
    publisher = commands.add_parser(
        "publisher", parents=parents, help="make the key that signs packages, or tell whose it is"
    )
    publisher.add_argument("--name", help="make the key, for a publisher of this name")
    publisher.set_defaults(run=on_use("metrics.packages.acts", "publisher"))

    package = commands.add_parser(
        "package", parents=parents, help="put what visitors see into one signed file for others"
    )
    package.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write, such as espoo.tkp")
    package.add_argument(
        "--period", action="append", metavar="PERIOD", help="2025, 2025-Q3, 2025-03, 2025-ytd-09 or all; may be repeated "
        "(default: the year so far)",
    )  # fmt: skip
    package.add_argument("--area", help="a municipality by code or name, or region-02; without it everybody")
    package.add_argument("--metric", action="append", default=[], help="only this metric; may be repeated")
    package.add_argument(
        "--by", action="append", default=[], metavar="DIM", help="only by this dimension; may be repeated"
    )
    package.set_defaults(run=on_use("metrics.packages.acts", "package"))

    receive = commands.add_parser("receive", parents=parents, help="take in packages of others, to compare with")
    receive.add_argument("file", nargs="+", type=Path)
    receive.add_argument("--trust", metavar="FINGERPRINT", help="of a publisher who is new here, as they have told it")
    receive.set_defaults(run=on_use("metrics.packages.acts", "receive"))

    packages = commands.add_parser(
        "packages", parents=parents, help="list the packages that were taken in, or remove one"
    )
    packages.add_argument("--remove", metavar="ID", help="remove a package")
    packages.set_defaults(run=on_use("metrics.packages.acts", "packages"))
