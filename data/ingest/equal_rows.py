"""Rows of equal content on two sides: how many each earlier delivery has, which are whose, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from data.model.schema import Column

CONTAINED = 0.9
"""Share of the rows of one side that the other one has when it is an edition of it."""

OTHERS = 0.2
"""Rows that only one of the two sides has, as a share of the earlier one's, up to which they are plainly the same."""

FAR_FEWER = 0.2
"""Rows that only one of the two sides has, as a share of what they would be by chance, up to which they are no chance."""

NO_CHANCE = 7.0
"""Evidence from which equal rows are no chance: −ln of its probability, 1 in 1 000."""

NOTICED = 0.1
"""Share of the smaller side's rows from which equal ones are told of."""

PAIRS = {"record": pl.UInt64, "known": pl.UInt64}


def content_sql(shared: Iterable[Column], without: str = "") -> str:
    """A number for the content of a row in DuckDB, the same for equal ones in a frame and in a store. All anonymous visitors are
    equal; the order of a list says nothing. without: the name of a column that is left out.
    """
    texts = ["''"]
    for column in shared:
        if column.name == "client":
            texts.append("greatest(client, 0)::VARCHAR")
        elif column.is_list:
            texts.append(f"array_to_string(list_sort(\"{column.name}\"::VARCHAR[]), ',')")
        elif column.name != without:
            texts.append(f'"{column.name}"::VARCHAR')
    return "hash(concat(" + ", chr(31), ".join(f"coalesce({text}, '')" for text in texts) + "))"


@dataclass(frozen=True)
class MatchedSide:
    """A sheet's rows beside those of candidates with the same columns.

    mine: `record`, `day`, `content`, `rest` (the content without the day); theirs: the same and `candidate`, the number of the
    delivery they are of, within the days of the sheet.
    """

    mine: pl.DataFrame = field(repr=False)
    theirs: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class EqualRows:
    """A sheet beside all candidates.

    must_be_equal: candidates that are the same only when all rows of either side are, alone or together;
    totals: the rows of each, of any day.
    """

    sides: tuple[MatchedSide, ...]
    must_be_equal: frozenset[int] = frozenset()
    totals: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def tallies(self) -> pl.DataFrame:
        """By candidate: `rows` it has, `equal` ones, the sheet's own rows (`mine`) from its `first` to its `last` day."""
        parts = []
        for side in self.sides:
            counts = side.mine.group_by("content").agg(pl.len().alias("here"))
            each = side.theirs.group_by("candidate", "content").agg(pl.len().alias("there"))
            equal = (
                each.join(counts, on="content")
                .group_by("candidate")
                .agg(pl.min_horizontal("here", "there").sum().alias("equal"))
            )
            spans = side.theirs.group_by("candidate").agg(
                pl.len().alias("rows"), pl.col("day").min().alias("first"), pl.col("day").max().alias("last")
            )
            parts.append(spans.join(equal, on="candidate", how="left").with_columns(pl.col("equal").fill_null(0)))
        found = pl.concat(parts)
        mine = [self._within([(first, last)]).height for first, last in found.select("first", "last").iter_rows()]
        return found.with_columns(pl.Series("mine", mine, dtype=pl.Int64))

    @cached_property
    def editions(self) -> frozenset[int]:
        """Candidates that are in the sheet nearly as a whole, within its days, or that nearly the whole sheet is in.

        Those that are most like the sheet come first; of the others only those count that have as much in what is left of it.
        """
        likely = self._of(self.tallies.filter(self._is_contained("equal")))
        left = self._paired(likely).group_by("candidate").agg(pl.len().alias("left"))
        return self._of(self.tallies.join(left, on="candidate").filter(self._is_contained("left")))

    @cached_property
    def noticed(self) -> frozenset[int]:
        """Deliveries of the store (from 0 on) with equal rows worth telling of."""
        smaller = pl.min_horizontal("rows", "mine")
        found = self.tallies.filter(
            (pl.col("candidate") >= 0) & (pl.col("equal") > 0) & (pl.col("equal") >= NOTICED * smaller)
        )
        return self._of(found)

    def rows_of(self, candidates: Collection[int]) -> int:
        """The number of rows that candidates have within the sheet's days."""
        return sum(self._theirs(side, candidates)["record"].n_unique() for side in self.sides)

    def pairs(self, candidates: Collection[int]) -> pl.DataFrame:
        """Each row of the sheet (`record`) with the row of equal content (`known`) it is: the one of its own key if there is one,
        else the next in order, of the candidates most like the sheet first.
        """
        return self._paired(candidates).select("record", "known")

    def _paired(self, candidates: Collection[int]) -> pl.DataFrame:
        """`record`, `known` and the `candidate` that has it."""
        likeness = pl.col("equal") / pl.max_horizontal("rows", "mine")
        order = self.tallies.sort(-likeness, "candidate")[
            "candidate"
        ]  # sheets of this import, the latest first, then deliveries
        place = pl.DataFrame({"candidate": order, "place": range(order.len())})
        found = pl.DataFrame(schema={**PAIRS, "candidate": order.dtype})
        for side in self.sides:
            theirs = self._theirs(side, candidates).join(place, on="candidate", maintain_order="left")
            theirs = theirs.sort("place", maintain_order=True).rename({"record": "known"})
            theirs = theirs.unique("known", keep="first", maintain_order=True).select("known", "content", "candidate")
            theirs = _left(theirs, "known", found)
            mine = _left(side.mine.select("record", "content"), "record", found)
            chosen = _in_turn(mine, theirs)
            # Which rows are taken is settled; among those of equal content each has its own key's first.
            mine = chosen.select("record", "content")
            theirs = chosen.select("known", "content", "candidate")
            direct = mine.join(theirs, left_on=["record", "content"], right_on=["known", "content"])
            direct = direct.select("record", pl.col("record").alias("known"), "candidate")
            rest = _in_turn(_left(mine, "record", direct), _left(theirs, "known", direct))
            found = pl.concat([found, direct, rest.select("record", "known", "candidate")])
        return found

    @cached_property
    def _parts(self) -> frozenset[int]:
        """Candidates that must be equal and together are most of the sheet, and all of it from the first to the last day of each:
        those of the months or places of one of all.
        """
        is_whole = (pl.col("equal") == pl.col("rows")) & pl.col("candidate").is_in(list(self.must_be_equal))
        whole = self.tallies.filter(is_whole)
        mine = self._within(whole.select("first", "last").iter_rows())
        for side in self.sides:
            theirs = self._theirs(side, self._of(whole))
            own = side.mine.join(mine, on="record", how="semi")
            counts = [rows.group_by("content").agg(pl.len()).sort("content") for rows in (own, theirs)]
            if 2 * theirs.height >= side.mine.height and counts[0].equals(counts[1]):
                return frozenset(theirs["candidate"])
        return frozenset()

    def _is_contained(self, name: str) -> pl.Expr:
        """Whether a number of equal rows is nearly all of one side."""
        is_part = pl.col("candidate").is_in(list(self._parts)) & (pl.col(name) == pl.col("rows"))
        # A sheet that is in another as a whole is the same where that is no chance.
        all_equal = is_part | (pl.col(name) == self.sides[0].mine.height)
        is_whole = pl.when(pl.col("candidate").is_in(list(self.must_be_equal))).then(all_equal)
        return is_whole.otherwise(
            pl.col(name) >= CONTAINED * pl.min_horizontal("rows", pl.lit(self.sides[0].mine.height))
        )

    @staticmethod
    def _of(tallies: pl.DataFrame) -> frozenset[int]:
        return frozenset(tallies["candidate"])

    def is_plain(self, pairs: pl.DataFrame) -> bool:
        """Hardly any row of the days both have is on one side only: far fewer than if both were spread over the same contents by
        chance. Then they would be of a content x and y times, and √(x + y) apart or nearly so.
        """
        editions = self.tallies.filter(pl.col("candidate").is_in(list(self.editions)))
        mine = self._within(editions.select("first", "last").iter_rows())
        theirs = self.rows_of(self.editions)
        is_partial = any(
            rows < self.totals.get(one, 0) for one, rows in editions.select("candidate", "rows").iter_rows()
        )
        if is_partial and pairs.height < self.sides[0].mine.height:
            return False  # each has days that the other has not: of the few they share much may be equal by chance
        others = mine.height + theirs - 2 * pairs.height
        if pairs.height in (theirs, self.sides[0].mine.height):  # one side is in the other as a whole
            return others <= max(1, OTHERS * theirs)
        both = pl.concat([mine, *(self._theirs(side, self.editions) for side in self.sides)], how="diagonal_relaxed")
        apart = both.group_by("content").agg(pl.len().sqrt().alias("apart"))
        return others <= OTHERS * theirs and others <= FAR_FEWER * float(apart["apart"].sum())

    def is_no_chance(self, pairs: pl.DataFrame) -> bool:
        """Rows spread over the days by chance would hardly be equal as often.

        A row that n others of one side are equal to but for the day meets one of them on its own day, out of d, by a chance of
        1 − exp(−n / d); that of the side where it is greater counts.
        """
        evidence = 0.0
        for side in self.sides:
            found = side.mine.join(pairs, on="record", how="semi").select("rest")
            both = (side.mine, self._theirs(side, self.editions))
            for place, rows in enumerate(both):
                often = rows.group_by("rest").agg((pl.len() / rows["day"].n_unique()).alias(f"often{place}"))
                found = found.join(often, on="rest", how="left")
            chance = 1 - (-pl.max_horizontal("often0", "often1")).exp()
            evidence = max(evidence, float(found.select(-chance.log().sum()).item() or 0))
        return evidence >= NO_CHANCE

    @staticmethod
    def _theirs(side: MatchedSide, candidates: Collection[int]) -> pl.DataFrame:
        return side.theirs.filter(pl.col("candidate").is_in(list(candidates)))

    def _within(self, spans: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
        """The sheet's rows of the days of spans."""
        conditions = [pl.col("day").is_between(first, last) for first, last in spans]
        mine = self.sides[0].mine
        return mine.filter(pl.any_horizontal(conditions)) if conditions else mine.clear()


def _in_turn(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """The nth row of a content beside the nth of the same content on the other side."""
    nth = pl.int_range(pl.len()).over("content").alias("nth")
    return mine.with_columns(nth).join(theirs.with_columns(nth), on=["content", "nth"], maintain_order="left")


def _left(rows: pl.DataFrame, name: str, found: pl.DataFrame) -> pl.DataFrame:
    return rows.join(found.select(name), on=name, how="anti", maintain_order="left")
