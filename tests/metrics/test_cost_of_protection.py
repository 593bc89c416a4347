"""What protection costs: how far published numbers of clients are from the true ones, in a sample of an ordinary region."""

from pathlib import Path
from statistics import median

import pytest

from data.cli import main
from data.store.store import Store
from metrics.audience import PROTECTED
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.gate import EMPTY, Gate
from metrics.model.facts import FACTS


@pytest.mark.simulation
def test_the_error_of_language_by_municipality_and_year_is_small(tmp_path: Path) -> None:
    """At most 4 % for half of the shown cells of 200 000 encounters (docs/disclosure.md)."""
    arguments = ["sample", "--encounters", "200000", "--until", "2026-10-31", "--store", str(tmp_path / "store")]
    assert main(arguments) == 0
    store = Store(tmp_path / "store")
    cube, gate, errors = Cube(store, store.serving()), Gate(PROTECTED, store.keys.noise), []
    exact, entered = (
        cube.counts((Counting(FACTS["encounter"]),), ("language", "municipality"), batched=batched)[0]
        for batched in (False, True)
    )
    for year in ("2024", "2025", "2026"):
        shown = entered.cells(year, open_too=False)
        for codes, cell in exact.cells(year, open_too=False).items():
            value = gate.clients(shown.get(codes, EMPTY)).value
            if value is not None:
                errors.append(abs(value - cell.n) / cell.n)
    print(len(errors), median(errors))
    assert len(errors) > 300
    assert median(errors) <= 0.04, "on average over noise keys 3.8 %"
