"""The two reports: the atlas of a selection of communes, and the sheet of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb

from observatory.french import dates, numbers
from observatory.knowledge.nomenclature import nomenclature
from observatory.report import table_cells
from observatory.report.commune_entry import commune_entry, duties_by_commune
from observatory.report.commune_sheet import STATUSES_NOTE, commune_pages, duties_table
from observatory.report.comparable_blocks import comparable_blocks
from observatory.report.document import Block, Document, heading, note, paragraph
from observatory.report.facts import Facts, read, stamp
from observatory.report.legal import ARTICLE, legal_parts
from observatory.report.method import method
from observatory.report.pdf import pdf
from observatory.report.request import ReportRequest
from observatory.report.service_pages import service_pages
from observatory.report.summary import summary

Progress = Callable[[str, float], None]
"""Told what is being done, and the share (0 to 1) that is behind."""

DEMONSTRATION = (
    "Document de démonstration : l'offre vient d'un recensement inventé, elle ne décrit aucun "
    "établissement réel."
)
DEMONSTRATION_SHORT = "Démonstration : offre inventée"
DAYS_NOTE = (
    "Un service qui a plusieurs types de jour est dit pour le premier : les autres sont à sa page, "
    "commune par commune."
)
DRAWING = 0.6
"""Share of the work that is behind when the layout begins."""


def silent(step: str, share: float) -> None:
    """Tell nobody."""


def atlas(
    con: duckdb.DuckDBPyConnection, request: ReportRequest, progress: Progress = silent
) -> Document:
    """The atlas, in the order of article D.214-10-1 CASF.

    Raises
    ------
    RequestError
        As `observatory.report.facts.read`.
    """
    progress("Lecture des chiffres", 0.0)
    reading = read(con, request)
    duties = duties_table(reading)
    blocks = [
        *summary(reading, duties),
        *legal_parts(reading),
        heading(1, "Cartes et tableaux par service"),
        paragraph(
            "Une carte et un tableau par service. La couleur dit ce qui sépare l'offre du "
            "besoin : rouge, il manque ; bleu, il y a plus que le besoin. D'un service sans "
            "référence ni objectif voté, elle dit le taux : du clair (peu) au foncé (beaucoup)."
        ),
    ]
    for n, service in enumerate(reading.services):
        progress(f"Carte : {_short(service)}", 0.1 + 0.3 * n / len(reading.services))
        blocks += service_pages(reading, service)
    blocks += [
        heading(1, "Fiches des communes"),
        note(f"{STATUSES_NOTE} {DAYS_NOTE} {table_cells.marks()}"),
        *duties_by_commune(reading, duties),
    ]
    for n, (code, name) in enumerate(reading.names.items()):
        progress(f"Fiche : {name}", 0.4 + (DRAWING - 0.4) * n / len(reading.names))
        blocks += commune_entry(reading, code)
    blocks += comparable_blocks(reading)
    blocks += method(reading)
    return Document(
        title="Atlas des services aux familles",
        subtitle="Observatoire de l'offre et du besoin",
        header=reading.selection,
        facts=[
            ("Territoire", reading.territory),
            ("Communes", _communes(reading)),
            *_facts(reading),
            ("Plan", f"celui de l'{ARTICLE}"),
        ],
        warning=DEMONSTRATION if reading.info["demonstration"] else "",
        warning_short=DEMONSTRATION_SHORT if reading.info["demonstration"] else "",
        blocks=blocks,
    )


def commune_sheet(
    con: duckdb.DuckDBPyConnection, code: str, request: ReportRequest, progress: Progress = silent
) -> Document:
    """The sheet of one commune, without cover.

    Raises
    ------
    RequestError
        As `observatory.report.facts.read`.
    """
    progress("Lecture des chiffres", 0.0)
    reading = read(con, replace(request, communes=(code,)))
    demonstration = bool(reading.info["demonstration"])
    warning: list[Block] = [note(DEMONSTRATION)] if demonstration else []
    return Document(
        title=reading.names[code],
        subtitle=f"Fiche de commune · {reading.territory}",
        header=reading.territory,
        facts=_facts(reading),
        warning=DEMONSTRATION if demonstration else "",
        warning_short=DEMONSTRATION_SHORT if demonstration else "",
        contents=False,
        blocks=[*warning, *commune_pages(reading, code, duties_table(reading))],
    )


def to_pdf(document: Document, progress: Progress = silent) -> bytes:
    """Draw a report.

    Raises
    ------
    ObservatoryError
        As `observatory.report.pdf.pdf`.
    """
    progress("Mise en page", DRAWING)
    drawn = pdf(document)
    progress("Terminé", 1.0)
    return drawn


def _short(service: str) -> str:
    return nomenclature().service(service).short


def _communes(reading: Facts) -> str:
    count = numbers.quantity(len(reading.names), "commune", "communes")
    return f"{count}, tout le territoire" if reading.whole else ", ".join(reading.names.values())


def _facts(reading: Facts) -> list[tuple[str, str]]:
    asked = reading.request.definition
    chosen = nomenclature().definitions[asked].label if asked else "la première de chaque service"
    return [
        ("Offre au", dates.long_date(reading.request.as_of)),
        ("Définition du besoin", chosen),
        (
            "Version des données",
            f"{stamp(reading)}, établie le {dates.long_date(reading.info['built_at'])}",
        ),
    ]
