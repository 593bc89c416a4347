"""Files of several municipalities, each to its own last day."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store

MONTHS = ((2025, 9), (2025, 10), (2026, 9), (2026, 10))


def delivered(store: Store, folder: Path, source: str, municipality: int, until: date) -> None:
    """A file of a source: 120 clients a month, each with a referral to Kela the day after, started four days later."""
    visits, sent = ["Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"], ["Ohjaustunnus;Asiakas;Mihin;Pvm;Tila;Alkoi"]
    for year, month in MONTHS:
        for number in range(120):
            day = date(year, month, 1) + timedelta(days=number % 30)
            if day > until:
                continue
            client = f"{source}-{number}"
            visits.append(f"{source}{year}{month}-{number};{client};{day:%d.%m.%Y};{municipality};Arabia;Työ")
            start = day + timedelta(days=5)
            known = ("Palvelu alkoi", f"{start:%d.%m.%Y}") if start <= until else ("Lähetetty", "")
            sent.append(f"O{source}{year}{month}-{number};{client};Kela;{day:%d.%m.%Y};{known[0]};{known[1]}")
    for name, lines in (("kohtaamiset", visits), ("ohjaukset", sent)):
        deliver(store, folder / f"{source}-{name}.csv", lines, Wishes(source=source))


def deliver(store: Store, path: Path, lines: Sequence[str], wishes: Wishes) -> None:
    """Write a file and publish it."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepared, generation = publish(prepare([path], store, wishes=wishes), store, "test")
    assert generation is not None, [(file.refused, file.decisions) for file in prepared.files]


def uneven_october(folder: Path) -> Store:
    """Espoo has delivered all of October 2026, Vantaa the first twenty days of it; both from September 2025 on."""
    made = Store(folder / "store")
    delivered(made, folder, "Espoo", 49, date(2026, 10, 31))
    delivered(made, folder, "Vantaa", 92, date(2026, 10, 20))
    return made
