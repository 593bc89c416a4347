"""The register of hypotheses for the command line, as text and as JSON."""

from typing import Any

from data.clock import minute_of
from data.store.generation import Generation
from data.texts import message
from metrics.audience import Audience, is_exact_everywhere
from metrics.hypotheses import telling
from metrics.hypotheses.published_rounding import p_class
from metrics.hypotheses.register import Effect, Entry, Register
from metrics.listing import number_text
from metrics.model.unit_words import unit_word


def as_lines(register: Register, lang: str, audience: Audience, generation: Generation | None) -> list[str]:
    """Return the register as lines of text: hypotheses with results, number of tests, and the check of the hash chain.

    generation: what visitors see of the store, None while there is nothing. Raises StoreError when the register cannot be
    read.
    """
    exact = is_exact_everywhere(audience)
    entries, lines = register.entries(), [message("cli.internal_mark", lang)] if exact else []
    for entry in entries:
        line = entry.registered
        verdict, numbers = _exact(entry, lang) if exact else _published(entry, lang, generation)
        lines += [
            f"{line.id}  {minute_of(line.time)}  {line.hash[:12]}  {message(f'cli.verdict.{verdict}', lang)}",
            f"    {line.hypothesis.question}",
            f"    {line.hypothesis.definition.name[lang]} ({line.hypothesis.outcome})",
            *(f"    {text}" for text in numbers),
        ]
    tests = sum(len(entry.results) for entry in entries)
    lines.append(message("cli.hypotheses.count", lang, registered=len(entries), tests=tests))
    if not exact and tests:
        lines.append(message("cli.hypotheses.published", lang))
    broken = register.broken()
    return [
        *lines,
        message("cli.hypotheses.broken", lang, places=", ".join(broken))
        if broken
        else message("cli.hypotheses.whole", lang),
    ]


def as_json(register: Register, audience: Audience, generation: Generation | None) -> dict[str, Any]:
    """Return the register as one JSON object: hypotheses with results and corrected p values, and invalid lines (`broken`).

    Arguments and errors: as of `as_lines`.
    """

    def full(entry: Entry) -> dict[str, Any]:
        return {
            **entry.registered.model_dump(mode="json"),
            "results": [result.model_dump(mode="json") for result in entry.results],
            "holm": entry.holm,
            "benjamini_hochberg": entry.benjamini_hochberg,
        }

    return {
        "audience": audience,
        "hypotheses": [
            full(entry) if is_exact_everywhere(audience) else telling.as_json(entry, generation)
            for entry in register.entries()
        ],
        "broken": list(register.broken()),
    }


def _exact(entry: Entry, lang: str) -> tuple[str, list[str]]:
    result = entry.result
    if result is None:
        return "none", []
    if not result.has_answer:
        return "no_answer", []
    ps = tuple(f"= {number:.4f}" for number in (result.effect.p, entry.holm or 0.0, entry.benjamini_hochberg or 0.0))
    return result.verdict, [_numbers(entry, result.effect, ps, lang)]


def _published(entry: Entry, lang: str, generation: Generation | None) -> tuple[str, list[str]]:
    if entry.result is None:
        return "none", []
    found = telling.told(entry.result, generation)
    why = [message(f"cli.hypotheses.why.{found.reason}", lang)] if found.reason else []
    if found.effect is None:
        return found.verdict, why
    ps = (p_class(found.effect.p), *(text or "–" for text in telling.corrected(entry, generation)))
    return found.verdict, [_numbers(entry, found.effect, ps, lang), *why]


def _numbers(entry: Entry, found: Effect, ps: tuple[str, ...], lang: str) -> str:
    unit = entry.registered.hypothesis.unit
    shown = [number_text(number, lang) for number in (found.value, found.lower, found.upper)]
    key = "cli.hypotheses.points" if unit == "%" else "cli.hypotheses.amount"
    return message(
        key, lang, value=shown[0], lower=shown[1], upper=shown[2], p=ps[0], holm=ps[1], bh=ps[2],
        generation=entry.results[-1].generation, unit="" if unit == "%" else unit_word(unit, abs(found.value), lang),
    )  # fmt: skip
