"""Services of which a version tells nothing: named once, never shown as columns of unknowns."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import nomenclature

NEEDED = frozenset({"share", "reference", "norm"})
"""Kinds of need definitions that say a need whatever the supply."""


def silent_services(con: duckdb.DuckDBPyConnection, *, publics: bool = True) -> frozenset[str]:
    """Services without supply, masked total, need or voted target on any day.

    Parameters
    ----------
    publics : bool
        Whether a public counts as something told where a publication counts it and no other service
        shows it: the first service that it is the public of is not silent then.
    """
    known = _first_column(con, "SELECT id FROM service")
    told = _first_column(
        con,
        """
        SELECT DISTINCT service FROM service_part WHERE part IN (
            SELECT service FROM known_offer
            UNION SELECT service FROM commune_total UNION SELECT service FROM masked
            UNION SELECT e.service FROM establishment AS e
                JOIN allocation AS a ON a.establishment = e.id
                SEMI JOIN perimeter AS p ON p.code = a.code)
        UNION SELECT service FROM voted_target
        """,
    )
    counted = _first_column(
        con,
        "SELECT DISTINCT public FROM public_count SEMI JOIN perimeter USING (code) "
        "WHERE amount IS NOT NULL",
    )
    names = nomenclature()
    speaking = {
        id_
        for id_, service in names.services.items()
        if id_ in told or any(names.definitions[d].kind in NEEDED for d in service.definitions)
    } & known
    if not publics:
        return frozenset(names.services) - speaking
    shown = {names.services[id_].public for id_ in speaking}
    for id_, service in names.services.items():
        new = service.public in counted and service.public not in shown
        if id_ in known and new and names.publics[service.public].published:
            speaking.add(id_)
            shown.add(service.public)
    return frozenset(names.services) - speaking


def silent_words(services: Collection[str]) -> str:
    """« Inconnu ici… : PMI, CCAS. », in the order of the nomenclature; empty for none."""
    known = nomenclature().services
    told = ", ".join(inside(s.short) for i, s in known.items() if i in services)
    lead = "Inconnu ici, faute de source ou de recensement"
    return f"{lead} : {told}." if told else ""


def _first_column(con: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {str(row[0]) for row in con.execute(query).fetchall()}
