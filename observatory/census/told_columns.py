"""The columns of what a census tells besides the supply; empty is unknown."""

from __future__ import annotations

from typing import Any

from observatory.workbook.contract import column
from observatory.workbook.readers import DATE, TEXT


def occupancy_column() -> Any:
    """How much of what is offered is used."""
    return column(
        "Taux d'occupation (%)",
        "Part des heures offertes qui sont facturées, telle que le gestionnaire la déclare.",
        "Un pourcentage de 0 à 200, ou vide : inconnu",
        "85",
        default=None,
        aliases=("taux d occupation", "taux occupation"),
        likely=("occupation facturee", "taux de remplissage", "taux d occupation facture"),
    )


def requests_column() -> Any:
    """Requests that found no place."""
    return column(
        "Demandes non satisfaites",
        "Demandes restées sans place : la liste d'attente, chaque enfant compté une fois.",
        "Un entier, 0 compris, ou vide : inconnu",
        "14",
        default=None,
        aliases=("liste d attente", "demandes en attente"),
        likely=("attente", "nb demandes", "enfants en attente", "demandes refusees"),
    )


def atypical_column() -> Any:
    """Whether it is open early, late, at night or at the weekend."""
    return column(
        "Horaires atypiques",
        "« oui » quand l'établissement accueille avant 7 h, après 19 h, la nuit ou le week-end.",
        "oui ou non ; vide : inconnu",
        "non",
        default=None,
        choices="yes",
        likely=("horaires elargis", "horaires decales"),
    )


def disability_column() -> Any:
    """Whether it welcomes children with disabilities."""
    return column(
        "Accueil du handicap",
        "« oui » quand l'établissement accueille des enfants en situation de handicap.",
        "oui ou non ; vide : inconnu",
        "oui",
        default=None,
        choices="yes",
        likely=("handicap", "accueil enfants handicapes", "inclusion", "pmr"),
    )


def funding_end_column() -> Any:
    """The last day of the funding agreement."""
    return column(
        "Fin de la convention de financement",
        "Dernier jour de la convention d'objectifs et de financement.",
        DATE + ", ou vide",
        "2027-12-31",
        default=None,
        aliases=("fin de convention", "date de fin de convention"),
        likely=("echeance convention", "fin cof", "echeance"),
    )


def bonus_column() -> Any:
    """Money received for a place: the planners' alone."""
    return column(
        "Bonus (euros par place et par an)",
        "Bonus territoire ou mixité reçu pour une place. Pour les planificateurs seulement : il "
        "n'entre dans aucune page publique ni aucun fichier public.",
        "Un montant en euros, ou vide",
        "2600",
        default=None,
        aliases=("bonus territoire",),
        likely=("montant bonus", "bonus ctg"),
    )


def note_column() -> Any:
    """What a planner notes: the planners' alone."""
    return column(
        "Note",
        "Pour les planificateurs seulement, sans nommer personne : elle n'est jamais publiée.",
        TEXT,
        "Projet d'extension à l'étude",
        default="",
        likely=("remarque", "remarques", "commentaire", "commentaires", "observations"),
    )
