"""The made-up co-operation area: eight municipalities, their languages, and the places where people are met."""

from dataclasses import dataclass

import numpy as np

from data.sample.plan import Flags, Shares


@dataclass(frozen=True)
class Place:
    """A municipality: residents with a foreign mother tongue, how new demand grows (1 = even), share who come to Turku."""

    code: str
    residents: int
    national: int
    growth: float
    goes_to_centre: float


MUNICIPALITIES = (
    Place("853", 34_000, 173_000, 1.05, 1.0),  # Turku
    Place("734", 4_700, 46_000, 1.90, 0.04),  # Salo: demand rises
    Place("202", 4_200, 32_000, 1.00, 0.45),  # Kaarina
    Place("680", 4_400, 21_500, 1.00, 0.35),  # Raisio
    Place("529", 1_500, 18_500, 0.95, 0.40),  # Naantali
    Place("423", 1_300, 19_000, 1.10, 0.50),  # Lieto
    Place("445", 1_100, 14_000, 1.00, 0.25),  # Parainen
    Place("577", 800, 10_300, 0.85, 0.30),  # Paimio
)
UNKNOWN_MUNICIPALITY = len(MUNICIPALITIES)
MUNICIPALITY_CODES = (*(m.code for m in MUNICIPALITIES), "000")
TURKU, SALO = 0, 1


@dataclass(frozen=True)
class Tongue:
    """A mother tongue: residents ‰ of foreign-language residents, how readily they come, Finnish or English in common,
    share using English when there is a common language, growth of new demand (1 = even, below 1 = ebbing)."""

    code: str
    share: float
    comes: float
    common: float
    english: float
    growth: float = 1.0


LANGUAGES = (
    Tongue("ru", 150, 0.95, 0.42, 0.15),
    Tongue("uk", 85, 1.60, 0.34, 0.35, 0.62),  # the tail of the wave of 2022–2023
    Tongue("ar", 92, 1.45, 0.33, 0.20),
    Tongue("et", 105, 0.35, 0.70, 0.05),
    Tongue("ku", 85, 1.10, 0.45, 0.08),
    Tongue("so", 60, 1.40, 0.42, 0.12),
    Tongue("sq", 72, 0.60, 0.58, 0.12),
    Tongue("fa", 48, 1.35, 0.40, 0.25, 1.1),
    Tongue("en", 45, 1.05, 0.97, 0.95, 1.15),
    Tongue("vi", 38, 0.75, 0.36, 0.30),
    Tongue("tr", 26, 0.95, 0.45, 0.45, 1.1),
    Tongue("es", 24, 1.55, 0.40, 0.60, 3.4),  # the wave of the last year
    Tongue("prs", 24, 1.50, 0.36, 0.12),
    Tongue("zh", 22, 0.55, 0.52, 0.70),
    Tongue("th", 18, 0.70, 0.48, 0.25),
    Tongue("bn", 17, 1.00, 0.80, 0.92, 1.5),
    Tongue("tl", 15, 0.85, 0.82, 0.90, 1.4),
    Tongue("ro", 14, 0.50, 0.55, 0.45),
    Tongue("ur", 13, 0.95, 0.76, 0.85, 1.2),
    Tongue("ne", 12, 0.95, 0.80, 0.90, 1.3),
    Tongue("pl", 12, 0.45, 0.58, 0.45),
    Tongue("fr", 10, 1.10, 0.60, 0.55),
    Tongue("ti", 8, 1.70, 0.30, 0.20),
    Tongue("sw", 7, 1.60, 0.40, 0.35),
    Tongue("my", 6, 1.80, 0.28, 0.12),
    Tongue("am", 3, 1.50, 0.40, 0.50),
    Tongue("ps", 3, 1.55, 0.28, 0.15),
)
UNKNOWN_LANGUAGE = len(LANGUAGES)
FINNISH, SWEDISH = UNKNOWN_LANGUAGE + 1, UNKNOWN_LANGUAGE + 2
LANGUAGE_CODES = (*(t.code for t in LANGUAGES), "und", "fi", "sv")
ENGLISH = LANGUAGE_CODES.index("en")
WAVE = LANGUAGE_CODES.index("es")
WAITS_LONGER = LANGUAGE_CODES.index("fa")
"""The language whose waits grow in the last year: its only adviser has left."""


@dataclass(frozen=True)
class SamplePoint:
    """A service point, its share of the guidance given in its municipality, and the languages its staff speak."""

    code: str
    municipality: str
    kind: str
    names: tuple[str, str, str]
    share: float
    languages: tuple[str, ...]
    person_years: float


POINTS = (
    SamplePoint("turku-keskusta", "853", "one_stop", ("Infotori, keskusta", "Infotorget, centrum", "Info Square, city centre"),
          0.52, ("fi", "sv", "en", "ru", "uk", "ar", "so", "fa"), 7.5),
    SamplePoint("turku-varissuo", "853", "standalone", ("Varissuon neuvonta", "Kråkkärrets rådgivning", "Varissuo advice"),
          0.21, ("fi", "en", "ar", "ku", "so", "sq"), 2.5),
    SamplePoint("turku-kirjasto", "853", "library",
                ("Pääkirjaston neuvonta", "Huvudbibliotekets rådgivning", "Main library advice"),
          0.10, ("fi", "en", "ru"), 0.8),
    SamplePoint("turku-pop-up", "853", "pop_up", ("Pop up -neuvonta", "Pop up-rådgivning", "Pop-up advice"),
          0.05, ("fi", "en", "ar", "so"), 0.5),
    SamplePoint("etapalvelu", "853", "remote", ("Etäneuvonta", "Rådgivning på distans", "Remote advice"),
          0.12, ("fi", "sv", "en", "ru", "uk", "ar"), 1.6),
    SamplePoint("salo", "734", "one_stop", ("Salon Infopiste", "Salo Infopunkt", "Salo Info Point"),
          0.88, ("fi", "en", "ru", "vi"), 1.4),
    SamplePoint("kaarina", "202", "library", ("Kaarinan kirjasto", "S:t Karins bibliotek", "Kaarina library"),
          0.80, ("fi", "en", "ru"), 0.6),
    SamplePoint("raisio", "680", "standalone", ("Raision neuvonta", "Reso rådgivning", "Raisio advice"),
          0.85, ("fi", "en", "ku", "sq"), 0.9),
    SamplePoint("naantali", "529", "library", ("Naantalin kirjasto", "Nådendals bibliotek", "Naantali library"),
          0.70, ("fi", "en"), 0.3),
    SamplePoint("lieto", "423", "library", ("Liedon kirjasto", "Lundo bibliotek", "Lieto library"), 0.70, ("fi", "en"), 0.25),
    SamplePoint("parainen", "445", "one_stop", ("Paraisten palvelupiste", "Pargas servicepunkt", "Pargas service point"),
          0.80, ("fi", "sv", "en", "uk"), 0.35),
    SamplePoint("osaamiskeskus", "853", "standalone", ("Osaamiskeskus", "Kompetenscentret", "Competence Centre"),
          0.0, ("fi", "en", "ru", "ar"), 6.0),
)  # fmt: skip
POINT_CODES = tuple(p.code for p in POINTS)
CENTRE_POINT = POINT_CODES.index("osaamiskeskus")
POP_UP = POINT_CODES.index("turku-pop-up")
REMOTE = POINT_CODES.index("etapalvelu")


def residents() -> Shares:
    """Expected residents by municipality (rows) and foreign mother tongue (columns) in the first year."""
    share = np.array([t.share for t in LANGUAGES])
    # Each municipality leans its own way, the same on every run: towns near industry have other languages than Turku.
    lean = np.exp(np.random.Generator(np.random.PCG64(20)).normal(0, 0.35, (len(MUNICIPALITIES), len(LANGUAGES))))
    lean[TURKU] = 1.0
    weights = share * lean
    total = np.array([m.residents for m in MUNICIPALITIES], dtype=np.float64)
    result: Shares = weights / weights.sum(axis=1, keepdims=True) * total[:, None]
    return result


def points_used() -> Shares:
    """Share of each service point in the guidance of clients by municipality of residence (last row: unknown)."""
    rows = np.zeros((len(MUNICIPALITIES) + 1, len(POINTS)))
    turku = np.array([p.share if p.municipality == "853" else 0.0 for p in POINTS])
    for row, place in enumerate(MUNICIPALITIES):
        own = np.array([p.share if p.municipality == place.code and row != TURKU else 0.0 for p in POINTS])
        kept = (1 - place.goes_to_centre) * (own if own.sum() else turku)
        rows[row] = kept + place.goes_to_centre * turku
        rows[row, REMOTE] += 0.0 if row == TURKU else 0.12
    rows[UNKNOWN_MUNICIPALITY] = turku * 0.8 + rows[SALO] * 0.2
    return rows


def staff_speaks() -> Flags:
    """Whether staff of a service point (row) speak a mother tongue (column)."""
    return np.array([[code in point.languages for code in LANGUAGE_CODES] for point in POINTS])
