"""What the program says: gettext catalogues in Finnish, Swedish and English, read once with Babel.

A message id is a key such as `overview.title`; all three catalogues hold every key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "fi"

_FOLDER = Path(__file__).parents[1] / "translations"


class MissingTextError(KeyError):
    """A key has no text in a language: a mistake in the program, found by tests."""


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Call it with a key and the values of its placeholders.

    >>> texts("en")("months", count=1), texts("en")("months", count=12)
    ('1 month', '12 months')
    """

    lang: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key`; `count` chooses between singular and plural. Raises MissingTextError."""
        message = catalogue(self.lang).get(key)
        if message is None or not message.string:
            raise MissingTextError(f"{self.lang}: {key}")
        if isinstance(message.string, str):
            text: str = message.string
            return text.format(**values) if values else text
        # Finnish, Swedish and English all have two forms: one, and any other number.
        form: str = message.string[0 if values.get("count") == 1 else 1]
        return form.format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a key, for texts that only some codes have."""
        return catalogue(self.lang).get(key) is not None


@cache
def texts(lang: Language) -> Texts:
    """The texts of a language."""
    return Texts(lang)


@cache
def catalogue(lang: Language) -> Catalog:
    """The catalogue of a language as Babel reads it, for tests and for `Texts`."""
    with (_FOLDER / lang / "LC_MESSAGES" / "tilannekuva.po").open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


def percent_sign(lang: str) -> str:
    """The percent sign as it stands after a number, with the blank before it where the language has one (CLDR).

    >>> percent_sign("fi"), percent_sign("en")
    ('\\xa0%', '%')
    """
    suffix: str = Locale.parse(lang).percent_formats[None].suffix[0].strip("'")
    return suffix


def message(key: str, lang: str, /, **values: object) -> str:
    """One text of a language given as a word of the command line. Raises MissingTextError.

    >>> message("loading.note.header_row", "en", value=4)
    'header on row 4'
    """
    return texts(cast(Language, lang))(key, **values)


def has_message(key: str) -> bool:
    """Whether there is such a text, for notes and reasons that come from files."""
    return texts(DEFAULT_LANGUAGE).has(key)
