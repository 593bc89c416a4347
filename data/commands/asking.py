"""Secrets and numbers of clients, asked for so that they stay in no history of commands and on no screen."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from data.backup.errors import BackupError
from data.backup.sealing import checked_passphrase, passphrase_in
from data.texts import message


def passphrase(file: Path | None, lang: str, *, is_new: bool) -> str:
    """From a file, else from the terminal; a new one twice. Raises OSError, BackupError."""
    if file is not None:
        found = passphrase_in(file)
        return checked_passphrase(found) if is_new else found
    if not _has_terminal():
        raise BackupError("passphrase_needed")
    found = getpass.getpass(message("backup.ask.new" if is_new else "backup.ask", lang) + " ")
    if not is_new:
        return found
    checked_passphrase(found)
    if getpass.getpass(message("backup.ask.again", lang) + " ") != found:
        raise BackupError("passphrase_differs")
    return found


def client_number(lang: str) -> str:
    """A line of standard input; from a terminal without showing it."""
    return getpass.getpass(message("held.ask", lang) + " ") if _has_terminal() else sys.stdin.readline()


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
