"""A scenario: a name, and dated changes over a version. Nothing of it touches the census."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from observatory.knowledge.entry import KnowledgeEntry

CHILDMINDERS = "assistants_maternels"
UNDER_THREE = "0_2"


class ChangeKind(KnowledgeEntry):
    """A kind of change: what it must say, what it may, beside its date."""

    label: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()

    @property
    def uses(self) -> frozenset[str]:
        """Every column that means something for it."""
        return frozenset({*self.needs, *self.may})


KINDS: Mapping[str, ChangeKind] = {
    "ouvrir": ChangeKind(
        label="Ouvrir",
        needs=("service", "commune", "places"),
        may=("etablissement", "statut", "longitude", "latitude", "jour", "cofinance"),
    ),
    "fermer": ChangeKind(label="Fermer", needs=("etablissement",)),
    "agrandir": ChangeKind(
        label="Agrandir ou réduire",
        needs=("etablissement", "places"),
        may=("jour", "cofinance"),
    ),
    "deplacer": ChangeKind(
        label="Déplacer", needs=("etablissement", "commune"), may=("longitude", "latitude")
    ),
    "depart": ChangeKind(
        label="Départ d'assistants maternels", needs=(), may=("commune", "nombre", "part")
    ),
    "enfants": ChangeKind(label="Nombre d'enfants", needs=("commune", "nombre"), may=("public",)),
    "logements": ChangeKind(
        label="Logements nouveaux",
        needs=("commune", "nombre", "enfants_par_logement"),
        may=("public",),
    ),
    "objectif": ChangeKind(label="Objectif", needs=("service", "nombre"), may=("jour",)),
}
"""By the word of the file."""


@dataclass(frozen=True)
class Change:
    """One dated change; the columns that its kind does not use are empty.

    Attributes
    ----------
    changement : str
        A key of ``KINDS``.
    date : date
        The day from which it holds.
    service : str
        Id of the nomenclature.
    etablissement : str
        Id of an establishment of the version, or the name of one that the scenario opens.
    statut : str
        Of who runs it; empty is unknown.
    commune : str
        INSEE code; empty for every commune, where the kind allows it.
    longitude, latitude : float or None
        Degrees (WGS84); the town hall when absent.
    places : float or None
        In the unit of the service: those of an opening; added, or taken away, by an extension.
    jour : str
        Type of day, of the services that have some.
    nombre : float or None
        Childminders who leave, children, dwellings, or the target in the unit of the rate.
    part : float or None
        Percent of the childminders who leave.
    enfants_par_logement : float or None
        Children of the public per new dwelling.
    public : str
        Id of the public that is counted.
    cofinance : bool
        Whether a collectivité signatory of the Ctg co-funds the places.
    source : str
        Where the assumption comes from.
    """

    changement: str
    date: date
    service: str = ""
    etablissement: str = ""
    statut: str = ""
    commune: str = ""
    longitude: float | None = None
    latitude: float | None = None
    places: float | None = None
    jour: str = ""
    nombre: float | None = None
    part: float | None = None
    enfants_par_logement: float | None = None
    public: str = ""
    cofinance: bool = False
    source: str = ""


@dataclass(frozen=True)
class Amount:
    """One amount of money that the planner gives, in place of the usual one.

    Attributes
    ----------
    montant : str
        Key of ``amounts.toml``.
    euros : float
        In its unit.
    annee, source : str
        Of which year, and from where.
    """

    montant: str
    euros: float
    annee: str = ""
    source: str = ""


@dataclass(frozen=True)
class Scenario:
    """A named set of changes.

    Attributes
    ----------
    committee : bool
        Whether the documents of the steering committee show it.
    """

    name: str
    changes: tuple[Change, ...]
    description: str = ""
    amounts: tuple[Amount, ...] = ()
    committee: bool = False

    @property
    def last_day(self) -> date:
        """The day from which every change holds."""
        return max(c.date for c in self.changes)

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it changes by name, in the order of the changes."""
        return tuple(dict.fromkeys(c.service for c in self.changes if c.service))
