"""A real XML parser that keeps nothing: it tells of each element, and refuses documents that declare entities."""

from collections.abc import Callable, Iterable
from xml.parsers import expat


class NotXmlError(ValueError):
    """Not well-formed, or with a document type: the XML of a workbook has none, a bomb of entities needs one."""


def scan(blocks: Iterable[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    """Calls `start` with the name and attributes of each element, prefixes and all, in the order of the document.

    Raises NotXmlError, and what `start` raises.
    """

    def declared(*_: object) -> None:
        raise NotXmlError

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding nobody knows
        raise NotXmlError from error


def local(name: str) -> str:
    """A name without its prefix.

    >>> local("x:mergeCell"), local("mergeCell")
    ('mergeCell', 'mergeCell')
    """
    return name[name.find(":") + 1 :]
