"""What one row of a plan cannot tell alone: what the other sheets say."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from observatory.plan.indicator_readers import percent_fault
from observatory.workbook.checking import SaidOnce
from observatory.workbook.contract import Refusal, Sheet
from observatory.workbook.problems import short
from observatory.workbook.results import Rows

NAMED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "etapes": (("action", "actions"),),
    "financements": (("action", "actions"),),
    "indicateurs": (("action", "actions"),),
    "releves": (("indicateur", "indicateurs"),),
    "suivi": (("action", "actions"),),
    "reunions": (("instance", "instances"), ("action", "actions")),
    "contributions": (("action", "actions"),),
}
"""The columns of each sheet that name a row of another one, and which."""
NOUNS = {
    "actions": "cette action",
    "etapes": "cette étape de la même action",
    "financements": "ce financement (action, financeur, année, nature)",
    "indicateurs": "cet indicateur",
    "releves": "ce relevé du même jour",
    "suivi": "cette note",
    "instances": "cette instance",
    "reunions": "cette décision",
    "contributions": "cette contribution",
    "priorites": "ce rang",
}


@dataclass
class PlanAcross:
    """The memory of one sheet, and what it may name in the others.

    Attributes
    ----------
    known : mapping
        Keys of the rows that stand, by the sheet that holds them.
    aside : mapping
        Those of the rows that were set aside in this file.
    indicators : mapping
        Service followed and unit of each indicator.
    """

    sheet: Sheet
    known: Mapping[str, frozenset[str]]
    aside: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    indicators: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.once = SaidOnce(self.sheet, NOUNS[self.sheet.name])

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        """What contradicts the other sheets, then the rows before."""
        said = dict(zip(self.sheet.stored, row, strict=True))
        found = [
            fault
            for column, other in NAMED.get(self.sheet.name, ())
            if said[column] and (fault := self._unnamed(column, other, said[column]))
        ]
        if not found and self.sheet.name == "releves":
            found = self._reading(said)
        if not found and self.sheet.key == ("identifiant",):
            found = self._alike(said["identifiant"])
        return found or self.once.faults(number, row)

    def _unnamed(self, column: str, other: str, value: str) -> Refusal | None:
        """Why a row may not name another one; None when it may."""
        known, title = self.known.get(other, frozenset()), self.titles[other]
        if value in known:
            return None
        if value in self.aside.get(other, frozenset()):
            what = f"{short(value)} est elle-même mise de côté, feuille « {title} »"
            return column, what, "Corriger d'abord cette ligne-là."
        folded = {id_.casefold(): id_ for id_ in sorted(known)}
        close = difflib.get_close_matches(value.casefold(), folded, n=3, cutoff=0.6)
        near = [folded[id_] for id_ in close]
        hint = (
            f"Vouliez-vous dire : {', '.join(near)} ?"
            if near
            else f"L'ajouter à la feuille « {title} », ou corriger."
        )
        return column, f"{short(value)} n'est pas dans la feuille « {title} »", hint

    def _reading(self, said: Mapping[str, str]) -> list[Refusal]:
        """A value typed in for a bound figure, or out of its unit."""
        service, unit = self.indicators.get(said["indicateur"], ("", ""))
        if service:
            what = f"l'indicateur {short(said['indicateur'])} est lié à un chiffre"
            return [("indicateur", what, "Supprimer cette ligne : il se remplit seul.")]
        fault = percent_fault(unit, float(said["valeur"]))
        return [("valeur", *fault)] if fault else []

    def _alike(self, id_: str) -> list[Refusal]:
        """An identifier that differs from one before by its capitals alone."""
        first = self.ids.setdefault(id_.casefold(), id_)
        if first == id_:
            return []
        what = f"{short(id_)} et {short(first)} ne diffèrent que par les majuscules"
        return [("identifiant", what, "Donner à chacun un identifiant distinct.")]


def indicators_of(sheet: Sheet, rows: Rows) -> dict[str, tuple[str, str]]:
    """Service followed and unit of each indicator, by its identifier."""
    at = [sheet.stored.index(c) for c in ("identifiant", "service", "unite")]
    return {row[at[0]]: (row[at[1]], row[at[2]]) for row in rows}


def named_keys(rows: Rows) -> frozenset[str]:
    """Keys by which the rows of a sheet are named: its first column."""
    return frozenset(row[0] for row in rows)
