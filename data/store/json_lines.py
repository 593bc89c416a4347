"""Files of JSON objects, one per line: read and written in one way by everything that keeps such files.

Only the line feed parts lines: a text may hold any other mark that Python takes for the end of a line (U+2028, U+0085, …).
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from data.store.store import StoreError

T = TypeVar("T")


def read(path: Path, parse: Callable[[bytes], T]) -> tuple[T, ...]:
    """What `parse` makes of each line, in order; nothing when there is no file.

    Raises StoreError: `damaged_line` with the number of the first line that `parse` refuses (by a ValueError or TypeError),
    which the only line of an empty file is too, `unreadable`, `not_a_folder`.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except NotADirectoryError:
        raise StoreError("not_a_folder", path.parent) from None
    except OSError:
        raise StoreError("unreadable", path) from None
    found = []
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n"), 1):
        try:
            found.append(parse(line))
        except (ValueError, TypeError, RecursionError):
            raise StoreError("damaged_line", path, str(number)) from None
    return tuple(found)


def text(objects: Iterable[object]) -> str:
    """The lines of objects that JSON knows. Half a surrogate pair, which UTF-8 does not know, is written as `?`."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    return lines.encode("utf-8", "replace").decode("utf-8")
