"""`tilannekuva mcp`: published figures for a language model, which starts it and asks over the standard streams."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from data.command_line import Parser, add_commands, add_language, add_store, exit_code
from data.store.acting import WAITING
from data.store.store import store_at
from tilannekuva.publishing import STORE, published_site


def parser(prog: str) -> argparse.ArgumentParser:
    """The command and its options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    mcp = commands.add_parser("mcp", help="cli.command.mcp")
    whose = mcp.add_mutually_exclusive_group()
    add_store(whose)
    whose.add_argument("--published", nargs="+", type=Path, metavar="cli.value.file", help="cli.option.published")
    add_language(mcp)
    return made


def main(arguments: Sequence[str], prog: str) -> int:
    """Answer until whoever started it has no more to ask; the result is the exit code: 2 when it cannot start."""
    options = parser(prog).parse_args(arguments)
    try:
        return exit_code(lambda: _answer(options), options.lang)
    except SystemExit:
        # A thread still waits for a line that nobody may send, and Python would wait for the thread.
        WAITING.flush()
        os._exit(0)


def _answer(options: argparse.Namespace) -> int:
    if options.published:
        with published_site(options.published):
            return _serve(options)
    store = store_at(options.store)
    store.serving()  # that there is none is said here, and not at each question
    os.environ[STORE] = str(store.path)
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    # So programs end what they have started, and people. Of itself the loop would first wait for the line that it reads.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda _number, _frame: sys.exit(0))
    from pages.tools.server import serve  # takes a second to import

    serve(options.lang)
    return 0
