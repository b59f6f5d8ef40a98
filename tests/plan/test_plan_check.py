"""The contract of a plan: what is read, what is refused, and how it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_files import ACTION, SECOND, action, book, bound, sheet_file, typed

from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.measures import MEASURES, measures_of
from observatory.plan.plan_check import check
from observatory.plan.plan_communes import KnownCommunes
from observatory.plan.plan_rows import plan_contract
from observatory.plan.plan_words import bound_measures
from observatory.workbook.problems import WorkbookError
from observatory.workbook.results import Checked

KNOWN = {"62001": "Aval", "62002": "Bourg", "62003": "Clos"}


def checked(folder: Path, **sheets: object) -> Checked:
    found = check([book(folder / "plan.xlsx", **sheets)], KNOWN)  # type: ignore[arg-type]
    assert found.accepted + found.rejected == found.read
    return found


def rows(found: Checked, sheet: str) -> list[dict[str, str]]:
    stored = plan_contract().sheet(sheet).stored
    return [dict(zip(stored, r, strict=True)) for r in found.rows(sheet)]


def test_words_of_a_list_communes_and_services_are_read_by_code_or_by_name(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        actions=[
            action(
                services="Relais petite enfance (RPE) ; eaje",
                communes="bourg ; 62001, CLOS",
                statut="En pause",
                priorite="élevé",
                debut="01/09/2024",
                public="oui",
            ),
            SECOND,
        ],
    )
    first, second = rows(found, "actions")
    assert first["services"] == "rpe, eaje"
    assert first["communes"] == "62002, 62001, 62003"
    assert (first["statut"], first["priorite"], first["debut"]) == (
        "en_pause",
        "eleve",
        "2024-09-01",
    )
    assert (first["public"], first["demonstration"]) == ("oui", "non")
    assert (second["statut"], second["public"], second["communes"]) == ("a_venir", "non", "")


def test_a_service_whose_label_holds_a_comma_is_one_service(tmp_path: Path) -> None:
    commas = [s for s in nomenclature().services.values() if "," in s.label]
    assert commas
    for service in commas:
        (row,) = rows(checked(tmp_path, actions=[action(services=service.label)]), "actions")
        assert nomenclature().services[row["services"]].label == service.label


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"identifiant": ""}, "identifiant", "vide"),
        ({"axe": ""}, "axe", "vide"),
        ({"titre": " "}, "titre", "vide"),
        ({"services": "creches volantes"}, "services", "un service de la nomenclature"),
        ({"statut": "fini"}, "statut", "un statut"),
        ({"priorite": "urgent"}, "priorite", "un niveau de priorité"),
        ({"communes": "Amont"}, "communes", "n'est pas une commune du territoire"),
        ({"communes": "99999"}, "communes", "n'est le code d'aucune commune connue"),
        ({"communes": "62001 ; 62004"}, "communes", "Codes proches : 62"),
        ({"debut": "31/02/2024"}, "debut", "31/02/2024"),
        ({"debut": "2025-01-01", "fin": "2024-01-01"}, "fin", "avant le début"),
        ({"public": "peut-être"}, "public", "ni oui ni non"),
        ({"pilote": "Mme Untel"}, "pilote", "le nom d'une personne"),
        ({"description": "x" * 8_001}, "description", "8001 caractères"),
    ],
)
def test_a_wrong_action_is_told_with_its_place_and_mend(
    tmp_path: Path, changes: dict[str, object], column: str, said: str
) -> None:
    found = checked(tmp_path, actions=[action(**changes)])
    (problem,) = found.errors
    assert (problem.where, problem.row) == ("plan.xlsx, feuille « Actions »", 2)
    assert problem.column == column
    assert said in str(problem)
    assert problem.hint


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"unite": "places"}, "unite", "pas les deux"),
        ({"service": None, "mesure": None}, "unite", "ni service à suivre ni unité"),
        ({"service": None, "unite": "places"}, "mesure", "ne sert qu'à un indicateur lié"),
        ({"mesure": None}, "mesure", "Choisir le chiffre à suivre"),
        ({"mesure": "ecart"}, "definition", "Choisir une définition du besoin"),
        ({"definition": "reference_nat"}, "definition", "ne dépend d'aucune définition"),
        ({"mesure": "ecart", "definition": "custom"}, "definition", "une définition du besoin"),
        ({"service": "alsh"}, "type_jour", "Choisir un type de jour"),
        ({"type_jour": "mercredi"}, "type_jour", "n'a pas de type de jour"),
        ({"service": "eaje ; rpe"}, "service", "un seul service"),
        (
            {"service": "ludotheque", "mesure": "taux_publie"},
            "mesure",
            "un chiffre que ce service a",
        ),
        ({"depart_le": None}, "depart", "ni la valeur de départ ni son jour"),
        ({"cible_le": "2020-01-01"}, "cible_le", "ne vient pas après le départ"),
        ({"cible": "-3"}, "cible", "négatif"),
        ({"communes": "62999"}, "communes", "n'est le code d'aucune commune connue"),
        ({"genre": ""}, "genre", "Choisir"),
        ({"action": "A9"}, "action", "n'est pas dans la feuille « Actions »"),
    ],
)
def test_a_wrong_indicator_is_told_with_its_place_and_mend(
    tmp_path: Path, changes: dict[str, object], column: str, said: str
) -> None:
    found = checked(tmp_path, actions=[ACTION], indicateurs=[bound(**changes)])
    assert column in [p.column for p in found.errors]
    problem = next(p for p in found.errors if p.column == column)
    assert problem.row == 2
    assert said in str(problem)
    assert found.rows("indicateurs") == []


def test_a_gap_has_its_sign_and_a_rate_may_pass_one_hundred(tmp_path: Path) -> None:
    gap = bound(mesure="Écart entre l'offre et le besoin", definition="Taux de la France",
                depart="-12,5", cible="0")  # fmt: skip
    over = bound(identifiant="I3", cible="160,5")
    found = checked(tmp_path, actions=[ACTION], indicateurs=[gap, over])
    assert found.errors == []
    first, second = rows(found, "indicateurs")
    assert (first["mesure"], first["definition"], first["depart"]) == (
        "ecart", "reference_nat", "-12.5",
    )  # fmt: skip
    assert (second["cible"], second["depart"]) == ("160.5", "")


def test_a_percentage_stays_between_0_and_100(tmp_path: Path) -> None:
    rate = typed(unite="%", depart="20", cible="120", action="A1")
    found = checked(tmp_path, actions=[ACTION], indicateurs=[rate])
    assert "n'est pas un pourcentage" in str(found.errors[0])
    found = checked(
        tmp_path,
        actions=[ACTION],
        indicateurs=[typed(unite="%", depart="20", cible="90", action="A1")],
        releves=[{"indicateur": "I2", "date": "2025-01-01", "valeur": 101}],
    )
    assert found.errors[0].column == "valeur"


def test_a_typed_indicator_without_baseline_is_kept_and_remarked(tmp_path: Path) -> None:
    found = checked(tmp_path, actions=[SECOND], indicateurs=[typed(depart=None)])
    assert (found.rejected, len(found.rows("indicateurs"))) == (0, 1)
    assert "aucun progrès ne pourra être dit" in str(found.warnings[0])


@pytest.mark.parametrize(
    ("sheet", "line", "column", "said"),
    [
        ("etapes", {"action": "A9", "etape": "Choix"}, "action", "feuille « Actions »"),
        ("etapes", {"action": "a1", "etape": "Choix"}, "action", "Vouliez-vous dire"),
        ("financements", {"action": "A1", "financeur": "Caf", "montant_euros": "12 k€"},
         "montant_euros", "n'est pas un montant"),
        ("financements", {"action": "A1", "financeur": "Caf", "montant_euros": -5},
         "montant_euros", "plausible"),
        ("financements", {"action": "A1", "financeur": "Caf", "annee": "25", "montant_euros": 5},
         "annee", "n'est pas une année"),
        ("releves", {"indicateur": "I1", "date": "2025-01-01", "valeur": 3},
         "indicateur", "se remplit seul"),
        ("releves", {"indicateur": "I2", "date": "2025-01-01", "valeur": ""}, "valeur", "vide"),
        ("reunions", {"instance": "Copil", "date": "2025-01-01", "decision": "Oui"},
         "instance", "feuille « Instances »"),
        ("contributions", {"date": "2025-01-01", "origine": "Voisins", "contribution": "Un lieu"},
         "origine", "une origine"),
        ("suivi", {"action": "A1", "date": "", "note": "Fait."}, "date", "vide"),
    ],
)  # fmt: skip
def test_a_row_that_another_sheet_contradicts_is_told(
    tmp_path: Path, sheet: str, line: dict[str, object], column: str, said: str
) -> None:
    others = {
        "actions": [ACTION, SECOND],
        "indicateurs": [bound(), typed()],
        "instances": [{"nom": "Comité de pilotage", "role": "Décide"}],
    }
    found = checked(tmp_path, **{**others, sheet: [line]})
    (problem,) = found.errors
    assert (problem.row, problem.column) == (2, column)
    assert said in str(problem)


def test_the_same_thing_said_twice_is_refused(tmp_path: Path) -> None:
    step = {"action": "A1", "etape": "Choix du local"}
    money = {"action": "A1", "financeur": "Caf", "annee": 2025, "montant_euros": 10}
    found = checked(
        tmp_path,
        actions=[ACTION, action(titre="Autre"), action(identifiant="a1")],
        etapes=[step, step],
        financements=[money, {**money, "montant_euros": 12}, {**money, "nature": "Réalisé"}],
    )
    said = [str(p) for p in found.errors]
    assert len(said) == 4
    assert "cette action est déjà ligne 2" in said[0]
    assert "que par les majuscules" in said[1]
    assert "déjà ligne 2" in said[2]
    assert "ce financement" in said[3]


def test_a_row_that_names_an_action_set_aside_says_so(tmp_path: Path) -> None:
    found = checked(
        tmp_path, actions=[action(statut="fini")], etapes=[{"action": "A1", "etape": "Choix"}]
    )
    assert "est elle-même mise de côté" in str(found.errors[-1])


@pytest.mark.parametrize(
    ("sheet", "line", "column"),
    [
        ("actions", action(description="Contact : Mme Martin"), "description"),
        ("actions", action(partenaires="Caf, 06 12 34 56 78"), "partenaires"),
        ("actions", action(moyens="ctg@exemple.fr"), "moyens"),
        ("suivi", {"action": "A1", "date": "2025-01-01", "note": "Vu M. Durand"}, "note"),
        ("contributions", {"date": "2025-01-01", "origine": "Habitants",
                           "contribution": "J'habite 12 rue des Lilas"}, "contribution"),
    ],
)  # fmt: skip
def test_no_person_enters_a_plan_and_the_message_never_repeats_who(
    tmp_path: Path, sheet: str, line: dict[str, object], column: str
) -> None:
    found = checked(tmp_path, **{"actions": [ACTION], sheet: [line]})
    (problem,) = found.errors
    assert problem.column == column
    assert "le plan ne doit pas contenir" in str(problem)
    for private in ("Martin", "06 12", "exemple.fr", "Durand", "Lilas"):
        assert private not in str(problem)


def test_a_trade_and_the_street_of_a_building_are_no_person(tmp_path: Path) -> None:
    kept = action(
        titre="Promouvoir le métier d'assistante maternelle",
        description="Au 3 rue des Écoles, avec les assistants maternels, à 300 m de l'école.",
        pilote="Animatrice du relais petite enfance",
    )
    found = checked(tmp_path, actions=[kept])
    assert found.errors == []


def test_a_column_of_persons_is_ignored_and_said(tmp_path: Path) -> None:
    path = sheet_file(tmp_path / "plan.csv", [{**ACTION, "Personne pilote": "Jeanne X"}])
    found = check([path], KNOWN)
    assert (found.accepted, found.rejected) == (1, 0)
    (warning,) = found.warnings
    assert (warning.column, "rien n'en est gardé" in warning.what) == ("Personne pilote", True)
    assert "Jeanne" not in str(found.rows("actions"))


def test_a_sheet_alone_is_checked_against_the_plan_in_place(tmp_path: Path) -> None:
    whole = checked(tmp_path, actions=[ACTION, SECOND], etapes=[{"action": "A2", "etape": "Choix"}])
    kept = {name: whole.rows(name) for name in ("actions", "etapes")}
    alone = book(tmp_path / "etapes.xlsx", etapes=[{"action": "A2", "etape": "Ouverture"}])
    assert check([alone], KNOWN, kept=kept).rejected == 0
    with pytest.raises(WorkbookError, match=r"Étapes » nomme « A2 », qui n'existe plus\. Donner"):
        check([book(tmp_path / "actions.xlsx", actions=[ACTION])], KNOWN, kept=kept)


def test_without_a_version_names_of_communes_are_not_guessed(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", actions=[action(communes="Bourg")])
    found = check([path])
    assert "sans version en service" in str(found.errors[0])
    assert any("aucune version en service" in note for note in found.notes)
    assert check([book(path, actions=[action(communes="62002 62001")])]).rejected == 0


def test_the_figures_to_bind_are_the_measures_of_the_map() -> None:
    known = bound_measures()
    assert list(known) == list(MEASURES)
    for id_, measure in MEASURES.items():
        assert (known[id_].column, known[id_].reach) == (measure.column, measure.reach)
        assert known[id_].signed == (measure.kind == "gap")
    for service in nomenclature().services:
        offered = {i for i, m in known.items() if m.serves(nomenclature().services[service])}
        assert offered == set(measures_of(service, needed=True))


def test_a_commune_known_beyond_the_territory_is_remarked_and_kept(tmp_path: Path) -> None:
    known = KnownCommunes(KNOWN)
    known.elsewhere = frozenset({"62498"})
    told = []
    for codes in ("62001 ; 62498", "59350"):  # of a département that the list does not hold
        path = book(tmp_path / f"{codes[:5]}.xlsx", actions=[action(communes=codes)])
        found = check([path], known)
        assert found.errors == []
        told += [str(w) for w in found.warnings]
    assert all("n'est pas une commune du territoire" in w for w in told)
    assert len(told) == 2
    found = check([book(tmp_path / "p.xlsx", actions=[action(communes="62499")])], known)
    assert "n'est le code d'aucune commune connue" in str(found.errors[0])


@pytest.mark.parametrize("column", ["pilote", "structure_pilote", "partenaires"])
def test_what_reads_as_the_name_of_a_person_is_remarked_and_never_refused(
    tmp_path: Path, column: str
) -> None:
    found = checked(tmp_path, actions=[action(**{column: "Marie Dupont"})])
    assert found.errors == []
    (warning,) = found.warnings
    assert (warning.column, warning.row) == (column, 2)
    assert "« Marie Dupont » se lit comme le nom d'une personne" in str(warning)
    assert "fonction ou un service" in str(warning)


def test_a_funder_that_reads_as_a_person_is_remarked_a_commune_is_not(tmp_path: Path) -> None:
    money = [
        {"action": "A1", "financeur": who, "annee": "2025", "nature": "Prévu", "montant_euros": 1}
        for who in ("DUPONT Marie", "Caf", "Beau Rivage")
    ]
    path = book(tmp_path / "plan.xlsx", actions=[ACTION], financements=money)
    found = check([path], {**KNOWN, "62004": "Beau-Rivage"})
    assert [w.row for w in found.warnings] == [2]
