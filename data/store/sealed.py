"""Small files of the store with a checksum in them: a flipped digit would else be read as if it had been written."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

_SUM = "checksum"


def sealed(content: Mapping[str, Any]) -> str:
    """A JSON object as text, with its checksum as the last member."""
    return json.dumps({**content, _SUM: _sum(content)}, ensure_ascii=False, indent=1) + "\n"


def sealed_line(content: Mapping[str, Any]) -> str:
    """The same on one line."""
    return json.dumps({**content, _SUM: _sum(content)}, ensure_ascii=False)


def unsealed(text: str) -> dict[str, Any]:
    """What `sealed` was given. One without a checksum is of an earlier version. Raises ValueError, RecursionError."""
    return unsealed_and_whether(text)[0]


def unsealed_and_whether(text: str) -> tuple[dict[str, Any], bool]:
    """The same, and whether there was a checksum. Raises ValueError, RecursionError."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    written = found.pop(_SUM, None)
    if written not in (None, _sum(found)):
        raise ValueError("not what was written")
    return found, written is not None


def sealed_number(number: int) -> str:
    """A number as the text of a pointer.

    >>> sealed_number(7)
    '000007 a7229045\\n'
    """
    text = f"{number:06d}"
    return f"{text} {zlib.crc32(text.encode()):08x}\n"


def unsealed_number(text: str) -> int | None:
    """What `sealed_number` was given, or the bare number of an earlier version; None for anything else.

    >>> unsealed_number("000007 a7229045"), unsealed_number("000006 a7229045"), unsealed_number("7"), unsealed_number("")
    (7, None, 7, None)
    """
    digits, blank, _ = text.partition(" ")
    if blank and text.strip() != sealed_number(int(digits) if digits.isdecimal() and len(digits) < 20 else 0).strip():
        return None
    return int(digits) if digits.strip().isdecimal() and len(digits) < 20 and int(digits) else None


def sealed_mark(mark: int) -> str:
    """A mark of 64 bits as a line of a file.

    >>> sealed_mark(7)
    '0000000000000007 3c64fec7\\n'
    """
    digits = f"{mark:016x}"
    return f"{digits} {zlib.crc32(digits.encode()):08x}\n"


def unsealed_mark(line: bytes) -> int:
    """What `sealed_mark` was given, or the bare mark of an earlier version. Raises ValueError."""
    digits = line.partition(b" ")[0]
    mark = int(digits, 16)
    if len(digits) != 16 or line not in (digits, sealed_mark(mark).rstrip().encode()):
        raise ValueError("not what was written")
    return mark


def _sum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
