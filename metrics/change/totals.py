"""How much a figure stands on: the metric that counts the clients or the events behind another."""

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
"""The counting metric by fact; the other facts have none, their rows say it themselves."""


def total_metric(metric: str) -> str | None:
    """The metric that says how much a figure stands on: clients where clients are counted, else the events of its fact."""
    definition = definitions()[metric]
    measure = definition.measure
    # A rate and a spread count a part; the other measures say themselves whether they count people or events.
    counted = getattr(measure, "count", measure)
    if definition.fact == "encounter" and getattr(counted, "unit", None) == "clients":
        return "clients"
    return TOTAL_OF.get(definition.fact)
