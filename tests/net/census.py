"""The census of the net: invented rows in two communes, right and wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

HEADINGS = (
    "identifiant", "nom", "service", "statut", "gestionnaire", "code_insee", "adresse",
    "longitude", "latitude", "jour", "capacite", "depuis", "ouverture", "fermeture", "source",
    "date_source", "demonstration",
)  # fmt: skip
TOTAL_HEADINGS = (
    "code_insee", "service", "effectif", "places", "depuis", "source", "date_source",
    "demonstration",
)  # fmt: skip
DUTY_HEADINGS = ("code_insee", "competence", "exercee_par", "depuis", "source", "date_source")

# identifier, name, service, status, commune (its rank), day type, capacity, since, opening, closing
ESTABLISHMENTS = (
    ("F-1", "Crèche du Filet", "eaje_psu", "public", 1, "", "40", "", "2019-09-02", ""),
    ("F-1", "Crèche du Filet", "eaje_psu", "public", 1, "", "46", "2025-01-01", "2019-09-02", ""),
    ("F-2", "Les Mailles", "eaje_hors_psu", "prive", 2, "", "12", "", "2022-03-01", ""),
    ("F-3", "L'Épuisette", "eaje_psu", "associatif", 2, "", "20", "", "2016-01-04", "2026-07-01"),
    ("F-4", "Relais du Filet", "rpe", "public", 1, "", "1,5", "", "2018-01-01", ""),
    ("F-5", "La Pause", "laep", "associatif", 1, "", "210", "", "2020-01-06", ""),
    ("F-6", "Loisirs du Filet", "alsh", "public", 1, "mercredi", "60", "", "2017-09-04", ""),
    ("F-6", "Loisirs du Filet", "alsh", "public", 1, "ete", "80", "", "2017-09-04", ""),
    ("F-7", "Loisirs des Mailles", "alsh", "public", 2, "mercredi", "30", "", "2021-09-01", ""),
    ("F-8", "Club du Filet", "accueil_jeunes", "associatif", 1, "", "24", "", "2019-01-07", ""),
    ("F-9", "=Ludothèque", "ludotheque", "public", 1, "", "1", "", "2015-05-04", ""),
    ("F-10", "Centre du Filet", "centre_social", "associatif", 2, "", "1", "", "2014-01-01", ""),
    # An odd capacity is remarked; the three after it are put aside.
    ("F-11", "La Grande Nasse", "eaje_hors_psu", "prive", 1, "", "13", "", "2024-01-01", ""),
    ("F-12", "La Nasse", "eaje_psu", "public", 1, "", "vingt", "", "2024-01-01", ""),
    ("F-13", "Le Chalut", "eaje_psu", "public", 1, "", "15", "", "31/02/2024", ""),
    ("F-14", "Le Verveux", "ecole", "public", 1, "", "15", "", "2024-01-01", ""),
)
SERVED = (("F-4", 1), ("F-4", 2), ("F-5", 1), ("F-5", 2))
# commune (its rank), service, headcount, places, since; the second is a masked headcount.
TOTALS = (
    (1, "assistants_maternels", "60", "180", "2022-12-31"),
    (2, "assistants_maternels", "2", "6", "2022-12-31"),
    (1, "assistants_maternels", "55", "168", "2025-12-31"),
    (1, "garde_domicile", "", "12,5", "2024-12-31"),
    (1, "prescolarisation", "", "35", "2025-09-01"),
    (2, "prescolarisation", "", "4", "2025-09-01"),
)
DUTIES = (
    (1, "recensement", "commune", "2025-01-01"),
    (1, "information", "epci", "2025-01-01"),
    (2, "recensement", "epci", ""),
)


def write_census(folder: Path, communes: tuple[str, str]) -> list[str]:
    """Write the four sheets as CSV; their names, as the command takes them."""
    near = dict(enumerate(communes, 1))
    manager, day = "Gestionnaire du filet", "2026-06-30"
    sheets = {
        "offre.csv": [
            HEADINGS,
            *(
                (*r[:4], manager, near[r[4]], "", "", "", *r[5:], "Enquête", day, "non")
                for r in ESTABLISHMENTS
            ),
        ],
        "communes_desservies.csv": [
            ("identifiant", "code_insee"),
            *((i, near[rank]) for i, rank in SERVED),
        ],
        "totaux_communaux.csv": [
            TOTAL_HEADINGS,
            *((near[r[0]], *r[1:], "Caf", "2026-01-31", "non") for r in TOTALS),
        ],
        "competences.csv": [
            DUTY_HEADINGS,
            *((near[r[0]], *r[1:], "Délibération", "2024-12-12") for r in DUTIES),
        ],
    }
    for name, rows in sheets.items():
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(rows)
        (folder / name).write_text(out.getvalue(), encoding="utf-8", newline="")
    return list(sheets)
