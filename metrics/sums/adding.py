"""Adding what all publishers of a round have masked, and publishing the sum: through the gate, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from metrics.gate import NO_DATA, SummedGate
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.kinds import Count
from metrics.packages.signing import SigningKey
from metrics.sums.cells import summed_cell
from metrics.sums.counting import FIELDS, WIDTH
from metrics.sums.errors import SumError
from metrics.sums.masks import Numbers, from_bytes, to_bytes
from metrics.sums.rounds import Round
from metrics.sums.signed import Said, read, written

KIND: Final = "masked"
_MOST: Final = 1 << 40
"""No sum of people or events is larger; masks that do not cancel leave numbers of any size."""


@dataclass(frozen=True)
class SummedRow:
    """A published sum. publishers: of how many the files cover it."""

    row: Row
    publishers: int


def masked_file(numbers: Numbers, round_id: str, key: SigningKey) -> bytes:
    """Return the file that a publisher sends to whoever adds."""
    return written(KIND, {"round": round_id}, key, to_bytes(numbers))


def added(found: Round, files: Mapping[str, bytes]) -> Numbers:
    """Return the sums of each cell. files: by name, one of each publisher of the round.

    Raises SumError: `missing`, with all who are: nothing can be told of the others; `other_round`, `does_not_cancel`; `forged`.
    """
    said: dict[str, Said] = {}
    for name, content in files.items():
        one = read(content, KIND, name)
        if one.about.get("round") != found.id or one.publisher.key not in {t.publisher.key for t in found.tickets}:
            raise SumError("other_round", file=name)
        if said.setdefault(one.publisher.key, one).numbers != one.numbers:
            raise SumError("twice", publisher=one.publisher.name)
    missing = [one.publisher.name for one in found.tickets if one.publisher.key not in said]
    if missing:
        raise SumError("missing", publishers=", ".join(missing))
    total = np.zeros((found.plan.size, WIDTH), dtype=np.uint64)
    for one in said.values():
        if len(one.numbers) != total.nbytes:
            raise SumError("other_cells")
        total += from_bytes(one.numbers, WIDTH)
    plain = [FIELDS.index(name) for name in ("n", "u", "e", "covered")]
    if total.size and int(total[:, plain].max()) >= _MOST:
        raise SumError("does_not_cancel")
    return total


def published(found: Round, total: Numbers) -> Iterator[SummedRow]:
    """Yield the published sums in the order of the plan; a small one looks like an empty one."""
    gate, at = SummedGate(), 0
    for block in found.plan.blocks():
        definition = definitions()[block.metric]
        measure = cast(Count, definition.measure)
        for codes in block.codes():
            n, n_draw, u, u_draw, e, covered, *over = map(int, total[at])
            cell = summed_cell(n, n_draw, u, u_draw, e, map(bool, over), measure.per)
            value = gate.clients(cell) if measure.unit == "clients" else gate.events(cell, measure.per)
            value = value if covered else NO_DATA
            row = Row(
                metric=block.metric, codes=dict(zip(block.by, codes, strict=True)), period=block.period,
                value=value.value, unit=definition.unit, state=value.state, bound=value.bound,
                n=gate.clients(cell).value,
            )  # fmt: skip
            yield SummedRow(row, covered)
            at += 1
