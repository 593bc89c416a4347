"""The steward's targets as metrics ask for them."""

from pathlib import Path

from data.steward.targets_and_notes import Ledger


def target_value(store: Path, metric: str, municipality: str, year: int) -> float | None:
    """The target in force for a metric in a municipality (or `all`) and year, None when there is none. Raises StoreError."""
    targets = Ledger.of(store).targets()
    wanted = (metric, municipality, year)
    return next((one.value for one in targets if (one.metric, one.municipality, one.year) == wanted), None)
