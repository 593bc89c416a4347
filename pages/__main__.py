"""Command line of reports: `python -m pages report`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from data.command_line import Parser
from data.texts import LANGUAGES
from metrics.cli import run_with_messages

PROG = "python -m pages"


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Run a command and return the exit code: 0 done, 2 refused.

    prog: the program name in help texts.
    """
    options = parser(prog).parse_args(arguments)
    return run_with_messages(lambda: _report(options), options.lang)


def parser(prog: str = PROG) -> argparse.ArgumentParser:
    """Return the argument parser with all commands and options."""
    made: argparse.ArgumentParser = Parser(prog=prog, description="Reports: the figures as a PDF or as slides.")
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
    return made


def _report(options: argparse.Namespace) -> int:
    # Imported on use, because charts take a second to import; silences Streamlit's warning that no app is running.
    logging.disable(logging.WARNING)
    from pages.briefings.report import report

    return report(options)


if __name__ == "__main__":
    sys.exit(main())
