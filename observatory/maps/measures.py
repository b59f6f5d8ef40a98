"""Measures that a map can show of a service, one entry per measure, in people's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from observatory.answers.masked_cells import masked_cells
from observatory.french.balance import FEMININE, singular
from observatory.french.numbers import number
from observatory.french.spelling import capital
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.maps.bivariate import Axis, cross
from observatory.maps.classes import Classification, Kind, Method, classify


@dataclass(frozen=True)
class Measure:
    """A column of the gap table and how it is said.

    Attributes
    ----------
    column : str
        Column of ``gaps``.
    kind : str
        ``gap``, ``rate`` or ``count``: how it is classified and coloured.
    label : callable
        Service → the words of the menu.
    unit : callable
        Service → unit of the figures, in the plural.
    reach : bool
        Whether it is about accessible supply: a column of ``access_gaps``.
    """

    column: str
    kind: Kind
    label: Callable[[Service], str]
    unit: Callable[[Service], str]
    reach: bool = False

    @property
    def published(self) -> bool:
        """Whether others publish it: it says nothing of the census."""
        return self.column == "published_rate"

    def decimals(self, service: Service) -> int:
        """Decimals shown: one on rates, those of the unit otherwise."""
        return 1 if self.kind == "rate" else 0 if self.column == "public" else service.decimals


def missing_words(service: Service) -> str:
    """What is missing of a service, its unit said: « Places manquantes », « ETP manquants »."""
    word = service.unit.split()[0]
    feminine = singular(word) in FEMININE
    return f"{capital(word)} manquant{'es' if feminine else 's'}"


def within() -> str:
    """The reach of the accessible supply: « à 15 min »."""
    return f"à {catchment_rules().reach.default:g} min"


def _public_label(service: Service) -> str:
    return nomenclature().publics[service.public].label


MEASURES = {
    "ecart": Measure("gap", "gap", missing_words, lambda s: s.unit),
    "taux": Measure("rate", "rate", lambda s: _per(s), lambda s: s.rate_label),
    "acces": Measure(
        "access_rate",
        "rate",
        lambda s: f"{capital(s.unit.split()[0])} accessibles {within()}",
        lambda s: s.rate_label,
        reach=True,
    ),
    "ecart_acces": Measure(
        "access_gap",
        "gap",
        lambda s: f"{missing_words(s)} {within()}",
        lambda s: s.unit,
        reach=True,
    ),
    "offre": Measure("supply", "count", lambda s: f"{s.amount}, en {s.unit}", lambda s: s.unit),
    "besoin": Measure("need", "count", lambda s: f"Besoin, en {s.unit}", lambda s: s.unit),
    "enfants": Measure("public", "count", _public_label, lambda s: _people(s)),
    "taux_publie": Measure(
        "published_rate", "rate", lambda s: "Taux publié par la Caf", lambda s: s.rate_label
    ),
}


def _people(service: Service) -> str:
    return nomenclature().publics[service.public].people


def _per(service: Service) -> str:
    """A rate in few words, for a menu: « Places pour 100 enfants »."""
    unit = capital(service.unit.split()[0])
    return f"{unit} pour {number(service.rate_per)} {_people(service)}"


def measures_of(service_id: str, *, needed: bool = False) -> list[str]:
    """Measures that mean something for a service, the first one by default.

    The Caf publishes rates for the under-threes. Without a reference, a norm or a target, what is
    missing cannot be told: the rate comes first, and no map of gaps is offered.

    Parameters
    ----------
    needed : bool
        Whether the territory voted a target for it.
    """
    names = nomenclature()
    kinds = {names.definitions[d].kind for d in names.service(service_id).definitions}
    published = "reference" in kinds
    needed = needed or bool(kinds & {"share", "reference", "norm"})
    catchment = names.service(service_id).catchment
    return [
        id_
        for id_, measure in MEASURES.items()
        if (published or id_ != "taux_publie")
        and (catchment or not measure.reach)
        and (needed or measure.kind != "gap")
    ]


def classify_measure(
    measure: Measure, service: Service, communes: pd.DataFrame, method: Method = "fixed"
) -> Classification:
    """Classes of a measure over the communes of a gap table (without the total)."""
    return classify(
        values_of(measure, communes),
        kind=measure.kind,
        unit=measure.unit(service).split()[0],
        method=method,
        children=_bearing(measure, service, communes),
        masked=masked_cells(communes, measure.column).tolist(),
        breaks=service.rate_breaks if measure.kind == "rate" else None,
        zero_class=measure.column != "public",
    )


def _bearing(
    measure: Measure, service: Service, communes: pd.DataFrame
) -> list[float | None] | None:
    """How many bear each rate; None where there is no rate, or any number bears it.

    An accessible rate is borne by all who live in reach, however few live in the commune.
    """
    small = nomenclature().publics[service.public].suppressed_below > 0
    if measure.kind != "rate" or measure.published or not small:
        return None
    if measure.reach:
        return [0.0 if few else None for few in communes["access_suppressed"]]
    return _values(communes["public"])


def can_be_crossed(service: Service) -> bool:
    """Whether need × supply says something: not where every inhabitant counts in the need."""
    return not nomenclature().publics[service.public].everybody


def cross_need_and_supply(
    service: Service,
    communes: pd.DataFrame,
    population: Mapping[str, float],
    *,
    reach: bool = False,
    method: Method = "fixed",
) -> tuple[Classification, tuple[Axis, Axis]]:
    """Need for 1 000 inhabitants × share of the need covered, over the communes of a gap table.

    Parameters
    ----------
    population : mapping
        Inhabitants by INSEE code.
    reach : bool
        Take the accessible supply (``access_gaps``) instead of the local one.
    """
    people = communes["code"].map(population).astype(float)
    people = people.mask(people <= 0)
    need = communes["need"].astype(float)
    supply = communes["access_supply" if reach else "supply"].astype(float)
    counted = need.notna() & people.notna()
    inhabitants = people[counted].sum()
    return cross(
        _values(1000 * need / people),
        _values(100 * supply / need.mask(need <= 0)),
        mean=1000 * float(need[counted].sum()) / inhabitants if inhabitants > 0 else None,
        small=communes["suppressed"].tolist(),
        masked=masked_cells(communes, "access_gap" if reach else "gap").tolist(),
        method=method,
        labels=(
            f"Besoin pour 1\u202f000 habitants, en {service.unit}",
            f"Offre{' accessible' if reach else ''}, en\u00a0% du besoin",
        ),
    )


def _values(column: pd.Series[float]) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in column]


def values_of(measure: Measure, communes: pd.DataFrame) -> list[float | None]:
    """The measure of each commune, None where it is unknown.

    A rate withheld because the public is too small is known: it is given as 0, for the map to
    class the commune as small and to show no value.
    """
    column = communes[measure.column]
    if measure.kind == "rate" and not measure.published:
        supply = communes["access_supply" if measure.reach else "supply"]
        few = communes["access_suppressed" if measure.reach else "suppressed"]
        column = column.mask(few & supply.notna(), 0.0)
    return _values(column)
