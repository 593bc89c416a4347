"""`tilannekuva serve`: a published site of packages, or why they cannot be shown."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.command_line import Parser, add_commands, exit_code
from data.store.store import Store
from metrics.packages.container import content_of
from metrics.packages.errors import PackageError
from metrics.packages.opening import package_of
from metrics.packages.shelf import Shelf
from pages.access import published
from tilannekuva import running

STORE = "TILANNEKUVA_STORE"


def parser(prog: str) -> argparse.ArgumentParser:
    """The command and its options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    serve = commands.add_parser("serve", help="cli.command.serve")
    serve.add_argument(
        "--published", nargs="+", type=Path, required=True, metavar="cli.value.file", help="cli.option.published"
    )
    running.add_address(serve)
    return made


def main(arguments: Sequence[str], prog: str) -> int:
    """Show the packages until stopped; the result is the exit code: 2 when it cannot start."""
    options = parser(prog).parse_args(arguments)
    return exit_code(lambda: _serve(options), options.lang)


def _serve(options: argparse.Namespace) -> int:
    with published_site(options.published):
        return running.start(options, "serve.again")


@contextmanager
def published_site(files: Sequence[Path]) -> Iterator[None]:
    """Show packages alone to everything that this process serves. Raises as `fill`."""
    # Beside each other, so that the store stays an empty folder, of which no log is kept.
    with tempfile.TemporaryDirectory(prefix="tilannekuva-") as name:
        folder, store = Path(name) / "published", Path(name) / "store"
        store.mkdir(mode=0o700)
        ids = fill(folder, files)
        # Who runs services ends them so, and Python would then leave the folder where it is.
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
        os.environ |= {published.FOLDER: str(folder), published.PACKAGES: ",".join(ids), STORE: str(store)}
        yield


def fill(folder: Path, files: Sequence[Path]) -> tuple[str, ...]:
    """Put packages into a folder, by the rules of those that are taken in, and return their ids.

    Raises OSError, PackageError, StoreError.
    Whoever names the files here trusts their publishers: who reads the site is told their names. One that would take the place of
    another that is named too is refused (`two_named`), so that no file is left out in silence.
    """
    shelf, names = Shelf(Store(folder)), dict[str, str]()
    packages = [package_of(content_of(file), file.name) for file in files]
    for package in sorted(packages, key=lambda one: (one.about.release, one.about.made)):
        taken = shelf.take(package, package.publisher.fingerprint)
        names[package.id] = package.file
        for replaced in taken.replaced:
            raise PackageError("two_named", file=names[replaced], other=package.file)
    return tuple(names)
