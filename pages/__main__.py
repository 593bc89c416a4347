"""Command line of reports, of sending them and of sites as files: `python -m pages report`, `send`, `site`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from data.command_line import Parser
from data.store.store import store_at
from data.texts import LANGUAGES
from metrics.cli import run_with_messages
from metrics.registry.in_force import use

PROG = "python -m pages"


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Run a command and return the exit code: 0 done, 2 refused.

    prog: the program name in help texts.
    """
    options = parser(prog).parse_args(arguments)
    return run_with_messages(lambda: options.run(options), options.lang)


def parser(prog: str = PROG) -> argparse.ArgumentParser:
    """Return the argument parser with all commands and options."""
    made: argparse.ArgumentParser = Parser(
        prog=prog, description="Reports: the figures as a PDF, as slides or as web pages."
    )
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    report = commands.add_parser("report", help="write the report of a period")
    report.add_argument("--lang", choices=LANGUAGES, default="fi", help="language of texts (default fi)")
    report.add_argument("--store", type=Path, help="store folder (default: store/, else sample-store/)")
    report.add_argument("--period", required=True, help="2026-09, 2026-Q3, 2026-ytd-09 or 2026")
    report.add_argument("--area", help="a municipality, region or employment area, by name or code (default: all)")
    report.add_argument(
        "--compare", choices=("year", "month"), default="year", help="of a month: compare with the month before"
    )
    report.add_argument("--out", required=True, help="the file: report.pdf or report.pptx")
    report.set_defaults(run=_report)
    send = commands.add_parser("send", help="send the report of the latest release to whom the settings name, once")
    send.add_argument("--lang", choices=LANGUAGES, default="fi", help="language of what is said here (default fi)")
    send.add_argument("--store", type=Path, help="store folder (default: store/, else sample-store/)")
    send.add_argument("--again", action="store_true", help="also to those who have not got it, or of whom nobody knows")
    send.add_argument("--status", action="store_true", help="tell what has become of it, send nothing")
    send.set_defaults(run=_send)
    site = commands.add_parser(
        "site", help="write the figures of a package as accessible web pages that need no server"
    )
    site.add_argument("--lang", choices=LANGUAGES, default="fi", help="language of what is said here; pages are in all")
    site.add_argument("--package", type=Path, required=True, metavar="FILE", help="package, such as espoo.tkp")
    site.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder that is empty or not there yet")
    site.set_defaults(run=_site)
    return made


def _site(options: argparse.Namespace) -> int:
    logging.disable(logging.WARNING)
    from pages.site.writing import run

    return run(options)


def _report(options: argparse.Namespace) -> int:
    # Imported on use, because charts take a second to import; silences Streamlit's warning that no app is running.
    logging.disable(logging.WARNING)
    from pages.briefings.report import report

    use(store_at(options.store))
    return report(options)


def _send(options: argparse.Namespace) -> int:
    logging.disable(logging.WARNING)
    from pages.sending.command import run

    return run(options)


if __name__ == "__main__":
    sys.exit(main())
