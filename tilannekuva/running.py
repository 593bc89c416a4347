"""`tilannekuva run`: starts the app, or says in plain words why it cannot."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from data.command_line import Parser
from data.store.store import default_store
from data.texts import LANGUAGES, message
from tilannekuva import ROOT

ADDRESS = "127.0.0.1"
PORT = 8501
REFUSED = 2
_NEXT_PORTS = 20


def parser(prog: str) -> argparse.ArgumentParser:
    """The command and its options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the app on this machine")
    run.add_argument("--port", help=f"port to listen on (default {PORT})")
    run.add_argument("--store", type=Path, metavar="DIR", help="store folder (default: store/, else sample-store/)")
    run.add_argument("--lang", choices=LANGUAGES, default="fi", help="language of what is said here (default fi)")
    return made


def main(arguments: Sequence[str], prog: str) -> int:
    """Start the app and stay until it is stopped; the result is the exit code: 2 when it cannot start."""
    options = parser(prog).parse_args(arguments)
    if options.store:
        os.environ["TILANNEKUVA_STORE"] = str(options.store)
    port = os.environ.get("STREAMLIT_SERVER_PORT") or PORT if options.port is None else options.port
    refusal = why_not(port)
    if refusal is not None:
        print(message(refusal, options.lang, port=port, address=ADDRESS, free=_free_after(port)), file=sys.stderr)
        return REFUSED
    if not (default_store().path / "current").exists():
        print(message("run.no_data", options.lang), file=sys.stderr)
    # Imported here, because no other command needs the server.
    from click.exceptions import Abort
    from streamlit.web import cli

    line = ["run", str(ROOT / "app.py"), "--server.port", str(port)]
    with contextlib.suppress(Abort):  # Ctrl-C is how it is stopped
        cli.main(line, prog_name="streamlit", standalone_mode=False)
    return 0


def why_not(port: int | str) -> str | None:
    """Code of the text that says why a port cannot be listened to, None when it can.

    Asked beforehand, because Streamlit would take the next port without a word, or end in a traceback.
    """
    try:
        number = int(port)
    except ValueError:
        return "run.port_number"
    if not 0 < number < 65_536:
        return "run.port_number"
    with closing(socket.socket()) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, number))
        except OSError as error:
            return "run.port_taken" if error.errno == errno.EADDRINUSE else "run.port_refused"
    return None


def _free_after(port: int | str) -> int:
    """The next port that is free, to suggest."""
    start = int(port) if str(port).isdecimal() and 1024 <= int(port) < 65_000 else PORT
    return next((one for one in range(start + 1, start + _NEXT_PORTS) if why_not(one) is None), start + 1)
