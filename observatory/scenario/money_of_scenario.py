"""What the places of a scenario cost and bring, once and every year: every amount an input."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from observatory.knowledge.entry import KnowledgeEntry
from observatory.knowledge.nomenclature import nomenclature
from observatory.scenario.scenario_change import Scenario

PATH = Path(__file__).with_name("amounts.toml")
NO_BONUS = "pas de bonus territoire"


class UsualAmount(KnowledgeEntry):
    """An amount per place as it is published; see ``amounts.toml``."""

    label: str
    when: Literal["opening", "year"]
    sign: Literal[-1, 1]
    low: float
    high: float
    source: str
    year: str
    services: tuple[str, ...]
    cofunded: bool = False
    most_share: float | None = None
    most_of: str = ""
    part_of: str = ""


@dataclass(frozen=True)
class MoneyLine:
    """One amount of a scenario.

    Attributes
    ----------
    amount : str
        Key of ``amounts.toml``.
    service : str
        Id of the service whose places are counted.
    places : float
        Places counted: those added, less those taken away.
    low, high : float or None
        Euros, negative when they are spent; None when the amount does not apply, and why is said.
    per_place : tuple of float
        The amount of one place, low and high, in euros.
    given : bool
        Whether the planner gave it; else it is the published one.
    why : str
        Why there is none, in French; empty otherwise.
    """

    amount: str
    service: str
    label: str
    when: str
    places: float
    low: float | None
    high: float | None
    per_place: tuple[float, float]
    source: str
    year: str
    given: bool
    why: str = ""


@cache
def amounts() -> Mapping[str, UsualAmount]:
    """The published amounts, by their key."""
    read = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {name: UsualAmount.model_validate(one) for name, one in read.items()}


def building(service: str) -> UsualAmount | None:
    """What building one place of a service costs, as published; None where nothing is."""
    usual = amounts()["construction"]
    return usual if service in usual.services else None


def places_added(scenario: Scenario, services: Mapping[str, str]) -> dict[tuple[str, bool], float]:
    """Places added, less those taken away, by service and whether a collectivité co-funds them.

    Parameters
    ----------
    services : mapping
        Service of each establishment that the scenario names, by its id.
    """
    found: dict[tuple[str, bool], float] = {}
    own = {c.etablissement: c.service for c in scenario.changes if c.changement == "ouvrir"}
    for change in scenario.changes:
        if change.changement in ("ouvrir", "agrandir"):
            service = (
                change.service
                or own.get(change.etablissement)
                or services.get(change.etablissement, "")
            )
            key = (service, change.cofinance)
            found[key] = found.get(key, 0.0) + (change.places or 0.0)
    return {key: places for key, places in found.items() if key[0]}


def money(scenario: Scenario, services: Mapping[str, str]) -> list[MoneyLine]:
    """What its places cost and bring: at the opening, then every year.

    A closing gives no money back: what it saves is the territory's to say.
    """
    given = {a.montant: a for a in scenario.amounts}
    lines = []
    for (service, cofunded), places in places_added(scenario, services).items():
        for name, usual in amounts().items():
            own = given.get(name)
            low, high = (own.euros, own.euros) if own else (usual.low, usual.high)
            why = _why_not(usual, service, cofunded=cofunded, places=places)
            if why is None:
                continue
            if usual.most_of and usual.most_share is not None:
                of = given.get(usual.most_of)
                top = usual.most_share * (of.euros if of else amounts()[usual.most_of].low)
                low, high = min(low, top), min(high, top)
            total = [usual.sign * places * each for each in (low, high)]
            lines.append(
                MoneyLine(
                    name,
                    service,
                    usual.label,
                    usual.when,
                    places,
                    None if why else min(total),
                    None if why else max(total),
                    (low, high),
                    (own.source or "saisi par l'utilisateur") if own else usual.source,
                    own.annee if own else usual.year,
                    own is not None,
                    why,
                )
            )
    return lines


def _why_not(usual: UsualAmount, service: str, *, cofunded: bool, places: float) -> str | None:
    """Why an amount is none of theirs, in French; empty when it is; None when nothing is to say."""
    if places <= 0:
        return None
    if usual.cofunded and service in nomenclature().services:
        if service not in usual.services:
            return NO_BONUS if service == "eaje_hors_psu" else None
        return "" if cofunded else f"{NO_BONUS} sans collectivité signataire qui cofinance"
    return "" if service in usual.services else None
