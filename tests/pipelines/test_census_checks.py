"""The census is checked row by row: a bad one stops the publication and is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from fixtures.versions import Version

OFFER, SERVED = "census/offre.csv", "census/communes_desservies.csv"
TOTALS = "census/totaux_communaux.csv"
COMPETENCES = "census/competences.csv"
HEADINGS = {COMPETENCES: "code_insee;competence;exercee_par;depuis;source;date_source\n"}
"""Of the sheets that the tiny census does not have."""

Bad = tuple[str, str, str, str]


def establishment(**changes: str) -> str:
    """A row of the census, good but for the changes."""
    row = {
        "id": "X9",
        "name": "Neuf",
        "service": "eaje_psu",
        "status": "public",
        "code": "62001",
        "lon": "2.7",
        "lat": "50.3",
        "day": "",
        "capacity": "10",
        "since": "",
        "opened": "2020-01-01",
        "closed": "",
        **changes,
    }
    return (
        "{id};{name};{service};{status};Ville;{code};;{lon};{lat};{day};{capacity};{since};{opened};"
        "{closed};Enquête;2024-06-30;non\n"
    ).format(**row)


# A check, a file, the lines added to it, and what must be said of the row.
ADDED: dict[str, Bad] = {
    "an establishment in no known commune": (
        "codes_known",
        OFFER,
        establishment(id="B01", code="62888"),
        "source = census, code = 62888",
    ),
    "a place that is no number": (
        "numbers_readable",
        OFFER,
        establishment(id="B02", capacity="vingt"),
        "colonne = capacite, valeur = vingt",
    ),
    "an infinite capacity": (
        "numbers_readable",
        OFFER,
        establishment(id="B03", capacity="inf"),
        "valeur = inf",
    ),
    "a date in French order": (
        "dates_readable",
        OFFER,
        establishment(id="B04", opened="01/09/2018"),
        "colonne = ouverture, valeur = 01/09/2018",
    ),
    "a day that does not exist": (
        "dates_readable",
        OFFER,
        establishment(id="B05", closed="2020-02-30"),
        "colonne = fermeture, valeur = 2020-02-30",
    ),
    "an unknown service": (
        "census_consistent",
        OFFER,
        establishment(id="B06", service="creche"),
        "identifiant = B06, service = creche",
    ),
    "an unknown status": (
        "census_consistent",
        OFFER,
        establishment(id="B07", status="mixte"),
        "statut = mixte",
    ),
    "a negative capacity": (
        "census_consistent",
        OFFER,
        establishment(id="B08", capacity="-3"),
        "capacite = -3.0",
    ),
    "closed before it opened": (
        "census_consistent",
        OFFER,
        establishment(id="B09", closed="2019-01-01"),
        "identifiant = B09",
    ),
    "half a position": (
        "census_consistent",
        OFFER,
        establishment(id="B10", lon=""),
        "identifiant = B10",
    ),
    "longitude and latitude swapped": (
        "census_consistent",
        OFFER,
        establishment(id="B10", lon="50.3", lat="2.7e2"),
        "lat = 270.0",
    ),
    "a misspelled type of day": (
        "census_consistent",
        OFFER,
        establishment(id="B11", service="alsh", day="Mercredis"),
        "jour = Mercredis",
    ),
    "a leisure centre without its day": (
        "census_consistent",
        OFFER,
        establishment(id="B12", service="alsh"),
        "jour non prévu",
    ),
    "a type of day on a crèche": (
        "census_consistent",
        OFFER,
        establishment(id="B13", day="mercredi"),
        "jour non prévu",
    ),
    "one capacity said twice": (
        "census_consistent",
        OFFER,
        establishment(id="B14") + establishment(id="B14", capacity="12"),
        "deux capacités pour la même date",
    ),
    "one id in two communes": (
        "census_consistent",
        OFFER,
        establishment(id="B15") + establishment(id="B15", code="62002", since="2022-01-01"),
        "plusieurs services ou communes",
    ),
    "communes served by nobody": ("census_consistent", SERVED, "Z1;62001\n", "identifiant = Z1"),
    "a total of an unknown service": (
        "totals_consistent",
        TOTALS,
        "62001;am;;5;2021-12-31;;;non\n",
        "service = am",
    ),
    "a total of a service of establishments": (
        "totals_consistent",
        TOTALS,
        "62001;rpe;;5;2021-12-31;;;non\n",
        "service = rpe",
    ),
    "a total said twice": (
        "totals_consistent",
        TOTALS,
        "62001;garde_domicile;;6;2021-12-31;;;non\n",
        "code = 62001, service = garde_domicile",
    ),
    "a total without a date": (
        "totals_consistent",
        TOTALS,
        "62002;garde_domicile;;6;;;;non\n",
        "code = 62002",
    ),
    "a headcount that is no number": (
        "numbers_readable",
        TOTALS,
        "62002;assistants_maternels;dix;6;2024-01-01;;;non\n",
        "colonne = effectif",
    ),
    "a negative headcount": (
        "totals_consistent",
        TOTALS,
        "62002;assistants_maternels;-1;6;2024-01-01;;;non\n",
        "effectif = -1.0",
    ),
    "places counted both ways": (
        "supply_total",
        TOTALS,
        "62002;rpe;;5;2021-12-31;;;non\n",
        "service = rpe",
    ),
    "a childminder as an establishment": (
        "no_childminder",
        OFFER,
        establishment(id="B23", service="assistants_maternels"),
        "identifiant = B23",
    ),
    "a childminder by her name": (
        "no_childminder",
        OFFER,
        establishment(id="B24", name="Mme D. Assistante maternelle"),
        "identifiant = B24",
    ),
    "a competence that is none": (
        "competence_known",
        COMPETENCES,
        "62001;garderie;commune;;;\n",
        "code = 62001, competence = garderie, exercee_par = commune, motif = compétence",
    ),
    "a holder that is none": (
        "competence_known",
        COMPETENCES,
        "62002;qualite;région;;;\n",
        "code = 62002, competence = qualite, exercee_par = région, motif = compétence",
    ),
    "a competence without a holder": (
        "competence_known",
        COMPETENCES,
        "62003;qualite;;;;\n",
        "code = 62003, competence = qualite, motif = compétence ou porteur inconnu",
    ),
    "a competence of two holders": (
        "competence_known",
        COMPETENCES,
        "62004;qualite;epci;;;\n62004;qualite;commune;;;\n",
        "code = 62004, competence = qualite, exercee_par = commune, epci, motif = dite plusieurs",
    ),
    "a competence told by a person": (
        "competence_known",
        COMPETENCES,
        "62002;rpe;commune;;Mme Dupont, assistante maternelle;\n",
        "code = 62002, competence = rpe, exercee_par = commune, motif = la source décrit",
    ),
    "a competence of nowhere": (
        "codes_known",
        COMPETENCES,
        "62888;rpe;epci;01/02/2025;;\n",
        "source = census, code = 62888",
    ),
    "a competence of an odd day": (
        "dates_readable",
        COMPETENCES,
        "",  # of the line above
        "colonne = depuis, valeur = 01/02/2025",
    ),
}


@pytest.fixture(scope="module")
def message(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of all the bad rows at once."""
    return tiny.refused_at_once(tmp_path_factory.mktemp("census"), ADDED.values(), HEADINGS)


@pytest.mark.parametrize("bad", ADDED)
def test_bad_rows_of_the_census_stop_the_publication_and_are_named(message: str, bad: str) -> None:
    check, _, _, said = ADDED[bad]
    assert said in tiny.told_by(message, check)


def test_the_rows_that_the_bad_ones_are_made_from_are_good(tiny_version: Version) -> None:
    con = tiny_version({OFFER: tiny.OFFER + establishment()})
    assert con.execute("SELECT name FROM establishment WHERE id = 'X9'").fetchall() == [("Neuf",)]


@pytest.mark.campaign
def test_every_broken_promise_is_told_at_once_and_long_lists_are_cut(tmp_path: Path) -> None:
    bad = "".join(establishment(id=f"X{n}", capacity="vingt", status="?") for n in range(15))
    message = tiny.refused(tmp_path, {OFFER: tiny.OFFER + bad})
    assert "contrôle « numbers_readable »" in message
    assert "contrôle « census_consistent »" in message
    assert "fichier = offre.csv, ligne = 18, colonne = capacite, valeur = vingt" in message
    assert message.count("15\u00a0lignes en défaut") == 2
    assert message.count("… et 5 autres") == 2
