"""The texts of the form that do not change with a choice: the browser fetches them once."""

from __future__ import annotations

from functools import cache
from typing import Any

from observatory.french.dates import MONTHS
from observatory.knowledge.nomenclature import nomenclature

WORDS = {
    "help": "Aide : {label}",
    "none": "Aucune commune du territoire ne porte ce nom.",
    "noService": "Aucun service ne porte ce nom.",
    "seek": "Chercher un service",
    "seekHint": "ou : crèche, relais, loisirs…",
    "more": "Et {n} autres : taper d'autres lettres.",
    "letters": "Nom, code postal ou INSEE",
    "findCommune": "Chercher ma commune",
    "remove": "Retirer {name}",
    "noDay": "Ce jour n'existe pas : la date d'avant est gardée.",
    "dayHint": "jj/mm/aaaa",
    "calendar": "Choisir dans un calendrier",
    "outside": "Une date du {least} au {most} : celle d'avant est gardée.",
    "noAmount": "Un nombre de 0 à {most} : celui d'avant est gardé.",
    "copy": "Copier le lien",
    "copied": "Le lien est copié : il montrera la même chose, à la même date.",
    "byHand": "Le lien, à copier :",
    "failed": "La liste des communes n'a pas pu être lue. Recharger la page.",
}
"""What the form says by itself, ``{…}`` standing for what it is about."""
MEASURES_MEAN = (
    "Manque : ce qui sépare l'offre du besoin ; l'offre peut aussi le dépasser. "
    "Taux : offre rapportée au public."
)
CLASSES_MEAN = (
    "Fixes : une couleur veut dire la même chose d'une mise à jour à l'autre.",
    "Effectifs égaux et seuils naturels suivent les valeurs du jour : les couleurs ne se comparent "
    "alors ni d'une mise à jour ni d'une carte à l'autre.",
)


def needs_mean(definitions: tuple[str, ...]) -> list[str]:
    """Where each definition of the need comes from."""
    names = nomenclature().definitions
    return [f"{names[d].label} : {names[d].source}." for d in definitions]


@cache
def numbered() -> dict[str, int]:
    """The place of each text that explains a control, in the file that the browser has."""
    names = nomenclature()
    services = [s.help for s in names.services.values() if s.help]
    texts = [MEASURES_MEAN, *CLASSES_MEAN, *services, *needs_mean(tuple(names.definitions))]
    return {text: place for place, text in enumerate(dict.fromkeys(texts))}


def every_text() -> dict[str, Any]:
    """What the browser fetches: what the form says by itself, and what explains its controls."""
    found = [[id_, s.listed, list(s.findable)] for id_, s in nomenclature().services.items()]
    texts = list(numbered())
    return {"words": WORDS, "months": MONTHS, "help": texts, "lists": {"services": found}}
