"""Rows of an establishment after an edit: a period rewritten, a period added, a closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic_core import PydanticCustomError

from observatory.census.across import DESCRIBING
from observatory.census.edits import Edit
from observatory.census.sheets import sheet
from observatory.french.dates import long_date
from observatory.workbook.drafts import EditError
from observatory.workbook.problems import short
from observatory.workbook.results import Rows
from observatory.workbook.written_dates import read_date

OURS = frozenset({"identifiant", "demonstration", "position", "score_geocodage"})
"""Columns that nobody edits: who an establishment is, and what the observatory writes itself."""
POINT = ("longitude", "latitude")
DATED = ("depuis", "jour")  # they say of which period a row is


def columns() -> Mapping[str, int]:
    """The place of each column in a stored row of an establishment."""
    return {name: n for n, name in enumerate(sheet("offre").stored)}


def editable() -> list[str]:
    """Columns that an edit may write, in the order of the census."""
    return [c for c in columns() if c not in OURS]


def after_edit(rows: Rows, edit: Edit) -> Rows:
    """The rows of one establishment after an edit; nothing is checked yet of what was typed.

    Raises
    ------
    EditError
        When there is no such establishment, column or period.
    """
    if not rows:
        raise EditError(
            f"aucun établissement ne porte l'identifiant {short(edit.id)}",
            mend="Reprendre l'identifiant du recensement en place (observatory census export).",
        )
    unknown = [c for c in edit.values if c not in editable()]
    if unknown:
        raise _wrong(
            edit,
            f"la colonne {short(unknown[0])} ne se modifie pas",
            f"Colonnes : {', '.join(editable())}.",
        )
    return _WAYS[edit.nature]([list(row) for row in rows], edit)


def replaced(table: Rows, id_: str, rows: Rows) -> Rows:
    """A table in which the rows of one establishment are replaced, each in its place.

    One more comes after the last of them; one less leaves from the end: to replace them back gives
    the very table.
    """
    places = [n for n, row in enumerate(table) if row[0] == id_]
    after = {n: [row] for n, row in zip(places, rows, strict=False)}
    if places and len(rows) > len(places):
        after[places[-1]] = [*after.get(places[-1], []), *rows[len(places) :]]
    kept: Rows = []
    for n, row in enumerate(table):
        kept += [row] if row[0] != id_ else after.get(n, [])
    return kept


def rows_of(table: Rows, id_: str) -> Rows:
    """The rows of one establishment, in their order."""
    return [row for row in table if row[0] == id_]


def in_force(rows: Rows, day_type: str, day: str) -> list[str] | None:
    """The row whose capacity holds on a day (ISO); None when none does yet."""
    at = columns()
    known = [r for r in rows if r[at["jour"]] == day_type and start(r) <= day]
    return max(known, key=start, default=None)


def start(row: list[str]) -> str:
    """The day from which a row's capacity holds; empty: always."""
    at = columns()
    return row[at["depuis"]] or row[at["ouverture"]]


def _correct(rows: Rows, edit: Edit) -> Rows:
    """The period is rewritten; what describes the establishment is, on all its rows."""
    if not edit.values:
        raise _wrong(edit, "la correction ne dit rien", "Donner une colonne et sa valeur.")
    if edit.since:
        raise _wrong(
            edit,
            "une correction d'erreur n'a pas de date de départ",
            "Dire un changement réel, ou corriger la colonne « depuis ».",
        )
    at = columns()
    own = {c: v for c, v in edit.values.items() if c not in DESCRIBING}
    target = _period(rows, edit) if own else None
    for row in rows:
        for column, value in edit.values.items():
            if column in DESCRIBING or row is target:
                row[at[column]] = value
        if any(c in edit.values for c in POINT):
            row[at["position"]] = row[at["score_geocodage"]] = ""
    return rows


def _change(rows: Rows, edit: Edit) -> Rows:
    """A new period from a day on: the former capacity ends the day before, and stays."""
    day = _day(edit)
    at = columns()
    told = [c for c in edit.values if c in DESCRIBING or c in DATED]
    if told:
        raise _wrong(
            edit,
            f"la colonne {short(told[0])} vaut pour toute la vie de l'établissement",
            "La dire en correction ; un autre établissement a un autre identifiant.",
        )
    if not edit.values:
        raise _wrong(edit, "le changement ne dit rien", "Donner une colonne et sa valeur.")
    opened = next((r[at["ouverture"]] for r in rows if r[at["ouverture"]]), "")
    closed = next((r[at["fermeture"]] for r in rows if r[at["fermeture"]]), "")
    if opened and day < opened:
        raise _wrong(
            edit,
            f"le changement, le {long_date(day)}, précède l'ouverture, le {long_date(opened)}",
            "Corriger l'une des deux dates.",
        )
    if closed and day >= closed:
        raise _wrong(
            edit,
            f"l'établissement est fermé depuis le {long_date(closed)}",
            "Dire une date plus tôt, ou corriger sa fermeture.",
        )
    base = in_force(rows, edit.day_type, day)
    if base is None:
        raise _wrong(
            edit,
            f"aucune capacité n'est connue au {long_date(day)}"
            + (f" pour ce type de jour ({edit.day_type})" if edit.day_type else ""),
            "Vérifier la date et le type de jour.",
        )
    if start(base) == day:
        raise _wrong(
            edit,
            f"une capacité est déjà dite depuis le {long_date(day)}",
            "La corriger (correction d'erreur), ou changer la date.",
        )
    new = list(base)
    new[at["depuis"]] = day
    for column, value in edit.values.items():
        new[at[column]] = value
    place = next(n for n, row in enumerate(rows) if row is base)
    return [*rows[: place + 1], new, *rows[place + 1 :]]


def _close(rows: Rows, edit: Edit) -> Rows:
    """The establishment is no longer open from a day on."""
    day = _day(edit)
    if edit.values:
        raise _wrong(edit, "une fermeture n'a que sa date", "Dire le reste en correction.")
    for row in rows:
        row[columns()["fermeture"]] = day
    return rows


_WAYS: Mapping[str, Callable[[Rows, Edit], Rows]] = {
    "correction": _correct,
    "changement": _change,
    "fermeture": _close,
}


def _period(rows: Rows, edit: Edit) -> list[str]:
    """The row of the period that a correction rewrites."""
    at = columns()
    found = [
        row
        for row in rows
        if (not edit.day_type or row[at["jour"]] == edit.day_type)
        and (edit.period is None or edit.period in (row[at["depuis"]], start(row)))
    ]
    if len(found) == 1:
        return found[0]
    said = " ; ".join(
        ", ".join(filter(None, (r[at["jour"]], f"depuis « {r[at['depuis']]} »"))) for r in rows
    )
    what = "plusieurs lignes peuvent être celle à corriger" if found else "cette période n'est pas"
    raise _wrong(
        edit,
        what if found else f"{what} au recensement",
        f"Dire son type de jour et son premier jour, parmi : {said}.",
    )


def _day(edit: Edit) -> str:
    """The first day of a change, read as a date of the census is."""
    if not edit.since.strip():
        raise _wrong(edit, "le premier jour manque", "L'écrire, par exemple 01/09/2026.")
    try:
        found = read_date(edit.since.strip())
    except PydanticCustomError as error:
        told = error.context or {}
        raise _wrong(edit, str(told.get("what")), str(told.get("hint"))) from error
    return found.isoformat() if found else ""


def _wrong(edit: Edit, what: str, mend: str) -> EditError:
    return EditError(what, where=f"Établissement {edit.id}", mend=mend)
