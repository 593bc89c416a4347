"""What is published, as a catalogue of data sets: DCAT-AP 3 in JSON-LD, a data set for each metric."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from data.texts import LANGUAGES, Language, Texts, texts
from metrics.model.definition import Definition, definitions
from pages.api.call import CSV, JSON, Call
from pages.api.visible import Visible

MEDIA: Final = "application/ld+json"
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_LANGUAGES: Final[dict[Language, str]] = {"fi": "FIN", "sv": "SWE", "en": "ENG"}
_LICENCES: Final = {"CC-BY-4.0": "CC_BY_4_0", "CC0-1.0": "CC0"}
_FORMATS: Final = {"csv": (CSV, "CSV"), "json-stat": (JSON, "JSON")}


def catalogue(call: Call, seen: Visible) -> dict[str, Any]:
    """Return the catalogue. Publisher and licence are left out where they are not known."""
    at, known = call.address, definitions()
    said = _said(seen)
    languages = [{"@id": f"{_AUTHORITY}language/{_LANGUAGES[lang]}"} for lang in LANGUAGES]
    return {
        "@context": CONTEXT,
        "@id": f"{at}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": [_text(texts(lang)("api.name"), lang) for lang in LANGUAGES],
        "dct:description": [_text(" ".join(_about(seen, texts(lang))), lang) for lang in LANGUAGES],
        "dct:language": languages,
        **said,
        "dcat:service": {
            "@id": at,
            "@type": "dcat:DataService",
            "dct:title": [_text(texts(lang)("api.name"), lang) for lang in LANGUAGES],
            "dcat:endpointURL": {"@id": at},
            "dcat:endpointDescription": {"@id": f"{at}/openapi.json"},
            **said,
        },
        "dcat:dataset": [_data_set(known[metric], call, seen) | said for metric in seen.dimensions],
    }


def _about(seen: Visible, t: Texts) -> tuple[str, ...]:
    return (t("api.text"), t("page.sample")) if seen.serving.is_example else (t("api.text"),)


def _data_set(definition: Definition, call: Call, seen: Visible) -> dict[str, Any]:
    first, last = seen.serving.begins, seen.serving.closed_until
    begins = {"dcat:startDate": _day(first.isoformat())} if first else {}
    return {
        "@id": f"{call.address}/metrics/{definition.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": definition.id,
        "dct:title": [_text(definition.name[lang], lang) for lang in LANGUAGES],
        "dct:description": [_text(definition.text[lang], lang) for lang in LANGUAGES],
        "dct:temporal": {"@type": "dct:PeriodOfTime", **begins, "dcat:endDate": _day(last.isoformat())},
        "dcat:theme": {"@id": f"{_AUTHORITY}data-theme/SOCI"},
        "dcat:distribution": [_distribution(definition, form, call, seen) for form in _FORMATS],
    }


def _distribution(definition: Definition, form: str, call: Call, seen: Visible) -> dict[str, Any]:
    by, period = seen.example(definition.id)
    of = [("of", call.one("of"))] if call.one("of") else []
    asked = [("metric", definition.id), *(("by", name) for name in by), ("period", period), *of, ("format", form)]
    address, (media, kind) = {"@id": f"{call.address}/ask?{urlencode(asked)}"}, _FORMATS[form]
    return {
        "@type": "dcat:Distribution",
        "dct:title": form,
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": f"http://www.iana.org/assignments/media-types/{media}"},
        "dct:format": {"@id": f"{_AUTHORITY}file-type/{kind}"},
        **_licence(seen),
    }


def _said(seen: Visible) -> dict[str, Any]:
    """Return who publishes it, under which licence and since when."""
    name = seen.publisher
    by = {"dct:publisher": {"@type": "foaf:Agent", "foaf:name": name}} if name else {}
    return by | _licence(seen) | {"dct:issued": _day(seen.released.isoformat())}


def _licence(seen: Visible) -> dict[str, Any]:
    name = seen.licence
    if not name:
        return {}
    if name in _LICENCES:
        return {"dct:license": {"@id": f"{_AUTHORITY}licence/{_LICENCES[name]}"}}
    if name.startswith(("https://", "http://")):
        return {"dct:license": {"@id": name}}
    return {"dct:license": {"@type": "dct:LicenseDocument", "dct:title": name}}


def _text(text: str, lang: str) -> dict[str, str]:
    return {"@value": text, "@language": lang}


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:date"}
