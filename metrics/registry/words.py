"""What differs between definitions, said in words and as an object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from data.texts import Language, message
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.listing import value_text
from metrics.model.definition import own_definitions, own_origin
from metrics.registry.differing import MetricChange
from metrics.registry.effects import FigureEffect
from metrics.registry.folder import RegistryAbout
from metrics.registry.shelf import TakenSet


def difference_lines(changes: Sequence[MetricChange], told: Sequence[FigureEffect], lang: Language) -> Iterator[str]:
    """Yield what differs: first what is counted otherwise, with the figures, last what is only told otherwise."""
    if not changes:
        yield message("definitions.same", lang)
    for kind in ("counted", "new", "gone", "told"):
        for change in (one for one in changes if one.kind == kind):
            shown = change.after or change.before
            assert shown is not None
            parts = ", ".join(message(f"definitions.part.{part}", lang) for part in change.parts)
            said = message(f"definitions.kind.{kind}", lang, name=shown.name[lang], metric=change.metric)
            yield " ".join(filter(None, (said, _versions(change, lang), f"({parts})" if parts else "")))
            if change.before and change.after and change.before.version != change.after.version:
                yield f"  {change.after.changes[-1].what[lang]}"
            yield from (f"  {_figure(one, lang)}" for one in told if one.metric == change.metric)


def difference_object(
    about: RegistryAbout, changes: Sequence[MetricChange], told: Sequence[FigureEffect], release: int
) -> dict[str, Any]:
    """Return the same for programs. release: the number of that which the figures are of, 0 of a store that is not open."""
    return {
        "registry": about.model_dump(mode="json"),
        "release": release,
        "changes": [
            {
                "metric": one.metric,
                "kind": one.kind,
                "parts": list(one.parts),
                "version_before": one.before.version if one.before else None,
                "version_after": one.after.version if one.after else None,
                "figures": [_figure_object(effect) for effect in told if effect.metric == one.metric],
            }
            for one in changes
        ],
    }


def set_lines(sets: Sequence[TakenSet], newest: int, lang: Language) -> Iterator[str]:
    """Yield which definitions are in force, and what was taken when, the newest first.

    newest: the number of the newest set, also of one that cannot be read; 0 where there is none, -1 where it is lost.
    """
    if not newest:
        yield message("definitions.own", lang, count=len(own_definitions()), version=own_origin().version)
    for one in reversed(sets):
        key = "definitions.set.own" if one.back_to == 0 else "definitions.set"
        told = {"number": one.number, "day": one.day.isoformat(), "name": one.name, "version": one.version}
        yield message(key, lang, **told) + (f" {message('definitions.in_force', lang)}" if one.number == newest else "")
        for change in one.changes:
            what = f": {change.what[lang]}" if change.what else ""
            yield f"  {change.metric} {change.before or '–'} → {change.after or '–'}{what}"


def _versions(change: MetricChange, lang: Language) -> str:
    if change.before is None or change.after is None or change.before.version == change.after.version:
        return ""
    return message("definitions.versions", lang, before=change.before.version, after=change.after.version)


def _figure(effect: FigureEffect, lang: Language) -> str:
    if effect.needs:
        names = ", ".join(message(f"dimension.{name}", lang) for name in effect.needs)
        return message("definitions.needs", lang, names=names)
    period = Period.parse(effect.period).label(lang)
    return f"{period}: {_value(effect.before, lang)} → {_value(effect.after, lang)}"


def _value(row: Row | None, lang: Language) -> str:
    return "–" if row is None else value_text(row, lang)


def _figure_object(effect: FigureEffect) -> dict[str, Any]:
    sides = {"before": effect.before, "after": effect.after}
    told = {name: row.flat() if row else None for name, row in sides.items()}
    return {"period": effect.period, **told, "needs": list(effect.needs)}
