"""Other forms of a known word: endings (`Kela-asiat`, `Kelaan`, `FPA-ärenden`, `palveluihin`) and names of places around it.

A word nobody has listed is tried in the forms below; it is read only when all forms that are known mean the same code.
"""

import re
from collections.abc import Iterator
from functools import cache

from data.codes import CodeList, code_list, normalise

_NOT_INFLECTED = frozenset({"language", "municipality"})
"""Lists that give every form themselves: short names there are like the endings of other words."""

_LOCAL = frozenset({"service", "guidance_service"})
"""Lists whose words stand beside the name of a place: `Helsingin työllisyyspalvelut`, `Kela Vantaa`."""

_STATES = frozenset({"referral_status", "resolution", "end_reason"})
"""Lists of how something stands or ended: `asia ratkaistu`, `has been sent`."""

_SUBJECT = re.compile(
    r"^(?:(?:asia|asiakas|palvelu|ohjaus|on|ärendet|kunden|klienten|tjänsten|är|har|blev|"
    r"client|case|service|is|was|has|been|the) )+"
)
"""What may stand before the word for the state and adds nothing to it."""

_SHORTEST = 3
_SHORTEST_INFLECTED = 4
"""Letters that must be left of a word without its ending."""

_MATTERS = re.compile(
    r"[ ]?(?:asiat|asia|asioissa|asioista|asioita|asiointi|asioiden hoito|"
    r"ärenden|ärende|frågor|fråga|matters?|issues?)$"
)
_SERVICES = re.compile(
    r"[ ]?(?:palvelu(?:t|n|un|ssa|sta|lle|iden|jen|ihin|issa|ista)?|tjänst(?:en|er|erna)?|services?)$"
)
_SERVICE_FORMS = ("palvelut", "palvelu", "tjänster", "tjänst", "services", "service")

_ENDINGS = (
    (re.compile(r"(?<=[aeiouyåäö])(?:n|t|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|seen|ssä)$"), ""),
    (re.compile(r"([aeiouyäö])\1n$"), r"\1"),
    (re.compile(r"ks(?:een|en|et|essa|essä|esta|estä|elle|elta|eltä)$"), "s"),
    (re.compile(r"e(?:elle|eltä|elta|essa|essä|esta|estä|en|et)$"), "e"),
    (re.compile(r"(?<=mi)(?:set|sen|siin|sissa|sista|sille|seen|sessa|sesta|selle)$"), "nen"),
    (re.compile(r"een$"), "i"),
    (re.compile(r"(?:erna|arna|en|et|na|er|ar)$"), ""),
    (re.compile(r"s$"), ""),
)
"""Finnish cases and plural, Swedish definite forms, English plural; a change inside the word (`kk`/`k`) is for the lists."""

_PLACE_WORDS = ("varsinais", "keski", "etelä", "pohjois", "länsi", "itä", "päijät", "kanta", "stadin")
_BETWEEN = frozenset({
    "ja", "seudun", "alueen", "kaupungin", "kunnan", "och", "stads", "regionens", "and", "city", "of", "the",
})  # fmt: skip
"""Words that go with the name of a place and say nothing alone."""
_SEVERAL = re.compile(r"[,;/|&+]")
"""Signs of a text that names several things."""
_GENITIVE = re.compile(r"\w{3,}(?<!ne)n")
"""Not `oikeudellinen`: an adjective says what kind."""
_OF_ANYTHING = frozenset({
    "neuvonta", "ohjaus", "rådgivning", "vägledning", "guidance", "counselling", "advice", "ohjaus ja neuvonta",
})  # fmt: skip
"""Words that say little alone: `asumisen neuvonta` is of housing, so only a known place may stand beside `neuvonta`."""
_NO_GENITIVE = frozenset({"ilman", "ennen", "vain", "kuin", "muun", "jonkun", "jonkin", "entinen", "edellinen"})
"""Words on n that change what follows them."""


def other_form(list_name: str, text: str) -> str | None:
    """The code a text means as another form of a word of the list; None if it is none, or of several codes.

    >>> other_form("topic", "Kela-asioissa"), other_form("service", "Helsingin työllisyyspalveluihin")
    ('social_security', 'employment_services')
    """
    if list_name in _NOT_INFLECTED:
        return None
    codes = code_list(list_name)
    word = normalise(text)
    found = _codes_of(codes, word)
    if list_name in _STATES and not found:
        found = _codes_of(codes, _SUBJECT.sub("", word))
    if list_name in _LOCAL and not found and not _SEVERAL.search(text):
        rests = ((_codes_of(codes, rest), rest) for rest in _without_places(codes, word))
        found, rest = next(((meant, rest) for meant, rest in rests if meant), (set(), ""))
        if rest in _OF_ANYTHING and not _is_only_places(word.replace(rest, "", 1)):
            return None
    return found.pop() if len(found) == 1 else None


def _codes_of(codes: CodeList, word: str) -> set[str]:
    """The codes a word means: its own one, or those of all its forms."""
    known = codes.find(word)
    return {known} if known else {code for form in _forms(word) if (code := codes.find(form))}


def _forms(word: str) -> Iterator[str]:
    for pattern in (_MATTERS, _SERVICES):
        bare = pattern.sub("", word)
        if bare != word and len(bare) >= _SHORTEST:
            yield bare
    if service := _SERVICES.search(word):
        joint = " " if service[0].startswith(" ") else ""
        yield from (f"{word[: service.start()]}{joint}{form}" for form in _SERVICE_FORMS)
    for pattern, instead in _ENDINGS:
        bare = pattern.sub(instead, word)
        if bare != word and len(bare) >= _SHORTEST_INFLECTED:
            yield bare


def _without_places(codes: CodeList, word: str) -> Iterator[str]:
    """The words without places before and after them, the longest first: `aikuisten perusopetus` of Helsinki is no basic
    school. In a Finnish name the last word says what it is (`Pasilan terveysasema`), so a genitive counts as a place,
    unless it is a word of the list itself: `polisen FPA` names two services."""
    words = word.split()
    first = 0
    while first < len(words) and _names_a_place(codes, words[first]):
        first += 1
    last = len(words)
    while last > 1 and words[last - 1] in _places():
        last -= 1
    spans = ((start, end) for start in range(first + 1) for end in range(last, len(words) + 1) if start < end)
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if any(name not in _BETWEEN for name in words[:start] + words[end:]):
            yield " ".join(words[start:end])


def _is_only_places(around: str) -> bool:
    """Every word is one of a known place: `Espoon`, `Esbo stads`."""
    known = _places() | _BETWEEN
    return all({word, word.removesuffix("n"), word.removesuffix("s")} & known for word in around.split())


def _names_a_place(codes: CodeList, word: str) -> bool:
    if word in _BETWEEN or word in _places():
        return True
    genitive = _GENITIVE.fullmatch(word) is not None and word not in _NO_GENITIVE and not _codes_of(codes, word)
    return genitive or word.removesuffix("s") in _places()


@cache
def _places() -> frozenset[str]:
    """Every single word that is, or is part of, the name of a municipality, a region or an employment area."""
    municipalities = code_list("municipality")
    named = {
        normalise(word) for code in municipalities.codes for word in code.words() if code.id != municipalities.unknown
    }
    areas = {
        part
        for name in ("region", "employment_area")
        for code in code_list(name).codes
        if not code.unknown
        for label in (code.fi, code.sv, code.en)
        for part in normalise(label).split()
    }
    single = {word for word in named | areas if " " not in word and word.isalpha()}
    return frozenset(single - _BETWEEN | set(_PLACE_WORDS))
