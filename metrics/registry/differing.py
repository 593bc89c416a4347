"""What differs between two sets of definitions, metric by metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from metrics.model.definition import Definition

Part = Literal["formula", "denominator", "breakdowns", "direction", "place", "texts", "review"]
_DENOMINATOR = ("denominator", "known", "known_from", "per", "amount", "per_amount", "where", "service")
"""Keys of a measure that tell what a value is of; the others tell what is counted."""
_TEXTS = ("name", "text", "why", "changes")


@dataclass(frozen=True)
class MetricChange:
    """What differs of one metric. before, after: None where there is none."""

    metric: str
    before: Definition | None
    after: Definition | None
    parts: tuple[Part, ...] = ()

    @property
    def kind(self) -> Literal["new", "gone", "counted", "told"]:
        """Whether it is new, gone (it stays as it was), counted otherwise, or only told otherwise."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        return "counted" if {"formula", "denominator"} & set(self.parts) else "told"

    @property
    def counts(self) -> bool:
        """Whether its values may be other ones."""
        return self.kind in ("new", "counted")


def differences(before: Mapping[str, Definition], after: Mapping[str, Definition]) -> tuple[MetricChange, ...]:
    """Return what differs, in the order of the later definitions, those that are gone last."""
    found = []
    for metric in (*after, *(one for one in before if one not in after)):
        old, new = before.get(metric), after.get(metric)
        if old is None or new is None:
            found.append(MetricChange(metric, old, new))
        elif parts := tuple(_parts(old, new)):
            found.append(MetricChange(metric, old, new, parts))
    return tuple(found)


def _parts(old: Definition, new: Definition) -> Iterator[Part]:
    one, other = (made.measure.model_dump(mode="json") for made in (old, new))
    # Of a count, and of a quantile, what it is of is what is counted.
    below = _DENOMINATOR if old.kind in ("share", "share_at", "share_of", "rate", "index") else ()
    keys = [key for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)]
    if any(key not in below for key in keys):
        yield "formula"
    if any(key in below for key in keys):
        yield "denominator"
    if set(old.allowed) != set(new.allowed) or old.requires != new.requires:
        yield "breakdowns"
    if old.good != new.good:
        yield "direction"
    if (old.group, old.page, old.sources) != (new.group, new.page, new.sources):
        yield "place"
    if any(getattr(old, key) != getattr(new, key) for key in _TEXTS) or old.version != new.version:
        yield "texts"
    if (old.authors, old.reviewer, old.reviewed) != (new.authors, new.reviewer, new.reviewed):
        yield "review"
