"""Planners' own totals, masked ones included, and what is published of each.

They are read from the census in place, never from a version: nothing public can hold them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from observatory.census.commune_codes import Communes
from observatory.census.sheets import sheet
from observatory.french.dates import long_date
from observatory.knowledge.nomenclature import nomenclature
from observatory.secrecy.register import Register
from observatory.workbook.results import Rows

COLUMNS = ("Commune", "Service", "Effectif", "Places", "Depuis le", "Publié")
PUBLISHED = "oui"
MASKED = "non : masqué"


def own_totals(
    rows: Mapping[str, Rows], communes: Communes, register: Register | None
) -> pd.DataFrame:
    """One row per total of the census: its figures as text, and whether the public sees them.

    Why a figure is masked is not said: it would tell which ones are one person's.
    """
    stored = sheet("totaux_communaux").stored
    hidden = register.cells("primary", "companion", "service") if register else frozenset()
    services = nomenclature().services
    table = []
    for row in rows.get("totaux_communaux", []):
        cell = dict(zip(stored, row, strict=True))
        code = communes.carried.get(cell["code_insee"], cell["code_insee"])
        service = cell["service"]
        masked = (code, service) in hidden or ("", service) in hidden
        label = services[service].label if service in services else service
        table.append(
            (
                communes.name(cell["code_insee"]),
                label,
                cell["effectif"],
                cell["places"],
                _day(cell["depuis"]),
                MASKED if masked else PUBLISHED,
            )
        )
    return pd.DataFrame(table, columns=list(COLUMNS), dtype="str")


def _day(written: str | None) -> str:
    """A date in full; a text that is none, in a file changed by hand, as it stands."""
    try:
        return long_date(written)
    except ValueError:
        return str(written)
