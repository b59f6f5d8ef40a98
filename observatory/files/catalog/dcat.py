"""The catalogue as DCAT-AP 3, in one JSON-LD document.

Every node has an address of its own, so that a harvester that comes back knows it again, and so
that two exports of one version are the same files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from observatory.files.catalog.catalog_words import CatalogWords, DatasetWords

CONTEXT = {
    "@language": "fr",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
GEOJSON = "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
"""Datatype of a geometry, the one that data.gouv.fr reads."""
CSV_TYPE = "https://www.iana.org/assignments/media-types/text/csv"
CSV_FORMAT = "http://publications.europa.eu/resource/authority/file-type/CSV"


@dataclass(frozen=True)
class CatalogFacts:
    """What is common to all that is published together.

    Attributes
    ----------
    address : str
        Where the folder is served, ending with a slash.
    territory, publisher : str
        Names.
    contact : str
        Electronic address or sentence of who answers; empty when nobody is named.
    modified : str
        Moment the version was built, ISO.
    box : tuple of float, optional
        West, south, east and north, in degrees; None where no true position is at hand.
    provenance : str
        The sources and their vintages, in one sentence.
    warning : str
        Said before each description; empty when there is nothing to warn of.
    """

    address: str
    territory: str
    publisher: str
    contact: str
    modified: str
    as_of: date
    box: tuple[float, float, float, float] | None
    provenance: str
    warning: str


@dataclass(frozen=True)
class OpenFile:
    """A file of a dataset, with the names of what describes its columns."""

    dataset: str
    name: str
    title: str
    csv: bytes
    schema: str
    csvw: str


def json_ld(words: CatalogWords, about: CatalogFacts, files: Sequence[OpenFile]) -> dict[str, Any]:
    """The catalogue as one JSON-LD document, its context within."""
    told = {f.dataset for f in files}
    return {
        "@context": CONTEXT,
        "@id": f"{about.address}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": f"{words.title} : {about.territory}",
        "dct:description": _warned(about, words.description),
        "dct:publisher": _publisher(words, about),
        "dct:license": _licence(words),
        "dct:language": {"@id": words.language, "@type": "dct:LinguisticSystem"},
        "dct:modified": _typed(about.modified, "dateTime"),
        "dct:spatial": _place(about),
        "dcat:dataset": [
            _dataset(name, said, words, about, [f for f in files if f.dataset == name])
            for name, said in words.dataset.items()
            if name in told
        ],
    }


def _dataset(
    name: str,
    said: DatasetWords,
    words: CatalogWords,
    about: CatalogFacts,
    files: Sequence[OpenFile],
) -> dict[str, Any]:
    here = f"{about.address}#{name}"
    day = _typed(about.as_of.isoformat(), "date")
    contact = _contact(about)
    return {
        "@id": here,
        "@type": "dcat:Dataset",
        "dct:identifier": _plain(here),
        "dct:title": f"{said.title} : {about.territory}",
        "dct:description": _warned(about, said.description),
        "dcat:keyword": [*words.keywords, *said.keywords],
        "dcat:theme": {
            "@id": words.theme,
            "@type": "skos:Concept",
            "skos:prefLabel": words.theme_label,
        },
        "dct:accrualPeriodicity": {"@id": words.frequency, "@type": "dct:Frequency"},
        "dct:language": {"@id": words.language},
        "dct:license": {"@id": words.licence},
        "dct:publisher": {"@id": f"{about.address}#editeur"},
        **({"dcat:contactPoint": contact} if contact else {}),
        "dct:modified": _typed(about.modified, "dateTime"),
        "dct:spatial": {"@id": f"{about.address}#territoire"},
        "dct:temporal": {
            "@id": f"{here}-date",
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": day,
            "dcat:endDate": day,
        },
        "dct:provenance": {
            "@id": f"{about.address}#sources",
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": about.provenance,
        },
        "dcat:distribution": [_distribution(f, words, about) for f in files],
    }


def _distribution(file: OpenFile, words: CatalogWords, about: CatalogFacts) -> dict[str, Any]:
    here, at = f"{about.address}#{file.name}", about.address + file.name
    return {
        "@id": here,
        "@type": "dcat:Distribution",
        "dct:title": f"{file.title} (CSV)",
        "dct:description": "CSV pour un programme (RFC 4180 : virgule, point décimal, UTF-8).",
        "dcat:accessURL": {"@id": at},
        "dcat:downloadURL": {"@id": at},
        "dct:license": {"@id": words.licence},
        "dct:modified": _typed(about.modified, "dateTime"),
        "dct:format": {"@id": CSV_FORMAT, "@type": "dct:MediaTypeOrExtent"},
        "dcat:mediaType": {"@id": CSV_TYPE, "@type": "dct:MediaType"},
        "dcat:byteSize": _typed(str(len(file.csv)), "nonNegativeInteger"),
        "dct:conformsTo": {
            "@id": about.address + file.schema,
            "@type": "dct:Standard",
            "dct:title": f"{file.title} : schéma de table",
        },
        "foaf:page": {
            "@id": about.address + file.csvw,
            "@type": "foaf:Document",
            "dct:title": f"{file.title} : colonnes, définitions et sources (CSVW)",
        },
        "spdx:checksum": {
            "@id": f"{here}-empreinte",
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(hashlib.sha256(file.csv).hexdigest(), "hexBinary"),
        },
    }


def _publisher(words: CatalogWords, about: CatalogFacts) -> dict[str, Any]:
    return {
        "@id": f"{about.address}#editeur",
        "@type": "foaf:Agent",
        "foaf:name": about.publisher,
        "dct:type": {
            "@id": words.publisher_type,
            "@type": "skos:Concept",
            "skos:prefLabel": "Collectivité locale",
        },
    }


def _licence(words: CatalogWords) -> dict[str, Any]:
    return {
        "@id": words.licence,
        "@type": "dct:LicenseDocument",
        "dct:title": words.licence_label,
    }


def _contact(about: CatalogFacts) -> dict[str, Any]:
    """Who answers, when the operator names somebody."""
    if not about.contact:
        return {}
    mail = "@" in about.contact and " " not in about.contact
    return {
        "@id": f"{about.address}#contact",
        "@type": "vcard:Organization",
        "vcard:fn": about.publisher if mail else about.contact,
        **({"vcard:hasEmail": {"@id": f"mailto:{about.contact}"}} if mail else {}),
    }


def _place(about: CatalogFacts) -> dict[str, Any]:
    place: dict[str, Any] = {
        "@id": f"{about.address}#territoire",
        "@type": "dct:Location",
        "skos:prefLabel": about.territory,
    }
    if about.box:
        west, south, east, north = about.box
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        drawn = json.dumps({"type": "Polygon", "coordinates": [ring]})
        place["locn:geometry"] = {"@value": drawn, "@type": GEOJSON}
    return place


def _warned(about: CatalogFacts, text: str) -> str:
    return f"{about.warning} {text}".strip()


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _plain(value: str) -> dict[str, Any]:
    """A text of no language."""
    return {"@value": value, "@type": "xsd:string"}
