"""Distinct labels: different codes must not look the same in one figure, list or sentence."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping


def distinct(
    labels: Mapping[str, str], hints: Mapping[str, str] | None = None, *, keep: Collection[str] = ()
) -> dict[str, str]:
    """Return the labels by code, made distinct, in the order given.

    Labels look the same when they differ only in case, width or blanks. Those that do get their hint in brackets when
    that makes them distinct, else their code; other labels are unchanged. hints: by code, such as the municipality of a
    service point; keep: codes whose label is never changed.

    >>> distinct({"1": "Neuvonta", "2": "neuvonta", "3": "Kirjasto"}, {"1": "Espoo", "2": "Kirkkonummi"})
    {'1': 'Neuvonta (Espoo)', '2': 'neuvonta (Kirkkonummi)', '3': 'Kirjasto'}
    >>> distinct({"1": "Neuvonta", "2": "Neuvonta"})
    {'1': 'Neuvonta (1)', '2': 'Neuvonta (2)'}
    """
    seen = Counter(map(as_seen, labels.values()))
    waiting = {code: label for code, label in labels.items() if seen[as_seen(label)] > 1 and code not in keep}
    done = {code: label for code, label in labels.items() if code not in waiting}
    for step in ("{label} ({hint})", "{label} ({code})", "{label} ({hint}, {code})"):
        tried = {
            code: step.format(label=label, hint=(hints or {}).get(code, ""), code=code)
            for code, label in waiting.items()
            if "{hint}" not in step or (hints or {}).get(code)
        }
        seen = Counter(map(as_seen, [*done.values(), *tried.values()]))
        done |= {code: text for code, text in tried.items() if seen[as_seen(text)] == 1}
        waiting = {code: label for code, label in waiting.items() if code not in done}
    taken = set(map(as_seen, done.values()))
    for code, label in waiting.items():
        # Even the codes look the same, so a number is added.
        number = next(n for n in range(1, len(labels) + 1) if as_seen(f"{label} ({code}) {n}") not in taken)
        done[code] = f"{label} ({code}) {number}"
        taken.add(as_seen(done[code]))
    return {code: done[code] for code in labels}


def as_seen(label: str) -> str:
    """Return a label normalised for comparison by eye: without differences of case, width and blanks.

    >>> as_seen("Neuvonta  Iso\\xa0Omena") == as_seen("neuvonta iso omena ")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
