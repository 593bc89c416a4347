"""Areas as people name them in settings and commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from data.texts import LANGUAGES, Language
from metrics.grammar.question import QuestionError, nearest
from metrics.model.dimensions import codes, is_unknown, label, list_of

PLACES: Final = ("municipality", "region", "employment_area")


def place_of(text: str, lang: Language) -> tuple[str, str]:
    """Return the dimension and code of an area given by its name in any language or its code.

    lang: language of the suggestions. Raises QuestionError("unknown_area") with similar names as suggestions.
    """
    for dimension in PLACES:
        known = list_of(None, dimension)
        found = (text if text in known else known.find(text)) if known else None
        if found and not is_unknown(None, dimension, found):
            return dimension, found
    names = {
        name: label(None, d, code, lang, {}) for d in PLACES for code in codes(None, d, ()) for name in _names(d, code)
    }
    offered = dict.fromkeys(names[name] for name in nearest(text, names))
    raise QuestionError("unknown_area", tuple(offered), area=text)


def _names(dimension: str, code: str) -> Sequence[str]:
    return [label(None, dimension, code, lang, {}) for lang in LANGUAGES]
