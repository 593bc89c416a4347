"""How a column is written, decided once for all its cells: signs of numbers, units, order of day and month, scales.

What the cells together tell is taken and remarked on; what they leave open is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from data.ingest.recognise import dates, durations, numbers, scales, signs, units
from data.ingest.recognise.asking import REJECT, UNKNOWN, Asking
from data.ingest.recognise.date_order import DAY_FIRST, MONTH_FIRST, YEAR_FIRST
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import ColumnMatch
from data.ingest.recognise.signs import DECIMAL, THOUSANDS, Signs
from data.ingest.recognise.values import PLACE_FIELDS, Reading, is_allowed, is_whole
from data.model.schema import Column

_LARGE_NUMBERS = frozenset({"residents", "euros"})
"""Fields where `1.250` is rather twelve hundred and fifty; others have small numbers with decimals."""

_SMALL_COST = 5_000
"""Euros that no municipality's yearly cost stays under: without a unit such a column may be of thousands."""
_LARGE_COST = 1_000_000_000

_FEW_MONTHS = 5
"""Without a unit, unemployment of at most so many months may as well be of years."""

_SIGN_NAMES = {".": "point", ",": "comma"}
_DIGITS = re.compile(r"\d+")


def as_written(
    table: str, column: Column, match: ColumnMatch, texts: Sequence[str], rows: Sequence[int], asking: Asking
) -> Reading:
    """The reading of a column with everything about its writing decided. rows: number of rows of each distinct text."""
    if column.code_list or column.identity or column.field in PLACE_FIELDS:
        return match.reading
    return _Column(table, column, match, texts, rows, asking).reading()


class _Column:
    """One column and what has been found out about it."""

    def __init__(
        self, table: str, column: Column, match: ColumnMatch, texts: Sequence[str], rows: Sequence[int], asking: Asking
    ) -> None:
        self.table = table
        self.column = column
        self.match = match
        given = match.reading.overrides
        self.texts = [given.get(text.strip(), text.strip()) for text in texts]
        self.rows = dict(zip(self.texts, rows, strict=True)) if not given else self._summed(rows)
        self.asking = asking
        self.meant: dict[str, str] = {}
        self.unsure: set[str] = set()
        self.remarks: list[str] = []

    def _summed(self, rows: Sequence[int]) -> dict[str, int]:
        total: dict[str, int] = {}
        for text, number in zip(self.texts, rows, strict=True):
            total[text] = total.get(text, 0) + number
        return total

    def reading(self) -> Reading:
        """As `as_written`."""
        found = self._read()
        return replace(
            found, meant=self.meant, unsure=frozenset(self.unsure), remarks=tuple(dict.fromkeys(self.remarks))
        )

    def _read(self) -> Reading:
        column = self.column
        if column.is_month or column.type == "DATE":
            return self._dates()
        if column.type == "BOOLEAN":
            return self._yes_or_no()
        if column.field == "satisfaction":
            return self._scores()
        if column.field != "hour" and (column.type == "DOUBLE" or is_whole(column)):
            return self._numbers()
        return self.match.reading

    def _ask(self, kind: str, options: tuple[str, ...], texts: Sequence[str], example: str = "") -> str:
        return self.asking.decide(
            kind, options, table=self.table, about=self.match.header, rows=sum(self.rows[text] for text in set(texts)),
            field=self.column.field, example=example,
        )  # fmt: skip

    @property
    def _leave_open(self) -> str:
        """The answer that invents nothing: no value, or no row where there must be one."""
        return REJECT if self.column.required else UNKNOWN

    # Dates

    def _dates(self) -> Reading:
        order = dates.order_of(self.texts)
        if order.unsure:
            places = dates.unsure_texts(self.texts, order)
            answer = self._ask("date_order", (self._leave_open, *order.open), [self.texts[place] for place in places])
            if answer in order.open:
                order = order.with_answer(answer)
        # Dots go day first and say nothing new, unless they do not.
        self.remarks += [known for sign, known in order.of_sign.items() if known and (sign, known) != (".", DAY_FIRST)]
        if dates.has_zone(self.texts):
            self.remarks.append("helsinki_time")
        if dates.are_serials(self.texts):
            self.remarks.append("day_numbers")
        return replace(self.match.reading, order=order, year_first=self._year_first() if self.column.is_month else None)

    def _year_first(self) -> bool | None:
        places = dates.unsure_short_months(self.texts)
        known = dates.short_months_are_year_first(self.texts)
        if not places:
            return known
        if known is None:
            texts = [self.texts[place] for place in places]
            answer = self._ask("month_order", (self._leave_open, MONTH_FIRST, YEAR_FIRST), texts)
            known = None if answer == self._leave_open else answer == YEAR_FIRST
        if known is not None:
            self.remarks.append(YEAR_FIRST if known else MONTH_FIRST)
        return known

    # Yes and no, scores

    def _yes_or_no(self) -> Reading:
        digits = {text for text in self.texts if _DIGITS.fullmatch(text)}
        if digits <= {"0", "1"}:
            return self.match.reading
        answer = UNKNOWN
        if digits <= {"1", "2"}:
            answer = self._ask("yes_no", (UNKNOWN, "one_is_yes", "two_is_yes"), sorted(digits))
        if answer == UNKNOWN:
            self.unsure |= digits  # of a scale, 1 is no yes
        else:
            self.meant |= {"1": "1", "2": "0"} if answer == "one_is_yes" else {"1": "0", "2": "1"}
        return self.match.reading

    def _scores(self) -> Reading:
        values = {text: value for text in self.texts if not isinstance(value := signs.number(text), Problem)}
        counts = [(value, self.rows[text]) for text, value in values.items()]
        scale, options = scales.of_scores(counts, self.match.header)
        if options:
            answer = self._ask("scale", (UNKNOWN, *options), list(values))
            scale = None if answer == UNKNOWN else answer
        if scale is None:
            self.unsure |= set(values)
        elif scale != scales.OWN:
            moved = {text: scales.moved(value, scale) for text, value in values.items()}
            self.meant |= {text: str(value) for text, value in moved.items() if value is not None}
            self.unsure |= {text for text, value in moved.items() if value is None}
            self.remarks.append(f"scale:{scale}")
        return self.match.reading

    # Numbers

    def _numbers(self) -> Reading:
        reading = self.match.reading
        field = self.column.field
        stated = reading.unit or units.stated(self.match.header, field)
        if stated is None and self.match.how == "profile" and field in units.UNITS:
            stated = next(iter(units.UNITS[field]))  # a person has looked at it
        known = self._signs(numbers.signs_of(self.texts, field), stated)
        self._remark_on(known)
        reading = replace(reading, signs=known)
        if field not in units.UNITS:
            return reading
        said = {text: found for text in self.texts if (found := units.split(text, field))}
        self._settle_contradiction(said, stated)
        lone = {
            text: value
            for text, (number, unit) in said.items()
            if unit is None and not isinstance(value := signs.number(number, known), Problem)
        }
        if field == "minutes":
            return self._duration(reading, lone, stated)
        unit = self._size(lone, stated)
        return reading if unit == UNKNOWN else replace(reading, unit=unit)

    def _signs(self, known: Signs, stated: str | None) -> Signs:
        """The meaning of `.` and `,`, by what the field can hold or by asking where the numbers do not tell."""
        if not known.open:
            return known
        field = self.column.field
        split = {text: said for text in self.texts if (said := units.split(text, field))}
        open_ = {text: said for text, said in split.items() if signs.is_open(said[0], known.open)}
        fitting = []
        for meaning in (THOUSANDS, DECIMAL):
            taken = known.with_answer(meaning)
            values = [
                value * units.factor(field, unit or stated)
                for number, unit in open_.values()
                if not isinstance(value := signs.number(number, taken), Problem)
            ]
            fitting += [meaning] if all(is_allowed(self.table, field, value) for value in values) else []
        if len(fitting) == 1:
            return known.with_answer(fitting[0])
        options = (THOUSANDS, DECIMAL) if field in _LARGE_NUMBERS else (DECIMAL, THOUSANDS)
        sign = min(known.open)
        return known.with_answer(self._ask("thousands", options, list(open_), example=f"1{sign}250"))

    def _remark_on(self, known: Signs) -> None:
        for sign in sorted(known.seen):
            kind = known.meaning.get(sign, DECIMAL)
            self.remarks.append(f"{'decimal' if kind == DECIMAL else 'thousands'}_{_SIGN_NAMES[sign]}")

    def _settle_contradiction(self, said: Mapping[str, tuple[str, str | None]], stated: str | None) -> None:
        """Cells with another unit than the header's: `12 500 €` under `(1 000 €)`."""
        other = {text: number for text, (number, unit) in said.items() if unit and stated and unit != stated}
        if other and self._ask("unit", ("cell", "header"), list(other)) == "header":
            self.meant |= other

    def _size(self, lone: Mapping[str, float], stated: str | None) -> str | None:
        """The unit of numbers that stand alone, by their size where the header does not state it."""
        field = self.column.field
        most = max(lone.values(), default=0.0)
        if field == "euros" and most:
            if stated is None and most < _SMALL_COST:
                return self._ask("amount", ("euros", "thousand_euros", "million_euros"), list(lone))
            if stated and most * units.factor(field, stated) > _LARGE_COST:
                return self._ask(
                    "amount", (stated, *(unit for unit in units.UNITS[field] if unit != stated)), list(lone)
                )
        if field == "months_unemployed" and stated is None and 0 < most <= _FEW_MONTHS:
            return self._ask("amount", ("months", "years"), list(lone))
        return self.match.reading.unit or (stated if stated != next(iter(units.UNITS[field])) else None)

    def _duration(self, reading: Reading, lone: Mapping[str, float], stated: str | None) -> Reading:
        amounts = [
            durations.Amount(value, self._decimals(text, value), self.rows[text]) for text, value in lone.items()
        ]
        unit = self._chosen("duration", durations.unit_of(amounts, stated), list(lone))
        clocks = [text for text in self.texts if durations.is_clock(text)]
        choice = durations.clock_of([(text, self.rows[text]) for text in clocks], stated)
        kind = self._chosen("clock", choice, clocks)
        self._mean(clocks, kind, lambda text: durations.clock_minutes(text, kind))
        if unit in (durations.CLOCK_HOURS, UNKNOWN):
            self._mean(list(lone), unit, lambda text: durations.point_minutes(lone[text]))
            return reading
        if unit == stated == durations.MINUTES or not lone:
            return replace(reading, unit=reading.unit or (stated if stated == durations.HOURS else None))
        return replace(reading, unit=unit)

    def _decimals(self, text: str, value: float) -> int:
        said = units.split(text, self.column.field)
        return 0 if said is None or value.is_integer() else signs.decimals(said[0])

    def _chosen(self, kind: str, choice: durations.UnitEvidence, texts: Sequence[str]) -> str:
        return choice.decided or self._ask(kind, choice.options, texts)

    def _mean(self, texts: Sequence[str], kind: str, minutes: Callable[[str], float]) -> None:
        """Texts as whole minutes; nothing where it is not known what they count."""
        if kind == UNKNOWN:
            self.unsure |= set(texts)
        elif texts:
            self.meant |= {text: f"{int(minutes(text) + 0.5)} min" for text in texts}
            self.remarks.append(kind)
