"""A large town's open-data list of crèches, made up in that shape: a demonstration."""

from __future__ import annotations

import random
from pathlib import Path

from census_files import write

from observatory.census.commune_codes import Communes

TOWN = Communes(
    names={"62041": "Arras", "62004": "Achicourt", "62764": "Saint-Nicolas"},
    inside=frozenset({"62041", "62004", "62764"}),
    halls={"62041": (2.777, 50.291), "62004": (2.757, 50.272), "62764": (2.78, 50.303)},
)
WRITTEN = (
    ("Arras", "62000", "62041"),
    ("ACHICOURT", "62217", "62004"),
    ("St Nicolas", "", "62764"),
)
KINDS = (
    ("Multi-accueil", "Municipale", 40),
    ("Micro-crèche", "Privée", 12),
    ("Crèche familiale", "Municipale", 60),
    ("Halte-garderie", "Associative (loi 1901)", 20),
    ("Multi-accueil collectif", "Associative", 45),
    ("MAM", "Privée", 16),
)
ROWS, HOMES, EMPTY = 102, 17, (13, 40)
"""Rows, those that are homes of assistants maternels, and those that say no place."""


def town_list(path: Path, seed: int = 7) -> Path:
    """Write the list: its headings, its words, a column of telephones."""
    chance = random.Random(seed)
    rows = []
    for n in range(ROWS):
        kind, status, places = KINDS[n % len(KINDS)]
        name, postcode, code = WRITTEN[n // len(KINDS) % len(WRITTEN)]
        lon, lat = TOWN.halls[code]
        rows.append(
            {
                "Nom": f"{kind} de démonstration {n}",
                "Adresse": f"{n + 1} rue de l'Exemple",
                "Code postal": postcode,
                "Commune": name,
                "Nb places": "0" if n in EMPTY else f"{places} places" if n == 20 else f"{places}",
                "Type": kind,
                "Statut": status,
                "_lat": f"{lat + chance.uniform(-0.004, 0.004):.5f}",
                "_lon": f"{lon + chance.uniform(-0.004, 0.004):.5f}",
                "Téléphone": f"03 00 00 00 {n % 100:02d}",
            }
        )
    return write(path, *rows, delimiter=",")
