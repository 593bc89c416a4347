"""Reproducible code of a test: a Python script and a Jupyter notebook with the SQL and the calls that repeat it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from data.store.store import Store, StoreError
from metrics.hypotheses import testing
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis
from metrics.hypotheses.methods.sequential import limit
from metrics.hypotheses.register import Registered, Result
from metrics.hypotheses.samples import facts_sql, sql
from metrics.hypotheses.spans import months

_IMPORTS = """import json
import sys
from dataclasses import asdict
from pathlib import Path

from data.refusal import Refusal, refusal_text
from data.store.store import Store, StoreError
from data.texts import texts
from metrics.audience import PROTECTED
from metrics.gate import Gate
from metrics.hypotheses import medians, shapes, testing
from metrics.hypotheses.checking import check
from metrics.hypotheses.methods import areas, before_after, durations, rates, shares
from metrics.hypotheses.methods.sequential import limit
from metrics.hypotheses.register import Register"""

_READ = """store = Store(Path(STORE))
registered = Register.of(store.path).find(HYPOTHESIS)
if registered.hash != HASH:
    sys.exit(f"{HYPOTHESIS} of this store is another hypothesis than this file repeats")
hypothesis = registered.hypothesis

# The data of the test; when they are no longer kept, the data that visitors see now.
generation = store.released()
if generation.number != GENERATION:
    try:
        generation = store.generation(GENERATION)
    except StoreError:
        pass
try:
    check(hypothesis, store, generation)
except Refusal as error:  # the data that serve now may not tell what is compared
    sys.exit(refusal_text(error, texts("en")))
cursor = store.read(generation)
sample = cursor.sql(SQL).pl()  # exact sums per client: publish only what the gate below returns"""

_CHECK = """if chance is not None:
    cursor.register("weights", chance.table)
facts = cursor.sql(FACTS).pl()  # the background of both groups
finding = testing.with_checks(hypothesis, finding, sample, facts, chance)"""

_PUBLISH = """gate = Gate(PROTECTED, store.keys.noise)
shown = testing.publish(hypothesis, sample, finding, gate, CRITICAL)
print(json.dumps({"hypothesis": HYPOTHESIS, "generation": generation.number, "verdict": shown.verdict,
                  "effect": shown.effect.model_dump(), "sides": [side.model_dump() for side in shown.sides],
                  "finding": asdict(shown.finding)}, ensure_ascii=False, indent=1))"""


@dataclass(frozen=True)
class Work:
    """The reproducible code of one test; create it with `of`.

    generation: number of the generation tested; sql: the query of the sample; facts: that of the background of two
    groups, empty for others; critical: critical value of this one among the planned tests.
    """

    registered: Registered
    generation: int
    sql: str
    facts: str
    critical: float

    @property
    def script(self) -> str:
        """A Python script that repeats the test; run it as `python H-1.py STORE H-1` in the program's folder."""
        line = self.registered
        head = (
            f'"""Repeats the test of hypothesis {line.id}. Run in the program\'s folder: python {line.id}.py STORE {line.id}\n\n'
            'Prints the full result, with internal figures: not for publication.\n"""\n'
        )
        arguments = (
            f'if len(sys.argv) != 3:\n    sys.exit("usage: python {line.id}.py STORE {line.id}")\n'
            "STORE, HYPOTHESIS = sys.argv[1:]"
        )
        return "\n\n".join([head + _IMPORTS, arguments, self._fixed, _READ, self._test, _PUBLISH]) + "\n"

    @property
    def notebook(self) -> str:
        """The same code as a Jupyter notebook (JSON text, format 4.5); store and hypothesis are set in its second cell."""
        line = self.registered
        own = f'STORE, HYPOTHESIS = "store", "{line.id}"  # run in the program\'s folder'
        cells = [
            _cell(0, "markdown", f"# {line.id}\n\n    {line.hypothesis.question}"),
            *(
                _cell(number, "code", text)
                for number, text in enumerate((_IMPORTS, own, self._fixed, _READ, self._test, _PUBLISH), 1)
            ),
        ]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"

    @property
    def _fixed(self) -> str:
        hypothesis = json.dumps(self.registered.hypothesis.model_dump(mode="json"), ensure_ascii=False)
        return (
            f"# Registered {self.registered.time:%Y-%m-%d %H:%M} UTC, before any test:\n# {hypothesis}\n"
            f'HASH = "{self.registered.hash}"\nGENERATION = {self.generation}\n'
            f"CRITICAL = {self.critical!r}  # critical value of |z| of this one among the planned tests\n\n"
            f'SQL = r"""\n{self.sql}\n"""\n\nFACTS = r"""{self.facts}"""'
        )

    @property
    def _test(self) -> str:
        made = f"chance = testing.chance_of(hypothesis, sample)\nfinding = {call(self.registered.hypothesis)}"
        return "\n".join((made, _CHECK, "cursor.close()") if self.facts else (made, "cursor.close()"))


def of(registered: Registered, results: Sequence[Result], store: Store) -> Work:
    """Return the reproducible code of the latest of a hypothesis' results. Raises StoreError when the store cannot be read."""
    hypothesis, result = registered.hypothesis, results[-1]
    generation = store.released()
    if generation.number != result.generation:
        with suppress(StoreError):
            generation = store.generation(result.generation)
    compared = months(hypothesis, store, generation)
    facts = "" if isinstance(hypothesis.design, BeforeAfter) else facts_sql(hypothesis, compared)
    critical = limit([testing.size_of(line.sides) for line in results], hypothesis.looks)
    return Work(registered, result.generation, sql(hypothesis, compared), facts, critical)


def call(hypothesis: Hypothesis) -> str:
    """Return the call of the method that fits a hypothesis as Python source; the same choice as in `testing.finding_of`."""
    kind, people = hypothesis.kind, hypothesis.counts_people
    covariates = tuple(f"c_{name}" for name in hypothesis.covariates)
    if kind == "time_to_event":
        return f"durations.compare(sample, {covariates!r})"
    if isinstance(hypothesis.design, BeforeAfter):
        if testing.by_areas(hypothesis):
            return f"areas.compare(shapes.counted(sample, {people}), {testing.MEASURES[kind]!r})"
        return f"before_after.interrupted_time_series(shapes.series(sample, {kind!r}, {people}))"
    return {
        "share": f"shares.compare(sample, {covariates!r}, chance)",
        "count": f"rates.compare_counts(shapes.counted(sample, {people}))",
        "amount": f"medians.compare(sample, {covariates!r})",
    }[kind]


def _cell(number: int, kind: str, text: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)
    }  # fmt: skip
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
