"""Finnish inflection of language names: genitive ("somalin", "englannin") and names of speakers."""

from __future__ import annotations

_IRREGULAR = {"suomi": "suomen", "muu kieli": "muun"}
_VOWELS = "aeiouyäöåã"
# Strong grade before the last vowel → weak grade. "sk", "st" and single stops stay in these foreign names.
_GRADES = (("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"))


def genitive(word: str) -> str:
    """Return the genitive of a language's name.

    >>> [genitive(word) for word in ("somali", "englanti", "turkki", "thai", "vietnam", "suomi")]
    ['somalin', 'englannin', 'turkin', 'thain', 'vietnamin', 'suomen']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word[-1] not in _VOWELS:
        return word + "in"
    stem, vowel = word[:-1], word[-1]
    for strong, weak in _GRADES:
        if stem.endswith(strong):
            return stem.removesuffix(strong) + weak + vowel + "n"
    return word + "n"


def speakers(word: str) -> str:
    """Return the plural noun for native speakers of a language, in lower case.

    >>> speakers("somali"), speakers("viittomakieli")
    ('somalinkieliset', 'viittomakieliset')
    """
    return (word.removesuffix("kieli") if word.endswith("kieli") and " " not in word else genitive(word)) + "kieliset"
