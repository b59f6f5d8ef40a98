"""What reads as the name of a person, and what as a function, a body or a place."""

from __future__ import annotations

import pytest

from observatory.knowledge.plain_names import reads_as_a_name


@pytest.mark.parametrize(
    "text",
    [
        "Marie Dupont", "DUPONT Marie", "Marie DUPONT", "Jean-Pierre Martin", "Anne Le Goff",
        "Marie de Villiers", "Élodie Pérès", "Anne-Sophie Martin Dubois",
    ],
)  # fmt: skip
def test_a_forename_and_a_surname_read_as_a_person(text: str) -> None:
    assert reads_as_a_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Marie", "CCAS", "Coordinatrice Ctg", "Chargée de coopération Ctg", "Mission Locale",
        "Caf du Pas-de-Calais", "CU d'Arras", "Centre Social", "France Travail", "Pôle Emploi",
        "Familles Rurales", "Direction Petite Enfance", "Conseil Départemental", "CAF MSA",
        "Département", "communes", "Saint-Laurent Blangy", "Directrice Générale Adjointe",
        "la directrice du relais", "Relais Petite Enfance", "Caf 62",
    ],
)  # fmt: skip
def test_functions_bodies_and_places_do_not(text: str) -> None:
    assert not reads_as_a_name(text)
