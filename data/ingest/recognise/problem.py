"""Why a text is no value of its field: a reason code and what its wording is filled with, never the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """`reason` is a code of the family `row` (see `data/refusal.py`); `params` fill its placeholders."""

    reason: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)
