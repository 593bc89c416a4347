"""Rights and roles: the one table of what each role may see and do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from metrics.audience import INTERNAL, PROTECTED, Audience, internal_of, is_exact, municipalities_of
from pages.view.state import EYES, Eyes

Act = Literal["steward", "briefings", "hypotheses"]
"""What changes something: the steward's acts (import, forget, targets, sources, release), saving briefings, and
registering and testing hypotheses, whose results are then seen in full."""

Role = Literal[Eyes, "steward"]
ROLES: Final[tuple[Role, ...]] = (*EYES, "steward")
"""From the fewest rights to all of them."""


@dataclass(frozen=True)
class Rights:
    """What someone may see and do. exact: the widest audience whose figures may be asked for."""

    exact: Audience = PROTECTED
    acts: frozenset[Act] = frozenset()

    @property
    def sees_exact(self) -> bool:
        """Whether exact figures may be seen, of some municipality at least."""
        return is_exact(self.exact)

    @property
    def sees_all(self) -> bool:
        """Whether exact figures of every municipality may be seen."""
        return is_exact(self.exact) and municipalities_of(self.exact) is None


READER: Final = Rights()
"""The rights of everyone."""
STEWARD: Final = Rights(INTERNAL, frozenset(("steward", "briefings", "hypotheses")))


def rights_of(role: Role, municipalities: Collection[str] | None = None) -> Rights:
    """Return the rights of a role. municipalities: codes whose exact figures a manager may see; None for all.

    >>> rights_of("manager", ["049"]).exact, rights_of("developer").sees_exact
    ('internal:049', False)
    """
    match role:
        case "steward":
            return STEWARD
        case "developer":
            return Rights(acts=frozenset(("hypotheses",)))
        case "manager":
            exact = INTERNAL if municipalities is None else internal_of(municipalities)
            return Rights(exact, frozenset(("briefings",)))
        case _:
            return READER


def together(several: Iterable[Rights]) -> Rights:
    """Return the rights of someone with several roles: all they allow together.

    >>> together([rights_of("manager", ["049"]), rights_of("manager", ["092"])]).exact
    'internal:049+092'
    """
    found = tuple(several)
    exact = [one.exact for one in found if one.sees_exact]
    acts = frozenset[Act]().union(*(one.acts for one in found))
    if not exact:
        return Rights(acts=acts)
    areas = [municipalities_of(one) for one in exact]
    named = [area for area in areas if area is not None]
    widest = INTERNAL if len(named) < len(areas) else internal_of(frozenset[str]().union(*named))
    return Rights(widest, acts)


def as_seen_by(held: Rights, role: Role) -> Rights:
    """Return rights narrowed to a role: nobody gets more by looking through another's eyes."""
    wanted = rights_of(role)
    return Rights(held.exact if wanted.sees_exact else PROTECTED, held.acts & wanted.acts)
