"""Words to codes: one or several per cell, with numbers or labels beside them, and names of service points."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice

from data.codes import ambiguous_languages, ambiguous_municipalities, code_list, normalise
from data.ingest.recognise.asking import OTHER
from data.ingest.recognise.forms import other_form
from data.ingest.recognise.problem import Problem
from data.model.fields import FORMULA_SIGNS
from data.model.identifiers import plain
from data.personal import kinds

PLACE_LETTERS = 60
"""A longer text is not the name of a place."""

_HARD = re.compile(r"[;|\n\r\t•]+")
_CODE_AND_LABEL = re.compile(r"(\S+?)[\s:–-]+(.+)", re.DOTALL)
_TOGETHER = re.compile(r"[,;/|&+]|\b(?:ja|sekä|och|samt|and)\b", re.IGNORECASE)
"""What stands between several things in one cell."""
_LEAST_BEGINNING, _MOST_BEGUN = 4, 4
"""Letters a text needs to be looked for as the beginning of longer words, and codes offered for it."""
_SEVERAL = re.compile(r"[/;|&+,]")
_PARTS = re.compile(r"[/|()\[\],]+")
_COMMAS_IN_LABEL = 8
"""More than any label has."""
_SIGNS = " ,/+&\\"
_JOINTS = (
    re.compile(r"(,)"), re.compile(r"([/\\])"), re.compile(r"(\s*[+&]\s*|\s(?:ja|sekä|och|samt|and)\s)", re.IGNORECASE)
)  # fmt: skip
"""What stands between the codes of one cell, besides the hard signs; the likelier ones to stand inside a label first."""
_NAMED_FREELY = frozenset({"language", "municipality"})
_WHICH = "|".join((
    "mikä|mitä|mihin|mistä|kuka|tarkenna|kerro", "vad|vilken|vilket|var|ange|precisera|specificera",
    "what|which|please specify|specify",
))  # fmt: skip
_OTHER_TOLD = re.compile(
    r"((?:jokin |joku |något |någon )?(?:muu(?:t|ta|n)?|annat|annan|andra|övrigt|övriga|other|others|something else)"
    rf"(?: [^\W\d_]{{1,12}})?(?:[ ,]*\(?(?:{_WHICH}))*\??\)?)\s*(?::|=|\s[-–—]\s|\()\s*(?=\S).+",
    re.IGNORECASE | re.DOTALL,
)
_ASKED_WHICH = re.compile(rf",\s*({_WHICH})(?=\??\s*(?:[:=(]|\s[-–—]\s))", re.IGNORECASE)
"""`Muu, mikä:` is one label; its comma parts nothing."""
_CODE_LETTERS = 40
_LONGEST_WORD = 120
"""A longer text is no word of a list: it is not taken apart any further."""
_SURE_DIGITS = 3
"""A number of so many digits is a code, whatever stands beside it; a shorter one may count something (`8 vuotta`)."""


def one(list_name: str, text: str, *, is_official: bool = False) -> str | Problem:
    """The code a text means: its id, a label or synonym, another form of one, or several of these that agree.

    is_official: whether the words are those of the official classification, which never mean another code.

    >>> one("municipality", "KU049 Espoo"), one("municipality", "49"), one("language", "venäjä/ryska")
    ('049', '049', 'ru')
    """
    found = _find(list_name, text, is_official=is_official)
    return found or _other_told(list_name, text) or Problem("unknown_code", {"list": list_name})


def many(list_name: str, text: str, separators: str | None = None) -> tuple[str, ...] | Problem:
    """The codes a text lists. A comma may also stand inside a label, so the longest label wins.

    >>> many("topic", "Työ; Asuminen"), many("topic", "Työ + Asuminen ja Kela"), many("topic", "Muu, mikä, Työ")
    (('work', 'housing'), ('work', 'housing', 'social_security'), ('other', 'work'))
    """
    if _HARD.search(text):  # no label has such a sign, and the parts repeat where the whole does not
        found, unknown = known_and_unknown(list_name, text, separators)
        if found and not unknown:
            return found
    whole = _find(list_name, text)
    if whole:
        return (whole,)
    found, unknown = known_and_unknown(list_name, text, separators)
    return Problem("unknown_code", {"list": list_name}) if unknown else found


def known_and_unknown(
    list_name: str, text: str, separators: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """The codes that the parts of a cell name, and the parts that name none; what follows `Muu, mikä:` is nobody's code.

    >>> known_and_unknown("topic", "Työ; Taikuus")
    (('work',), ('Taikuus',))
    >>> known_and_unknown("topic", "Muu: koira, kissa; lintu; Työ")
    (('other', 'work'), ())
    """
    text = _ASKED_WHICH.sub(r" \1", text)
    split = re.split(f"[{re.escape(separators)}]", text) if separators else _HARD.split(text)
    found: list[str] = []
    unknown: list[str] = []
    is_told = False
    for part in (part.strip() for part in split):
        for piece in (part,) if _listed(list_name, part) else part.split(","):
            piece = piece.strip()
            listed = _listed(list_name, piece) if piece else []
            found += listed
            unknown += [] if listed or is_told or not piece else [piece]
            is_told = is_told or _other_told(list_name, piece) is not None
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unknown))


def without_free_text(list_name: str, text: str) -> str:
    """The text as it may be shown: `Muu, mikä` without the free text after it.

    >>> without_free_text("channel", "Muu, mikä: tapasin kaupassa"), without_free_text("channel", "Puhelin")
    ('Muu, mikä …', 'Puhelin')
    """
    told = None if list_name in _NAMED_FREELY else _OTHER_TOLD.fullmatch(text.strip())
    return f"{told[1].strip()} …" if told else text


def candidates(list_name: str, text: str) -> tuple[str, ...]:
    """Codes that an odd text may well mean, to be offered first: those it names together, or that a word of begins with it.

    >>> candidates("municipality", "Längelmäki"), candidates("language", "arabia ja englanti")
    (('562', '182'), ('ar', 'en'))
    """
    named = _named_together(list_name, text)
    word = normalise(text)
    if list_name == "municipality":
        named += [
            code for name, codes in ambiguous_municipalities().items() if normalise(name) == word for code in codes
        ]
    if list_name == "language":
        named += ambiguous_languages().get(word, ())
    if not named and len(word) >= _LEAST_BEGINNING:
        every = code_list(list_name)
        begun = (code.id for code in every.codes if any(normalise(one).startswith(f"{word} ") for one in code.words()))
        named = list(islice(begun, _MOST_BEGUN))
    unknown = code_list(list_name).unknown
    return tuple(code for code in dict.fromkeys(named) if code != unknown)


def names_several(list_name: str, text: str) -> bool:
    """The text names two codes or more: `arabia, englanti`."""
    return len(set(_named_together(list_name, text))) > 1


def _named_together(list_name: str, text: str) -> list[str]:
    return [code for part in _TOGETHER.split(text) if (code := _find(list_name, part.strip()))]


def place(text: str, known: Mapping[str, str]) -> str | Problem:
    """The code of a service point from its code or name; a name nobody has registered makes a code of its own.

    >>> place("Neuvontapiste Itäkeskus", {})
    'neuvontapiste-itakeskus'
    """
    text = plain(text)
    if len(text) > PLACE_LETTERS:
        return Problem("too_long", {"most": PLACE_LETTERS})
    if text.startswith(FORMULA_SIGNS) or kinds(text):
        return Problem("bad_form")
    return known.get(normalise(text)) or slug(text) or Problem("bad_form")


def slug(name: str) -> str:
    """A name in small letters, digits and hyphens; a long one is cut and gets a mark of its own."""
    ascii_text = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", ascii_text):
        return ascii_text
    code = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if len(code) <= _CODE_LETTERS:
        return code
    mark = hashlib.sha256(normalise(name).encode()).hexdigest()[:6]
    return f"{code[: _CODE_LETTERS - 7].rstrip('-')}-{mark}"


@lru_cache(maxsize=4096)  # the parts of cells that list several codes repeat
def _find(list_name: str, text: str, *, is_official: bool = False) -> str | None:
    codes = code_list(list_name)
    if list_name == "language" and not is_official and normalise(text) in ambiguous_languages():
        return None
    found = codes.find(text)
    if found and _names_several(list_name, text):
        return None
    if found or not text or len(text) > _LONGEST_WORD:
        return found
    if list_name == "municipality" and text.isascii() and text.isdigit() and len(text) < 3:
        return codes.find(text.zfill(3))
    return _code_and_label(list_name, text) or _agreeing(list_name, text) or other_form(list_name, text)


def _names_several(list_name: str, text: str) -> bool:
    """`persia/dari` names two languages, although a list has `persia (dari)` for one and signs do not count in its words."""
    if not _SEVERAL.search(text) or text.strip().casefold() in _as_written(list_name):
        return False
    found = {_find(list_name, part.strip()) for part in _SEVERAL.split(text) if part.strip()}
    return len(found) > 1 and None not in found


@cache
def _as_written(list_name: str) -> frozenset[str]:
    """The words of a list with their signs."""
    return frozenset(word.casefold() for code in code_list(list_name).codes for word in code.words())


def _code_and_label(list_name: str, text: str) -> str | None:
    """`fi suomi`, `049 - Esbo`: both say the same. A label we do not know is believed only beside a number that can be nothing
    but a code: `en` of `en tiedä` is no English, and `8 vuotta` is no doctor."""
    pair = _CODE_AND_LABEL.fullmatch(text)
    if not pair:
        return None
    first, second = (_find(list_name, part) for part in pair.groups())
    if first and first == second:
        return first
    sure = pair[1].isdigit() and len(pair[1]) >= _SURE_DIGITS and pair[1] in code_list(list_name)
    return first if sure and second is None else None


def _agreeing(list_name: str, text: str) -> str | None:
    """The code of `Helsinki / Helsingfors` and `Maahanmuuttovirasto (Migri)`: every part is known and they say the same."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    found = {_find(list_name, part.strip()) for part in parts} if len(parts) > 1 else set()
    return found.pop() if len(found) == 1 else None


def _other_told(list_name: str, text: str) -> str | None:
    """The code of `Muu, mikä: koiran tuonti`: other, whatever the free text says. Not of languages and places, which it names."""
    match = _OTHER_TOLD.fullmatch(text) if OTHER in code_list(list_name) and list_name not in _NAMED_FREELY else None
    return OTHER if match else None


def _listed(list_name: str, part: str, joints: tuple[re.Pattern[str], ...] = _JOINTS) -> list[str]:
    """Codes of a part split at commas, slashes, plus signs and `ja`, joining neighbours that make one label. Empty = not
    understood.
    """
    whole = _find(list_name, part) or (None if "," in part else _other_told(list_name, part))
    if whole:
        return [whole]
    for place, joint in enumerate(joints):
        split = joint.split(part.strip(_SIGNS))
        pieces, between = split[::2], split[1::2]
        found: list[str] = []
        start = 0
        while len(pieces) > 1 and start < len(pieces):
            codes, end = _longest(list_name, pieces, between, start, joints[place + 1 :])
            if not codes:
                break
            found += codes
            start = end
        if found and start == len(pieces):
            return found
    return []


def _longest(
    list_name: str, pieces: list[str], between: list[str], start: int, joints: tuple[re.Pattern[str], ...]
) -> tuple[list[str], int]:
    """The codes of the longest run of pieces from `start` that is understood, and where it ends."""
    if told := _other_told(list_name, pieces[start].strip()):
        end = start + 1
        while end < len(pieces) and not _listed(list_name, pieces[end].strip()):
            end += 1  # the free text goes on
        return [told], end
    for end in range(min(len(pieces), start + 1 + _COMMAS_IN_LABEL), start + 1, -1):
        run = "".join(
            piece + sign for piece, sign in zip(pieces[start:end], [*between[start : end - 1], ""], strict=True)
        )
        if code := _find(list_name, run.strip()):
            return [code], end
    piece = pieces[start].strip()
    if piece.endswith("-"):  # `kieli- ja kulttuuriasiat`: half a word
        return [], start
    return _listed(list_name, piece, joints), start + 1
