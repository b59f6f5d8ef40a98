"""What is said of a census: where, what, how to mend it, for every kind of mistake."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from census_files import KNOWN, RIGHT, checked, errors, row, total, warnings, write, write_book
from shapely.geometry import box

from observatory.census.census_check import check
from observatory.census.commune_codes import Communes

DATE = "Écrire le jour, le mois et l'année, par exemple 2024-09-01 ou 01/09/2024"

PSU = "EAJE financés par la PSU (eaje_psu)"
OUTSIDE_PSU = "EAJE hors PSU (micro-crèches Paje) (eaje_hors_psu)"


def only(found: list[str]) -> str:
    assert len(found) == 1, found
    return found[0]


def test_the_message_says_where_what_and_how_to_mend(tmp_path: Path) -> None:
    found = checked(tmp_path, *[row(identifiant=f"A{n}") for n in range(12)], row(capacite="vingt"))
    assert str(found.errors[0]) == (
        "offre.csv, ligne 14, colonne « capacite » : « vingt » n'est pas un nombre de places. "
        "Écrire un entier, par exemple 20."
    )
    assert found.summary(["offre_a_corriger.csv"]) == (
        "13 lignes lues, 12 acceptées, 1 mise de côté dans offre_a_corriger.csv."
    )


def test_every_problem_of_a_row_is_said_at_once(tmp_path: Path) -> None:
    found = errors(
        tmp_path, nom="", service="creche", statut="prife", code_insee="6204", capacite="NC",
        ouverture="01/02/24", demonstration="peut-être",
    )  # fmt: skip
    columns = [f.split("« ")[1].split(" »")[0] for f in found]
    assert columns == [
        "nom", "service", "statut", "code_insee", "capacite", "ouverture", "demonstration",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("identifiant", "", "la cellule est vide. Donner un identifiant, par exemple ARRAS-MA-01."),
        ("identifiant", "x" * 101, "la cellule a 101 caractères"),
        ("nom", "", "la cellule est vide. La remplir."),
        ("nom", "x" * 2001, "Écrire au plus 2000 caractères."),
        ("service", "", f"la cellule est vide. Choisir un service : {PSU}, "),
        ("service", "eaje", f"réunit plusieurs services. Préciser : {PSU}, {OUTSIDE_PSU}."),
        ("service", "ludoteque", "Vouliez-vous dire : Ludothèques (ludotheque) ?"),
        ("service", "garde_domicile", "Mettre ce total dans la feuille « Totaux communaux »."),
        ("service", "piscine", "n'est pas un service de la nomenclature"),
        ("statut", "prife", "« prife » n'est pas un statut. Vouliez-vous dire : Privé ?"),
        ("statut", "", "la cellule est vide. Choisir un statut : Public, Associatif, Privé."),
        ("code_insee", "", "Écrire le code Insee de la commune, par exemple 62041."),
        ("code_insee", "Arras", "« Arras » n'est pas un code de commune."),
        ("code_insee", "20004", "La Corse s'écrit 2A ou 2B."),
        ("code_insee", "99123", "« 99123 » n'est pas un code de commune."),
        ("code_insee", "62014", "d'aucune commune connue. Codes proches : 62041 (Arras)."),
        ("code_insee", "62000", "Vérifier que ce n'est pas un code postal."),
        ("capacite", "", "la cellule est vide. Écrire la capacité, en places."),
        ("capacite", "NC", "une capacité inconnue ne peut pas entrer dans les totaux."),
        ("capacite", "20-25", "« 20-25 » n'est pas un nombre de places."),
        ("capacite", "-3", "« -3 » est négatif."),
        ("capacite", "12,5", "« 12,5 » n'est pas un nombre de places : il n'est pas entier."),
        ("capacite", "1e9", "n'est pas un nombre de places"),
        ("capacite", "99999999", "n'est pas un nombre de places plausible"),
        ("capacite", "nan", "« nan » n'est pas un nombre de places"),
        ("jour", "mercredi", "ce service n'a pas de type de jour. Laisser la cellule vide."),
        ("longitude", "est", "« est » n'est pas une longitude."),
        ("longitude", "684280", "vont dans les colonnes x_lambert93 et y_lambert93."),
        ("latitude", "", "il manque la latitude. Donner les deux coordonnées, ou aucune."),
        ("longitude", "", "il manque la longitude. Donner les deux coordonnées, ou aucune."),
        ("latitude", "20", "n'est pas en France. Corriger, ou laisser les deux cellules vides."),
        ("demonstration", "peut-être", "« peut-être » n'est ni oui ni non. Écrire oui ou non."),
        ("fermeture", "2010-01-01", "le 2010-01-01, précède l'ouverture, le 2019-09-02"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_mended(
    tmp_path: Path, column: str, value: str, said: str
) -> None:
    message = only(errors(tmp_path, **{column: value}))
    assert said in message
    place = "latitude" if column == "longitude" and not value else column
    assert message.startswith(f"offre.csv, ligne 2, colonne « {place} » : ")


def test_coordinates_that_are_swapped_are_told_apart(tmp_path: Path) -> None:
    message = only(errors(tmp_path, longitude="50,29", latitude="2,77"))
    assert "a sa longitude et sa latitude inversées. Écrire 2.77 en longitude" in message


@pytest.mark.parametrize(
    "text",
    [
        "2024-09-01", "2024/09/01", "2024.9.1", "20240901", "01/09/2024", "1/9/2024", "01-09-2024",
        "01.09.2024", "01 09 2024", "1er septembre 2024", "1 SEPT. 2024", "01 septembre 2024",
        "dimanche 1er septembre 2024", "2024-09-01 00:00:00", "2024-09-01T08:30:00Z",
        "01/09/2024 08:30",
    ],
)  # fmt: skip
def test_a_date_that_means_one_day_is_read(tmp_path: Path, text: str) -> None:
    found = checked(tmp_path, row(ouverture=text))
    assert "2024-09-01" in found.rows("offre")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("01/02/24", "Écrire l'année avec quatre chiffres, par exemple 01/02/2024."),
        ("septembre 2024", f"il manque le jour à « septembre 2024 ». {DATE}."),
        ("09/2024", "il manque le jour à « 09/2024 »."),
        ("2024", "il manque le jour à « 2024 »."),
        ("rentrée 2024", "il manque le jour"),
        ("45536", "Donner à la colonne le format « date », ou écrire 2024-09-01."),
        ("31/02/2024", "n'est pas un jour du calendrier."),
        ("09/25/2024", "n'a pas de mois 25. Écrire le jour avant le mois : 25/09/2024."),
        ("01/09/0024", "n'est pas plausible"),
        ("NC", "inconnue, laisser la cellule vide."),
        ("bientôt", "« bientôt » n'est pas une date."),
    ],
)  # fmt: skip
def test_a_date_that_could_mean_several_days_is_set_aside(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in only(errors(tmp_path, ouverture=text))


def test_dates_and_numbers_of_a_spreadsheet_are_read_by_their_type(tmp_path: Path) -> None:
    given = {
        **RIGHT, "code_insee": 62041.0, "longitude": 2.77, "latitude": 50.29, "capacite": 20.0,
        "ouverture": date(2024, 9, 1), "fermeture": datetime(2026, 9, 1, 0, 0),
        "date_source": date(2026, 6, 30),
    }  # fmt: skip
    book = write_book(
        tmp_path / "offre.xlsx", {"Établissements": [list(given), list(given.values())]}
    )
    found = check([book], KNOWN)
    assert not found.errors
    assert {"2024-09-01", "2026-09-01", "20", "62041", "2.77"} <= set(found.rows("offre")[0])


def test_a_leading_zero_that_was_lost_is_put_back(tmp_path: Path) -> None:
    found = warnings(tmp_path, row(code_insee="1004", longitude="", latitude=""))
    assert "« 1004 » a perdu son zéro de tête. Lu comme 01004 (Ambérieu)" in only(found)


def test_corsican_codes_are_codes(tmp_path: Path) -> None:
    assert not warnings(tmp_path, row(code_insee="2a004", longitude="", latitude=""))


def test_a_commune_that_is_gone_is_carried_to_the_one_of_today(tmp_path: Path) -> None:
    found = checked(tmp_path, row(code_insee="62999", longitude="", latitude=""))
    assert "La ligne est rattachée à 62099 (Beaurains)." in str(found.warnings[0])
    assert "62099" in found.rows("offre")[0]


def test_a_commune_outside_the_territory_is_kept_and_noted(tmp_path: Path) -> None:
    away = {"longitude": "", "latitude": ""}
    found = checked(tmp_path, row(code_insee="33063", **away), row(identifiant="B", **away))
    assert found.accepted == 2
    assert any("1 ligne hors du territoire, gardée : 33063" in n for n in found.notes)


def test_a_unit_after_the_number_is_left_out_and_said(tmp_path: Path) -> None:
    assert "« 12 places » : seul le nombre est gardé, 12." in only(
        warnings(tmp_path, row(capacite="12 places"))
    )
    rpe = row(service="rpe", capacite="1,5 ETP")
    assert "1,5 ETP" in only(warnings(tmp_path, rpe))


def test_thousands_and_decimals_are_read_as_the_french_write_them(tmp_path: Path) -> None:
    found = checked(tmp_path, row(service="laep", capacite="1\u202f234,5"))
    assert "1234.5" in found.rows("offre")[0]


def test_an_unusual_capacity_is_a_warning_only(tmp_path: Path) -> None:
    assert "c'est plus que les 12 habituels" in only(
        warnings(tmp_path, row(service="eaje_hors_psu", capacite="60"))
    )


def test_a_point_far_from_the_town_hall_is_a_warning_and_an_approximate_position(
    tmp_path: Path,
) -> None:
    found = checked(tmp_path, row(longitude="3.1"), row(identifiant="B"))
    assert "est à 22,9 km de la mairie de 62041 (Arras)" in str(found.warnings[0])
    far, near = found.rows("offre")
    assert "approximate" in far
    assert "3.1" in far  # what was given is kept
    assert "exact" in near


def test_an_official_contour_judges_points_within_200_metres(tmp_path: Path) -> None:
    contours = {"62041": box(2.7, 50.2, 2.8, 50.3)}
    communes = Communes(names=KNOWN.names, inside=KNOWN.inside, contours=contours)
    near = row(longitude="2.8015")  # 107 m east
    out = row(identifiant="B", nom="Autre", longitude="2.81", adresse="")
    found = warnings(tmp_path, near, out, communes=communes)
    assert "est à 0,7 km de la commune 62041 (Arras)" in only(found)


def test_without_a_town_hall_a_generalised_contour_judges_within_two_kilometres(
    tmp_path: Path,
) -> None:
    contours = {"62041": box(2.7, 50.2, 2.8, 50.3)}
    communes = Communes(names=KNOWN.names, inside=KNOWN.inside, generalised=contours)
    near = row(longitude="2.82")  # 1.4 km east
    out = row(identifiant="B", nom="Autre", longitude="2.85", adresse="")
    found = warnings(tmp_path, near, out, communes=communes)
    assert "est à 3,6 km de la commune 62041 (Arras)" in only(found)


def test_a_point_that_nothing_can_judge_is_said_once_a_commune(tmp_path: Path) -> None:
    communes = Communes(names=KNOWN.names, inside=KNOWN.inside)
    two = row(), row(identifiant="B", nom="Autre", adresse="")
    told = only(warnings(tmp_path, *two, communes=communes))
    assert "aucun point ne peut être vérifié : ni la mairie ni le contour" in told
    assert "62041 (Arras)" in told


def test_lambert_coordinates_become_degrees(tmp_path: Path) -> None:
    metres = {"x_lambert93": "684150", "y_lambert93": "7021200,5"}
    found = checked(tmp_path, {**row(longitude="", latitude=""), **metres})
    assert not found.errors
    written = found.rows("offre")[0]
    assert written[7].startswith("2.77")
    assert written[8].startswith("50.288")
    wrong = {**row(longitude="", latitude=""), "x_lambert93": "12", "y_lambert93": ""}
    said = [str(p) for p in checked(tmp_path, wrong).errors]
    assert "il manque y_lambert93" in only(said)


def test_a_possible_duplicate_is_a_warning_whatever_the_spelling(tmp_path: Path) -> None:
    twin = row(identifiant="B", nom="Multi-accueil LES LUTINS", longitude="2.7705")
    other = row(identifiant="C", nom="Crèche Les Lutins 2")
    third = row(identifiant="D", nom="Crèche Les Lutins", service="laep", capacite="100")
    followed = row(identifiant="E", nom="Les Lutins", ouverture="2030-01-01")
    closed = row(fermeture="2029-01-01")
    assert "ressemble à « Crèche Les Lutins » (ARRAS-01, ligne 2), à moins de 100 m" in only(
        warnings(tmp_path, row(), twin)
    )
    assert not warnings(tmp_path, row(), other)
    assert not warnings(tmp_path, row(), third)
    assert not warnings(tmp_path, closed, followed)


def test_thousands_of_establishments_at_one_point_do_not_slow_the_search(tmp_path: Path) -> None:
    rows = [row(identifiant=f"A{n}", nom=f"Lieu {n * 7919 % 3001} x{n}") for n in range(3_000)]
    assert checked(tmp_path, *rows).accepted == 3_000


def test_rows_of_one_establishment_agree(tmp_path: Path) -> None:
    later = row(capacite="30", depuis="2025-01-01", nom="", gestionnaire="", adresse="")
    found = checked(tmp_path, row(), {**later, "nom": "Crèche Les Lutins"})
    assert found.accepted == 2
    found = checked(tmp_path, row(), {**later, "nom": "Les Lutons", "service": "laep"})
    said = [str(p) for p in found.errors]
    assert "« Les Lutons », alors que « ARRAS-01 » porte « Crèche Les Lutins » (ligne 2)" in said[0]
    assert len(said) == 2


def test_a_capacity_is_said_once(tmp_path: Path) -> None:
    found = checked(tmp_path, row(), row(capacite="25"), row(depuis="2019-09-02"))
    assert found.accepted == 1
    assert "cette capacité de « ARRAS-01 » est déjà dite ligne 2" in str(found.errors[0])


def test_a_day_type_is_needed_where_it_makes_sense(tmp_path: Path) -> None:
    alsh = {"service": "alsh", "capacite": "60"}
    assert "il manque le type de jour. Écrire une ligne par type de jour" in only(
        errors(tmp_path, **alsh)
    )
    assert "Vouliez-vous dire : mercredi ?" in only(errors(tmp_path, **alsh, jour="mercredis"))
    assert not errors(tmp_path, **alsh, jour="Petites vacances")


def test_labels_stand_for_ids(tmp_path: Path) -> None:
    found = checked(tmp_path, row(service="EAJE financés par la PSU", statut="Privé"))
    assert found.rows("offre")[0][2:4] == ["eaje_psu", "prive"]


def test_served_communes_belong_to_an_establishment_that_is_accepted(tmp_path: Path) -> None:
    offer = write(tmp_path / "offre.csv", row(), row(identifiant="B", capacite="NC"))
    served = write(
        tmp_path / "served.csv",
        *[
            {"identifiant": i, "code_insee": c}
            for i, c in (
                ("ARRAS-01", "62041"),
                ("ARRAS-01", "62041"),
                ("B", "62041"),
                ("X", "62099"),
            )
        ],
    )
    found = check([served, offer], KNOWN)
    said = [p.reason for p in found.errors if p.where == "served.csv"]
    assert said == [
        "cette commune desservie est déjà ligne 2. Supprimer l'une des deux lignes.",
        "l'établissement « B » est lui-même mis de côté. Corriger d'abord sa ligne.",
        "aucun établissement ne porte l'identifiant « X ». "
        "Corriger l'identifiant, ou ajouter l'établissement.",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"service": "eaje_psu"}, "Décrire chaque établissement dans la feuille"),
        ({"service": "garde_domicile"}, "ce service n'a pas d'effectif"),
        ({"effectif": "beaucoup"}, "« beaucoup » n'est pas un effectif."),
        ({"places": "", "effectif": ""}, "Écrire le nombre de places ; inconnu, supprimer la"),
        ({"depuis": ""}, "Écrire le jour depuis lequel ce total est vrai."),
        ({"code_insee": "6204"}, "n'est le code d'aucune commune connue"),
    ],
)  # fmt: skip
def test_a_wrong_total_is_named_and_mended(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    found = check([write(tmp_path / "totaux.csv", total(**given))], KNOWN)
    assert said in str(found.errors[0])


def test_a_total_is_said_once(tmp_path: Path) -> None:
    found = check([write(tmp_path / "t.csv", total(), total(places="3"))], KNOWN)
    assert "ce total est déjà ligne 2" in str(found.errors[0])


def test_an_unknown_column_is_ignored_and_said(tmp_path: Path) -> None:
    found = checked(tmp_path, {**row(), "courriel": "a@b.fr"})
    assert "cette colonne n'est pas du recensement" in str(found.warnings[0])
    assert not any("a@b.fr" in cell for r in found.rows("offre") for cell in r)
