"""The contract of the census: its sheets, its lists, and how people are told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from observatory.census.census_rows import CommuneTotal, Pupils, Served, Transfer
from observatory.census.competences import competence_labels, holder_labels
from observatory.census.establishment_row import Establishment
from observatory.census.row_privacy import EstablishmentPrivacy, TotalPrivacy
from observatory.french.spelling import plain
from observatory.french.vocabulary import POSITIONS, STATUSES, YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.contract import Contract, Sheet, sheet_of

SUPPLY = frozenset({"offre", "communes_desservies", "totaux_communaux"})
"""Sheets that tell of the supply: what the census vouches for."""
INTRODUCTION = (
    "Une ligne par capacité d'un établissement : un accueil de loisirs en a une par type de jour, "
    "une capacité qui change en a une par date.",
    "Aucun assistant maternel, aucune maison d'assistants maternels parmi les établissements : "
    "seulement des totaux par commune.",
    "La feuille « Compétences » dit qui exerce chaque compétence d'autorité organisatrice : la "
    "commune, ou l'intercommunalité à qui elle l'a transférée. Elle peut rester vide.",
    "La feuille « Élèves » dit combien d'enfants vont à l'école dans chaque commune : le public de "
    "l'accueil du matin, du midi et du soir. Sans elle, ce public est celui des habitants.",
    "Les colonnes non obligatoires peuvent rester vides. Une feuille vide laisse en place ce que "
    "le recensement contient déjà.",
)
WIDTHS = {
    "nom": 36,
    "adresse": 32,
    "gestionnaire": 28,
    "source": 28,
    "service": 30,
    "competence": 40,
}


@cache
def census_contract() -> Contract:
    """The contract of a census file."""
    privacy = EstablishmentPrivacy
    served, transfer = ("identifiant", "code_insee"), ("code_insee", "competence")
    return Contract(
        title="Recensement de l'offre",
        of_it="du recensement",
        sheets=(
            _with_feeds(
                sheet_of(
                    "offre",
                    "Établissements",
                    Establishment,
                    ("identifiant", "jour", "depuis"),
                    privacy,
                )
            ),
            sheet_of("communes_desservies", "Communes desservies", Served, served, privacy),
            sheet_of(
                "totaux_communaux",
                "Totaux communaux",
                CommuneTotal,
                ("code_insee", "service", "depuis"),
                TotalPrivacy,
            ),
            sheet_of("eleves", "Élèves", Pupils, ("code_insee", "depuis"), privacy),
            sheet_of("competences", "Compétences", Transfer, transfer, privacy),
        ),
        introduction=INTRODUCTION,
        lists=_lists(),
        plain_lists=frozenset({"yes", "position"}),
        widths=WIDTHS,
        template_hint="Repartir du modèle : observatory census template --out offre.xlsx.",
        mapping_hint="Ou dire ce que vos titres veulent dire : observatory census mapping, puis "
        "--mapping.",
        size_hint="Le découper, ou relever OBSERVATORY_CENSUS_MAX_MB.",
    )


def sheets() -> tuple[Sheet, ...]:
    """The sheets, in the order in which they are checked."""
    return census_contract().sheets


def sheet(name: str) -> Sheet:
    """The sheet of that name."""
    return census_contract().sheet(name)


def choices(kind: str) -> Mapping[str, str]:
    """The permitted ids of a list of the contract, with their French labels."""
    return census_contract().choices(kind)


def _with_feeds(one: Sheet) -> Sheet:
    """The same sheet, whose columns may bear the headings of what services are taken from.

    They are the ``feed.columns`` of the nomenclature: proposed, and confirmed once, as others are.
    """
    published: dict[str, set[str]] = {}
    for service in nomenclature().services.values():
        for name, heading in service.feed.columns.items() if service.feed else ():
            published.setdefault(name, set()).add(plain(heading))
    return replace(
        one,
        columns=tuple(
            replace(c, likely=c.likely | (published.get(c.name, set()) - c.words))
            for c in one.columns
        ),
    )


def _lists() -> Mapping[str, Mapping[str, str]]:
    names = nomenclature()

    def services(grain: str) -> dict[str, str]:
        return {i: s.label for i, s in names.services.items() if s.grain == grain}

    return {
        "service": services("establishment"),
        "total_service": services("commune"),
        "status": STATUSES,
        "day_type": names.day_types,
        "yes": {word: word for word in YES_NO.values()},
        "position": POSITIONS,
        "competence": competence_labels(),
        "holder": holder_labels(),
    }
