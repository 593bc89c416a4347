"""Rows of encounters and referrals that were none or several: cancelled visits, head counts, counts per row; asked once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from data.codes import normalise
from data.ingest.readers import FileRefused
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.numbers import NO
from data.ingest.recognise.recognised import Recognised
from data.model.identifiers import LONGEST_IDENTIFIER
from data.model.records import TABLES

COUNT, ONE, EACH = "count", "one", "each"
"""Answers: cancelled rows are encounters all the same; a row is one encounter whatever its number; or as many as it says."""

MOST_ENCOUNTERS = 5_000_000
"""Encounters that the numbers of one sheet may add up to; more is no count of visits."""

_CANCELLED = re.compile(
    r"(asiakas |kunden |client |aika |tid )?(on )?(peruttu|peruutettu|perui|peruutti|perunut|peruutus|peruuntu\w*|ei saapunut|"
    r"ei tullut|ei paikalla|ei paikalle|ei toteutunut|ei toteudu|jäi toteutumatta|jätti tulematta|jättänyt tulematta|poisjäänti|"
    r"no ?show|noshow|avbok\w+|inställ\w+|uteb\w+|kom inte|kom ej|dök inte upp|ej närvarande|återbu\w+|"
    r"cancell?ed|did not (attend|arrive|come|show( up)?)|didn t (attend|come|show( up)?)|dna|missed|not attended|absent)"
    r"( asiakas| asiakkaan toimesta| ajoissa| myöhään| ilmoittamatta| av kunden| by client| by customer| appointment| visit)?"
)
_ATTENDED = re.compile(
    r"saapui|saapuiko|toteutui|toteutuiko|toteutunut|tuli paikalle|läsnä|paikalla|asiakas paikalla|kom|närvarande|deltog|"
    r"attended|showed up|arrived at|did attend|present"
)
_HEADS = re.compile(
    r"(henkilö|osallistuja|kävijä|asiakas|perheenjäsen|ryhmä)n?(määrä|luku|luku ?määrä|koko)|(henkilöitä|osallistujia|kävijöitä|"
    r"asiakkaita|henkilöiden|osallistujien|kävijöiden|asiakkaiden)( (määrä|lukumäärä|lkm|paikalla|yhteensä|kpl))?|ryhmän koko|"
    r"antal (personer|deltagare|besökare|kunder|klienter)|personantal|deltagarantal|gruppstorlek|"
    r"(number of |no of )?(people|persons|participants|visitors|attendees|clients|customers)( count)?|head ?count|group size"
)
_COUNTS = re.compile(
    r"lukumäärä|lkm|kpl|määrä|frekvenssi|"
    r"(kohtaamis|asiointi|käynti|asiakaskohtaamis|kontakti|yhteydenotto)(en|jen|iden)?( ?määrä| ?lkm)|"
    r"(kohtaamisia|asiointeja|käyntejä|kontakteja|yhteydenottoja|tapauksia)( (yhteensä|kpl|lkm))?|"
    r"(kohtaamisten|käyntien|asiointien|kontaktien|yhteydenottojen) (määrä|lukumäärä|lkm)|"
    r"antal( (besök|möten|ärenden|kontakter|händelser))?|frekvens|count|n|frequency|quantity|"
    r"(number|no) of (visits|contacts|encounters|cases|records|meetings)"
)
_LONGEST_STATUS = 60


def with_row_kinds(found: Recognised, asking: Asking) -> Recognised:
    """The sheet without cancelled visits, and with as many rows as its numbers say, as the steward answers."""
    if found.table == "encounter":
        found = _without_cancelled(found, asking)
    return _as_many_rows(found, asking) if found.table in ("encounter", "referral") else found


def _without_cancelled(found: Recognised, asking: Asking) -> Recognised:
    open_ones = [(item.column, item.header) for item in found.ignored if item.reason != "names"]
    open_ones += [(match.column, match.header) for match in found.columns if match.field in ("resolution", "channel")]
    for column, header in open_ones:
        cells = found.sheet.rows[column]
        words = _status_words(header, cells)
        rows = int(cells.is_in(words).sum()) if words else 0
        if not rows:
            continue
        answer = asking.decide("cancelled", (LEAVE_OUT, COUNT), table=found.table, about=header, rows=rows)
        if answer == LEAVE_OUT:
            kept = found.sheet.rows.filter(~pl.col(column).is_in(words).fill_null(value=False))
            left_out = _added(found.left_out, "cancelled", rows)
            found = replace(found, sheet=replace(found.sheet, rows=kept), left_out=left_out)
    return found


def _status_words(header: str, cells: pl.Series) -> list[str]:
    """The texts of a column that say that the visit did not take place."""
    texts = cells.drop_nulls().head(2_000).unique()
    if texts.len() > 200 or (texts.str.len_chars() > _LONGEST_STATUS).any():
        return []  # free text
    is_attendance = _ATTENDED.fullmatch(normalise(header)) is not None
    return [
        text
        for text in cells.drop_nulls().unique()
        if len(text) <= _LONGEST_STATUS
        and (_CANCELLED.fullmatch(normalise(text)) or (is_attendance and (normalise(text) or text) in NO))
    ]


def _as_many_rows(found: Recognised, asking: Asking) -> Recognised:
    for kind, column, header in _numbers(found):
        numbers = (
            pl.col(column).str.replace_all(r"[\s\u00a0]", "").str.replace(r"[.,]0+$", "").cast(pl.Int64, strict=False)
        )
        counts = found.sheet.rows.select(numbers.alias("n"))["n"]
        if (
            counts.is_null().sum() > found.sheet.rows[column].null_count()
            or not (counts > 1).any()
            or (counts < 0).any()
        ):
            continue
        has_ids = bool(found.of_field(_own_number(found)) or found.of_field("client_id"))
        options = (EACH, ONE) if kind == "counts" and not has_ids else (ONE, EACH)
        total = int(counts.fill_null(1).sum())
        answer = asking.decide(
            kind, options, table=found.table, about=header, rows=found.sheet.rows.height, total=total
        )
        if answer == EACH:
            if total > MOST_ENCOUNTERS:
                raise FileRefused(found.sheet.file, "too_many_encounters", most=MOST_ENCOUNTERS)
            return _repeated(found, counts.fill_null(1), header)
    return found


def _numbers(found: Recognised) -> Iterator[tuple[str, str, str]]:
    """Columns that count people or encounters: kind of question, column, header."""
    for item in found.ignored:
        form = normalise(item.header)
        for kind, words in (("heads", _HEADS), ("counts", _COUNTS)):
            if words.fullmatch(form):
                yield kind, item.column, item.header


def _repeated(found: Recognised, counts: pl.Series, header: str) -> Recognised:
    """Every row as often as it says. Only the first is the client's whose number stands on the row; the others are nobody's."""
    rows = found.sheet.rows.with_columns(counts.alias("_n")).filter(pl.col("_n") > 0)
    none = found.sheet.rows.height - rows.height
    rows = rows.with_columns(pl.int_ranges("_n").alias("_place")).explode("_place")
    later = pl.col("_place") > 0
    own = [match.column for match in found.of_field(_own_number(found))]
    clients = [match.column for match in found.of_field("client_id")]
    changed = [pl.when(later).then(None).otherwise(pl.col(name)).alias(name) for name in clients]
    if own:
        numbered = pl.concat_str(pl.col(own[0]), pl.lit(" ("), pl.col("_place") + 1, pl.lit(")"))
        changed.append(
            pl.when(later).then(numbered.str.tail(LONGEST_IDENTIFIER)).otherwise(pl.col(own[0])).alias(own[0])
        )
    rows = rows.with_columns(changed)
    sheet = replace(found.sheet, rows=rows.drop("_n", "_place"), notes=(*found.sheet.notes, f"counted_by:{header}"))
    return replace(found, sheet=sheet, left_out=_added(found.left_out, "nobody", none) if none else found.left_out)


def _own_number(found: Recognised) -> str:
    return TABLES[found.table].own_number or ""


def _added(counts: Mapping[str, int], reason: str, rows: int) -> dict[str, int]:
    return {**counts, reason: counts.get(reason, 0) + rows}
