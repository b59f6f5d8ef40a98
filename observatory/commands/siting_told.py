"""The answer to a question of siting, as the command tells it and as a program reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.french import numbers
from observatory.french.dates import long_date
from observatory.french.vocabulary import SUPPLY_IS_DEMONSTRATION
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.scenario.money_of_scenario import UsualAmount
from observatory.siting.best_sites import BestSites
from observatory.siting.siting_problem import Bounds
from observatory.siting.stability import Variant, stays
from observatory.siting.territory_siting import TerritorySiting
from observatory.siting.what_limits import limits

NAMED = 12  # communes named one by one; the others are counted


@dataclass(frozen=True)
class Siting:
    """A question of siting and its answer, ready to be told.

    Attributes
    ----------
    published : UsualAmount or None
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
    published: UsualAmount | None
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


def as_record(answer: Siting) -> dict[str, Any]:
    """Everything, for a program; places per child are as they are in the accessible supply."""
    found = answer.found

    def records(table: pd.DataFrame) -> list[dict[str, Any]]:
        kept = table.astype(object).where(table.notna(), None)
        return [{str(k): v for k, v in row.items()} for row in kept.to_dict("records")]

    told: dict[str, Any] = {
        "service": answer.question.service,
        "day_type": answer.question.day_type,
        "definition": answer.question.definition,
        "as_of": answer.question.as_of.isoformat(),
        "minutes": answer.minutes,
        "scheme": answer.scheme,
        "short_places": found.short,
        "closed_places": found.closed,
        "bound_places": found.bound,
        "distance": found.distance,
        "steps": [{"sought": one.sought, "distance": one.distance} for one in found.steps],
        "least_before": found.least_before,
        "least_after": found.least,
        "local_gap_places": answer.asked.local_gap,
        "limits": answer.held_back,
        "seconds": round(found.seconds, 3),
        "sites": records(answer.opened),
        "communes": records(answer.gained),
        "left_out": list(answer.asked.left_out),
        "demonstration": answer.asked.demonstration,
    }
    if answer.published is not None:
        told["place_cost"] = {
            "euros": answer.published.low,
            "source": answer.published.source,
            "year": answer.published.year,
        }
    if answer.opinions is not None:
        told |= dict(zip(("nearest", "within_reach"), map(records, answer.opinions), strict=True))
    if answer.variants is not None:
        told["variants"] = [
            {"label": one.label, "sites": one.sites, "why": one.why or None}
            for one in answer.variants
        ]
        told["stays"] = answer.stays
    return told


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


def as_text(answer: Siting) -> str:
    """The answer in French lines."""
    names, found, rules = nomenclature(), answer.found, catchment_rules()
    service = names.service(str(answer.question.service))
    need = names.definitions[str(answer.question.definition)]
    lines = [
        f"{service.label}, {need.label}, offre au {long_date(answer.question.as_of)}, dans les "
        f"{answer.minutes:g} minutes {_way(answer.asked)} "
        f"({rules.scheme(answer.scheme).label}). Simulation, pas prévision.",
        *([f"{SUPPLY_IS_DEMONSTRATION}."] if answer.asked.demonstration else []),
        "",
        _verdict(found),
        *_limit_lines(answer.held_back),
        _two_measures(answer),
        "",
        *_site_lines(answer),
        "",
        *_step_lines(answer),
        "",
        *_gain_lines(answer.gained),
    ]
    if answer.variants is not None:
        lines += ["", *_stability_lines(answer)]
    if answer.opinions is not None:
        lines += ["", *_opinion_lines(*answer.opinions, answer.minutes)]
    if left_out := answer.asked.left_out:
        shown = ", ".join(left_out[:NAMED])
        more = f" et {len(left_out) - NAMED} autres" if len(left_out) > NAMED else ""
        lines += ["", f"Laissées de côté, faute d'offre ou de besoin connus : {shown}{more}."]
    return "\n".join(lines)


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


def _limit_lines(held_back: dict[str, str]) -> list[str]:
    if not held_back:
        return []
    loosen = " ou ".join(f"--{bound}" for bound in held_back)
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


def _site_lines(answer: Siting) -> list[str]:
    opened, found = answer.opened, answer.found
    if opened.empty:
        return ["Aucun site à ouvrir : aucun ne comblerait ce qui manque."]
    places, euros = float(opened["places"].sum()), float(opened["euros"].sum())
    total = f", {numbers.money(euros)} €" if euros else ""
    lines = [
        f"{numbers.plural(len(opened), 'site')} à ouvrir, {numbers.quantity(places, 'place')}"
        f"{total} :"
    ]
    for site in opened.to_dict("records"):
        cost = f", {numbers.money(site['euros'])} €" if site["euros"] else ""
        lines.append(f"  {site['name']} : {numbers.quantity(site['places'], 'place')}{cost}")
    if found.short and (elsewhere := places - found.closed) >= 0.05:
        lines.append(
            f"De ces places, {numbers.number(found.closed, 1)} "
            f"{numbers.agreed(found.closed, 'comble', 'comblent')} ce qui manque ; "
            f"{numbers.number(elsewhere, 1)} vont aux autres enfants qui les atteignent aussi."
        )
    if answer.published is not None:
        usual = answer.published
        lines.append(
            f"Coût d'une place : {numbers.money(usual.low)} € ({usual.source}, {usual.year}), "
            "faute d'un autre donné par --place-euros."
        )
    return lines


def _step_lines(answer: Siting) -> list[str]:
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
    lines = ["Calculs, l'un après l'autre, chacun gardant ce que le précédent a trouvé :"]
    for rank, one in enumerate(found.steps, 1):
        lines.append(f"  {rank}. {said[one.sought]} ; {proof(one.distance)}")
    return lines


def _gain_lines(gained: pd.DataFrame) -> list[str]:
    lines = ["Ce que gagnent les communes, en places que leurs enfants atteignent :"]
    for row in gained.head(NAMED).to_dict("records"):
        left = numbers.number(row["still_short"], 1)
        short = numbers.number(row["short"], 1)
        closed = f" ; il en manquait {short}, il en manque {left}" if row["short"] >= 0.05 else ""
        lines.append(f"  {row['name']} : {numbers.number(row['gained'], 1, signed=True)}{closed}")
    if len(gained) > NAMED:
        rest = gained["gained"].iloc[NAMED:].sum()
        count = len(gained) - NAMED
        lines.append(f"  {count} autres : {numbers.number(rest, 1, signed=True)}")
    return lines


def _stability_lines(answer: Siting) -> list[str]:
    """In how many variants each site stays."""
    every = answer.variants or []
    known = [one for one in every if one.sites is not None]
    lines = [
        f"Si l'on change le temps d'accès, la pondération ou le besoin, un à la fois "
        f"({numbers.plural(len(known), 'variante')}) :"
    ]
    names = dict(zip(answer.opened["id"], answer.opened["name"], strict=True))
    for id_, times in answer.stays.items():
        lost = [one.label for one in known if id_ not in (one.sites or ())]
        without = f" ; pas avec : {', '.join(lost)}" if 0 < len(lost) < len(known) else ""
        lines.append(f"  {names[id_]} : choisi dans {times} sur {len(known)}{without}")
    lines += [f"  {one.label} : sans réponse ({one.why})" for one in every if one.sites is None]
    return lines


def stability_in_words(answer: Siting) -> str:
    """The same in one sentence, for the scenario; empty when nobody asked."""
    if answer.variants is None:
        return ""
    count = sum(one.sites is not None for one in answer.variants)
    names = dict(zip(answer.opened["id"], answer.opened["name"], strict=True))
    told = ", ".join(f"{names[id_]} {times}" for id_, times in answer.stays.items())
    return f"Fois où chaque site reste choisi, sur {numbers.plural(count, 'variante')} : {told}."


def _opinion_lines(nearest: pd.DataFrame, within: pd.DataFrame, minutes: float) -> list[str]:
    """What two methods would choose that ignore places and what lacks."""
    mean = numbers.number(nearest["told"].iloc[0], 1)
    seen = numbers.quantity(within["told"].iloc[0], "enfant", "enfants")
    return [
        "Deux autres avis, qui ignorent les places et ce qui manque :",
        f"  au plus près de tous les enfants ({mean} minutes en moyenne, p-médiane) : "
        f"{', '.join(nearest['name'])}",
        f"  le plus d'enfants à {minutes:g} minutes au plus d'un site ({seen}, couverture "
        f"maximale) : {', '.join(within['name'])}",
    ]
