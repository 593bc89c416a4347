"""Sex and age of the sample's people: an own stream of chance, so that all else is as it would be without them."""

from dataclasses import dataclass

import numpy as np

from data.sample.plan import Codes, Days, Flags, Numbers, Plan, Shares, chance

SEXES = ("female", "male", "unknown")
FEMALE, UNKNOWN_SEX = 0, 2
AGE_BANDS = ("under_18", "18_24", "25_34", "35_44", "45_54", "55_64", "65_over", "unknown")
_BAND_STARTS = np.array([18, 25, 35, 45, 55, 65])
UNKNOWN_BAND = 7

_WOMEN = 0.54
_NOT_TOLD, _NOT_TOLD_ANONYMOUSLY = 0.04, 0.55
_YOUNGEST, _OLDEST = 15, 88
_DAYS_OF_YEAR = 365.25


@dataclass(frozen=True)
class SexAndAge:
    """One of each by person; ages are years on the plan's first day, and negative when they are not known."""

    sex: Codes
    age: Shares

    def bands(self, person: Numbers, day: Days) -> Codes:
        """Age band of each person on the day."""
        age = self.age[person] + day / _DAYS_OF_YEAR
        bands = np.searchsorted(_BAND_STARTS, age, side="right").astype(np.uint8)
        bands[self.age[person] < 0] = UNKNOWN_BAND
        return bands

    def women(self, person: Numbers) -> Flags:
        """Whether each person is known to be a woman."""
        found: Flags = self.sex[person] == FEMALE
        return found


def draw(plan: Plan, hidden: Flags, enrols: Flags) -> SexAndAge:
    """Draw sex and age. hidden: anonymous visitors, who tell it seldom; enrols: those of working age."""
    rng = plan.randomness("sex_and_age")
    count = len(hidden)
    sex = np.where(chance(rng, _WOMEN, count), 0, 1).astype(np.uint8)
    age = (_YOUNGEST + rng.gamma(3.2, 6.8, count)).clip(max=_OLDEST)
    # A competence centre is for people of working age.
    age[enrols] = 18 + (age[enrols] - _YOUNGEST) * 0.75 % 45
    told = ~chance(rng, np.where(hidden, _NOT_TOLD_ANONYMOUSLY, _NOT_TOLD), count)
    sex[~told] = UNKNOWN_SEX
    age[~told] = -1.0
    return SexAndAge(sex, age)
