"""The metric that counts the clients or events behind another metric."""

from metrics.model.definition import definitions

TOTAL_OF = {
    "encounter": "encounters",
    "first_contact": "encounters",
    "referral": "referrals",
    "referral_case": "referrals",
    "referral_path": "referrals",
    "enrolment": "enrolments",
    "enrolled": "active_clients",
}
"""The counting metric by fact; rows of other facts contain their number themselves."""


def total_metric(metric: str) -> str | None:
    """Return the metric that counts the data behind another: clients where it counts clients, else the events of its fact.

    None for facts without a counting metric.
    """
    definition = definitions()[metric]
    measure = definition.measure
    # Rates and spreads have a part that counts; other measures have the unit (clients or events) themselves.
    counted = getattr(measure, "count", measure)
    if definition.fact == "encounter" and getattr(counted, "unit", None) == "clients":
        return "clients"
    return TOTAL_OF.get(definition.fact)


def stands_on_all(metric: str) -> bool:
    """Return whether a metric stands on all clients or events that its total counts: counts do, and what is told of groups alone;
    not shares, medians and the like, which stand on those whose answer is known.
    """
    definition = definitions()[metric]
    return definition.kind == "count" or (bool(definition.requires) and definition.kind != "share_of")
