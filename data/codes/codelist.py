"""A code list: the values a coded field may take, their labels in three languages and the words people use."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

LANGUAGES = ("fi", "sv", "en")
UNKNOWN_WORDS = (
    "unknown", "not known", "no information", "missing", "n/a", "don't know", "i don't know", "do not know",
    "i do not know", "not available", "not asked", "not specified", "unspecified", "undefined", "not stated",
    "not recorded", "not applicable", "prefer not to say", "prefer not to answer", "rather not say",
    "declined to answer", "refused to answer", "does not know", "does not want to answer", "blank", "null",
    "none given", "no data", "does not remember", "dont know", "ei tietoa", "ei tiedossa", "tieto puuttuu", "puuttuu",
    "tuntematon", "en osaa sanoa", "eos", "e.o.s.", "ei osaa sanoa", "en tiedä", "ei tiedä", "emme tiedä", "en tiiä",
    "en muista", "ei muista", "en halua vastata", "en halua kertoa", "en halua sanoa", "en halua ilmoittaa",
    "ei halua vastata", "ei halua kertoa", "ei halua sanoa", "ei halua ilmoittaa", "ei halunnut vastata",
    "ei halunnut kertoa", "ei halunnut sanoa", "ei halunnut ilmoittaa", "kieltäytyi vastaamasta", "ei kirjattu",
    "ei kirjattuna", "ei kysytty", "ei ilmoitettu", "ei ilmoita", "ei kertonut", "ei merkitty", "ei merkintää",
    "ei määritelty", "määrittelemätön", "ei saatavilla", "ei saatavissa", "ei vastausta annettu",
    "ei vastannut kysymykseen", "ei valittu", "tyhjä", "ei koske", "ei tiedetä", "tieto ei saatavilla",
    "ei tallennettu", "ingen uppgift", "inga uppgifter", "uppgift saknas", "uppgifter saknas", "okänd", "okänt",
    "okända", "saknas", "vet ej", "vet inte", "jag vet inte", "kan inte säga", "minns inte", "vill inte svara",
    "vill ej svara", "vill inte uppge", "vill ej uppge", "vill inte säga", "vill inte berätta", "ville inte svara",
    "ville inte uppge", "vägrade svara", "ej angivet", "ej angett", "ej angiven", "inte angivet", "inte angett",
    "inte angiven", "ej känt", "ej känd", "frågades inte", "ej tillfrågad", "obestämd", "ej tillgängligt",
    "ej tillämpligt",
)  # fmt: skip
"""What is written where nothing is known, in three languages: not known, not asked, would not say."""

_BARE = str.maketrans("äöåéü", "aoaeu")
_SHORTEST_BARE = 3
"""Letters of a word that is looked for without its dots, too."""

_Meant = TypeVar("_Meant")

_LEFT_OUT = frozenset({"Mn", "Mc", "Me", "Cf"})

Label = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class CodeListError(ValueError):
    """A code list file is wrong: the message names the list and the code, never data."""


class Code(BaseModel):
    """One value of a coded field: id in the store, labels, other words it is recognised by, group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
    fi: Label
    sv: Label
    en: Label
    synonyms: tuple[Label, ...] = ()
    group: str | None = Field(default=None, description="id in the list of groups, e.g. topic -> topic_group")
    unknown: bool = Field(default=False, description="the value is not known; at most one code of a list says so")

    def words(self) -> tuple[str, ...]:
        """Everything this code is recognised by: id, labels, synonyms."""
        unknown = UNKNOWN_WORDS if self.unknown else ()
        return (self.id, self.fi, self.sv, self.en, *self.synonyms, *unknown)


class CodeList(BaseModel):
    """The codes of one field in their fixed order; the order is the order of the ENUM in the store.

    That no word means two codes is checked when the first text is looked up, because most commands look up none and the words are
    many. Raises CodeListError then.

    >>> colours = CodeList(name="colour", codes=(Code(id="red", fi="Punainen", sv="Röd", en="Red"),))
    >>> colours.find(" RÖD "), colours.find("blue"), colours.label("red", "fi")
    ('red', None, 'Punainen')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    codes: tuple[Code, ...] = Field(min_length=1)

    def model_post_init(self, context: object, /) -> None:
        """Refuse a list where an id is given twice, only some codes have a group, or two are unknown."""
        if len(self._by_id) != len(self.codes):
            raise CodeListError(f"{self.name}: an id is given twice")
        if len({code.group is None for code in self.codes}) > 1:
            raise CodeListError(f"{self.name}: some codes have a group and some do not")
        if sum(code.unknown for code in self.codes) > 1:
            raise CodeListError(f"{self.name}: two codes say that the value is not known")

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All ids in their fixed order."""
        return tuple(code.id for code in self.codes)

    @cached_property
    def unknown(self) -> str | None:
        """Id of the code that says that the value is not known; None for a list whose values are always known."""
        return next((code.id for code in self.codes if code.unknown), None)

    @cached_property
    def _by_id(self) -> Mapping[str, Code]:
        return {code.id: code for code in self.codes}

    @cached_property
    def _by_word(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for code in self.codes:
            for word in code.words():
                key = normalise(word)
                if not key:
                    raise CodeListError(f"{self.name}: code {code.id} has a synonym without letters or digits")
                if found.setdefault(key, code.id) != code.id:
                    raise CodeListError(f"{self.name}: '{word}' belongs to both {found[key]} and {code.id}")
        return found

    @cached_property
    def _by_bare_word(self) -> Mapping[str, str]:
        """Words as they are written without dots and rings, those that mean one code alone."""
        return with_bare_letters(self._by_word)

    def __contains__(self, code_id: object) -> bool:
        return code_id in self._by_id

    def __getitem__(self, code_id: str) -> Code:
        return self._by_id[code_id]

    def __len__(self) -> int:
        return len(self.codes)

    def label(self, code_id: str, lang: str) -> str:
        """Label of a code in `fi`, `sv` or `en`. KeyError if the code or the language is not known."""
        code = self._by_id[code_id]
        match lang:
            case "fi":
                return code.fi
            case "sv":
                return code.sv
            case "en":
                return code.en
        raise KeyError(lang)

    def group_of(self, code_id: str) -> str:
        """Group of a code. KeyError if the code is not known or this list has no groups."""
        group = self._by_id[code_id].group
        if group is None:
            raise KeyError(f"{self.name} has no groups")
        return group

    def find(self, text: str) -> str | None:
        """Id of the code a text in a file means, whatever its case, spacing or punctuation; None if it means none."""
        word = normalise(text)
        return self._by_word.get(word) or self._by_bare_word.get(word)


def with_bare_letters(words: Mapping[str, _Meant]) -> dict[str, _Meant]:
    """The words, and each as it is written where there are no other letters than those of ASCII, if that has one meaning alone.

    >>> with_bare_letters({"äidinkieli": "language", "sää": "weather", "saa": "gets"})
    {'aidinkieli': 'language', 'saa': 'gets', 'äidinkieli': 'language', 'sää': 'weather'}
    """
    bare: dict[str, set[_Meant]] = {}
    for word, meant in words.items():
        if not word.isascii() and len(word) >= _SHORTEST_BARE:
            bare.setdefault(bare_letters(word), set()).add(meant)
    return {word: next(iter(meant)) for word, meant in bare.items() if len(meant) == 1} | dict(words)


def bare_letters(word: str) -> str:
    """A word without the dots, rings and accents of Finnish and Swedish letters.

    >>> bare_letters("päivämäärä")
    'paivamaara'
    """
    return word.translate(_BARE)


def normalise(text: str) -> str:
    """Text as words are compared: folded case, letters and digits only, one space between.

    >>> normalise("  Rekisteröinti_(DVV) ")
    'rekisteröinti dvv'
    """
    if text.isascii():  # most of them: nothing to compose
        return " ".join(text.lower().translate(_KEPT).split())
    # Composed before and after folding: a file may hold "o" + U+0308 where the list holds "ö".
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", folded.translate(_KEPT)).split())


class _Kept(dict[int, str]):
    """What becomes of a character, by its number; found out when it is first met."""

    def __missing__(self, number: int) -> str:
        char = chr(number)
        # Accents and what prints nothing (soft hyphen, zero-width blank) are left out.
        kept = char if char.isalnum() else "" if unicodedata.category(char) in _LEFT_OUT else " "
        self[number] = kept
        return kept


_KEPT = _Kept()


def says_nothing(text: str) -> bool:
    """The text says that the value is not known, not asked or not told, whatever the field.

    >>> says_nothing("En halua vastata."), says_nothing("Ei")
    (True, False)
    """
    return normalise(text) in _unknown_words()


@cache
def _unknown_words() -> frozenset[str]:
    return frozenset(map(normalise, UNKNOWN_WORDS))


def read_codes(path: Path) -> list[dict[str, object]]:
    """The `[[code]]` entries of a TOML file as they stand. CodeListError if the file holds anything else."""
    content = tomllib.loads(path.read_text("utf-8"))
    codes = content.pop("code", None)
    if content or not isinstance(codes, list):
        raise CodeListError(f"{path.name}: only [[code]] entries belong here")
    return codes


def make_list(name: str, codes: Iterable[Mapping[str, object]]) -> CodeList:
    """A checked list. CodeListError names the list and what is wrong in it."""
    try:
        return CodeList(name=name, codes=tuple(Code.model_validate(code) for code in codes))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CodeListError(f"{name}: {place}: {first['msg']}" if place else str(first["msg"])) from error
