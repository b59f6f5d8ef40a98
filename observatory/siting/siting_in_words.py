"""The answer to a question of siting in French, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from observatory.french import numbers
from observatory.french.dates import long_date
from observatory.french.vocabulary import SUPPLY_IS_DEMONSTRATION
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.siting.best_sites import BestSites
from observatory.siting.siting_problem import Bounds
from observatory.siting.stability import Variant, stays
from observatory.siting.territory_siting import TerritorySiting
from observatory.siting.what_limits import limits

NAMED = 12  # communes named one by one; the others are counted


class PlaceCost(Protocol):
    """What a place costs as it is published: in euros, with its source and its year."""

    @property
    def low(self) -> float:
        """Euros."""

    @property
    def source(self) -> str:
        """Who published it."""

    @property
    def year(self) -> str:
        """Of when it is."""


@dataclass(frozen=True)
class AnswerPart:
    """A part of the answer: what it begins with, a list, what is said after it."""

    head: str
    items: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Siting:
    """A question of siting and its answer, ready to be told.

    Attributes
    ----------
    published : PlaceCost or None
        The published cost of a place, where nobody gave another.
    variants : list of Variant or None
        None when nobody asked whether the sites stay.
    """

    question: Question
    asked: TerritorySiting
    bounds: Bounds
    found: BestSites
    opened: pd.DataFrame
    gained: pd.DataFrame
    minutes: float
    scheme: str
    published: PlaceCost | None
    opinions: tuple[pd.DataFrame, pd.DataFrame] | None
    variants: list[Variant] | None

    @property
    def stays(self) -> dict[str, int]:
        """In how many variants each site stays; empty when nobody asked."""
        return stays(self.opened["id"], self.variants or [])

    @property
    def held_back(self) -> dict[str, str]:
        """The bounds that the choice comes up against."""
        return limits(self.asked.problem, self.bounds, self.found.places)


def _way(asked: TerritorySiting) -> str:
    """How the minutes to the sites are counted."""
    straight = "en ligne droite allongée d'un détour"
    if not asked.timed:
        return straight
    if asked.timed == len(asked.sites):
        return "de la table de temps de trajet"
    known = numbers.plural(asked.timed, "site", "sites")
    return (
        f"de la table de temps de trajet pour {known} sur {len(asked.sites)}, {straight} ailleurs"
    )


def in_parts(answer: Siting, asked_by: Mapping[str, str]) -> list[AnswerPart]:
    """The answer in French, part by part.

    Parameters
    ----------
    asked_by : mapping
        How one gives each bound (places, sites, budget, largest) and the cost of a place
        (place_euros), in the words of who reads.
    """
    parts = [
        AnswerPart(
            _question(answer), (), (f"{SUPPLY_IS_DEMONSTRATION}.",) * answer.asked.demonstration
        ),
        AnswerPart(
            _verdict(answer.found),
            (),
            (*_limit_lines(answer.held_back, asked_by), _two_measures(answer)),
        ),
        _sites(answer, asked_by),
        _steps(answer),
        _gains(answer.gained),
    ]
    if answer.variants is not None:
        parts.append(_stability(answer))
    if answer.opinions is not None:
        parts.append(_opinions(*answer.opinions, answer.minutes))
    if left_out := answer.asked.left_out:
        shown = ", ".join(left_out[:NAMED])
        more = f" et {len(left_out) - NAMED} autres" if len(left_out) > NAMED else ""
        said = f"Laissées de côté, faute d'offre ou de besoin connus : {shown}{more}."
        parts.append(AnswerPart(said))
    return parts


def as_text(answer: Siting, asked_by: Mapping[str, str]) -> str:
    """The same as lines, a blank one between the parts."""
    return "\n\n".join(
        "\n".join((part.head, *(f"  {item}" for item in part.items), *part.after))
        for part in in_parts(answer, asked_by)
    )


def _question(answer: Siting) -> str:
    names, rules = nomenclature(), catchment_rules()
    service = names.service(str(answer.question.service))
    need = names.definitions[str(answer.question.definition)]
    return (
        f"{service.label}, {need.label}, offre au {long_date(answer.question.as_of)}, dans les "
        f"{answer.minutes:g} minutes {_way(answer.asked)} "
        f"({rules.scheme(answer.scheme).label}). Simulation, pas prévision."
    )


def progress_in_words(closed: float, bound: float) -> str:
    """A better choice while it is sought: places closed, and what no choice can pass."""
    best = f", au mieux {numbers.number(bound, 1)}" if numbers.is_known(bound) else ""
    return f"{numbers.quantity(closed, 'place comblée', 'places comblées', 1)}{best}"


def proof(distance: float) -> str:
    """Whether a better choice may exist."""
    if distance == 0:
        return "aucun choix ne fait mieux"
    return f"à {numbers.number(100 * distance, 1)} % au plus du meilleur choix"


def _verdict(found: BestSites) -> str:
    """What the choice closes, and whether a better one may exist."""
    if not found.short:
        return (
            "Il ne manque aucune place selon ce besoin là où un site pourrait servir : les places "
            "vont d'abord aux enfants les moins bien servis."
        )
    closed = numbers.quantity(
        found.closed, "place manquante comblée", "places manquantes comblées", 1
    )
    return (
        f"{closed} sur {numbers.number(found.short, 1)} à portée d'un site : "
        f"{proof(found.distance)}."
    )


def _limit_lines(held_back: Mapping[str, str], asked_by: Mapping[str, str]) -> list[str]:
    if not held_back:
        return []
    loosen = " ou ".join(asked_by[bound] for bound in held_back)
    return [f"Ce qui limite la réponse : {' ; '.join(held_back.values())}. Relever {loosen}."]


def _two_measures(answer: Siting) -> str:
    """Why what lacks within reach is not the gap of a sheet."""
    local = answer.asked.local_gap
    whole = (
        f" : {numbers.gap(local, 1)} {numbers.agreed(local, 'place')} sur le territoire entier"
        if local is not None
        else ""
    )
    return (
        f"Ce qui manque ici se compte sur l'offre accessible : ce que les enfants de chaque "
        f"commune atteignent en {answer.minutes:g} minutes et partagent avec ceux des alentours. "
        f"L'écart local, celui des fiches et des années à venir, met en face du besoin les seules "
        f"places installées{whole}. L'un peut manquer quand l'autre suffit."
    )


def _sites(answer: Siting, asked_by: Mapping[str, str]) -> AnswerPart:
    opened, found = answer.opened, answer.found
    if opened.empty:
        return AnswerPart("Aucun site à ouvrir : aucun ne comblerait ce qui manque.")
    places, euros = float(opened["places"].sum()), float(opened["euros"].sum())
    total = f", {numbers.money(euros)} €" if euros else ""
    head = (
        f"{numbers.plural(len(opened), 'site')} à ouvrir, {numbers.quantity(places, 'place')}"
        f"{total} :"
    )
    items = [
        f"{site['name']} : {numbers.quantity(site['places'], 'place')}"
        + (f", {numbers.money(site['euros'])} €" if site["euros"] else "")
        for site in opened.to_dict("records")
    ]
    after = []
    if found.short and (elsewhere := places - found.closed) >= 0.05:
        after.append(
            f"De ces places, {numbers.number(found.closed, 1)} "
            f"{numbers.agreed(found.closed, 'comble', 'comblent')} ce qui manque ; "
            f"{numbers.number(elsewhere, 1)} vont aux autres enfants qui les atteignent aussi."
        )
    if (usual := answer.published) is not None:
        after.append(
            f"Coût d'une place : {numbers.money(usual.low)} € ({usual.source}, {usual.year}), "
            f"faute d'un autre donné par {asked_by['place_euros']}."
        )
    return AnswerPart(head, tuple(items), tuple(after))


def _steps(answer: Siting) -> AnswerPart:
    """What each solve sought, and what it found, in their order."""
    found, per = answer.found, answer.asked.rate_per
    places, euros = float(answer.opened["places"].sum()), float(answer.opened["euros"].sum())
    spent = f" et {numbers.money(euros)} €" if euros else ""
    worst = answer.asked.communes["name"].iloc[found.worst_off]
    said = {
        "closed": f"combler le plus de places manquantes : {numbers.number(found.closed, 1)}",
        "least_spent": f"ne rien ouvrir d'inutile : {numbers.quantity(places, 'place')}{spent}",
        "worst_off": "servir au mieux la commune la moins bien servie : de "
        f"{numbers.number(per * found.least_before, 1)} à {numbers.number(per * found.least, 1)} "
        f"places accessibles pour {numbers.number(per)} enfants ({worst} après)",
    }
    return AnswerPart(
        "Calculs, l'un après l'autre, chacun gardant ce que le précédent a trouvé :",
        tuple(
            f"{rank}. {said[one.sought]} ; {proof(one.distance)}"
            for rank, one in enumerate(found.steps, 1)
        ),
    )


def _gains(gained: pd.DataFrame) -> AnswerPart:
    items = []
    for row in gained.head(NAMED).to_dict("records"):
        left = numbers.number(row["still_short"], 1)
        short = numbers.number(row["short"], 1)
        closed = f" ; il en manquait {short}, il en manque {left}" if row["short"] >= 0.05 else ""
        items.append(f"{row['name']} : {numbers.number(row['gained'], 1, signed=True)}{closed}")
    if len(gained) > NAMED:
        rest = gained["gained"].iloc[NAMED:].sum()
        count = len(gained) - NAMED
        items.append(f"{count} autres : {numbers.number(rest, 1, signed=True)}")
    return AnswerPart(
        "Ce que gagnent les communes, en places que leurs enfants atteignent :", tuple(items)
    )


def _stability(answer: Siting) -> AnswerPart:
    """In how many variants each site stays."""
    every = answer.variants or []
    known = [one for one in every if one.sites is not None]
    names = dict(zip(answer.opened["id"], answer.opened["name"], strict=True))
    items = []
    for id_, times in answer.stays.items():
        lost = [one.label for one in known if id_ not in (one.sites or ())]
        without = f" ; pas avec : {', '.join(lost)}" if 0 < len(lost) < len(known) else ""
        items.append(f"{names[id_]} : choisi dans {times} sur {len(known)}{without}")
    items += [f"{one.label} : sans réponse ({one.why})" for one in every if one.sites is None]
    return AnswerPart(
        f"Si l'on change le temps d'accès, la pondération ou le besoin, un à la fois "
        f"({numbers.plural(len(known), 'variante')}) :",
        tuple(items),
    )


def stability_in_words(answer: Siting) -> str:
    """The same in one sentence, for the scenario; empty when nobody asked."""
    if answer.variants is None:
        return ""
    count = sum(one.sites is not None for one in answer.variants)
    names = dict(zip(answer.opened["id"], answer.opened["name"], strict=True))
    told = ", ".join(f"{names[id_]} {times}" for id_, times in answer.stays.items())
    return f"Fois où chaque site reste choisi, sur {numbers.plural(count, 'variante')} : {told}."


def _opinions(nearest: pd.DataFrame, within: pd.DataFrame, minutes: float) -> AnswerPart:
    """What two methods would choose that ignore places and what lacks."""
    mean = numbers.number(nearest["told"].iloc[0], 1)
    seen = numbers.quantity(within["told"].iloc[0], "enfant", "enfants")
    return AnswerPart(
        "Deux autres avis, qui ignorent les places et ce qui manque :",
        (
            f"au plus près de tous les enfants ({mean} minutes en moyenne, p-médiane) : "
            f"{', '.join(nearest['name'])}",
            f"le plus d'enfants à {minutes:g} minutes au plus d'un site ({seen}, couverture "
            f"maximale) : {', '.join(within['name'])}",
        ),
    )
