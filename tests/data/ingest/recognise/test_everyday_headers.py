"""A wide collection of everyday headers, each over values that fit: it gets its field, unasked."""

import tomllib
from pathlib import Path

import polars as pl
import pytest

from data.ingest.readers import Sheet
from data.ingest.recognise.asking import Asking
from data.ingest.recognise.columns import recognise
from data.ingest.recognise.recognised import NoTable

EVERYDAY = tomllib.loads(Path(__file__).with_name("everyday.toml").read_text("utf-8"))
ROWS = 12


def column(*values: str) -> list[str]:
    return [values[row % len(values)] for row in range(ROWS)]


IDS = [str(100 + row * 7) for row in range(ROWS)]
CLIENTS = [f"AS-{row // 2}" for row in range(ROWS)]
DAYS = [f"{row + 1}.3.2025" for row in range(ROWS)]
LATER = [f"{row + 1}.9.2025" for row in range(ROWS)]
MONTHS = [f"{row + 1}/2023" for row in range(ROWS)]
PLACES = column("Espoo", "Vantaa", "Helsinki")
TONGUES = column("arabia", "somali", "venäjä", "persia")
SERVICES = column("Kela", "TE-toimisto", "Poliisi")
TOPICS = column("Työ", "Asuminen", "Koulutus")
LEVELS = column("A1.1", "A2.1", "B1.1")
SEXES = column("Nainen", "Mies")

VALUES: dict[str, dict[str, list[str]]] = {
    "encounter": {
        "encounter_id": IDS, "client_id": CLIENTS, "occurred_on": DAYS, "hour": column("9:15", "10:30", "13:00", "14:45"),
        "municipality": PLACES, "language": TONGUES, "served_in": column("suomi", "englanti", "arabia"),
        "language_support": column("Etätulkki", "Ei tulkkia", "Läsnätulkki"),
        "channel": column("Puhelin", "Ajanvaraus", "Sähköposti"), "topics": TOPICS, "minutes": column("15", "30", "45", "60"),
        "resolution": column("Ratkesi", "Jäi kesken", "Ohjattiin eteenpäin"), "requested_on": DAYS, "partners": SERVICES,
        "found_via": column("Ystävältä", "Internet", "Esite"), "arrived_on": MONTHS, "understood": column("Kyllä", "Ei"),
        "satisfaction": column("1", "2", "3", "4", "5"), "service_point": column("Itäkeskus", "Kontula", "Malmi"),
        "sex": SEXES, "age_band": column("18-24", "25-34", "35-44"), "service": column("Ohjaus ja neuvonta", "Osaamiskeskus"),
    },
    "referral": {
        "referral_id": IDS, "client_id": CLIENTS, "from_service": SERVICES, "to_service": SERVICES, "topic": TOPICS,
        "referred_on": DAYS, "manner": column("Saattaen", "Varattiin aika", "Kerrottiin palvelusta"),
        "status": column("Palvelu alkoi", "Ohjattu", "Ei saapunut"), "status_on": LATER, "started_on": LATER,
    },
    "enrolment": {
        "enrolment_id": IDS, "client_id": CLIENTS, "centre": PLACES, "source": SERVICES, "started_on": DAYS, "ended_on": LATER,
        "end_reason": column("Työllistyi", "Muutto", "Keskeytti"), "followed_until": LATER,
        "education_level": column("Perusaste", "Toinen aste", "Korkeakoulu"), "language_level_start": LEVELS,
        "language_level_end": LEVELS, "months_unemployed": column("3", "12", "18"), "municipality": PLACES, "language": TONGUES,
        "arrived_on": MONTHS,
    },
}  # fmt: skip
NEEDED = {
    "encounter": {"encounter_id": "Kohtaamistunnus", "occurred_on": "Asiointipäivä", "topics": "Asioinnin aihe"},
    "referral": {
        "referral_id": "Ohjaustunnus",
        "referred_on": "Ohjauspäivä",
        "to_service": "Vastaanottava palvelu",
    },
    "enrolment": {"client_id": "Asiakasnumero", "centre": "Osaamiskeskus", "started_on": "Asiakkuus alkoi"},
}


def field_of(table: str, header: str, field: str) -> str:
    """The field a header gets, or what happens instead."""
    columns = {text: VALUES[table][name] for name, text in NEEDED[table].items() if name != field}
    columns[header] = VALUES[table][field]
    frame = pl.DataFrame({f"c{place}": cells for place, cells in enumerate(columns.values())})
    asking = Asking()
    try:
        found = recognise(Sheet("tiedosto.csv", None, tuple(columns), frame.with_row_index("row", offset=2)), asking)
    except NoTable:
        return "no table"
    if any(one.how == "default" for one in asking.decisions):
        return "asked"
    fields = [match.field for match in found.columns if match.header == header]
    return fields[0] if found.table == table and fields else "left out"


@pytest.mark.parametrize(("table", "field"), [(table, field) for table, those in EVERYDAY.items() for field in those])
def test_an_everyday_header_gets_its_field_unasked(table: str, field: str) -> None:
    found = {header: field_of(table, header, field) for header in EVERYDAY[table][field]}
    assert {header: got for header, got in found.items() if got != field} == {}


def test_the_collection_is_wide() -> None:
    assert sum(len(headers) for fields in EVERYDAY.values() for headers in fields.values()) > 1_500
