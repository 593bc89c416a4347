"""Files of JSON objects, one per line: read and written in one way by everything that keeps such files.

Each line has a checksum as its last member; one without is of an earlier version. Only the line feed parts lines: a text may hold
any other mark that Python takes for the end of a line (U+2028, U+0085, …).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from data.store.errors import StoreError
from data.store.sealed import sealed_line, unsealed_and_whether
from data.store.small_file import content_of

T = TypeVar("T")


class StrangeLineError(ValueError):
    """A line is what was written, but nothing that is known here: a later version has written it, or it is of another list."""


def read(path: Path, parse: Callable[[bytes], T]) -> tuple[T, ...]:
    """What `parse` makes of each line without its checksum, in order; nothing when there is no file.

    Raises as `read_plain`, and StoreError("strange_line") of one whose checksum says that it is whole, and that `parse` refuses.
    """
    return read_plain(path, lambda line: known(line, parse))


def known(line: bytes, parse: Callable[[bytes], T]) -> T:
    """What `parse` makes of a line. Raises ValueError, TypeError, RecursionError of a damaged one, StrangeLineError."""
    found, is_sealed = unsealed_and_whether(line.decode("utf-8"))
    try:
        return parse(json.dumps(found, ensure_ascii=False).encode("utf-8"))
    except (ValueError, TypeError):
        if is_sealed:
            raise StrangeLineError from None
        raise


def read_plain(path: Path, parse: Callable[[bytes], T]) -> tuple[T, ...]:
    """What `parse` makes of each line, whatever it is, in order; nothing when there is no file.

    Raises StoreError: `damaged_line` with the number of the first line that `parse` refuses (by a ValueError or TypeError),
    which the only line of an empty file is too, `unreadable`, `not_a_folder`.
    """
    try:
        content = content_of(path)
    except FileNotFoundError:
        return ()
    except NotADirectoryError:
        raise StoreError("not_a_folder", path.parent) from None
    except OSError:
        raise StoreError("unreadable", path) from None
    found = []
    for number, line in enumerate(lines_of(content), 1):
        try:
            found.append(parse(line))
        except StrangeLineError:
            raise StoreError("strange_line", path, str(number)) from None
        except (ValueError, TypeError, RecursionError):
            raise StoreError("damaged_line", path, str(number)) from None
    return tuple(found)


def lines_of(content: bytes) -> list[bytes]:
    """The lines of a file."""
    return content.removesuffix(b"\n").split(b"\n")


def text(objects: Iterable[Mapping[str, Any]]) -> str:
    """The lines of objects that JSON knows. Half a surrogate pair, which UTF-8 does not know, is written as `?`."""
    return "".join(sealed_line(json.loads(_encodable(one))) + "\n" for one in objects)


def _encodable(one: Mapping[str, Any]) -> bytes:
    return json.dumps(one, ensure_ascii=False).encode("utf-8", "replace")
