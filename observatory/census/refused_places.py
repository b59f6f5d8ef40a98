"""Places of the rows that describe assistants maternels: refused as rows, proposed as a total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from observatory.census.amounts import read_amount
from observatory.census.commune_codes import Communes
from observatory.census.commune_names import read_postcode
from observatory.census.doubtful_codes import doubt_of
from observatory.census.sheets import sheet
from observatory.french.numbers import plural
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.cells import clean, number_text
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
    of_label = "d'" + nomenclature().services[privacy.SERVICE].label.lower()
    said = []
    for code, refused in sorted(_added_up(tables, communes).items()):
        told = (
            f"{number_text(refused.places)} places {of_label} en "
            f"{plural(refused.rows, 'ligne refusée', 'lignes refusées')}{_unread(refused)}"
        )
        if not code:
            said.append(f"commune qui ne se lit pas : {told} ; les ajouter au total de la leur")
            continue
        total = _total(after.get(TOTALS, []), code)
        known = (
            f"le recensement y compte {number_text(total)} places"
            if total is not None
            else "le recensement n'y a pas encore de total"
        )
        said.append(
            f"{communes.name(code)} : {told} ; {known} : "
            "y sont-elles déjà ? Sinon les ajouter à son total, feuille « Totaux communaux »"
        )
    return said


@dataclass
class Refused:
    """Places of the refused rows of one commune; those of the unread ones are not in the sum."""

    places: float = 0.0
    rows: int = 0
    unread: int = 0


def _added_up(tables: Sequence[CheckedTable], communes: Communes) -> Mapping[str, Refused]:
    """What is refused because it describes assistants maternels, by commune of today.

    Under an empty code: the rows whose commune cannot be read. A row of no place is left out.
    """
    found: dict[str, Refused] = defaultdict(Refused)
    for table in (t for t in tables if t.sheet.name == "offre"):
        for row in table.rejected:
            if not any(p.hint == privacy.MEND for p in row.problems):
                continue
            amount = _amount(_cell(table, row, "capacite"))
            if amount == 0:
                continue
            one = found[_commune(table, row, communes)]
            one.places += amount or 0
            one.rows += 1
            one.unread += amount is None
    return found


def _amount(text: str) -> float | None:
    """Places as an accepted row would tell them; None when the cell cannot be read."""
    try:
        return read_amount(text, nomenclature().services[privacy.SERVICE], "capacite")[0]
    except PydanticCustomError:
        return None


def _unread(refused: Refused) -> str:
    """« , dont 1 ligne dont le nombre ne se lit pas », or nothing."""
    verb = "se lit" if refused.unread == 1 else "se lisent"
    noun = "le nombre" if refused.unread == 1 else "les nombres"
    lines = plural(refused.unread, "ligne")
    return f", dont {lines} dont {noun} ne {verb} pas" if refused.unread else ""


def _commune(table: CheckedTable, row: RejectedRow, communes: Communes) -> str:
    """Today's code of a refused row, read as an accepted one's; empty when it names none."""
    given = _cell(table, row, "code_insee")
    name, postcode = _cell(table, row, "commune"), read_postcode(_cell(table, row, "code_postal"))
    try:
        if given:
            found = communes.find(given, name, postcode)
            doubt_of(communes, found, name, postcode)
            return found.current
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
