"""The view: everything the user has chosen, as one immutable object, and its form in the URL.

Every value in the URL is validated against a code list or the registered periods. Invalid values are reported: `read`
returns a notice for each, which `filters` shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language
from metrics.audience import (
    AUDIENCES,
    INTERNAL,
    OWN_BY,
    PROTECTED,
    Audience,
    is_exact,
    is_exact_everywhere,
    municipalities_of,
)
from metrics.change.earlier import AGAINST, DEFAULT, Against
from metrics.grammar.period import Period
from metrics.model.dimensions import has_code, is_unknown

ComparedWith = Against | Literal["target", "place"]
COMPARED_WITH: tuple[ComparedWith, ...] = (*AGAINST, "target", "place")
"""An earlier time, of which a change is told; or what has been aimed at, and another municipality, of which none is."""

Eyes = Literal["reader", "manager", "developer"]
NoticeKind = Literal["unknown_parameter", "bad_value", "unfit", "repeated", "conflict", "not_allowed"]

SLOTS: dict[str, tuple[str, ...]] = {
    "area": ("municipality", "region", "employment_area"),
    "language": ("language", "language_group"),
    "topic": ("topic",),
    "service_point": ("service_point",),
    "sex": ("sex",),
    "age": ("age_band", "age_group"),
}
"""The filters of the bar and the dimensions each may fix, in order of priority.

When a figure cannot take them all, the last ones are left out first.
"""

TAB = "tab"
"""URL parameter of the tab that is open, where a page has several. It is no part of a view: it changes no figure."""
SEEN_AS = "as"
"""URL parameter of the role through whose eyes one looks. No part of a view either: it goes along in the app, never to others."""
EYES: tuple[Eyes, ...] = ("reader", "manager", "developer")
"""Its values, from the fewest rights on: the first one is taken for what is none of them."""
PARAMETERS = (
    "lang",
    SEEN_AS,
    "of",
    "period",
    "against",
    "other",
    *(dimension for slot in SLOTS.values() for dimension in slot),
    "audience",
)
LISTS = frozenset({"areas", "metrics"})
"""Parameters of pages that may have several values."""
_SHOWN_LENGTH = 40


def slot_of(dimension: str) -> str | None:
    """Return the filter of the bar that may fix a dimension; None where there is none.

    >>> slot_of("region"), slot_of("channel")
    ('area', None)
    """
    return next((slot for slot, names in SLOTS.items() if dimension in names), None)


@dataclass(frozen=True)
class Choice:
    """One active filter: a dimension and the code it is fixed to."""

    dimension: str
    code: str


@dataclass(frozen=True)
class Notice:
    """An invalid part of the URL. `used` is the code that applies instead, empty for none; `unfit` is what does not go with the
    rest of the view.
    """

    kind: NoticeKind
    parameter: str
    value: str
    used: str = ""


@dataclass(frozen=True)
class Known:
    """The valid values of a store for this user: registered periods, service points, and the widest audience.

    `periods` are texts such as `2026-ytd-09`; `open_periods` include the current month, for the internal audience only;
    `publications` whose figures can be chosen, by publisher and area, the default first; none where they are the store's own;
    `last_month` is the last closed one; `has_import_before`: the import before the current one is kept;
    `has_targets`: the steward may set some; `has_places`: figures of municipalities can be asked for; `has_before`: the earlier
    times of which there is any with its own earlier one, of a publication not all. Code lists are always known.
    """

    periods: tuple[str, ...]
    default_period: str
    open_periods: tuple[str, ...] = ()
    service_points: tuple[str, ...] = ()
    exact: Audience = PROTECTED
    last_month: str = ""
    has_import_before: bool = False
    publications: tuple[str, ...] = ("",)
    has_targets: bool = False
    has_places: bool = False
    has_before: tuple[Against, ...] = ("year", "month")

    @property
    def sees_exact(self) -> bool:
        """Whether exact values may be seen, of some municipality at least."""
        return is_exact(self.exact)

    def comparisons(self, audience: Audience) -> tuple[ComparedWith, ...]:
        """Return what figures can be compared with; two imports by the internal audience only."""
        possible = {
            "import": self.has_import_before and is_exact_everywhere(audience),
            "target": self.has_targets,
            "place": self.has_places,
            # The year before stands for nothing, too, where there is no other.
            "month": "month" in self.has_before,
        }
        return tuple(one for one in COMPARED_WITH if possible.get(one, True))


@dataclass(frozen=True)
class View:
    """The user's choices, common to all pages.

    `period` is a registered period; each slot holds one choice or None for all; `audience` never exceeds the user's
    right; `against` is what figures are compared with, of which `month` needs a period of one month and `target` one with a year;
    `other` is the municipality of `place`, never that of the area; `of` is whose publication is shown on a published site.
    """

    lang: Language
    period: str
    area: Choice | None = None
    language: Choice | None = None
    topic: Choice | None = None
    service_point: Choice | None = None
    sex: Choice | None = None
    age: Choice | None = None
    audience: Audience = PROTECTED
    against: ComparedWith = DEFAULT
    other: str = ""
    of: str = ""

    @property
    def exact(self) -> bool:
        """Whether exact values are shown, which must not be published."""
        return is_exact(self.audience)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The active filters, in order of priority."""
        slots = (self.slot(name) for name in SLOTS)
        return tuple(choice for choice in slots if choice is not None)

    @property
    def earlier_by(self) -> Against | None:
        """The earlier time that figures are compared with, so that a change can be told; None for anything else."""
        return self.against if self.against in AGAINST else None

    @property
    def in_other_place(self) -> View | None:
        """The same view of the municipality that stands beside it; None without one."""
        return replace(self, area=Choice(OWN_BY, self.other), against=DEFAULT, other="") if self.other else None

    def slot(self, name: str) -> Choice | None:
        """Return the choice of one filter of the bar. `name` is a key of SLOTS."""
        return cast("Choice | None", getattr(self, name))

    def with_slot(self, name: str, choice: Choice | None) -> View:
        """Return the view with one filter changed. Raises KeyError for a name that is not in SLOTS."""
        match name:
            case "area":
                view = replace(self, area=choice)
                # No municipality stands beside itself.
                return replace(view, against=DEFAULT, other="") if choice == Choice(OWN_BY, self.other) else view
            case "language":
                return replace(self, language=choice)
            case "topic":
                return replace(self, topic=choice)
            case "service_point":
                return replace(self, service_point=choice)
            case "sex":
                return replace(self, sex=choice)
            case "age":
                return replace(self, age=choice)
        raise KeyError(name)

    def during(self, period: str) -> View:
        """Return the view for another period, compared with the year before where it has no month before or no target."""
        return replace(self, period=period, against=self.against if _fits(self.against, period) else DEFAULT)

    def compared_with(self, against: ComparedWith, known: Known, other: str = "") -> View:
        """Return the view compared with something else; where that needs a month, it is for the last closed one.

        other: the municipality, for `place`.
        """
        period = self.period
        if not _fits(against, period):
            period = known.last_month if against == "month" else known.default_period
        return replace(self, period=period, against=against, other=other)

    def cleared(self, known: Known) -> View:
        """Return the view without filters, in the default period; language and audience stay."""
        return View(self.lang, known.default_period, audience=self.audience, of=self.of)

    def on(self, audience: Audience, known: Known) -> View:
        """Return the view for another audience; a period that is not open to it is replaced by the default."""
        period = self.period if is_exact(audience) or self.period in known.periods else known.default_period
        view = replace(self, audience=audience)
        if self.against not in known.comparisons(audience) or (self.other and not may_be_beside(self.other, view)):
            view = replace(view, against=DEFAULT, other="")
        return view.during(period)

    def to_params(self, known: Known) -> dict[str, str]:
        """Return the URL parameters. Defaults are left out, except `lang`, which the served HTML page reads.

        >>> known = Known(("2026", "2025"), "2026")
        >>> View("sv", "2025", language=Choice("language", "so")).to_params(known)
        {'lang': 'sv', 'period': '2025', 'language': 'so'}
        """
        params = {"lang": str(self.lang)}
        if self.of != known.publications[0]:
            params["of"] = self.of
        if self.period != known.default_period:
            params["period"] = self.period
        if self.against != DEFAULT:
            params["against"] = self.against
        if self.other:
            params["other"] = self.other
        params.update({choice.dimension: choice.code for choice in self.choices})
        if self.exact:
            params["audience"] = INTERNAL  # whose exact values, everyone's own right says
        return params


def read(
    params: Mapping[str, Sequence[str]], known: Known, *, own: Collection[str] = ()
) -> tuple[View, tuple[Notice, ...]]:
    """Return the view given by URL parameters, and a notice for each part that could not be used as it was.

    params: each parameter with all its values, as in the URL; own: parameters that the page itself reads and validates.
    Of several values of a parameter the first counts; only those of LISTS have several.
    """
    notices: list[Notice] = []
    first: dict[str, str] = {}
    for parameter, values in params.items():
        if parameter in own:
            notices += repeated(parameter, values) if parameter not in LISTS else ()
        elif parameter not in PARAMETERS:
            notices.append(Notice("unknown_parameter", _short(parameter), _short(values[-1] if values else "")))
        elif values:
            first[parameter] = values[0]
            notices += repeated(parameter, values)

    def one_of(parameter: str, allowed: Collection[str], default: str, every: Collection[str] = ()) -> str:
        value = first.get(parameter, default)
        if value in allowed:
            return value
        notices.append(Notice("unfit" if value in every else "bad_value", parameter, _short(value), default))
        return default

    if first.get(SEEN_AS):
        one_of(SEEN_AS, EYES, EYES[0])
    audience = one_of("audience", AUDIENCES, PROTECTED)
    if is_exact(audience) and not known.sees_exact:
        notices.append(Notice("not_allowed", "audience", audience, PROTECTED))
        audience = PROTECTED
    if is_exact(audience):
        audience = known.exact  # as wide as the right, and no wider
    periods = known.periods + (known.open_periods if is_exact(audience) else ())
    period = one_of("period", periods, known.default_period)
    fitting = [one for one in known.comparisons(audience) if _fits(one, period)]
    view = View(
        lang=cast("Language", one_of("lang", LANGUAGES, DEFAULT_LANGUAGE)),
        period=period,
        audience=audience,
        against=cast("ComparedWith", one_of("against", fitting, DEFAULT, COMPARED_WITH)),
        of=one_of("of", known.publications, known.publications[0]),
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
    other = first.get("other")
    if view.against == "place" and other and may_be_beside(other, view):
        view = replace(view, other=other)
    elif other is not None:
        notices.append(Notice("unfit" if _is_place(other) else "bad_value", "other", _short(other)))
    if view.against == "place" and not view.other:
        notices.append(Notice("unfit", "against", "place", DEFAULT))
        view = replace(view, against=DEFAULT)
    return view, tuple(notices)


def repeated(parameter: str, values: Sequence[str]) -> tuple[Notice, ...]:
    """Return a notice for each value of a parameter after the first, which is the one that counts."""
    return tuple(Notice("repeated", parameter, _short(value), _short(values[0])) for value in values[1:])


def may_be_beside(code: str, view: View) -> bool:
    """Return whether a code is of a municipality that the view may see, and not its own."""
    own = municipalities_of(view.audience)
    return _is_place(code) and Choice(OWN_BY, code) != view.area and (own is None or code in own)


def _is_place(code: str) -> bool:
    return has_code(None, OWN_BY, code, ()) and not is_unknown(None, OWN_BY, code)


def _fits(against: ComparedWith, period: str) -> bool:
    """Return whether a period can be compared so: a month has one before it, and targets are of a year."""
    level = Period.parse(period).level
    return level == "month" if against == "month" else level != "all" if against == "target" else True


def _exists(dimension: str, code: str, known: Known) -> bool:
    return has_code(None, dimension, code, known.service_points)


def _short(text: str) -> str:
    """Return a value from the URL shortened to one line for display."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else line[: _SHOWN_LENGTH - 1] + "…"
