"""Command line of reports, of sending them and of sites as files: `python -m pages report`, `send`, `site`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from data.command_line import Parser, add_commands, add_language, add_store
from data.store.store import store_at
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
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    report = commands.add_parser("report", help="cli.command.report")
    add_language(report)
    add_store(report)
    report.add_argument("--period", required=True, metavar="cli.value.period_code", help="cli.option.report.period")
    report.add_argument("--area", metavar="cli.value.area", help="cli.option.report.area")
    report.add_argument("--compare", choices=("year", "month"), default="year", help="cli.option.report.compare")
    report.add_argument("--out", required=True, metavar="cli.value.file", help="cli.option.report.out")
    report.set_defaults(run=_report)
    send = commands.add_parser("send", help="cli.command.send")
    add_language(send)
    add_store(send)
    send.add_argument("--again", action="store_true", help="cli.option.send.again")
    send.add_argument("--status", action="store_true", help="cli.option.send.status")
    send.set_defaults(run=_send)
    site = commands.add_parser("site", help="cli.command.site")
    add_language(site)
    site.add_argument("--package", type=Path, required=True, metavar="cli.value.file", help="cli.option.site.package")
    site.add_argument("--out", type=Path, required=True, metavar="cli.value.folder", help="cli.option.site.out")
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
