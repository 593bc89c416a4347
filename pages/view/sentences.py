"""Sentences and phrases: filters, periods, changes, refusals and notices in the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from data import refusal
from data.refusal import Refusal
from data.texts import Texts, capital
from metrics.audience import OWN_BY
from metrics.change.power import Power
from metrics.change.relative import in_percent
from metrics.change.trend import Direction
from metrics.gate import limits
from metrics.grammar.answer import Row, same_ground
from metrics.grammar.period import Period, is_period
from metrics.model.definition import Definition, definitions, origin_of, own_origin
from metrics.model.dimensions import Places, is_unknown, label
from pages.i18n import formats
from pages.view import finnish
from pages.view.state import SEEN_AS, Choice, Notice, View

OTHER_LANGUAGE = "mis"
"""Code of all languages without a code of their own, which therefore has no speakers of one language."""
MOST_NAMED = 10
"""Of what an address has too much or wrong: it may have thousands, and a page is not for these."""


def speakers(code: str, t: Texts, *, within_sentence: bool = False) -> str:
    """Return the speakers of a language: "Somalinkieliset", "Somaliskspråkiga", "Somali speakers".

    within_sentence: as the words are written inside a sentence.
    """
    text = _speakers(code, t)
    return text[:1].lower() + text[1:] if within_sentence and t.lang != "en" else text


def _speakers(code: str, t: Texts) -> str:
    if is_unknown(None, "language", code):
        return t("sentence.language_unknown")
    name = label(None, "language", code, t.lang, {})
    if t.lang == "fi":
        text = finnish.speakers(name[:1].lower() + name[1:])
        return capital(text)
    if t.lang == "sv":
        if code == OTHER_LANGUAGE:
            return t("sentence.language_is", name=name)
        return (name.removesuffix("a") if name.endswith("ska") else name.removesuffix("språk")) + "språkiga"
    return t("sentence.language_is", name=name) if code == OTHER_LANGUAGE else f"{name} speakers"


def listed(names: Sequence[str], t: Texts) -> str:
    """Return names as a part of a sentence: "Espoo, Turku ja Vaasa"."""
    return names[0] if len(names) == 1 else t("list.and", first=", ".join(names[:-1]), last=names[-1])


def is_one_language(code: str) -> bool:
    """Return whether a code is one known language, so that it has speakers."""
    return code != OTHER_LANGUAGE and not is_unknown(None, "language", code)


def unit_text(definition: Definition, t: Texts) -> str:
    """Return what a figure of a metric counts in, as beside an axis: "asiakasta", "%", or the metric's own name."""
    name = "unit_short." + definition.unit
    return t(name, count=2) if t.has(name) else "%" if definition.unit == "%" else str(definition.name[t.lang])


def meaning(definition: Definition, t: Texts) -> str:
    """Return what a metric is, with the version of its definition and the set that it comes from, as Markdown."""
    whose = origin_of(definition.id)
    told = {"version": definition.version, "name": plain(whose.name), "set": plain(whose.version)}
    return f"**{definition.name[t.lang]}.** {definition.text[t.lang]} {t('figure.defined', **told)}"


def defined(definition: Definition, t: Texts) -> str:
    """Return what a metric is, for files and handouts; of others' definitions with the set that they come from."""
    told = {"name": definition.name[t.lang], "version": definition.version, "text": definition.text[t.lang]}
    whose = origin_of(definition.id)
    if whose == own_origin() or definitions().get(definition.id) != definition:
        return t("slide.definition", **told)
    return t("slide.definition.of", **told, registry=whose.name, set=whose.version)


def with_limits(key: str, t: Texts) -> str:
    """Return a text that contains thresholds of the gate, with their current numbers."""
    return t(key, **limits())


def protected_explained(t: Texts) -> str:
    """Return the explanation of how protected values are rounded and suppressed."""
    return with_limits("page.protected_explained", t)


def choice_text(choice: Choice, t: Texts, places: Places, metric: str | None = None) -> str:
    """Return a filter as part of a sentence: "Somalinkieliset", "Espoo", "aihe Asuminen".

    metric: the metric whose dimension it is, for dimensions outside the filter bar.
    """
    if choice.dimension == "language":
        return speakers(choice.code, t)
    name = label(metric, choice.dimension, choice.code, t.lang, places)
    if choice.dimension == "municipality":
        return name
    key = "sentence." + choice.dimension
    return t(key, name=name) if t.has(key) else f"{t('dimension.' + choice.dimension)}: {name}"


def period_text(period: str, t: Texts, form: str = "is") -> str:
    """Return a period as part of a sentence.

    form: `is` "vuosi 2026", `in` "vuonna 2026", `to` "vuoteen 2026" (compared with).
    """
    parsed = Period.parse(period)
    if parsed.level == "all":
        return t("period." + form + ".all")
    stem = parsed.label(t.lang).removesuffix(str(parsed.year)).strip()
    return t(f"period.{form}.{parsed.level}", stem=stem, number=parsed.number, year=parsed.year)


def compared_text(view: View, t: Texts) -> str | None:
    """Return what a view is compared with: "verrattuna vuoteen 2025"; None for all time, which has no year before."""
    period = Period.parse(view.period)
    if view.other:
        return t("sentence.beside", place=label(None, OWN_BY, view.other, t.lang, {}))
    if view.against in ("import", "target"):
        return t(f"sentence.compared_{view.against}")
    if period.level == "all":
        return None
    before = period.month_before() if view.against == "month" else period.year_before()
    return t("sentence.compared", period=period_text(str(before), t, "to"))


def filter_sentence(view: View, t: Texts, places: Places, *, comparison: bool = True) -> str:
    """Return the view as a sentence: "Somalinkieliset, Espoo, vuosi 2026, verrattuna vuoteen 2025"."""
    parts = [choice_text(view.language, t, places) if view.language else t("sentence.everyone")]
    parts += [choice_text(choice, t, places) for choice in view.choices if choice is not view.language]
    parts.append(period_text(view.period, t))
    before = compared_text(view, t)
    if comparison and before:
        parts.append(before)
    sentence = ", ".join(parts)
    return capital(sentence)


def change_text(now: Row, before: Row | None, t: Texts, *, points: bool = False) -> str | None:
    """Return the change between two published values, e.g. "+12 %" or "+3 %-yks."; None when either is suppressed.

    points: as percentage points. Days, minutes and points change by their difference, everything else in percent, or from
    a small number as "10 → 85".
    """
    if before is None or now.value is None or before.value is None:
        return None
    # Between two imports of one period the difference is what the import brought, also where it is more of the period.
    if now.period != before.period and not same_ground(now, before):
        return None
    if points:
        return t("change.points", change=_signed(round(now.value) - round(before.value), t))
    if now.unit == "points":
        return _signed(round(now.value - before.value, 1), t)
    if now.unit in ("days", "minutes"):
        # A difference in days or minutes is easier to judge than "+50 %" of two days.
        difference = now.value - before.value
        return f"{_signed(difference, t)} {t('unit_short.' + now.unit, count=abs(difference))}"
    return relative_text(now, before, t) or both_text(now, before, t)


def relative_text(now: Row, before: Row, t: Texts) -> str | None:
    """Return a change in percent with its sign; None where the earlier number is too small for it (`metrics.change.relative`)."""
    relative = in_percent(now, before)
    return None if relative is None else formats.change(relative, t.lang)


def both_text(now: Row, before: Row, t: Texts) -> str:
    """Return a change by both values: "10 → 85"; "±0" where they are the same."""
    if now.value == before.value:
        return _signed(0, t)
    return t("change.both", before=formats.value_text(before, t), now=formats.value_text(now, t))


_CHANCES = {
    "never": 0.0,
    "1_20": 0.05,
    "1_10": 0.1,
    "1_5": 0.2,
    "1_3": 0.33,
    "1_2": 0.5,
    "2_3": 0.67,
    "4_5": 0.8,
    "9_10": 0.9,
    "always": 1.0,
}
"""Probabilities that have words."""


def power_text(found: Power, t: Texts, *, short: bool = False) -> str:
    """Return how often a change of a figure of this size would show; `short` without the size.

    Example: "Kun luvun takana on 1 000 asiakasta, 10 %:n muutos näkyisi noin joka viides kerta."
    """
    nearest = min(_CHANCES, key=lambda name: abs(_CHANCES[name] - found.chance))
    unit = formats.unit_text(found.unit, found.size, t) or ""
    size = f"{formats.number(found.size, t.lang)} {unit}".strip()
    length, kind = "short." if short else "", "points" if found.in_points else "percent"
    return t(f"power.{length}{kind}", size=size, change=found.change, chance=t(f"chance.{nearest}"))


def _signed(difference: float, t: Texts) -> str:
    sign = "+" if difference > 0 else "±" if difference == 0 else ""
    return sign + formats.number(difference, t.lang, 0 if float(difference).is_integer() else 1)


def change_sentence(
    dimension: str, now: Row, before: Row, way: Direction | None, when: str, t: Texts, places: Places
) -> str:
    """Return a group now and before as a sentence; it speaks of growth or fall only where the change is clear.

    Example: "Arabiankieliset asiakkaat lisääntyivät: 180, vuotta aiemmin 120 (+50 %)." The percentage is left out where
    there is none, since both numbers are told. when: of the earlier value, "vuotta aiemmin".
    """
    code = now.codes[dimension]
    name = speakers(code, t) if dimension == "language" else label(now.metric, dimension, code, t.lang, places)
    relative = relative_text(now, before, t) if same_ground(now, before) else None
    return t(
        f"change.{dimension}.{way if way in ('up', 'down') else 'unclear'}",
        name=plain(name),
        now=formats.value_text(now, t),
        before=formats.value_text(before, t),
        when=when,
        relative=f" ({relative})" if relative else "",
    )


def refusal_text(error: Refusal, t: Texts) -> str:
    """Return the text of a refusal with its suggestions, as Markdown; ids and codes are replaced by names."""

    def named(kind: str, code: str, params: Mapping[str, object]) -> str:
        match kind:
            case "metric" if code in definitions():
                return f"”{definitions()[code].name[t.lang]}”"
            case "dimension" | "each" if t.has(f"{kind}.{code}"):
                return t(f"{kind}.{code}").lower()
            case "code" if code != params.get("code"):
                return (
                    ""  # a code like another code has nothing to do with it: 091 and 092 are neighbours in a list alone
                )
            case "period" if is_period(code):
                return period_text(code, t)
            case "periods":
                return ", ".join(period_text(one, t) for one in code.split(","))
        return code

    return plain(refusal.refusal_text(error, t, named))


def notice_text(notice: Notice, t: Texts, places: Places) -> str:
    """Return the text of a notice: what was invalid in the URL, and what is used instead."""
    used = notice.used
    if notice.kind == "conflict":
        used = t("parameter." + used)
    elif notice.kind != "repeated" and notice.parameter == "period":
        used = period_text(used, t)
    elif notice.kind != "repeated" and notice.parameter in ("audience", "against"):
        used = t(f"{notice.parameter}.{used}")
    elif notice.kind != "repeated" and notice.parameter == SEEN_AS:
        used = t("access.role." + used)
    name = t("parameter." + notice.parameter) if t.has("parameter." + notice.parameter) else notice.parameter
    value = notice.value
    if notice.kind == "unfit":
        value = t("against." + value) if notice.parameter == "against" else label(None, OWN_BY, value, t.lang, places)
    key = "notice." + notice.kind + ("" if used or notice.kind not in ("bad_value", "unfit") else "_without")
    return t(key, parameter=plain(notice.parameter), name=plain(name), value=plain(value), used=plain(used))


def notice_lines(notices: Sequence[Notice], t: Texts, places: Places) -> list[str]:
    """Return what is said of an address: of very much of it the first, and how much more there is."""
    lines = [notice_text(notice, t, places) for notice in notices[:MOST_NAMED]]
    return [*lines, t("notice.further", count=len(notices) - MOST_NAMED)] if len(notices) > MOST_NAMED else lines


def first_named(names: Sequence[str], t: Texts) -> str:
    """Return external texts side by side as Markdown: the first of very many, and how many more there are."""
    text = ", ".join(map(plain, names[:MOST_NAMED]))
    return f"{text} {t('notice.further', count=len(names) - MOST_NAMED)}" if len(names) > MOST_NAMED else text


def plain(text: str) -> str:
    r"""Return external text as Markdown that shows just that text: no emphasis, list, link, image or icon.

    >>> plain("a*b [x](y)")
    'a\\*b \\[x\\]\\(y\\)'
    """
    escaped = "".join("\\" + c if c in r"\`*_{}[]()#+!|<>~:$&" else c for c in _BROKEN.sub(_JOINER, text))
    return _LINE_START.sub(r"\1\\", escaped)


_JOINER = "\u2060"
"""WORD JOINER: nobody sees it, no line breaks at it."""
_BROKEN = re.compile(r"(?<=:)(?=[\w/+-])|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Where a joiner goes: into bare addresses (`https://`, `www.`, `a@b`) and `:icons:`. Streamlit looks for both in the text
itself, when the backslashes are gone already."""
_LINE_START = re.compile(r"^(\s*\d*)(?=[-=]|\.(?:\s|$))", re.MULTILINE)
"""Where a line would begin a list, or underline a heading."""


def metric_by(metric: str, by: Iterable[str], t: Texts) -> str:
    """Return the name of a metric with its breakdown: "Asiakkaat, kieli"."""
    dimensions = (t("dimension." + name) for name in by)
    return ", ".join([definitions()[metric].name[t.lang], *(one[:1].lower() + one[1:] for one in dimensions)])
