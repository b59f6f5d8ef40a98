"""What a row of a plan is of, in a few words, and what changed between two plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from observatory.french.dates import short_date
from observatory.french.numbers import euros, short_number
from observatory.plan.plan_rows import plan_contract, plan_sheets
from observatory.plan.plan_words import CONTRIBUTION_ORIGINS, FUNDING_NATURES
from observatory.workbook.changed_cells import CellChange, RowWords, cells_changed
from observatory.workbook.contract import Sheet
from observatory.workbook.stored import Tables

LONGEST = 80  # characters of a text that stands for its row


def row_subject(sheet: Sheet, row: list[str]) -> str:
    """What a row is of: « A1 · Ouvrir un relais », « Note du 12/03/2025, A1 »."""
    return _SUBJECTS[sheet.name](dict(zip(sheet.stored, row, strict=True)))


def row_said(sheet: Sheet, row: list[str]) -> str:
    """What a row says, where what it is of does not."""
    at = dict(zip(sheet.stored, row, strict=True))
    text = at.get("note") or at.get("raison") or ""
    if sheet.name == "financements":
        return euros(float(at["montant_euros"]))
    return _cut(text) if text else short_number(float(at["valeur"])) if at.get("valeur") else ""


def plan_changes(before: Tables, after: Tables) -> list[CellChange]:
    """Every cell that differs between two plans, sheet by sheet."""
    words = RowWords(plan_contract(), row_subject, row_said)
    return [
        cell
        for sheet in plan_sheets()
        for cell in cells_changed(
            words, sheet, before.get(sheet.name, []), after.get(sheet.name, [])
        )
    ]


def _dated(what: str, text: str) -> str:
    return f"{what} du {_day(text)}"


def _day(text: str) -> str:
    """A day as it is stored, or as it was typed."""
    try:
        return short_date(date.fromisoformat(text))
    except ValueError:
        return _cut(text)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


_SUBJECTS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "actions": lambda r: f"{r['identifiant']} · {_cut(r['titre'])}",
    "etapes": lambda r: f"étape de {r['action']} : {_cut(r['etape'])}",
    "financements": lambda r: ", ".join(
        filter(
            None,
            (f"financement de {r['action']}", _cut(r["financeur"]), r["annee"],
             FUNDING_NATURES.get(r["nature"], r["nature"]).lower()),
        )
    ),
    "indicateurs": lambda r: f"{r['identifiant']} · {_cut(r['nom'])}",
    "releves": lambda r: f"{_dated('valeur', r['date'])} de {r['indicateur']}",
    "suivi": lambda r: f"{_dated('note', r['date'])} sur {r['action']}",
    "instances": lambda r: _cut(r["nom"]),
    "reunions": lambda r: f"{_cut(r['instance'])}, le {_day(r['date'])} : {_cut(r['decision'])}",
    "contributions": lambda r: ", ".join(
        (CONTRIBUTION_ORIGINS.get(r["origine"], r["origine"]).lower(),
         f"le {_day(r['date'])} : {_cut(r['contribution'])}")
    ),
    "priorites": lambda r: f"priorité n° {r['rang']}",
}  # fmt: skip
