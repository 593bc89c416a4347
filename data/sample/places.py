"""What stands around the encounters: residents by language, service points, their staff, and what it costs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from data.sample import area
from data.sample.people import SampledPeople
from data.sample.plan import Plan

# Clients at the default size; more clients than this need more residents to come from.
_CLIENTS_OF_THE_AREA = 11_000
_YEARLY_RESIDENTS = 1.055
_SUPPRESSED_BELOW = 4
_WAVE_RESIDENTS = (1.0, 1.12, 1.35, 1.8)


def population_rows(plan: Plan, people: SampledPeople) -> pa.Table:
    """Residents on 31 December of each finished year and of the one before the first; never fewer than came as clients."""
    rows = []
    scale = max(1.0, plan.clients / _CLIENTS_OF_THE_AREA)
    clients = np.zeros((len(area.MUNICIPALITIES) + 1, len(area.LANGUAGE_CODES)), dtype=np.int64)
    np.add.at(clients, (people.municipality[: people.clients], people.language[: people.clients]), 1)
    expected = area.residents() * scale
    finished = range(plan.first.year - 1, plan.last.year + (plan.last == date(plan.last.year, 12, 31)))
    for age, year in enumerate(finished):
        for m, place in enumerate(area.MUNICIPALITIES):
            for k, tongue in enumerate(area.LANGUAGES):
                growth = _WAVE_RESIDENTS[min(age, 3)] if k == area.WAVE else _YEARLY_RESIDENTS**age
                number = max(round(expected[m, k] * growth), int(clients[m, k]))
                rows.append(_resident(place.code, tongue.code, year, number))
            swedish = 0.55 if place.code == "445" else 0.055
            national = place.national * scale * 0.998**age
            rows.append(_resident(place.code, "fi", year, round(national * (1 - swedish))))
            rows.append(_resident(place.code, "sv", year, round(national * swedish)))
    return _table(rows)


def service_point_rows(plan: Plan) -> pa.Table:
    """The service points, all opened before the period."""
    return _table([
        {
            "code": p.code, "name_fi": p.names[0], "name_sv": p.names[1], "name_en": p.names[2],
            "municipality": p.municipality, "kind": p.kind, "opened_on": date(plan.first.year - 3 - i % 4, 1 + i % 9, 1),
            "closed_on": None,
        }
        for i, p in enumerate(area.POINTS)
    ])  # fmt: skip


def staff_rows(plan: Plan) -> pa.Table:
    """Staff of every service point in every month."""
    rng = plan.randomness("places")
    rows = []
    for k, month in enumerate(plan.months()):
        for point in area.POINTS:
            years = point.person_years * (1 + 0.04 * k / 12) * (0.7 if month.month == 7 else 1.0)
            rows.append({
                "service_point": point.code,
                "month": month,
                "person_years": round(years * rng.uniform(0.93, 1.07), 2),
                "languages": list(point.languages),
                "training_days": round(0.0 if month.month == 7 else years * rng.uniform(0.1, 0.9), 1),
            })  # fmt: skip
    return _table(rows)


def cost_rows(plan: Plan) -> pa.Table:
    """Costs of finished years: guidance of each municipality, the competence centre of the two that have one."""
    rng = plan.randomness("places", 1)
    return _table(list(_costs(plan, rng)))


def _costs(plan: Plan, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    scale = max(1.0, plan.clients / _CLIENTS_OF_THE_AREA)
    for year in range(plan.first.year, plan.last.year + (plan.last == date(plan.last.year, 12, 31))):
        for place in area.MUNICIPALITIES:
            for service, each in (("guidance", 26.0), ("competence_centre", 17.0)):
                if service == "guidance" or place.code in ("853", "734"):
                    euros = place.residents * each * 1.03 ** (year - plan.first.year) * rng.uniform(0.9, 1.1) * scale
                    yield {"municipality": place.code, "service": service, "year": year, "euros": round(euros, -2)}


def _resident(municipality: str, language: str, year: int, number: int) -> dict[str, Any]:
    known = number >= _SUPPRESSED_BELOW
    return {"municipality": municipality, "language": language, "year": year, "residents": number if known else None}


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows)
