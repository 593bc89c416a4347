"""`tilannekuva send`: sends the reports of the latest release, or tells what has become of them."""

from __future__ import annotations

import argparse
import sys

from data.store.existing import existing_store
from data.texts import message, texts
from pages.sending.sending import send
from pages.sending.settings import SendingError, reports
from pages.sending.telling import status

FAILED = 1
"""Exit code: somebody has not got theirs."""


def run(options: argparse.Namespace) -> int:
    """Send what is due, and tell; return the exit code. Raises SendingError, StoreError, KeyFileError."""
    store, settings = existing_store(options.store), reports()
    if not settings.is_wanted:
        raise SendingError("not_set")
    code = 0
    if not options.status:
        done = send(store, settings, again=options.again)
        print(message("sending.done", options.lang, count=done.sent))
        if done.failed:
            print(message("sending.not_done", options.lang, count=done.failed), file=sys.stderr)
            code = FAILED
    print("\n".join(status(store, settings, texts(options.lang)).lines))
    return code
