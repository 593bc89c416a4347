"""What visitors are told of a stored test: all of it while its data are those they see, later the verdict alone."""

from __future__ import annotations

from typing import Any

from data.store.generation import Generation
from metrics.hypotheses.published_rounding import p_class
from metrics.hypotheses.register import Entry, PublishedResult, Result

_UNTOLD = PublishedResult(sides=(), verdict="open", reason="not_shown")


def told(result: Result, generation: Generation | None) -> PublishedResult:
    """Return what visitors are told of a test.

    generation: what they see of the store. Figures of an earlier release beside those of this one would show who came in
    between, so only its verdict is told. Of a test of an earlier version of the program there are no published figures.
    """
    found = result.published or _UNTOLD
    if generation is not None and result.is_of(generation):
        return found
    guardrails = tuple(one.model_copy(update={"effect": None}) for one in found.guardrails)
    kept = {
        "verdict": found.verdict,
        "reason": "earlier" if result.published else found.reason,
        "guardrails": guardrails,
    }
    return _UNTOLD.model_copy(update=kept)


def as_json(entry: Entry, generation: Generation | None) -> dict[str, Any]:
    """Return the JSON object of a hypothesis for visitors: p values as classes, no hash of a result's content."""
    return {
        **entry.registered.model_dump(mode="json"),
        "results": [
            {
                "time": result.model_dump(mode="json", include={"time"})["time"], "generation": result.generation,
                "definition_version": result.definition_version, **_plain(told(result, generation)),
            }
            for result in entry.results
        ],
        **dict(zip(("holm", "benjamini_hochberg"), corrected(entry, generation), strict=True)),
    }  # fmt: skip


def corrected(entry: Entry, generation: Generation | None) -> tuple[str | None, str | None]:
    """Return the classes of the corrected p values, Holm's and Benjamini–Hochberg's; None where no p value is told."""
    if entry.result is None or told(entry.result, generation).effect is None:
        return None, None
    holm, other = (None if p is None else p_class(p) for p in entry.published)
    return holm, other


def _plain(found: PublishedResult) -> dict[str, Any]:
    dumped = found.model_dump(mode="json", exclude={"information"})
    for effect in (dumped["effect"], *(one["effect"] for one in dumped["guardrails"])):
        if effect is not None:
            effect["p"] = p_class(effect["p"])
    for one in dumped["assumptions"]:
        del one["statistic"]
        one["p"] = None if one["p"] is None else p_class(one["p"])
    return dumped
