"""Words of units, for the command line and for sentences about watches; pages use the same texts."""

from data.texts import message


def unit_word(unit: str, count: float, lang: str) -> str:
    """Return the word of a unit, singular for exactly one.

    >>> unit_word("clients", 1, "en"), unit_word("encounters", 31, "fi"), unit_word("%", 5, "sv")
    ('client', 'asiointia', '%')
    """
    if unit == "%":
        return "%"
    # On pages a ratio has no unit, because its name contains it: "asiointeja asiakasta kohden".
    return message("cli.per_client", lang) if unit == "ratio" else message(f"unit_short.{unit}", lang, count=count)
