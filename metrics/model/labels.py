"""Equal names told apart: what one figure, list or sentence calls different things by must differ to the eye."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping


def distinct(
    labels: Mapping[str, str], hints: Mapping[str, str] | None = None, *, keep: Collection[str] = ()
) -> dict[str, str]:
    """Labels by code, no two of which look the same; in the order given.

    Labels look the same when only case, width or blanks differ. Those that do get their hint in brackets when it tells them
    apart, else their code; a label without a namesake stays as it is. hints: by code, such as the municipality of a
    service point; keep: codes whose label is never added to.

    >>> distinct({"1": "Neuvonta", "2": "neuvonta", "3": "Kirjasto"}, {"1": "Espoo", "2": "Kirkkonummi"})
    {'1': 'Neuvonta (Espoo)', '2': 'neuvonta (Kirkkonummi)', '3': 'Kirjasto'}
    >>> distinct({"1": "Neuvonta", "2": "Neuvonta"})
    {'1': 'Neuvonta (1)', '2': 'Neuvonta (2)'}
    """
    seen = Counter(map(as_seen, labels.values()))
    waiting = {code: label for code, label in labels.items() if seen[as_seen(label)] > 1 and code not in keep}
    told = {code: label for code, label in labels.items() if code not in waiting}
    for step in ("{label} ({hint})", "{label} ({code})", "{label} ({hint}, {code})"):
        tried = {
            code: step.format(label=label, hint=(hints or {}).get(code, ""), code=code)
            for code, label in waiting.items()
            if "{hint}" not in step or (hints or {}).get(code)
        }
        seen = Counter(map(as_seen, [*told.values(), *tried.values()]))
        told |= {code: text for code, text in tried.items() if seen[as_seen(text)] == 1}
        waiting = {code: label for code, label in waiting.items() if code not in told}
    taken = set(map(as_seen, told.values()))
    for code, label in waiting.items():
        # Even their codes look the same: a running number is all that is left.
        number = next(n for n in range(1, len(labels) + 1) if as_seen(f"{label} ({code}) {n}") not in taken)
        told[code] = f"{label} ({code}) {number}"
        taken.add(as_seen(told[code]))
    return {code: told[code] for code in labels}


def as_seen(label: str) -> str:
    """What a reader sees of a label: without case, width and blanks.

    >>> as_seen("Neuvonta  Iso\\xa0Omena") == as_seen("neuvonta iso omena ")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
