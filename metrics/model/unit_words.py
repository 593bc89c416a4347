"""The word of a unit beside a number, for the command line and for sentences about watches: the list that pages use too."""

from data.texts import message


def unit_word(unit: str, count: float, lang: str) -> str:
    """The word of a unit, singular for exactly one.

    >>> unit_word("clients", 1, "en"), unit_word("encounters", 31, "fi"), unit_word("%", 5, "sv")
    ('client', 'asiointia', '%')
    """
    if unit == "%":
        return "%"
    # A ratio has no unit on pages, where its name says it: "asiointeja asiakasta kohden".
    return message("cli.per_client", lang) if unit == "ratio" else message(f"unit_short.{unit}", lang, count=count)
