"""The facts as SQL over the store, by name."""

from metrics.fact_sources.competence import OUTCOME, RECOGNITION, TRAINING
from metrics.fact_sources.encounters import ENCOUNTER, FIRST_CONTACT
from metrics.fact_sources.enrolments import ENROLLED, ENROLMENT
from metrics.fact_sources.referrals import REFERRAL, REFERRAL_CASE, REFERRAL_PATH

FACTS = {
    fact.name: fact
    for fact in (
        ENCOUNTER, FIRST_CONTACT, REFERRAL, REFERRAL_CASE, REFERRAL_PATH, ENROLMENT, ENROLLED, RECOGNITION, TRAINING, OUTCOME,
    )
}  # fmt: skip

__all__ = ["FACTS"]
