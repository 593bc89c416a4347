"""Columns of a sheet that say how many people or encounters a row stands for, found by header and by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from data.codes import bare_letters, code_list, normalise
from data.ingest.recognise.forms import other_form
from data.ingest.recognise.recognised import Ignored, Recognised
from data.ingest.recognise.row_words import any_of, times_said, words
from data.ingest.recognise.whose import is_of_another
from data.model.records import TABLES

HEADS, SPLIT, COUNTS, CHANNELS, PERHAPS = "heads", "heads_split", "counts", "counts_channels", "counts_perhaps"
"""Kinds of question: people in one column, people split over columns, encounters, and encounters of several channels."""

_FAMILIES = ("sex", "age", "familiar")

_AROUND = r"(?:n\.?|noin|ca\.?|cirka|c\.|about|approx\.?|arviolta|yli|över|over|väh\.?|vähintään|minst|[~≈>≥])?"
_UNIT = (
    r"(?:hlö|henk|ihmis|kpl|st\b|as\b|asiak|kävij|osallist|pers|delt|besök|kund|klient|people|visitor|participant|attendee|"
    r"client|customer|adult|aikui|laps)"
)
_NUMBER = (
    rf"(?i)^\s*{_AROUND}\s*(\d{{1,3}}(?:[ \u00a0]\d{{3}})+|\d{{1,6}})(?:[.,]0+)?\s*(?:\+|{_UNIT}[\w.]*(?: \w+)?)?\s*$"
)
"""`12`, `12 hlö`, `noin 12`, `12+`."""

_READABLE = 0.5
"""Share of the distinct texts of a column of people that must be numbers."""

_JOINED = (
    r"(?:henkilö|osallistuja|osanottaja|kävijä|asiakas|vierailija|asioija|perheenjäsen|ryhmä|yleisö|hlö|henk|ihmis|opiskelija|"
    r"läsnäolija)n?(?:määrä|määrät|luku|luvut|lukumäärä|lkm|koko|kpl)",
    r"(?:person|deltagar|besökar|kund|klient|grupp)s?(?:antal|mängd|storlek)",
    r"(?:head|people|visitor|client|customer|attendee|participant)s?(?:count|number)",
)
"""People and a number in one word: `kävijämäärä`, `deltagarantal`."""

_LETTERS = (("n", "m"), ("k", "m"), ("kv", "m"), ("f", "m"), ("w", "m"))
"""Headers that mean women and men as a pair alone."""

_NUMBERING = re.compile(r"^\s*(?:\d{1,3}[.):]\s*)+")
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PEOPLE = (
    r"(?:(?:henkilö(?!st|kun|tun|num)|hlö|ihmis|kävij|osallistuj|osanottaj|asiaka(?!skäy|snum|stun|skoht|skont)|asiakk|vierailij|"
    r"läsnäolij|deltagar|besökar)\w*|personer|kunder|klienter|people|persons?|participants?|visitors?|attendees?|clients?|customers?)"
)
_WHICH = r"(?:eri|uutta|uusia|kaikkia|nya|olika|new|different|individual|the)"
_ASKING = (
    rf"\b(?:montako|kuinka (?:monta|moni)|hur många|antal|how many|number of|count of) (?:{_WHICH} )?{_PEOPLE}\b|"
    rf"\b{_PEOPLE} (?:{_WHICH} )?(?:lukumäärä|lkm|määrä|count)\b"
)
_ASKED = re.compile(f"{_ASKING}|{bare_letters(_ASKING)}")
"""A header that asks for a number of people, whatever else it says."""

_GROUPS = (
    f"(?P<several>{'|'.join((any_of(words('heads', 'several')), *_JOINED, *map(bare_letters, _JOINED)))})",
    *(f"(?P<{name}>{any_of(words('heads', name))})" for name in ("one", "number", "beside")),
)
_WORD = re.compile(rf"(?<!\S)(?:{'|'.join(_GROUPS)})(?!\S)")
"""One word of a header of people, in a group of its own kind."""

_PART = re.compile(rf"\b{any_of(*(words('parts', name) for name in _FAMILIES))}\b")
_OF_WHICH = re.compile(rf"\b{any_of(words('parts', 'of_which'))}\b")
_RUNNING = re.compile(r"^(?!(?:number|no|num|nr|antal|how many)\b).{0,80}[^\Ws] (?:no|nr|num|number)$")
"""A header that numbers what it names (`Visit no`)."""

_OF_ONE = re.compile(r"\b(?:asiakkaan|henkilön|kävijän|osallistujan|kundens|klientens|client s|customer s)\b")
_LARGEST_SEEMING, _REPEATED = 100, 0.5
"""Numbers under a word for one person are counts when none is larger and at most this share of them differ."""


@dataclass(frozen=True)
class Counted:
    """Numbers by which a row may stand for several, null where the row has none. headers: of the columns they stand in; unread:
    rows whose text is no number; without_last: the numbers when the last of several columns is a part of the others; channels:
    the numbers of each channel, which make `numbers` together.
    """

    kind: str
    headers: tuple[str, ...]
    numbers: pl.Series
    unread: int = 0
    without_last: pl.Series | None = None
    channels: tuple[tuple[str, pl.Series], ...] = ()


def counted(found: Recognised) -> Iterator[Counted]:
    """What a row of the sheet may stand for: people first, then people split over columns, then encounters; where there is
    none of these, what numbers of unknown headers may say.
    """
    columns = [
        (item, header) for item in found.ignored if item.reason not in ("names", "answered") and (header := item.header)
    ]
    heads = [one for item, header in columns if (one := _of_people(found, item, header))]
    yield from heads
    parts = None if heads else _split(found, [item for item, _ in columns])
    if parts:
        yield parts
    of_people = {name for one in (*heads, *([parts] if parts else [])) for name in one.headers}
    by_channel = _by_channel(found, [item for item, header in columns if header not in of_people])
    if by_channel:
        yield by_channel
        of_people.update(by_channel.headers)
    for item, header in columns:
        if header in of_people or not _is_count(header):
            continue
        numbers, unread = numbers_of(found.sheet.rows[item.column])
        is_sum = parts is not None and parts.numbers.equals(numbers, null_equal=True)
        if not unread and not is_sum and _are_several(numbers):
            of_people.add(header)
            yield Counted(COUNTS, (header,), numbers)
    perhaps = None if of_people else _perhaps(found, [item for item, _ in columns])
    if perhaps:
        yield perhaps


def _perhaps(found: Recognised, items: Sequence[Ignored]) -> Counted | None:
    """Two or more columns of small numbers under short headers that nobody knows (`Aamupäivä`, `Iltapäivä`), of a sheet whose
    rows are of nobody: a row may be as many encounters as they say.
    """
    if found.of_field("client_id") or found.of_field(TABLES[found.table].own_number or ""):
        return None
    numbers = {}
    for item in items:
        if item.reason not in ("unknown_header", "unsure") or item.header.count(" ") > 1:
            continue
        read, unread = numbers_of(found.sheet.rows[item.column])
        if not unread and read.null_count() < read.len() and not (read > _LARGEST_SEEMING).any():
            numbers[item.header] = read
    if len(numbers) < 2 or not _are_several(together := _sum([*numbers.values()])):
        return None
    return Counted(PERHAPS, tuple(numbers), together)


def numbers_of(cells: pl.Series) -> tuple[pl.Series, int]:
    """Whole numbers of a column, null where there is none, and in how many rows there is a text instead.

    >>> numbers_of(pl.Series(["12", "noin 20", "3 hlöä", "10–15", None]))[0].to_list()
    [12, 20, 3, None, None]
    """
    digits = cells.str.extract(_NUMBER, 1).str.replace_all(r"[ \u00a0]", "")
    numbers = digits.cast(pl.Int64, strict=False)
    return numbers, int(numbers.null_count() - cells.null_count())


def _of_people(found: Recognised, item: Ignored, header: str) -> Counted | None:
    certain = _is_of_people(header)
    if not certain and not _is_of_a_person(header):
        return None
    cells = found.sheet.rows[item.column]
    texts = cells.drop_nulls().unique()
    numbers, unread = numbers_of(cells)
    if not _are_several(numbers) or numbers_of(texts)[1] > _READABLE * texts.len():
        return None
    known = numbers.drop_nulls()
    if not certain and ((known > _LARGEST_SEEMING).any() or known.n_unique() > _REPEATED * known.len()):
        return None  # numbers of the people themselves
    return Counted(HEADS, (header,), numbers, unread)


def _are_several(numbers: pl.Series) -> bool:
    return bool((numbers > 1).any())


def _is_of_people(header: str) -> bool:
    """The header says how many people there were.

    >>> texts = ("Hlö", "Kävijät (kpl)", "Montako henkilöä oli paikalla?", "Antal deltagare", "Lasten lukumäärä", "Asiakkaan ikä")
    >>> [_is_of_people(text) for text in texts]
    [True, True, True, True, False, False]
    """
    return any(_names_people(form) or _asks_for_people(form) for form in _forms(header))


def _names_people(form: str) -> bool:
    """Made of words for people, for numbers and of words beside them alone."""
    kinds = [match.lastgroup for match in _WORD.finditer(form)]
    if not kinds or _WORD.sub("", form).strip():
        return False
    return "several" in kinds or ("one" in kinds and "number" in kinds)


def _asks_for_people(form: str) -> bool:
    return bool(_ASKED.search(form)) and not _OF_ONE.search(form) and not is_of_another(form) and not _PART.search(form)


def _is_of_a_person(header: str) -> bool:
    return any(form in words("heads", "one") for form in _forms(header))


def _is_count(header: str) -> bool:
    """The header says how many encounters there were; one that ends in a word for a number counts on from row to row.

    >>> [_is_count(text) for text in ("Käynnit", "Number of visits", "Antal besök", "Visits (no)", "Visit no", "Besök nr")]
    [True, True, True, True, False, False]
    """
    return any(
        max(times_said(form, words("counts", "words"), _beside()), default=0) > 0 and not _RUNNING.search(form)
        for form in _forms(header)
    )


def _split(found: Recognised, items: Sequence[Ignored]) -> Counted | None:
    """Columns of women and men, of adults and children, of new and old clients, which make the whole together."""
    numbers: dict[str, pl.Series] = {}
    families: dict[str, list[str]] = {name: [] for name in (*_FAMILIES, "rest")}
    for item in items:
        family = _family(item.header)
        if family is None:
            continue
        read, unread = numbers_of(found.sheet.rows[item.column])
        if not unread and read.null_count() < read.len():
            numbers[item.header] = read
            families[family].append(item.header)
    families["sex"] += _letters(found, items, numbers)
    sums = {name: _sum([numbers[one] for one in families[name]]) for name in _FAMILIES if len(families[name]) > 1}
    if not sums and sum(len(families[name]) for name in _FAMILIES) < 2:
        return None
    whole = max(sums, key=lambda name: int(sums[name].sum())) if sums else "sex"
    headers = [*families[whole], *families["rest"]]
    others = [one for name in _FAMILIES if name not in sums for one in families[name] if one not in headers]
    together = _sum([numbers[one] for one in (*headers, *others)])
    if not _are_several(together):
        return None
    without = _sum([numbers[one] for one in headers]) if len(others) == 1 and len(headers) > 1 else None
    return Counted(SPLIT, (*headers, *others), together, without_last=without)


def _by_channel(found: Recognised, items: Sequence[Ignored]) -> Counted | None:
    """Columns with the number of encounters of one channel each: `Käynnit`, `Puhelut`."""
    if found.table != "encounter" or found.of_field("channel"):
        return None
    channels: list[tuple[str, pl.Series]] = []
    names = []
    for item in items:
        channel = _channel(item.header)
        read, unread = numbers_of(found.sheet.rows[item.column]) if channel else (None, 0)
        if channel and read is not None and not unread and read.null_count() < read.len():
            channels.append((channel, read))
            names.append(item.header)
    if len(channels) < 2 or not _are_several(together := _sum([numbers for _, numbers in channels])):
        return None
    return Counted(CHANNELS, tuple(names), together, channels=tuple(channels))


def _channel(header: str) -> str | None:
    """The channel whose encounters a header counts.

    >>> [_channel(text) for text in ("Käynnit", "Puheluiden määrä", "Antal samtal", "Visits", "Asioinnit")]
    ['walk_in', 'phone', 'phone', 'walk_in', None]
    """
    beside = {*words("heads", "number"), *words("heads", "beside"), "kpl", "st"}
    for form in _forms(header):
        text = " ".join(word for word in form.split(" ") if word not in beside)
        channel = (code_list("channel").find(text) or other_form("channel", text)) if text else None
        if channel and channel != code_list("channel").unknown:
            return channel
    return None


def _sum(numbers: Sequence[pl.Series]) -> pl.Series:
    """The numbers of each row together; null where no column has one."""
    frame = pl.DataFrame([one.alias(str(place)) for place, one in enumerate(numbers)])
    total = pl.when(pl.any_horizontal(pl.all().is_not_null())).then(pl.sum_horizontal(pl.all()))
    return frame.select(total.alias("sum"))["sum"]


def _letters(found: Recognised, items: Sequence[Ignored], numbers: dict[str, pl.Series]) -> list[str]:
    """A pair of headers such as `N` and `M`, when nothing else is split by sex."""
    single = {normalise(item.header): item for item in items}
    for pair in _LETTERS:
        if not all(letter in single for letter in pair):
            continue
        read = {single[letter].header: numbers_of(found.sheet.rows[single[letter].column]) for letter in pair}
        if not any(unread for _, unread in read.values()):
            numbers |= {header: one for header, (one, _) in read.items()}
            return list(read)
    return []


def _family(header: str) -> str | None:
    """What the people of a column are a part of the others by: `sex`, `age`, `familiar`, or `rest` of any; None for none."""
    for form in _forms(header):
        if _OF_WHICH.search(form):
            return None
        for name in (*_FAMILIES, "rest"):
            if 1 in times_said(form, words("parts", name), _beside()):
                return name
    return None


def _forms(header: str) -> Iterator[str]:
    """The header, without its number, and without what stands in parentheses."""
    bare = _NUMBERING.sub("", header)
    yield normalise(bare.replace("#", " number "))
    yield normalise(_PARENTHESES.sub(" ", bare))


@cache
def _beside() -> tuple[str, ...]:
    return tuple(word for name in ("several", "one", "number", "beside") for word in words("heads", name))
