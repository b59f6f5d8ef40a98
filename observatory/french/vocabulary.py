"""Vocabulary: one word for one thing, on pages, in files, maps, reports and commands.

Ids are those of the tables; words are what a person reads. A sentence that starts with one of
them takes ``french.spelling.capital``, a legend ``french.spelling.inside``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# --- what cannot be given, and why

UNKNOWN = "inconnu"
MASKED = "masqué"
TOO_SMALL = "effectif trop faible"
NOTHING = "—"
"""Stands for a figure that is unknown, or withheld because the public is too small."""
MASKED_MEANS = f"« {MASKED} » : secret statistique"
"""What the word of a hidden figure means, in a note."""
NOTHING_MEANS = f"« {NOTHING} » : {UNKNOWN}, ou {TOO_SMALL} pour un taux. {MASKED_MEANS}."
TO_CHECK = "à vérifier"
"""A threshold of the law between the municipal and the total population."""
CAPACITY_UNKNOWN = "capacité inconnue"
SUPPLY_UNKNOWN = "offre inconnue"
SUPPLY_MASKED = "offre masquée"

YES_NO: Mapping[bool, str] = {True: "oui", False: "non"}


def yes_no(value: Any) -> str:
    """« oui », « non », or « inconnu » for what is neither true nor false."""
    return YES_NO.get(value, UNKNOWN)


# --- who runs an establishment, where it stands, what happened to it

STATUSES: Mapping[str, str] = {"public": "Public", "associatif": "Associatif", "prive": "Privé"}
"""Those that the census takes."""
SPOKEN_STATUSES: Mapping[str, str] = {
    word: status
    for status, words in {
        "public": "publique municipal municipale communal communale intercommunal intercommunale "
        "commune ville mairie ccas cias departemental departementale hospitalier hospitaliere",
        "associatif": "associative association mutualiste cooperatif cooperative scic parental "
        "parentale",
        "prive": "privee entreprise societe sarl sas commercial commerciale",
    }.items()
    for word in words.split()
}
"""The words that people write for them, without accents."""
EVERY_STATUS: Mapping[str, str] = {**STATUSES, "inconnu": "Statut inconnu"}
"""Those of the answers: nobody gave the last one."""
COMMUNE_TOTAL = "Total communal"
"""In the place of a status, for services known by commune only."""
POSITIONS: Mapping[str, str] = {
    "exact": "exacte",
    "geocoded": "géocodée",
    "approximate": "approchée",
}
"""How a point was found; an approximate one is that of the commune's town hall."""
MOVEMENTS: Mapping[str, str] = {
    "opening": "Ouverture",
    "extension": "Extension",
    "reduction": "Réduction",
    "closing": "Fermeture",
    "shared_site": "Adresse commune",
    "revision": "Révision",
}
"""Movements of the supply between two dates."""
CHANGES: Mapping[str, str] = {
    "added": "ajouté",
    "removed": "retiré",
    "closed": "fermé",
    "reopened": "rouvert",
    "changed": "modifié",
}
"""What became of an establishment between two versions."""
KINDS: Mapping[str, str] = {
    "load": "chargement",
    "complete": "complément",
    "edit": "modification",
    "undo": "annulation",
    "redo": "remise",
    "restore": "restauration",
    "compensate": "changement repris",
    "former": "ancienne disposition",
}
"""What made a generation of what people wrote."""

# --- what the figures are made of

ORIGINS: Mapping[str, str] = {
    "local": "fichier du territoire",
    "mirror": "miroir de l'opérateur",
    "cache": "copie en cache",
    "network": "téléchargé",
    "embedded": "embarqué avec l'application",
}
"""Where a file came from."""
CONTOURS: Mapping[str, str] = {
    "official": "officiels de l'IGN, simplifiés",
    "generalised": "très généralisés",
    "schematic": "schématiques",
}
CONTOURS_MEAN: Mapping[str, str] = {
    "generalised": "la forme est approchée",
    "schematic": "chaque commune est la zone la plus proche de sa mairie",
}
"""What a reader must know of the contours that are not the official ones."""


NO_CONTOUR = "aucun"
MOVED = "outre-mer, dessinés près de la métropole : une image, pas une position"
MOVED_CONTOUR = "aucun : dessiné près de la métropole, loin de sa vraie place"


def contours_in_full(kind: str | None, moved: int = 0) -> str:
    """What the contours of a version are, and how far to trust them; « aucun » without any.

    Parameters
    ----------
    moved : int
        How many are drawn next to the mainland, away from their place.
    """
    words = CONTOURS.get(kind or "", NO_CONTOUR)
    meaning = CONTOURS_MEAN.get(kind or "")
    said = f"{words} : {meaning}" if meaning else words
    return f"{said} ; {MOVED}" if moved else said


# --- the demonstration

DEMONSTRATION = "démonstration"
SUPPLY_OF_DEMONSTRATION = "offre de démonstration"
SUPPLY_IS_DEMONSTRATION = "L'offre est un recensement de démonstration"
DEMONSTRATION_WARNING = (
    f"{SUPPLY_IS_DEMONSTRATION} : les établissements et leurs capacités sont inventés, ces "
    "chiffres ne décrivent pas le territoire."
)


def census_words(*, demonstration: bool) -> str:
    """The census as a source of figures."""
    return f"recensement de {DEMONSTRATION}" if demonstration else "recensement de l'offre"


# --- how far to trust a figure

RESIDENT = "qui habitent la commune faute du nombre d'élèves"
RESIDENTS = f"enfants {RESIDENT}"
RELIABLE = "bonne"
RELIABILITY: Mapping[str, str] = {
    "public_unknown": "effectif inconnu",
    "suppressed": f"{TOO_SMALL} pour un taux",
    "fragile": "fragile : petit effectif",
    "estimated": "âges estimés",
    "resident": RESIDENTS,
    "masked": f"{MASKED} : secret statistique",
    "supply_unknown": SUPPLY_UNKNOWN,
    "bpe": "offre BPE : sous-estimée",
    "demonstration": SUPPLY_OF_DEMONSTRATION,
    "need_unknown": "référence inconnue",
}
"""What weakens the figures of a row, in the order said."""

LACK = "manque"
BALANCE = "équilibre"
SURPLUS = "plus que le besoin"
SHARING = "répartition"
NOT_COUNTED = "non comptée"
NOT_COUNTED_MEANS = (
    f"« {NOT_COUNTED.capitalize()} » : la moyenne du territoire répartit ce qui existe, un "
    "objectif saisi n'est qu'un essai ; ni l'un ni l'autre n'entre dans les façons de compter."
)
"""What a gap is; under half of the last decimal shown, a balance."""

# --- the legend of a map

WITH_CIRCLE = "communes avec un cercle"
BALANCED = "équilibre : pas de cercle"
ZERO = "0 : pas de cercle"
