"""Targets of metrics, read from the store."""

from pathlib import Path

from data.steward.targets_and_notes import Ledger


def target_value(store: Path, metric: str, municipality: str, year: int) -> float | None:
    """Return the target in force for a metric in a municipality (or `all`) and year, None when there is none.

    store: folder of the store. Raises StoreError.
    """
    targets = Ledger.of(store).targets()
    wanted = (metric, municipality, year)
    return next((one.value for one in targets if (one.metric, one.municipality, one.year) == wanted), None)
