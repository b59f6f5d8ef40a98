"""The columns that name a commune: its code, or in its place its name and its postcode."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator

from observatory.census import rules
from observatory.workbook.contract import column

CODE = "Cinq caractères, le zéro de tête compris"
NAMED = ("commune", "code_postal")
"""Columns that make up for the INSEE code."""

Commune = Annotated[str, PlainValidator(rules.commune)]
CommuneName = Annotated[str, PlainValidator(rules.commune_name)]
Postcode = Annotated[str, PlainValidator(rules.postcode)]


def name_column() -> Any:
    """The name of the commune, read where its code is missing."""
    return column(
        "Commune",
        "Nom de la commune, lu quand le code Insee manque ; quand il est là, il est comparé.",
        "Un nom de commune, ou vide",
        "Arras",
        default="",
        aliases=("nom de la commune", "nom commune", "libelle commune", "ville"),
        likely=("localite", "commune d implantation", "commune de l etablissement"),
        stored=False,
        written=False,
    )


def postcode_column() -> Any:
    """The postcode, which parts two communes of one name."""
    return column(
        "Code postal",
        "Départage deux communes de même nom ; seul, il suffit quand il n'est que d'une commune et "
        "que la table des codes postaux est là.",
        "Cinq chiffres, ou vide",
        "62000",
        default="",
        aliases=("cp", "codepostal"),
        stored=False,
        written=False,
    )
