"""The register of hypotheses for the command line, as text and as JSON."""

from typing import Any

from data.texts import message
from metrics.hypotheses.register import Entry, Register, Result
from metrics.listing import number_text
from metrics.model.unit_words import unit_word


def as_lines(register: Register, lang: str) -> list[str]:
    """Return the register as lines of text: hypotheses with results, number of tests, and the check of the hash chain.

    Raises StoreError when the register cannot be read.
    """
    entries, lines = register.entries(), []
    for entry in entries:
        line = entry.registered
        lines += [
            f"{line.id}  {line.time:%Y-%m-%d %H:%M}Z  {line.hash[:12]}  {_verdict(entry, lang)}",
            f"    {line.hypothesis.question}",
            f"    {line.hypothesis.definition.name[lang]} ({line.hypothesis.outcome})",
        ]
        if entry.result is not None:
            lines.append(f"    {_numbers(entry, entry.result, lang)}")
    tests = sum(len(entry.results) for entry in entries)
    lines.append(message("cli.hypotheses.count", lang, registered=len(entries), tests=tests))
    broken = register.broken()
    return [
        *lines,
        message("cli.hypotheses.broken", lang, places=", ".join(broken))
        if broken
        else message("cli.hypotheses.whole", lang),
    ]


def as_json(register: Register) -> dict[str, Any]:
    """Return the register as one JSON object: hypotheses with results and corrected p values, and invalid lines (`broken`).

    Raises StoreError when the register cannot be read.
    """
    return {
        "hypotheses": [
            {
                **entry.registered.model_dump(mode="json"),
                "results": [result.model_dump(mode="json") for result in entry.results],
                "holm": entry.holm,
                "benjamini_hochberg": entry.benjamini_hochberg,
            }
            for entry in register.entries()
        ],
        "broken": list(register.broken()),
    }


def _verdict(entry: Entry, lang: str) -> str:
    return message(f"cli.verdict.{entry.result.verdict}" if entry.result else "cli.verdict.none", lang)


def _numbers(entry: Entry, result: Result, lang: str) -> str:
    found, unit = result.effect, entry.registered.hypothesis.unit
    shown = [number_text(number, lang) for number in (found.value, found.lower, found.upper)]
    p, holm, other = (f"{number:.4f}" for number in (found.p, entry.holm or 0.0, entry.benjamini_hochberg or 0.0))
    key = "cli.hypotheses.points" if unit == "%" else "cli.hypotheses.amount"
    return message(
        key, lang, value=shown[0], lower=shown[1], upper=shown[2], p=p, holm=holm, bh=other,
        generation=result.generation, unit="" if unit == "%" else unit_word(unit, abs(found.value), lang),
    )  # fmt: skip
