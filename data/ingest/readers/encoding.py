"""Bytes of a text file to UTF-8: byte order marks, UTF-16 without one, and Windows-1252 as the last guess."""

import codecs

from data.ingest.readers.sheet import FileRefused

_PIECE = 1 << 20


def to_utf8(data: bytes, file: str) -> tuple[bytes, str]:
    """The text as UTF-8 without a byte order mark, and the name of the encoding it was found to be in.

    Raises FileRefused: `nul_bytes` for a binary or damaged file, `unknown_encoding` when no encoding fits.
    """
    if data.startswith(codecs.BOM_UTF8):
        encoding, data = "utf-8", data[len(codecs.BOM_UTF8) :]
    elif data.startswith(codecs.BOM_UTF16_LE):
        encoding, data = "utf-16-le", data[2:]
    elif data.startswith(codecs.BOM_UTF16_BE):
        encoding, data = "utf-16-be", data[2:]
    elif b"\0" in data:
        encoding = _utf16_without_mark(data) or ""
        if not encoding:
            raise FileRefused(file, "nul_bytes")
    else:
        encoding = "utf-8"

    for candidate in (encoding, "cp1252") if encoding == "utf-8" else (encoding,):
        try:
            utf8 = recoded(data, candidate)
        except UnicodeDecodeError:
            continue
        if b"\0" in utf8:
            raise FileRefused(file, "nul_bytes")
        return utf8, candidate
    raise FileRefused(file, "unknown_encoding")


def recoded(data: bytes, encoding: str) -> bytes:
    """Text of an encoding as UTF-8, piece by piece: one letter outside Latin-1 makes a whole text up to four times larger.

    Raises UnicodeDecodeError.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    whole = memoryview(data)
    pieces = (decoder.decode(whole[at : at + _PIECE], at + _PIECE >= len(data)) for at in range(0, len(data), _PIECE))
    if encoding == "utf-8":
        for _ in pieces:
            pass  # it only has to be found right
        return data
    return b"".join(piece.encode() for piece in pieces)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows itself by every second byte of Western text being zero."""
    head = data[:4096]
    if len(data) % 2 or not head:
        return None
    half = len(head) // 2
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.5 and even < 0.05:
        return "utf-16-le"
    if even > 0.5 and odd < 0.05:
        return "utf-16-be"
    return None
