"""Audiences: who a figure is for. All comparisons of audiences are made here, so that an unknown one is treated as protected.

Row rights are part of the audience: whoever may see exact values of some municipalities only has an audience of their own,
which every question carries, and which the grammar refuses anything else.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

Audience = str
"""`protected`, `internal`, or `internal:` with codes of municipalities: exact values of those alone (`internal_of`)."""
INTERNAL: Final = "internal"
PROTECTED: Final = "protected"
AUDIENCES: tuple[Audience, ...] = (PROTECTED, INTERNAL)
OWN_BY: Final = "municipality"
"""The dimension that says whose own figures are."""
_OF_SOME = re.compile(rf"{INTERNAL}:(\d{{3}}(?:\+\d{{3}})*)")


def is_exact(audience: str) -> bool:
    """Return whether an audience gets exact values and open months: only the internal one, whatever others are named.

    All comparisons of audiences are made here, so that an unknown audience is treated as protected.

    >>> is_exact(INTERNAL), is_exact(PROTECTED), is_exact("Internal "), is_exact("internal:049")
    (True, False, False, True)
    """
    return audience == INTERNAL or _OF_SOME.fullmatch(audience) is not None


def is_exact_everywhere(audience: Audience) -> bool:
    """Return whether an audience gets exact values of every municipality, and so what is made of all of them together."""
    return audience == INTERNAL


def internal_of(municipalities: Iterable[str]) -> Audience:
    """Return the audience that gets exact values of some municipalities alone; of none, the protected one.

    >>> internal_of(["092", "049"]), internal_of([])
    ('internal:049+092', 'protected')
    """
    codes = "+".join(sorted(set(municipalities)))
    return f"{INTERNAL}:{codes}" if codes else PROTECTED


def municipalities_of(audience: Audience) -> frozenset[str] | None:
    """Return the municipalities whose exact values an audience may ask for; None without such a limit."""
    found = _OF_SOME.fullmatch(audience)
    return frozenset(found[1].split("+")) if found else None


def may_ask(audience: Audience, fixed: Mapping[str, Iterable[str]]) -> bool:
    """Return whether an audience may be answered about what dimensions are fixed to; anything but its own municipalities' exact
    values is out of its reach. A breakdown fixes nothing.

    >>> may_ask("internal:049", {"municipality": ["049"]}), may_ask("internal:049", {"language": ["so"]})
    (True, False)
    """
    own = municipalities_of(audience)
    asked = frozenset(fixed.get(OWN_BY, ()))
    return own is None or (bool(asked) and asked <= own)
