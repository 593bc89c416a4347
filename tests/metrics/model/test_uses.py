"""Which metrics a field touches: a few known by hand, and none that does not exist."""

from data.model.records import TABLES
from metrics.model.definition import definitions
from metrics.model.uses import metrics_using


def test_metrics_of_known_fields() -> None:
    assert "understood_language_share" in metrics_using("encounter", "language_support")
    assert "satisfaction" in metrics_using("encounter", "satisfaction")
    assert "minutes_median" in metrics_using("encounter", "minutes")
    assert "referral_started_share" in metrics_using("referral", "started_on")
    assert "staff_language_cover" in metrics_using("staff", "languages")
    assert "newcomer_share" in metrics_using("encounter", "arrived_on")
    assert "at_work_at" in metrics_using("outcome", "ended_on")
    assert "satisfaction" not in metrics_using("encounter", "minutes")


def test_every_metric_named_exists() -> None:
    named = {
        metric
        for table, model in TABLES.items()
        for field in model.model_fields
        for metric in metrics_using(table, field)
    }
    assert named <= set(definitions())
    assert len(named) > 20
