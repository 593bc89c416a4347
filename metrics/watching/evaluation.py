"""Evaluation of watches: protected values of the last closed period, by the common rules of change and noise."""

from functools import partial

from data.store.generation import Generation
from data.store.store import Store, StoreError
from metrics.ask import ask, lacking
from metrics.audience import PROTECTED
from metrics.change.decision import Ask, Totals, decide, queried_totals, spread_behind
from metrics.change.earlier import DEFAULT, earlier, on_known_ground
from metrics.change.trend import Interval, interval_of
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Period, period_at
from metrics.grammar.question import Question, QuestionError
from metrics.measures.gaps import Lacking
from metrics.model.definition import OF_ANY_LENGTH, definitions
from metrics.watching.targets import target_value
from metrics.watching.watch import ALL, Observation, State, Watch, Watches, Way


def evaluate(store: Store) -> tuple[Observation, ...]:
    """Return the observation of every watch in force in the current generation, evaluated once and stored. Raises StoreError.

    It is evaluated again when the metric's definition has changed since, or the target of one that has a target.
    """
    watches, generation = Watches.of(store.path), store.released()
    known = {one.watch.id: one for one in watches.seen() if one.token == generation.token}
    found = []
    for watch in watches.all():
        seen = known.get(watch.id)
        if seen is None or not _holds(seen, store):
            seen = evaluate_watch(watch, store)
            try:
                watches.remember(seen)
            except StoreError as error:
                if error.reason not in (
                    "unwritable",
                    "no_room",
                ):  # where nothing can be written, watches are still evaluated
                    raise
        found.append(seen)
    return tuple(found)


def _holds(seen: Observation, store: Store) -> bool:
    """Return whether what was seen of a generation would be seen of it again."""
    watch = seen.watch
    if seen.definition_version != _version(watch):
        return False
    return watch.rule != "target" or seen.limit == _limit(watch, Period.parse(seen.period), store)


def _version(watch: Watch) -> int:
    known = definitions().get(watch.metric)
    return known.version if known else 0


def evaluate_watch(watch: Watch, store: Store) -> Observation:
    """Return the observation of one watch now. Raises StoreError."""
    generation = store.released()
    period = Period.parse(period_at(watch.span, generation.closed_until))
    if watch.metric not in definitions():
        return Observation(
            watch=watch, generation=generation.number, token=generation.token, period=str(period), state="gone"
        )
    limit = _limit(watch, period, store)
    asking = partial(ask, store=store, generation=generation)
    now = _row(watch, period, asking)
    asked = Question((watch.metric,), where=watch.where, period=str(period))
    lacks = lacking(asked, store, generation) if now else Lacking()
    before, is_known = _before(watch, period, asking, store, generation) if watch.rule == "change" else (None, True)
    totals = queried_totals(asking, PROTECTED)
    if watch.rule == "change":
        state, way = _change(now, before, totals) if is_known else ("no_before", "")
    else:
        there = interval_of(now, spread=spread_behind(now, totals)) if now else None
        state, way = _passed(watch, period, now, there, limit, is_whole=lacks == Lacking())
    return Observation(
        watch=watch, generation=generation.number, token=generation.token, period=str(period), state=state, way=way,
        definition_version=_version(watch), now=now, before=before, limit=limit, lacks=lacks,
    )  # fmt: skip


def _before(watch: Watch, period: Period, asking: Ask, store: Store, generation: Generation) -> tuple[Row | None, bool]:
    """Return the row of a year before, and whether the store has data from then."""
    side = earlier(DEFAULT, str(period), PROTECTED, store, generation)
    row = _row(watch, Period.parse(side.period), asking)
    if row is None or on_known_ground([row], side):
        return row, True
    return None, False


def _change(now: Row | None, before: Row | None, totals: Totals) -> tuple[State, Way]:
    if now is None or before is None or now.value is None or before.value is None:
        return "hidden", ""
    way = decide(now, before, totals, exact=False)
    if way is None:
        return "no_rule", ""
    return ("quiet", "") if way == "unclear" else ("fired", way)


def _passed(
    watch: Watch, period: Period, now: Row | None, there: Interval | None, limit: float | None, *, is_whole: bool
) -> tuple[State, Way]:
    """Return whether the value is beyond the limit, or on the wrong side of the target.

    is_whole: whether no data lack: a number of which some do is at least so large, and the whole may be beyond a limit above it.
    """
    definition = definitions()[watch.metric]
    if limit is None:
        return "no_target", ""
    if now is None or now.value is None:
        return "hidden", ""
    way: Way = "up" if watch.rule == "above" or (watch.rule == "target" and definition.good == "low") else "down"
    grows = definition.unit not in OF_ANY_LENGTH
    if watch.rule == "target" and grows and period.level != "year":
        return "part", ""
    if grows and not is_whole and now.value <= limit:
        return "lacking", ""
    if not (now.value > limit if way == "up" else now.value < limit):
        return "quiet", ""
    # A value without an interval is reported as near the limit, not as an alert beyond chance.
    is_sure = there is not None and (there.lower > limit if way == "up" else there.upper < limit)
    return ("fired" if is_sure else "near"), way


def _limit(watch: Watch, period: Period, store: Store) -> float | None:
    """Return the limit or the target; None where none is set: targets are of people of all languages."""
    if watch.rule != "target":
        return watch.value
    if watch.language != ALL:
        return None
    return target_value(store.path, watch.metric, watch.municipality, period.year)


def _row(watch: Watch, period: Period, asking: Ask) -> Row | None:
    """Return the published row; of several, that of twelve months or of the median."""
    try:
        rows = asking(Question((watch.metric,), where=watch.where, period=str(period))).rows
    except QuestionError:  # the metric no longer has the dimension, or the period is not valid
        return None
    return next(filter(is_main, rows), None)
