"""Lines that people write into the store, and why one may not be written."""

from typing import TypeVar

from pydantic import ValidationError

from data.refusal import Refusal
from data.store.ledger import Act, ActLog, now

L = TypeVar("L", bound=Act)


class StewardError(Refusal, ValueError):
    """What was to be written may not be.

    `reason`: metric, municipality, year, value, limits, day, text, name, page, query, views, source, personal,
    nothing.
    """

    family = "steward"


def withdrawn(log: ActLog[L], key: str) -> L:
    """Withdraw a line in force. Raises StewardError("nothing"), StoreError."""
    line = log.withdraw(key)
    if line is None:
        raise StewardError("nothing")
    return line


def made(model: type[L], **values: object) -> L:
    """A line from what a person gave. Raises StewardError, which does not hold the text."""
    try:
        return model.model_validate({"time": now(), **values})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        is_personal = "personal" in first["msg"]
        raise StewardError("personal" if is_personal else str(first["loc"][0])) from None
