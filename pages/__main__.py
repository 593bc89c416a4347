"""The command line of what draws: `python -m pages report`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from data.texts import LANGUAGES
from metrics.cli import refusals_said

PROG = "python -m pages"


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Run a command; the result is the exit code: 0 done, 2 refused. prog: what the command line is called by."""
    options = parser(prog).parse_args(arguments)
    return refusals_said(lambda: _report(options), options.lang)


def parser(prog: str = PROG) -> argparse.ArgumentParser:
    """The commands and their options."""
    made = argparse.ArgumentParser(prog=prog, description="Reports: the figures as a PDF or as slides.")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    report = commands.add_parser("report", help="write the report of a period")
    report.add_argument("--lang", choices=LANGUAGES, default="fi", help="language of texts (default fi)")
    report.add_argument("--store", type=Path, help="store folder (default: store/, else sample-store/)")
    report.add_argument("--period", required=True, help="2026-09, 2026-Q3, 2026-ytd-09 or 2026")
    report.add_argument("--area", help="a municipality, region or employment area, by name or code (default: all)")
    report.add_argument("--out", required=True, help="the file: report.pdf or report.pptx")
    return made


def _report(options: argparse.Namespace) -> int:
    # Imported when asked for, because charts take a second to import. Streamlit need not say that no app is running.
    logging.disable(logging.WARNING)
    from pages.briefings.report import report

    return report(options)


if __name__ == "__main__":
    sys.exit(main())
