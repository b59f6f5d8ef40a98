"""Checks across rows: rows that contradict or repeat one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from observatory.census.sheets import sheet
from observatory.workbook.checking import SaidOnce
from observatory.workbook.contract import Refusal, Sheet
from observatory.workbook.problems import short

# Where an establishment is described, every row of it says the same thing, or nothing.
DESCRIBING = (
    "nom",
    "service",
    "statut",
    "gestionnaire",
    "code_insee",
    "adresse",
    "longitude",
    "latitude",
    "ouverture",
    "fermeture",
)
FIRST_DAY = "1900-01-01"  # the day from which a capacity without any date holds


@dataclass
class Establishments:
    """Rows of one establishment agree, and no capacity is said twice.

    Attributes
    ----------
    ids : dict of str to list
        Accepted establishments: what is known of each, by place in the row.
    """

    ids: dict[str, list[str]] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    periods: dict[tuple[str, str, str], str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=lambda: _columns(sheet("offre")))

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        """Contradictions with the rows before; without any, remember the row."""
        at = self.columns
        id_ = row[at["identifiant"]]
        known = self.ids.get(id_)
        found = self._contradictions(id_, known, row) if known else []
        keys = self._keys(row)
        twin = next((self.periods[k] for k in keys if k in self.periods), "")
        if twin:
            what = f"cette capacité de {short(id_)} est déjà dite {twin}"
            hint = (
                "Supprimer l'une des deux lignes, ou donner à la seconde une autre date "
                "« depuis », un autre jour, ou un autre identifiant."
            )
            found.append(("depuis", what, hint))
        if not found:
            self.remember(f"ligne {number}", row, keys)
        return found

    def remember(
        self, place: str, row: Sequence[str], keys: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        """Keep what a row says of its establishment."""
        id_ = row[self.columns["identifiant"]]
        if known := self.ids.get(id_):
            for name in DESCRIBING:
                n = self.columns[name]
                known[n] = known[n] or row[n]
        else:
            self.ids[id_], self.first[id_] = list(row), place
        self.periods.update(dict.fromkeys(keys or self._keys(row), place))

    def _keys(self, row: Sequence[str]) -> list[tuple[str, str, str]]:
        """The period of a capacity, as said and as counted from."""
        at = self.columns
        id_, jour = row[at["identifiant"]], row[at["jour"]]
        since, opened = row[at["depuis"]], row[at["ouverture"]]
        return [
            (id_, jour, "" if since == opened else since),
            (id_, jour, since or opened or FIRST_DAY),
        ]

    def _contradictions(self, id_: str, known: list[str], row: Sequence[str]) -> list[Refusal]:
        at = self.columns
        found = []
        for name in DESCRIBING:
            n = at[name]
            if row[n] and known[n] and row[n] != known[n]:
                what = f"{short(row[n])}, alors que {short(id_)} porte {short(known[n])}"
                hint = "Écrire la même chose sur toutes ses lignes, ou changer l'identifiant."
                found.append((name, f"{what} ({self.first[id_]})", hint))
        opened = row[at["ouverture"]] or known[at["ouverture"]]
        closed = row[at["fermeture"]] or known[at["fermeture"]]
        if not found and opened and closed and closed < opened:
            what = f"la fermeture, le {closed}, précède l'ouverture, le {opened}"
            found.append(("fermeture", what, "Corriger l'une des deux dates."))
        return found


@dataclass
class ServedCommunes:
    """A commune served belongs to an accepted establishment, and is said once."""

    ids: Iterable[str]
    rejected: frozenset[str] = frozenset()
    once: SaidOnce = field(
        default_factory=lambda: SaidOnce(sheet("communes_desservies"), "cette commune desservie")
    )

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        """An establishment that is not there, or a commune said twice."""
        id_ = row[0]
        found: list[Refusal] = []
        if id_ in self.rejected:
            what = f"l'établissement {short(id_)} est lui-même mis de côté"
            found.append(("identifiant", what, "Corriger d'abord sa ligne."))
        elif id_ not in self.ids:
            what = f"aucun établissement ne porte l'identifiant {short(id_)}"
            hint = "Corriger l'identifiant, ou ajouter l'établissement."
            found.append(("identifiant", what, hint))
        return found or self.once.faults(number, row)


def _columns(found: Sheet) -> dict[str, int]:
    return {name: n for n, name in enumerate(found.stored)}
