"""Header texts and the fields they name: synonyms in Finnish, Swedish and English, and the unit a header states."""

import re
from enum import IntEnum
from functools import cache, lru_cache

from data.codes import code_list, normalise
from data.ingest.recognise import units
from data.ingest.recognise.synonyms import ambiguous, field_words, ranked, sheet_names
from data.ingest.recognise.times import LENGTH
from data.model.records import TABLES
from data.model.schema import field_column

_PARENTHESES = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$)")
_NUMBERING = re.compile(r"^\s*(?:[kqf]?\d{1,3}[.):]|\d{1,3}\s)\s*", re.IGNORECASE)
_CLIENTS = frozenset("asiakas asiakkaan kävijä kävijän kund kundens klient klientens client customer visitor".split())
_LEAST_ENDING = 4
"""Letters from which the end of a word is a word of its own."""
_NUMBER_SIGN = re.compile(r"[#№](?!\d)")
_REQUEST = re.compile(
    r"^(?:(?:mikä|mitkä) (?:on|oli|ovat)|mikä|(?:vilken|vilket|vad) (?:är|var)|(?:what|which) (?:is|was)|valitse|merkitse|"
    r"ilmoita|anna|välj|ange|select|choose|enter|give) (?:the )?|"
    r" (?:pakollinen(?: tieto)?|obligatorisk|obligatoriskt|required|mandatory|valitse(?: yksi)?|välj(?: ett| en)?|choose one)$"
)
"""What a form says around the name of a field: `Mikä on …`, `Valitse …`, `… pakollinen`."""


class Rank(IntEnum):
    """How well a header names its field; of two columns for one field the lower rank is the better one."""

    EXACT = 0
    SPECIFIC = 1
    GENERAL = 2
    STAMP = 3
    """A time that a form or a list writes by itself (`Luotu`, `Completion time`)."""


@lru_cache(maxsize=4_096)
def rank(table: str, word: str) -> Rank:
    """How specific a word of a table is; whether the table knows it at all is for `field_of`.

    >>> [rank("encounter", word).name for word in ("served_in", "Asiointikieli", "Pvm", "Luotu")]
    ['EXACT', 'SPECIFIC', 'GENERAL', 'STAMP']
    """
    form = normalise(word)
    if form in map(normalise, TABLES[table].model_fields):
        return Rank.EXACT
    if form in ranked("stamp", table):
        return Rank.STAMP
    return Rank.GENERAL if form in ranked("general", table) else Rank.SPECIFIC


def is_general(table: str, word: str) -> bool:
    """The word fits so many columns of any table that a more specific one goes before it.

    >>> is_general("encounter", "Kieli"), is_general("encounter", "Äidinkieli")
    (True, False)
    """
    return rank(table, word) >= Rank.GENERAL


@cache
def client_words() -> frozenset[str]:
    """Normalised headers that mean the client identifier in some table."""
    return frozenset(word for table in TABLES for word, field in field_words(table).items() if field == "client_id")


@cache
def table_of_sheet(name: str | None) -> str | None:
    """The table a sheet's name means, if it means one."""
    wanted = normalise(name or "")
    return next((table for table, words in sheet_names().items() if wanted in words), None)


@lru_cache(maxsize=4_096)
def field_of(table: str, header: str) -> tuple[str, str | None] | None:
    """The field a header names in a table, and the unit it states (None = the field's own); None if it names none.

    >>> field_of("encounter", "Kesto_h"), field_of("encounter", "Lempiväri")
    (('minutes', 'hours'), None)
    """
    words = field_words(table)
    for form in _forms(header):
        bare = units.without(form, LENGTH)
        if bare != form and LENGTH in ambiguous(table).get(bare, ()):
            return LENGTH, units.in_header(header, LENGTH)
        field = words.get(form)
        if field:
            return None if _names_a_code(table, field, header) else (field, units.in_header(header, field))
        # Fields that have units: the header may end in one.
        field = next((field for field in units.UNITS if words.get(units.without(form, field)) == field), None)
        if field:
            return field, units.in_header(header, field)
    return None


@lru_cache(maxsize=4_096)
def meanings(table: str, header: str) -> tuple[str, ...]:
    """The fields that an ambiguous word may mean, by its values; none when the word is clear or a unit in the header makes it so.

    >>> meanings("encounter", "Aika"), meanings("encounter", "Aika (min)"), meanings("encounter", "Kesto")
    (('hour', 'minutes', 'occurred_on'), (), ())
    """
    if is_time_with_unit(table, header):
        return ()
    known = ambiguous(table)
    return next((known[form] for form in _forms(header) if form in known), ())


def is_time_with_unit(table: str, header: str) -> bool:
    """An ambiguous word for time that a unit in the header makes one for length: `Aika (h)`."""
    known = ambiguous(table)
    return any(form not in known and LENGTH in known.get(units.without(form, LENGTH), ()) for form in _forms(header))


@lru_cache(maxsize=4_096)
def rank_of(table: str, header: str) -> Rank:
    """The rank of a header that names a field, however it is numbered and whatever stands in parentheses.

    >>> rank_of("encounter", "3. Kieli *").name, rank_of("encounter", "Kesto (min)").name
    ('GENERAL', 'GENERAL')
    """
    words = field_words(table)
    for form in _forms(header):
        bare = (units.without(form, field) for field in units.UNITS)
        known = next((word for word in (form, *bare) if word in words), None)
        if known:
            return rank(table, known)
    return Rank.GENERAL


@lru_cache(maxsize=4_096)
def phrase_in(table: str, header: str) -> tuple[str, Rank] | None:
    """The one field whose synonym of several letters stands inside a longer header, and the best rank of such a synonym; None if
    there is none or several.
    """
    text = f" {normalise(header)} "
    inside = [(field, word) for framed, word, field in _phrases(table) if framed in text]
    # A phrase says more than a word of it, and whom a question is about (`asiakas`) is not what it asks.
    found = [
        (field, word)
        for field, word in inside
        if not any(word != other and f" {word} " in f" {other} " for _, other in inside)
        and not (field == "client_id" and rank(table, word) == Rank.GENERAL)
    ]
    if len({field for field, _ in found}) != 1:
        return None
    return found[0][0], min(rank(table, word) for _, word in found)


@cache
def _phrases(table: str) -> tuple[tuple[str, str, str], ...]:
    """Synonyms of several letters: between blanks, as they are, and their field. Hundreds, looked for in every header."""
    return tuple((f" {word} ", word, field) for word, field in field_words(table).items() if len(word) > 4)


def field_of_ending(table: str, header: str) -> str | None:
    """The one field of which a general word ends a longer word of the header; None if there is none, or several.

    >>> field_of_ending("encounter", "Puhekieli"), field_of_ending("encounter", "Lempiväri")
    ('language', None)
    """
    words = field_words(table)
    general = {form: words[form] for form in ranked("general", table) if len(form) >= _LEAST_ENDING and form in words}
    fields = {
        field
        for token in normalise(header).split()
        for form, field in general.items()
        if token.endswith(form) and len(token) >= len(form) + 2
    }
    return fields.pop() if len(fields) == 1 else None


@lru_cache(maxsize=1_024)
def _forms(header: str) -> tuple[str, ...]:
    """The header as it stands, then without numbering and parentheses, and without what a form says around it."""
    header = units.spelled(_NUMBER_SIGN.sub(" nro ", header))
    bare = _NUMBERING.sub("", header)
    short = normalise(_PARENTHESES.sub(" ", bare))
    is_of_client = any(normalise(text) in _CLIENTS for text in _PARENTHESES.findall(bare))
    asked = _REQUEST.sub("", _REQUEST.sub("", short))
    forms = (
        normalise(header),
        normalise(bare),
        *((f"asiakkaan {short}",) if is_of_client else ()),  # whose it is: `Nro (asiakas)`
        short,
        asked,
        re.sub(r"(?<=[aeiouyäö])si$", "", asked),  # the form speaks to the client: `kotikuntasi`
    )
    return tuple(dict.fromkeys(forms))


def _names_a_code(table: str, field: str, header: str) -> bool:
    """`Mitä asia koski? [Työ]` is the column of marks of one code, not the field itself."""
    column = field_column(TABLES[table], field)
    inside = (text.strip("()[] ") for text in _PARENTHESES.findall(header) if column.is_list or text.startswith("["))
    return column.code_list is not None and any(code_list(column.code_list or "").find(text) for text in inside)
