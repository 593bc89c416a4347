"""What the reader has chosen, as one frozen object, and its form in the address.

Every value of the address is matched to a code list or to the registered periods. What does not fit is never swallowed:
`read` gives a notice for it, which `filters` says on screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language
from metrics.gate import AUDIENCES, PROTECTED, Audience, is_exact
from metrics.model.dimensions import has_code

NoticeKind = Literal["unknown_parameter", "bad_value", "repeated", "conflict", "not_allowed"]

SLOTS: dict[str, tuple[str, ...]] = {
    "area": ("municipality", "region", "employment_area"),
    "language": ("language", "language_group"),
    "topic": ("topic",),
    "service_point": ("service_point",),
}
"""The filters of the bar and the dimensions each may fix. Their order is their weight: when a figure has no room
for all of them, the last ones are left out first."""

PARAMETERS = ("lang", "period", *(dimension for slot in SLOTS.values() for dimension in slot), "audience")
_SHOWN_LENGTH = 40


@dataclass(frozen=True)
class Choice:
    """One filter in force: a dimension and the code it is fixed to."""

    dimension: str
    code: str


@dataclass(frozen=True)
class Notice:
    """Something in the address that was not understood. `used` is the code in force instead, empty for none."""

    kind: NoticeKind
    parameter: str
    value: str
    used: str = ""


@dataclass(frozen=True)
class Known:
    """What values may be chosen from: registered periods and service points of the store, and the reader's right.

    `periods` are texts such as `2026-ytd-09`; `open_periods` hold a running month, for the internal audience alone.
    The code lists are always known.
    """

    periods: tuple[str, ...]
    default_period: str
    open_periods: tuple[str, ...] = ()
    service_points: tuple[str, ...] = ()
    may_see_internal: bool = False


@dataclass(frozen=True)
class View:
    """Everything a page needs to know about what the reader wants to see.

    `period` is a registered period; each slot holds one choice or None = all; `audience` never exceeds the reader's right.
    """

    lang: Language
    period: str
    area: Choice | None = None
    language: Choice | None = None
    topic: Choice | None = None
    service_point: Choice | None = None
    audience: Audience = PROTECTED

    @property
    def exact(self) -> bool:
        """The reader sees exact values, which are not for publishing."""
        return is_exact(self.audience)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The filters in force, weightiest first."""
        slots = (self.slot(name) for name in SLOTS)
        return tuple(choice for choice in slots if choice is not None)

    def slot(self, name: str) -> Choice | None:
        """The choice of one filter of the bar. `name` is a key of SLOTS."""
        return cast("Choice | None", getattr(self, name))

    def with_slot(self, name: str, choice: Choice | None) -> View:
        """The view with one filter changed."""
        match name:
            case "area":
                return replace(self, area=choice)
            case "language":
                return replace(self, language=choice)
            case "topic":
                return replace(self, topic=choice)
            case "service_point":
                return replace(self, service_point=choice)
        raise KeyError(name)

    def cleared(self, known: Known) -> View:
        """The view without filters, in the default period; language and audience stay."""
        return View(self.lang, known.default_period, audience=self.audience)

    def on(self, audience: Audience, known: Known) -> View:
        """The view for another audience; a period that audience does not see gives way to the default."""
        period = self.period if is_exact(audience) or self.period in known.periods else known.default_period
        return replace(self, audience=audience, period=period)

    def to_params(self, known: Known) -> dict[str, str]:
        """The parameters of the address. Defaults are left out, except `lang`, which the served page reads.

        >>> known = Known(("2026", "2025"), "2026")
        >>> View("sv", "2025", language=Choice("language", "so")).to_params(known)
        {'lang': 'sv', 'period': '2025', 'language': 'so'}
        """
        params = {"lang": str(self.lang)}
        if self.period != known.default_period:
            params["period"] = self.period
        params.update({choice.dimension: choice.code for choice in self.choices})
        if self.exact:
            params["audience"] = self.audience
        return params


def read(
    params: Mapping[str, Sequence[str]], known: Known, *, own: Collection[str] = ()
) -> tuple[View, tuple[Notice, ...]]:
    """Read the address into a view, with a notice for everything that was not taken as it stood.

    params: each parameter with all its values, as they stand in the address.
    own: parameters that the page itself reads and answers for.
    """
    notices: list[Notice] = []
    first: dict[str, str] = {}
    for parameter, values in params.items():
        if parameter in own:
            continue
        if parameter not in PARAMETERS:
            notices.append(Notice("unknown_parameter", _short(parameter), _short(values[-1] if values else "")))
        elif values:
            first[parameter] = values[0]
            notices.extend(Notice("repeated", parameter, _short(value), _short(values[0])) for value in values[1:])

    def one_of(parameter: str, allowed: Collection[str], default: str) -> str:
        value = first.get(parameter, default)
        if value in allowed:
            return value
        notices.append(Notice("bad_value", parameter, _short(value), default))
        return default

    audience = cast("Audience", one_of("audience", AUDIENCES, PROTECTED))
    if is_exact(audience) and not known.may_see_internal:
        notices.append(Notice("not_allowed", "audience", audience, PROTECTED))
        audience = PROTECTED
    periods = known.periods + (known.open_periods if is_exact(audience) else ())
    view = View(
        lang=cast("Language", one_of("lang", LANGUAGES, DEFAULT_LANGUAGE)),
        period=one_of("period", periods, known.default_period),
        audience=audience,
    )
    for slot, dimensions in SLOTS.items():
        chosen: Choice | None = None
        for dimension in dimensions:
            if dimension not in first:
                continue
            code = first[dimension]
            if not _exists(dimension, code, known):
                notices.append(Notice("bad_value", dimension, _short(code)))
            elif chosen is not None:
                notices.append(Notice("conflict", dimension, code, chosen.dimension))
            else:
                chosen = Choice(dimension, code)
        view = view.with_slot(slot, chosen)
    return view, tuple(notices)


def _exists(dimension: str, code: str, known: Known) -> bool:
    return has_code(None, dimension, code, known.service_points)


def _short(text: str) -> str:
    """A value from the address as it may be repeated on screen: one line, not long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else line[: _SHOWN_LENGTH - 1] + "…"
