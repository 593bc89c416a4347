"""What every command of Tilannekuva does with an error: say it in words and return an exit code; nobody sees a traceback."""

import contextlib
import errno
import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from data.refusal import Refusal, refusal_text
from data.texts import Language, message, texts

REFUSED = 2
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
STOPPED = 130
"""As a shell says that a command was stopped with Ctrl-C."""


def exit_code(run: Callable[[], int], lang: Language) -> int:
    """Run a command. What it raises is said on stderr, without any value; the result is then REFUSED.

    So is output that cannot be written, as on a full disk.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding has no arrows, or half of the letters
    try:
        code = run()
        if sys.stdout is not None:  # None where the caller has closed it
            sys.stdout.flush()  # here, and not when the interpreter ends, where nobody could say anything of it
        return code
    except BrokenPipeError:  # the reader has seen enough, as `head` does; nothing more can be said to it
        _silence()
        return 0
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:
        said = message("cli.output_unwritable", lang) if _is_of_output(error) else _text(error, lang)
        with contextlib.suppress(OSError):  # when stderr too leads nowhere, the code has to do
            print(said, file=sys.stderr)
        return REFUSED


def _is_of_output(error: Exception) -> bool:
    """Whether there was no room for what was written: on the disk, or where stdout leads."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _NO_ROOM:
        return False
    _silence()  # else what still waits to be written would fail once more when the interpreter ends
    return True


def _silence() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _text(error: Exception, lang: Language) -> str:
    """Why it was refused, or which file cannot be used; of any other error its kind and place.

    Never the error's own text, which may hold a value of someone's record.
    """
    match error:
        case Refusal():
            return refusal_text(error, texts(lang))
        case OSError(filename2=str() | os.PathLike() as name) | OSError(filename=str() | os.PathLike() as name):
            return message("cli.file_unusable", lang, path=os.fspath(name))
    last = traceback.extract_tb(error.__traceback__)[-1]
    return message(
        "cli.unexpected", lang, error=type(error).__name__, place=f"{Path(last.filename).name}:{last.lineno}"
    )
