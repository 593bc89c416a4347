"""Headlines of slides: one sentence generated from published values, which claims no more than they support.

"Somalinkielisten asiointi kasvoi viidenneksen vuodesta 2025", or "… ei selvää muutosta vuodesta 2025" when chance may
explain it.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.texts import Texts, capital, percent_sign
from metrics.briefings import comparison
from metrics.briefings.freezing import Answered
from metrics.change import largest
from metrics.change.relative import in_percent
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, label
from metrics.model.needs import needs
from pages.briefings import areas
from pages.charts.bars import ARROW
from pages.i18n import formats
from pages.view import sentences, states
from pages.view.state import Choice

SUBJECTS = frozenset({"clients", "encounters"})
"""Metrics whose sentences have the people as their subject: speakers of a language who visit."""
FRACTIONS = (10, 20, 25, 33, 50)
NEAR = 2
"""Percentage points within which a change is worded as about a fifth, a quarter, and so on."""
DOUBLED = (95, 110)


def headline(answered: Answered, t: Texts, places: Places) -> str:
    """Return the headline of a slide: its filters, then the statement."""
    return _within(_scope(answered, t, places), _said(answered, t, places))


def title(answered: Answered, t: Texts, places: Places) -> str:
    """Return what a figure beside others says over itself: its headline, or of a number without a change its name."""
    rows = comparison.own(answered.whole, answered)
    is_number = len(rows) == 1 and not answered.slide.by and not answered.areas and rows[0].bound is None
    if (
        not is_number
        or comparison.change_of(rows[0], comparison.before_of(rows[0], answered), answered).way is not None
    ):
        return headline(answered, t, places)
    return _within(_scope(answered, t, places), definitions()[answered.slide.metric].name[t.lang])


def _within(scope: str, text: str) -> str:
    """Return a statement after the filters that it is limited to."""
    if scope:
        # Two colons in a sentence do not read.
        return f"{capital(scope)}{', ' if ': ' in text else ': '}{text[:1].lower()}{text[1:]}"
    return capital(text)


def lead(answered: Answered, t: Texts, places: Places) -> str:
    """Return the line under the headline of a single value: both values and the interval, unless in the headline; and where
    no change is clear, what change would be.

    Of a slide with a breakdown: both values of the group whose change the headline tells, since its lines are of one period.
    Empty for other breakdowns. Of a slide without any value: why there is none.
    """
    if reason := why_not(answered, t):
        return reason
    if (told := comparison.named_change(answered)) and told.before is not None:
        return f"{group_name(told.now, answered.slide.by, t, places)}: {_value_in(told.now, t)} · {_value_in(told.before, t)}"
    rows = comparison.own(answered.whole, answered)
    if len(rows) != 1 or answered.slide.by or rows[0].value is None:
        return ""
    now, before = rows[0], comparison.before_of(rows[0], answered)
    way = comparison.change_of(now, before, answered).way
    parts = []
    if way is not None and not comparison.is_followed(now.metric):
        parts.append(_value_in(now, t))
    if now.lower is not None and now.upper is not None:
        low = formats.number(now.lower, t.lang, _decimals(now.lower))
        high = formats.number(now.upper, t.lang, _decimals(now.upper))
        parts.append(t("slide.interval", low=low, high=high + (percent_sign(t.lang) if now.unit == "%" else "")))
    if before is not None and before.value is not None:
        parts.append(_value_in(before, t))
    if way == "unclear" and (power := comparison.power_of(now, answered)):
        parts.append(sentences.power_text(power, t, short=True).removesuffix("."))
    return " · ".join(parts)


def value_before(answered: Answered, t: Texts) -> str:
    """Return the value before of a figure of one value, empty where there is none."""
    rows = comparison.own(answered.whole, answered)
    before = comparison.before_of(rows[0], answered) if len(rows) == 1 and not answered.slide.by else None
    return _value_in(before, t) if before is not None and before.value is not None else ""


def _decimals(number: float) -> int:
    return 0 if float(number).is_integer() else 1


def value_long(row: Row, t: Texts) -> str:
    """Return a published value with its unit written out: "3 päivää", where a table has "3 pv"."""
    unit = None if row.value is None else formats.unit_text(row.unit, row.value, t)
    return f"{formats.value_text(row, t)} {unit}" if unit else formats.value_text(row, t)


def _value_in(row: Row, t: Texts) -> str:
    return t("slide.value", value=value_long(row, t), period=sentences.period_text(row.period, t, "in"))


def _said(answered: Answered, t: Texts, places: Places) -> str:
    return areas.statement(answered, t) if answered.areas else _statement(answered, t, places)


def _statement(answered: Answered, t: Texts, places: Places) -> str:
    rows = comparison.own(answered.whole, answered)
    shown = [row for row in rows if row.value is not None]
    name = definitions()[answered.slide.metric].name[t.lang]
    if not shown:
        bound = rows[0].bound if len(rows) == 1 else None
        if bound is not None:
            return t("headline.bounded", name=name, bound=formats.bound(bound, rows[0].unit, t))
        return t("headline.not_shown", name=name)
    if not answered.slide.by:
        return _of_one(shown[0], answered, t, places)
    if comparison.is_count(answered.slide.metric):
        return _of_counts(answered, t, places)
    return _of_groups(answered, t, places)


def why_not(answered: Answered, t: Texts) -> str:
    """Return why a figure has no value; empty where it has one or a bound. Without rows it lacks data where its total does."""
    rows = comparison.own(answered.whole, answered)
    is_bounded = len(rows) == 1 and rows[0].bound is not None
    if answered.areas or is_bounded or any(row.value is not None for row in rows):
        return ""
    if rows:
        return states.reason(rows, t)
    if answered.lacks:
        return states.missing(answered.lacks, t)
    if answered.total is not None and states.is_without_data((answered.total,)):  # of a briefing of an earlier version
        return states.missing(needs(definitions()[answered.slide.metric]).every_table, t)
    return states.reason((), t)


def _of_one(now: Row, answered: Answered, t: Texts, places: Places) -> str:
    """Return the statement about a single value and its change."""
    definition = definitions()[now.metric]
    name, value = definition.name[t.lang], value_long(now, t)
    if now.horizon:
        key = "headline.followed" if comparison.is_followed(now.metric) else "headline.at"
        return t(key, name=name, value=value, months=t("months", count=now.horizon))
    change = comparison.change_of(now, comparison.before_of(now, answered), answered)
    since = _since(answered, t)
    if change.way is None or change.before is None:
        return t("headline.value", name=name, value=value, when=sentences.period_text(now.period, t, "in"))
    if now.unit == "%":
        points = abs(round(now.value or 0) - round(change.before.value or 0))
        return t(f"headline.share.{change.way}", name=name, value=value, points=points, since=since)
    subject = _subject(answered, t)
    if change.way == "unclear":
        return t("headline.unclear", subject=subject or name, since=since)
    relative = in_percent(now, change.before)
    if relative is None:  # a value so small that it is rounded to 0
        return t("headline.value", name=name, value=value, when=sentences.period_text(now.period, t, "in"))
    if subject:
        size = amount(relative, t)
        key = "doubled" if size is None else change.way
        return t(f"headline.subject.{key}", subject=subject, amount=size, since=since)
    return t(f"headline.other.{change.way}", name=name, amount=formats.percent(abs(relative), t.lang), since=since)


def _of_counts(answered: Answered, t: Texts, places: Places) -> str:
    """Return the statement about a count by group: over time its clearest change, else the largest groups."""
    change = comparison.named_change(answered)
    name = definitions()[answered.slide.metric].name[t.lang]
    if change is not None and change.before is not None:
        size = sentences.relative_text(change.now, change.before, t) or sentences.both_text(
            change.now, change.before, t
        )
        group = group_name(change.now, answered.slide.by, t, places)
        return t(f"headline.most.{change.way}", name=name, group=group, change=size, since=_since(answered, t))
    first = comparison.leaders(answered)
    if not first:
        return t("headline.value", name=name, value="", when=sentences.period_text(answered.slide.period, t, "in"))
    if len(first) > largest.FEW:
        return t("headline.even", name=name, count=len(first))
    leaders = [f"{group_name(row, answered.slide.by, t, places)} ({formats.value_text(row, t)})" for row in first]
    key = "headline.leaders" + (f".{answered.slide.metric}" if answered.slide.metric in SUBJECTS else "")
    return t(key, name=name, groups=sentences.listed(leaders, t))


def _of_groups(answered: Answered, t: Texts, places: Places) -> str:
    """Return the statement about a share, rate or time by group: highest and lowest, if they differ beyond chance."""
    name = definitions()[answered.slide.metric].name[t.lang]
    ends = comparison.extremes(answered)
    if ends is None:
        key = "noise" if comparison.comparable(answered) > 1 else "groups"
        return t(f"headline.{key}", name=name)
    (high, low), by = ends, answered.slide.by
    return t(
        "headline.ends", name=name, high=group_name(high, by, t, places), high_value=value_long(high, t),
        low=group_name(low, by, t, places), low_value=value_long(low, t),
    )  # fmt: skip


def amount(relative: int, t: Texts) -> str | None:
    """Return the size of a count's change in percent, in words where one fits; None when it has doubled.

    Examples: "viidenneksen", "noin neljänneksen", "12 %".
    """
    if DOUBLED[0] <= relative <= DOUBLED[1]:
        return None
    nearest = min(FRACTIONS, key=lambda fraction: abs(fraction - abs(relative)))
    if nearest == abs(relative):
        return t(f"amount.{nearest}")
    if abs(nearest - abs(relative)) <= NEAR and nearest > FRACTIONS[0]:
        return t("amount.about", amount=t(f"amount.{nearest}"))
    return formats.percent(abs(relative), t.lang)


def _subject(answered: Answered, t: Texts) -> str | None:
    """Return the subject of a sentence about clients or encounters: "somalinkielisten asiointi"; None for other metrics."""
    metric = answered.slide.metric
    if metric not in SUBJECTS:
        return None
    code = dict(answered.slide.where).get("language")
    if code is None or not sentences.is_one_language(code):
        return t(f"subject.{metric}")
    speakers = sentences.speakers(code, t)
    if t.lang == "fi":
        speakers = speakers[:1].lower() + speakers[1:].removesuffix("set") + "sten"
    elif t.lang == "sv":
        speakers = speakers[:1].lower() + speakers[1:]
    return t(f"subject.{metric}.speakers", speakers=speakers)


def _scope(answered: Answered, t: Texts, places: Places) -> str:
    """Return the filters that the statement does not mention, as a prefix: "Espoo, aihe Asuminen"."""
    spoken = answered.slide.metric in SUBJECTS and not answered.slide.by
    names = [
        sentences.choice_text(Choice(name, code), t, places, answered.slide.metric)
        for name, code in answered.slide.where
        if not (name == "language" and spoken and sentences.is_one_language(code))
    ]
    return ", ".join(names)


def group_name(row: Row, by: Sequence[str], t: Texts, places: Places) -> str:
    """Return the name of a row's group: "somalinkieliset"; for a referral route "Kela → Vero"."""
    joined = ARROW if by[0] == "from_service" else ", "
    return joined.join(_name(row.metric, dimension, row.codes[dimension], t, places) for dimension in by)


def _name(metric: str, dimension: str, code: str, t: Texts, places: Places) -> str:
    if dimension != "language":
        return label(metric, dimension, code, t.lang, places)
    return sentences.speakers(code, t, within_sentence=True)


def _since(answered: Answered, t: Texts) -> str:
    """Return what is compared with: "vuodesta 2025", for a part of a year "vuodentakaisesta", "edellisestä kuukaudesta"."""
    if not answered.before:
        return ""
    if answered.slide.against == "month":
        return t("since.month")
    before = Period.parse(answered.slide.period).year_before()
    return t("since.year", year=before.year) if before.level == "year" else t("since.part")
