"""Headlines of slides: sentences from published values that never say more than they do, in three languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.texts import Language, texts
from metrics.briefings.freezing import Answered
from metrics.briefings.slide import Slide
from metrics.change.decision import has_own_total
from metrics.change.noise import spread_of
from metrics.change.totals import total_metric
from metrics.change.trend import direction
from metrics.gate import Bound
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from pages.briefings.headlines import headline, lead
from tests.pages.drawn import each_language

# Numbers end in 5: the base an even number has been rounded to is not told, so it is taken to be the largest that fits.
GROWTH = ("kasvoi", "väheni", "kasvu", "lasku", "nousu", "kaksinkertaistui")


def count(value: float | None, period: str = "2026", metric: str = "encounters", each: float = 1, **codes: str) -> Row:
    unit = definitions()[metric].unit
    return Row(
        metric,
        codes,
        period,
        value,
        unit,
        bound=Bound("under", 10) if value is None else None,
        n=None if value is None else value / each,
    )


def share(value: float, n: float, period: str = "2026", metric: str = "solved_share", **codes: str) -> Row:
    return Row(metric, codes, period, value, "%", n=n, numerator=round(value * n / 100), denominator=n)


def totals(*rows: Row) -> tuple[Row, ...]:
    """One event of each client behind every row."""
    return tuple(
        Row(metric, row.codes, row.period, row.n, definitions()[metric].unit, n=row.n)
        for row in rows
        if row.n and not has_own_total(row.metric) and (metric := total_metric(row.metric))
    )


def one(now: Row, before: Row | None = None, *, where: tuple[tuple[str, str], ...] = ()) -> Answered:
    slide = Slide(metric=now.metric, kind="number", period=now.period, where=where)
    rows = (now, before) if before else (now,)
    return Answered(slide=slide, rows=(now,), whole=(now,), before=rows[1:], totals=totals(*rows))


def groups(*rows: Row, before: tuple[Row, ...] = (), by: str = "language", kind: str = "bars") -> Answered:
    slide = Slide(metric=rows[0].metric, kind=kind, by=(by,), period=rows[0].period)  # type: ignore[arg-type]
    return Answered(slide=slide, rows=rows, whole=rows, before=before, totals=totals(*rows, *before))


def fi(answered: Answered) -> str:
    return headline(answered, texts("fi"), {})


SO = (("language", "so"),)


def test_a_growth_of_a_fifth_is_said_in_words() -> None:
    grown = one(count(1205, language="so"), count(1005, "2025", language="so"), where=SO)
    assert fi(grown) == "Somalinkielisten asiointi kasvoi viidenneksen vuodesta 2025"
    assert (
        headline(grown, texts("sv"), {})
        == "Antalet kundmöten med somaliskspråkiga kunder ökade med en femtedel från år 2025"
    )
    assert headline(grown, texts("en"), {}) == "The number of encounters with Somali speakers grew by a fifth from 2025"
    assert lead(grown, texts("fi"), {}) == "1\u00a0205 asiointia vuonna 2026 · 1\u00a0005 asiointia vuonna 2025"


@pytest.mark.parametrize(
    ("now", "amount"),
    [
        (20005, "Asiointi kaksinkertaistui vuodesta 2025"),
        (13405, "Asiointi kasvoi noin kolmanneksen vuodesta 2025"),
        (13305, "Asiointi kasvoi kolmanneksen vuodesta 2025"),
        (14205, "Asiointi kasvoi 42\u00a0% vuodesta 2025"),
        (5005, "Asiointi väheni puolella vuodesta 2025"),
        (7505, "Asiointi väheni neljänneksen vuodesta 2025"),
        (10205, "Asiointi: ei selvää muutosta vuodesta 2025"),
        (30005, "Asiointi kasvoi 200\u00a0% vuodesta 2025"),
    ],
)
def test_how_much_is_said_as_a_person_says_it(now: int, amount: str) -> None:
    assert fi(one(count(now), count(10005, "2025"))) == amount


def test_events_in_bundles_need_a_larger_change() -> None:
    assert "kasvoi" in fi(one(count(1205), count(1005, "2025")))
    assert "ei selvää muutosta" in fi(one(count(1205, each=4.5), count(1005, "2025", each=4.5)))


def test_a_part_of_a_year_is_compared_with_a_year_ago() -> None:
    assert fi(one(count(1205, "2026-ytd-09"), count(1005, "2025-ytd-09"))).endswith("viidenneksen vuodentakaisesta")


def test_a_share_changes_in_percentage_points_or_not_at_all() -> None:
    up, same = one(share(80, 1005), share(60, 1005, "2025")), one(share(62, 100), share(60, 100, "2025"))
    assert fi(up).endswith(": 80\u00a0%, nousua 20 prosenttiyksikköä vuodesta 2025")
    assert fi(same).endswith(": 62\u00a0%, ei selvää muutosta vuodesta 2025")


def test_few_are_not_compared_at_all() -> None:
    assert fi(one(count(60), count(20, "2025"))) == "Asioinnit: 60 asiointia vuonna 2026"


def test_a_hidden_number_is_said_to_be_hidden() -> None:
    said = fi(one(count(None), count(1000, "2025")))
    assert "alle 10" in said
    assert not any(word in said for word in GROWTH)
    assert lead(one(count(None), count(1000, "2025")), texts("fi"), {}) == ""


def test_medians_have_no_rule_so_nothing_is_claimed_of_their_change() -> None:
    now, before = (Row("wait_days", {}, p, v, "days", n=900, quantile=0.5) for p, v in (("2026", 9.0), ("2025", 7.0)))
    assert fi(one(now, before)) == "Odotus ajanvaraukseen: 9 päivää vuonna 2026"
    assert lead(one(now, before), texts("fi"), {}) == "7 päivää vuonna 2025"


def test_the_filters_a_sentence_does_not_name_stand_before_it() -> None:
    where = (("municipality", "049"), ("topic", "housing"))
    rows = (count(v, p, municipality="049", topic="housing") for v, p in ((1205, "2026"), (1005, "2025")))
    said = fi(one(*rows, where=where))
    assert said.startswith("Espoo, aihe Asuminen: asiointi")
    assert fi(one(share(54, 1000), share(54, 1000, "2025"), where=where[:1])).startswith("Espoo, asia ratkesi heti: 54")


def test_the_largest_groups_are_named_with_all_that_rounding_could_have_put_first() -> None:
    def row(code: str, value: float) -> Row:
        return count(value, metric="clients", language=code)

    assert fi(groups(row("ar", 500), row("so", 300))) == "Eniten asiakkaita: arabiankieliset (500)"
    tied = fi(groups(row("ar", 500), row("so", 495), row("ru", 300)))
    assert tied == "Eniten asiakkaita: arabiankieliset (500) ja somalinkieliset (495)"
    even = [row(code, 100) for code in ("ar", "so", "ru", "uk")]
    assert fi(groups(*even)) == "Asiakkaat: 4 ryhmää lähes yhtä suuria"
    assert "und" not in fi(groups(row("und", 900), row("so", 300)))


def test_groups_of_a_share_are_ranked_only_when_they_are_certainly_apart() -> None:
    apart = groups(share(90, 400, municipality="049"), share(50, 400, municipality="091"), by="municipality")
    assert "korkein Espoo (90\u00a0%), matalin Helsinki (50\u00a0%)" in fi(apart)
    near = groups(share(62, 100, municipality="049"), share(58, 100, municipality="091"), by="municipality")
    assert fi(near).endswith("ryhmien väliset erot voivat olla sattumaa")
    few = groups(share(90, 60, municipality="049"), share(40, 60, municipality="091"), by="municipality")
    assert fi(few).endswith("ryhmittäin"), "under 80 nothing is ranked"


def test_over_time_the_clearest_change_is_named_when_there_is_one() -> None:
    now = [count(value, metric="clients", language=code) for code, value in (("ar", 1000), ("so", 600), ("ru", 500))]
    before = tuple(count(v, "2025", "clients", language=code) for code, v in (("ar", 1000), ("so", 300), ("ru", 505)))
    said = fi(groups(*now, before=before, kind="lines"))
    assert said == "Asiakkaat, selvin kasvu: somalinkieliset, +100\u00a0% vuodesta 2025"
    still = tuple(replace(row, period="2025") for row in now)
    assert fi(groups(*now, before=still, kind="lines")) == "Eniten asiakkaita: arabiankieliset (1\u00a0000)"


@given(
    now=st.integers(2, 4000).map(lambda n: 5 * n), before=st.integers(2, 4000).map(lambda n: 5 * n),
    each=st.sampled_from((1.0, 1.75, 5.0)),
)  # fmt: skip
def test_no_headline_says_a_change_that_the_rule_does_not(now: int, before: int, each: float) -> None:
    answered = one(count(now, each=each), count(before, "2025", each=each))
    said = fi(answered)
    way = direction(answered.whole[0], answered.before[0], spreads=(spread_of(each), spread_of(each)))
    assert any(word in said for word in GROWTH) == (way in ("up", "down"))
    if way in ("up", "down"):
        assert ("väheni" in said) == (now < before)


@each_language
@pytest.mark.parametrize("metric", [d.id for d in definitions().values()])
def test_every_metric_has_a_headline_in_every_language(metric: str, lang: Language) -> None:
    definition = definitions()[metric]
    horizon = 12 if definition.kind == "time_to_event" and definition.unit == "%" else None
    rows = [
        Row(metric, {}, period, value, definition.unit, n=400, numerator=200, denominator=400, horizon=horizon)
        for period, value in (("2026", 60.0), ("2025", 30.0))
    ]
    said = headline(one(*rows), texts(lang), {})
    assert said[:1].isupper() or not said[:1].isalpha()
    assert "{" not in said


def test_a_change_from_the_month_before_is_said_to_be_that() -> None:
    now, before = count(905, "2026-02"), count(405, "2026-01")
    answered = one(now, before)
    answered = answered.model_copy(update={"slide": answered.slide.model_copy(update={"against": "month"})})
    assert fi(answered).endswith("edellisestä kuukaudesta")
    assert "tammikuussa 2026" in lead(answered, texts("fi"), {})


def test_where_no_change_is_clear_it_is_said_what_would_be() -> None:
    unclear, clear = one(count(1005), count(1000, "2025")), one(count(1505), count(1005, "2025"))
    assert "10 %:n muutos näkyisi" in lead(unclear, texts("fi"), {})
    assert "näkyisi" not in lead(clear, texts("fi"), {})


@each_language
def test_an_interval_of_days_is_not_in_percent(lang: Language) -> None:
    shown = Row("wait_days", {}, "2026", 4, "days", n=500, lower=3, upper=6, quantile=0.5)
    said = lead(one(shown), texts(lang), {})
    assert "3–6" in said
    assert "%" not in said.split("3–6")[1]


def test_a_group_that_was_small_has_both_numbers_and_no_percentage() -> None:
    now = [count(value, metric="clients", language=code) for code, value in (("so", 400), ("ar", 200))]
    before = [count(value, "2025", "clients", language=code) for code, value in (("so", 10), ("ar", 200))]
    said = fi(groups(*now, before=tuple(before), kind="lines"))
    assert "10 → 400" in said
    assert "%" not in said
