"""Looking at what is watched: protected values of the last closed period, by the published rules of change and noise."""

from data.store import Store
from metrics.answer import Row
from metrics.ask import ask
from metrics.briefings.freezing import last_closed
from metrics.briefings.slide import period_at
from metrics.change import spread_of
from metrics.definition import definitions
from metrics.period import Period
from metrics.question import Question, QuestionError
from metrics.targets import target_value
from metrics.trend import direction, interval_of
from metrics.watching.watch import Seen, State, Watch, Watches, Way

HORIZON, HALF = 12, 0.5


def look(store: Store) -> tuple[Seen, ...]:
    """What every watch in force sees in the serving generation; looked at once, then remembered. Raises StoreError."""
    watches, generation = Watches.of(store.path), store.serving()
    known = {one.watch.id: one for one in watches.seen() if one.generation == generation.number}
    found = []
    for watch in watches.all():
        if watch.id not in known:
            known[watch.id] = see(watch, store)
            watches.remember(known[watch.id])
        found.append(known[watch.id])
    return tuple(found)


def see(watch: Watch, store: Store) -> Seen:
    """What one watch sees now. Raises StoreError."""
    generation = store.serving()
    period = Period.parse(period_at(watch.span, last_closed(generation)))
    now = _row(watch, str(period), store)
    before = _row(watch, str(period.year_before()), store) if watch.rule == "change" else None
    limit = (
        watch.value
        if watch.rule != "target"
        else target_value(store.path, watch.metric, watch.municipality, period.year)
    )
    state, way = _state(watch, now, before, limit, _spread(watch, str(period), store))
    return Seen(
        watch=watch, generation=generation.number, period=str(period), state=state, way=way, now=now, before=before,
        limit=limit,
    )  # fmt: skip


def _state(watch: Watch, now: Row | None, before: Row | None, limit: float | None, spread: float) -> tuple[State, Way]:
    if watch.rule == "target" and limit is None:
        return "no_target", ""
    if now is None or now.value is None:
        return "hidden", ""
    there = interval_of(now, spread=spread)
    if watch.rule == "change":
        if before is None or before.value is None:
            return "hidden", ""
        way = direction(there, interval_of(before, spread=spread))
        if way is None:
            return "no_rule", ""
        return ("quiet", "") if way == "unclear" else ("fired", way)
    assert limit is not None
    way = (
        "up"
        if watch.rule == "above" or (watch.rule == "target" and definitions()[watch.metric].good != "high")
        else "down"
    )
    if not (now.value > limit if way == "up" else now.value < limit):
        return "quiet", ""
    # A number without a rule for its noise is told as it stands, not as certain.
    is_sure = there is not None and (there.lower > limit if way == "up" else there.upper < limit)
    return ("fired" if is_sure else "near"), way


def _row(watch: Watch, period: str, store: Store) -> Row | None:
    """The published row; of several, that of twelve months or of the median."""
    try:
        rows = ask(Question((watch.metric,), where=watch.where, period=period), store).rows
    except QuestionError:  # the metric has lost a dimension since the watch was set, or knows no such period
        return None
    kept = [row for row in rows if row.horizon in (None, HORIZON) and row.quantile in (None, HALF)]
    return kept[0] if kept else None


def _spread(watch: Watch, period: str, store: Store) -> float:
    if definitions()[watch.metric].fact != "encounter":
        return 1.0
    rows = ask(Question(("encounters_per_client",), period=period), store).rows
    return spread_of((rows[0].value if rows else None) or 1)
