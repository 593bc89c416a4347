"""Code lists of all coded fields in Finnish, Swedish and English; the files beside this module define them."""

import re
import tomllib
from functools import cache
from pathlib import Path

from data.codes.codelist import (
    LANGUAGES,
    Code,
    CodeList,
    CodeListError,
    bare_letters,
    make_list,
    normalise,
    read_codes,
    says_nothing,
    with_bare_letters,
)
from data.codes.languages import ambiguous_languages, language_codes
from data.codes.municipalities import UNKNOWN as UNKNOWN_MUNICIPALITY
from data.codes.municipalities import (
    ambiguous_municipalities,
    employment_area_of,
    municipality_codes,
    municipality_name,
    region_of,
)

__all__ = [
    "GROUPED_BY",
    "LANGUAGES",
    "UNKNOWN_POINT",
    "WORK_KINDS",
    "Code",
    "CodeList",
    "CodeListError",
    "ambiguous_languages",
    "ambiguous_municipalities",
    "bare_letters",
    "code_for_unknown",
    "code_list",
    "code_list_names",
    "employment_area_of",
    "municipality_name",
    "normalise",
    "region_of",
    "says_nothing",
    "unknown_code",
    "with_bare_letters",
]

GROUPED_BY = {"topic": "topic_group", "language": "language_group", "municipality": "region", "age_band": "age_group"}
"""Which list the `group` of a list's codes comes from."""

UNKNOWN_POINT = "unknown"
"""The code of a service point that is not known. Service points have no list here: they are the store's own register."""

WORK_KINDS = ("employment_open", "employment_subsidised", "self_employment")
"""The kinds of outcome that are work."""

_FOLDER = Path(__file__).parent
_ENTRY = re.compile(r"^\[\[code]]$", re.MULTILINE)
_SAYS_UNKNOWN = re.compile(r"^unknown = true$", re.MULTILINE)


@cache
def code_list_names() -> tuple[str, ...]:
    """Names of all code lists, in alphabetical order."""
    return tuple(sorted({path.stem for path in _FOLDER.glob("*.toml")} | {"municipality"}))


@cache
def code_list(name: str) -> CodeList:
    """The code list of that name, read and checked once.

    KeyError if there is none, CodeListError if its file is wrong.
    """
    if name not in code_list_names():
        raise KeyError(name)
    if name == "language":
        return make_list(name, language_codes(_FOLDER / "language.toml"))
    if name == "municipality":
        return make_list(name, municipality_codes())
    return make_list(name, read_codes(_FOLDER / f"{name}.toml"))


@cache
def code_for_unknown(name: str) -> str | None:
    """The code of a list that says that the value is not known, None if it has none. KeyError if there is no such list.

    Found without making the list: names of languages in three languages are most of what a short command would wait for.
    """
    if name not in code_list_names():
        raise KeyError(name)
    if name == "municipality":
        return UNKNOWN_MUNICIPALITY
    # Of the file, the one entry that says so: to read all of them takes as long as all else that such a command loads.
    entries = _ENTRY.split((_FOLDER / f"{name}.toml").read_text("utf-8"))
    return next((str(tomllib.loads(one)["id"]) for one in entries if _SAYS_UNKNOWN.search(one)), None)


def unknown_code(name: str) -> str:
    """The code of a list that says that the value is not known. KeyError if the list or such a code does not exist."""
    unknown = code_for_unknown(name)
    if unknown is None:
        raise KeyError(f"{name} has no code for what is not known")
    return unknown
