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

from data.command_line import Parser, add_commands, add_language, add_store
from data.store.store import default_store
from data.texts import message
from tilannekuva import ROOT

ADDRESS = "127.0.0.1"
OWN_NAMES = (ADDRESS, "localhost")
PORT = 8501
REFUSED = 2
_NEXT_PORTS = 20
_SECRETS_FILES = "STREAMLIT_SECRETS_FILES"
"""Streamlit's environment variable for the files that say where people sign in."""


def parser(prog: str) -> argparse.ArgumentParser:
    """The command and its options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    run = commands.add_parser("run", help="cli.command.run")
    add_address(run)
    run.add_argument("--no-browser", action="store_true", help="cli.option.run.no_browser")
    add_store(run)
    return made


def add_address(command: argparse.ArgumentParser) -> None:
    """Add where a server listens, and the language of what is said at its start."""
    command.add_argument("--port", metavar="cli.value.number", help="cli.option.port")
    command.add_argument("--address", default=ADDRESS, metavar="cli.value.address", help="cli.option.address")
    command.add_argument("--host", action="append", default=[], metavar="cli.value.name", help="cli.option.host")
    add_language(command)


def main(arguments: Sequence[str], prog: str) -> int:
    """Start the app and stay until it is stopped; the result is the exit code: 2 when it cannot start."""
    options = parser(prog).parse_args(arguments)
    if options.store:
        os.environ["TILANNEKUVA_STORE"] = str(options.store)
    if sys.stdout.isatty() and not options.no_browser:
        from pages.access.announcing import OPENS

        os.environ[OPENS] = "1"
    return start(options)


def start(options: argparse.Namespace, again: str = "run.again") -> int:
    """Start the server and stay until it is stopped; the result is the exit code.

    again: key of the text that says how the command is given with another port.
    """
    port = os.environ.get("STREAMLIT_SERVER_PORT") or PORT if options.port is None else options.port
    refusal = why_not(port, options.address)
    if refusal is not None:
        command = message(again, options.lang, free=_free_after(port, options.address))
        told = {"port": port, "address": options.address, "again": command}
        print(message(refusal, options.lang, **told), file=sys.stderr)
        return REFUSED
    # Imported here, because no other command needs the server.
    from click.exceptions import Abort
    from streamlit.web import bootstrap, cli

    from pages.access import logs, published
    from pages.access.announcing import SPOKEN
    from pages.access.settings import AccessError, secrets

    hosts = (*OWN_NAMES, *options.host) if options.host else ()
    known: dict[str, object] = {
        "server_port": int(port),
        "server_address": options.address,
        "server_allowedHosts": hosts,
    }
    if files := os.environ.get(_SECRETS_FILES):
        known["secrets_files"] = files.split()
    # The command below would read all this after us, and say in English that the server's options have changed.
    bootstrap.load_config_options({name: value for name, value in known.items() if value})
    try:
        secrets()
    except AccessError as error:
        print(error.text(options.lang), file=sys.stderr)
        return REFUSED
    if not (logs.is_json() or published.folder() or (default_store().path / "current").exists()):
        print(message("run.no_data", options.lang), file=sys.stderr)
    os.environ[SPOKEN] = options.lang
    line = ["run", str(ROOT / "app.py"), "--server.port", str(port), "--server.address", options.address]
    # Named, because Streamlit would ask a service outside for the address it is reached by.
    line += ["--browser.serverAddress", *(options.host[:1] or [options.address])]
    for name in hosts:
        line += ["--server.allowedHosts", name]
    logs.set_up()  # here, and again once the server has set up its own
    # What Streamlit says at its start is English, and no line of JSON; what goes wrong it tells its loggers.
    line += ["--logger.hideWelcomeMessage", "true"]
    with contextlib.suppress(Abort):  # Ctrl-C is how it is stopped
        cli.main(line, prog_name="streamlit", standalone_mode=False)
    return 0


def why_not(port: int | str, address: str = ADDRESS) -> str | None:
    """Code of the text that says why a port cannot be listened to, None when it can.

    Asked beforehand, because Streamlit would take the next port without a word, or end in a traceback.
    """
    try:
        number = int(port)
    except ValueError:
        return "run.port_number"
    if not 0 < number < 65_536:
        return "run.port_number"
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, number))
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, getattr(socket, "EAI_NONAME", None)):
                return "run.no_such_address"
            return "run.port_taken" if error.errno == errno.EADDRINUSE else "run.port_refused"
    return None


def _free_after(port: int | str, address: str) -> int:
    """The next port that is free, to suggest."""
    start = int(port) if str(port).isdecimal() and 1024 <= int(port) < 65_000 else PORT
    return next((one for one in range(start + 1, start + _NEXT_PORTS) if why_not(one, address) is None), start + 1)
