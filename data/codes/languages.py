"""The language list: codes, groups and local words from `language.toml`; names and three-letter codes from Babel."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from data.codes.codelist import LANGUAGES, Code, CodeListError, normalise, read_codes

# Finnish writes "venäjän kieli"; stems that change (turkki, turkin) are given in the file.
_VOWELS = "aeiouyäö"
_AMBIGUOUS = Path(__file__).with_name("ambiguous_languages.csv")


@cache
def ambiguous_languages() -> Mapping[str, tuple[str, ...]]:
    """Words, normalised, for a group of languages (Sami) or a country whose name is that of a language few people there speak →
    the codes they may mean.
    """
    with _AMBIGUOUS.open(encoding="utf-8", newline="") as lines:
        return {normalise(row["word"]): tuple(row["into"].split()) for row in csv.DictReader(lines)}


def language_codes(path: Path) -> Iterator[dict[str, object]]:
    """Codes of the language list, each word given to one language only. CodeListError if a label is missing."""
    entries = [_with_labels(entry) for entry in read_codes(path)]
    codes = [Code.model_validate(entry) for entry in entries]
    taken = {normalise(word) for code in codes for word in code.words()}
    three_letters = _three_letter_codes()
    for code in codes:
        # A derived word yields to every id, label and synonym that a person wrote down.
        derived = {normalise(word): word for word in _derived(code, three_letters.get(code.id, ()))}
        free = [word for key, word in derived.items() if key and key not in taken]
        taken.update(derived)
        yield {**code.model_dump(), "synonyms": (*code.synonyms, *free)}


def _with_labels(entry: dict[str, object]) -> dict[str, object]:
    """The entry with Babel's name in every language where the file gives none."""
    from babel import Locale  # not above: most commands need no name of a language

    labels = dict(entry)
    for lang in LANGUAGES:
        name = labels.get(lang) or Locale(lang).languages.get(str(entry["id"]))
        if not name:
            raise CodeListError(f"language: {entry['id']} has no label in {lang}")
        labels[lang] = name
    return labels


def _three_letter_codes() -> Mapping[str, list[str]]:
    """ISO 639-2 codes (T and B) by the shorter code CLDR replaces them with: `ar` -> `ara`."""
    from babel.core import get_global

    found: dict[str, list[str]] = {}
    for alias, code in get_global("language_aliases").items():
        if len(alias) == 3 and "_" not in code:
            found.setdefault(code, []).append(alias)
    return found


def _derived(code: Code, three_letters: Iterable[str]) -> Iterator[str]:
    """Words for a language that follow from its code and names: other codes, `ar arabia`, `arabian kieli`."""
    from babel import Locale

    for lang in LANGUAGES:
        # Babel's own name stays a synonym where the file words the label in another way.
        yield Locale(lang).languages.get(code.id, "")
    yield from three_letters
    for name in dict.fromkeys((code.fi, code.sv, code.en, *code.synonyms)):
        yield f"{code.id} {name}"
    yield from (f"{code.fi} kieli", f"{code.sv} språk", f"{code.sv} språket", f"{code.en} language")
    stem = code.fi if code.fi[-1] in _VOWELS else f"{code.fi}i"
    yield from (f"{stem}n kieli", f"{stem}nkielinen", f"{stem}n kielinen", f"{stem}nkieliset", f"{stem}ksi")
    # `venäjää`, `thaita` as an answer to "which language do you speak?".
    yield from (f"{stem}{ending}" for ending in ("a", "ä", "ta", "tä"))
    yield from (f"{code.en} speaking", f"{code.en} speaker", f"på {code.sv}", f"in {code.en}")
    if code.sv.endswith("ska"):
        yield from (f"{code.sv.removesuffix('a')}språkig", f"{code.sv.removesuffix('a')}språkiga")
