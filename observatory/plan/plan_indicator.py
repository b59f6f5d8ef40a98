"""The columns of an indicator: bound to a figure of the observatory, or typed in."""

from __future__ import annotations

from observatory.plan.indicator_readers import (
    Baseline,
    BoundDay,
    Figure,
    Goal,
    IndicatorKind,
    Need,
    OneService,
    OwnCommunes,
    TargetDay,
    Unit,
)
from observatory.workbook.contract import SheetRow, column
from observatory.workbook.readers import DATE, TEXT, Day, Identifier, Required


class PlannedIndicator(SheetRow):
    """One indicator of an action."""

    identifiant: Identifier = column(
        "Identifiant", "Un code court et stable.", TEXT, "I-01", aliases=("id", "code")
    )
    action: Identifier = column(
        "Action", "L'identifiant de l'action suivie.", "Un identifiant de la feuille « Actions »",
        "A-01",
    )  # fmt: skip
    nom: Required = column(
        "Nom", "Ce que l'indicateur dit.", TEXT, "Taux de couverture", aliases=("indicateur",)
    )
    genre: IndicatorKind = column(
        "Genre", "Moyens, réalisation ou résultat.", "L'un des genres de la liste", "Résultat",
        choices="indicator_kind", aliases=("type d indicateur",),
    )  # fmt: skip
    service: OneService = column(
        "Service suivi",
        "Pour un indicateur lié à un chiffre : le service. Il se remplit alors seul à chaque "
        "actualisation. Vide pour un indicateur saisi.",
        "L'un des services de la liste, ou vide",
        "eaje",
        default="",
        choices="service",
    )
    type_jour: BoundDay = column(
        "Type de jour", "Pour les accueils de loisirs.", "L'un des types de la liste, ou vide", "",
        default="", choices="day_type", made=True,
    )  # fmt: skip
    mesure: Figure = column(
        "Chiffre suivi", "Le chiffre de ce service.", "L'un des chiffres de la liste, ou vide",
        "taux", default="", choices="measure", made=True,
    )  # fmt: skip
    definition: Need = column(
        "Définition du besoin",
        "Contre quoi se mesure un écart ou un besoin ; vide pour les autres chiffres.",
        "L'une des définitions de la liste, ou vide",
        "",
        default="",
        choices="definition",
        made=True,
    )
    communes: OwnCommunes = column(
        "Communes suivies",
        "Par leur code Insee ou leur nom. Vide : tout le territoire.",
        "Codes Insee ou noms, ou vide",
        "",
        default="",
    )
    unite: Unit = column(
        "Unité",
        "Pour un indicateur saisi : l'unité de ce qui est relevé. Vide pour un chiffre lié.",
        "Texte, ou vide",
        "",
        default="",
        made=True,
    )
    depart_le: Day = column(
        "Départ, au", "Le jour de la valeur de départ.", DATE + ", ou vide", "2023-01-01",
        default=None, aliases=("date de depart",),
    )  # fmt: skip
    depart: Baseline = column(
        "Départ",
        "La valeur votée au départ, avec son signe : un manque de 12 places s'écrit -12. Vide pour "
        "un chiffre lié : la valeur de ce jour est calculée, puis gardée.",
        "Un nombre, ou vide",
        "58,6",
        default=None,
        made=True,
        aliases=("valeur de depart",),
    )
    cible_le: TargetDay = column(
        "Cible, au", "Le jour où la cible doit être atteinte.", DATE + ", ou vide", "2026-12-31",
        default=None, aliases=("date cible",),
    )  # fmt: skip
    cible: Goal = column(
        "Cible", "La valeur à atteindre.", "Un nombre, ou vide", "65", default=None,
        aliases=("valeur cible",),
    )  # fmt: skip
