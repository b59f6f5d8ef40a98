"""Places of the rows that describe assistants maternels: refused as rows, proposed as a total."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pydantic_core import PydanticCustomError

from observatory.census.commune_codes import Communes
from observatory.census.sheets import sheet
from observatory.french.numbers import plural
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.cells import clean, number_text, read_number
from observatory.workbook.results import CheckedTable, RejectedRow, Rows

TOTALS = "totaux_communaux"


def refused_places(
    tables: Sequence[CheckedTable], after: Mapping[str, Rows], communes: Communes
) -> list[str]:
    """What to do with the places refused for privacy, one sentence per commune of today.

    Parameters
    ----------
    after : mapping of str to rows
        The census after the load: it tells the total in place.
    """
    places, rows = _added_up(tables, communes)
    of_label = "d'" + nomenclature().services[privacy.SERVICE].label.lower()
    said = []
    for code, refused in sorted(places.items()):
        total = _total(after.get(TOTALS, []), code)
        known = (
            f"le recensement y compte {number_text(total)} places"
            if total is not None
            else "le recensement n'y a pas encore de total"
        )
        said.append(
            f"{communes.name(code)} : {number_text(refused)} places {of_label} en "
            f"{plural(rows[code], 'ligne refusée', 'lignes refusées')} ; {known} : "
            "y sont-elles déjà ? Sinon les ajouter à son total, feuille « Totaux communaux »"
        )
    return said


def _added_up(
    tables: Sequence[CheckedTable], communes: Communes
) -> tuple[Mapping[str, float], Counter[str]]:
    """Places and rows refused because they describe assistants maternels, by commune."""
    places: dict[str, float] = defaultdict(float)
    rows: Counter[str] = Counter()
    for table in (t for t in tables if t.sheet.name == "offre"):
        for row in table.rejected:
            if not any(p.hint == privacy.MEND for p in row.problems):
                continue
            code = _commune(table, row, communes)
            amount = read_number(_cell(table, row, "capacite"))
            if code and amount and amount > 0 and code in (communes.names or {code}):
                places[code] += amount
                rows[code] += 1
    return places, rows


def _commune(table: CheckedTable, row: RejectedRow, communes: Communes) -> str:
    """Today's code of a refused row; empty when nothing of it names one commune."""
    given = _cell(table, row, "code_insee")
    if given:
        return communes.carried.get(given, given)
    name, postcode = _cell(table, row, "commune"), _cell(table, row, "code_postal")
    try:
        return communes.resolve(name, postcode).current if name or postcode else ""
    except PydanticCustomError:
        return ""


def _cell(table: CheckedTable, row: RejectedRow, name: str) -> str:
    place = table.places.get(name, len(row.cells))
    return clean(row.cells[place]) if place < len(row.cells) else ""


def _total(rows: Rows, code: str) -> float | None:
    """The latest total of places of a commune; None when there is none."""
    at = {name: n for n, name in enumerate(sheet(TOTALS).stored)}
    dated = [
        (row[at["depuis"]], row[at["places"]])
        for row in rows
        if row[at["code_insee"]] == code
        and row[at["service"]] == privacy.SERVICE
        and row[at["places"]]
    ]
    return float(max(dated)[1]) if dated else None
