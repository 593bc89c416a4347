"""All facts by name, as SQL over the store."""

from metrics.model.facts.competence import OUTCOME, RECOGNITION, TRAINING
from metrics.model.facts.encounters import ENCOUNTER, FIRST_CONTACT
from metrics.model.facts.enrolments import ENROLLED, ENROLMENT
from metrics.model.facts.referrals import REFERRAL, REFERRAL_CASE, REFERRAL_PATH

FACTS = {
    fact.name: fact
    for fact in (
        ENCOUNTER, FIRST_CONTACT, REFERRAL, REFERRAL_CASE, REFERRAL_PATH, ENROLMENT, ENROLLED, RECOGNITION, TRAINING, OUTCOME,
    )
}  # fmt: skip

__all__ = ["FACTS"]
