"""Plans of other tools: what is taken, what is left out, and said. The files are examples."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from fixtures.versions import make_settings
from told import as_typed
from typer.testing import CliRunner

from observatory.commands.main import app
from observatory.plan import plan_store
from observatory.plan.foreign_plan import propose_plan
from observatory.plan.plan_check import check
from observatory.settings import Settings
from observatory.workbook.problems import WorkbookError

HEADINGS = (
    "Axe (x)", "Sous-axe (x.x)", "Titre", "Descriptif", "Thématique principale",
    "Instances de gouvernance", "Statut", "Niveau de priorité", "Date de début", "Date de fin",
    "Action en amélioration continue", "Personne pilote", "Direction ou service pilote",
    "Structure pilote", "Élu·e référent·e", "Partenaires", "Cibles", "Étapes",
    "Notes de suivi 2024", "Notes de suivi 2025", "Budget prévisionnel", "Financeur 1", "Montant 1",
    "Financeur 2", "Montant 2", "Objectifs", "Résultats attendus", "Indicateurs liés",
)  # fmt: skip
FIRST = (
    "1. Petite enfance", "1.1 Accueil", "Exemple : ouvrir un relais", "Un lieu.", "Petite enfance",
    "Comité de pilotage", "En cours", "Élevé", "01/09/2024", "2026-12-31",
    "Non", "Jeanne EXEMPLE", "Direction de l'enfance",
    "CCAS", "Jean EXEMPLE", "Caf ; MSA", "Parents", "- Choix du local\n- Travaux",
    "Local choisi", "", "30 000 €", "Caf", "12 500 €",
    "Département", "7 500,50", "Rompre l'isolement", "Un relais", "Familles reçues",
)  # fmt: skip
SECOND = (
    "", "", "Exemple : forum", "", "", "", "Presque fini", "bas", "bientôt", "", "", "", "", "",
    "", "", "", "", "", "Tenu", "8000", "", "", "", "", "", "", "",
)  # fmt: skip
RESULTS = """\
id;category/id;category/name/fr;title/fr;description/fr;status/id;parent/id;start_date;end_date;\
proposal_urls;author/name
11;3;Jeunesse;Exemple : maison des jeunes;"<p>Un <b>lieu</b> &amp; un soir.</p>";2;;\
2025-01-01T00:00:00+01:00;2026-06-30;https://exemple.fr/p/1;Jeanne EXEMPLE
12;3;Jeunesse;Exemple : horaires;;2;11;;;;
"""


def classeur(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Plan")
    for n, row in enumerate((("Exemple de plan",), HEADINGS, FIRST, SECOND)):
        page.write_row(n, 0, row)
    book.close()
    return path


def test_the_workbook_of_another_tool_becomes_a_plan_to_read_over(tmp_path: Path) -> None:
    found = propose_plan(classeur(tmp_path / "autre.xlsx"))
    first, second = found.tables["actions"]
    assert first["identifiant"] == "A-001"
    assert (first["axe"], first["titre"]) == ("1. Petite enfance", "Exemple : ouvrir un relais")
    assert (first["pilote"], first["structure_pilote"]) == ("Direction de l'enfance", "CCAS")
    assert (first["statut"], first["priorite"]) == ("en_cours", "eleve")
    assert (first["debut"], first["fin"], first["public"]) == ("2024-09-01", "2026-12-31", "non")
    assert first["description"] == (
        "Un lieu. Sous-axe : 1.1 Accueil. Indicateurs liés : Familles reçues."
    )
    assert [r["etape"] for r in found.tables["etapes"]] == ["Choix du local", "Travaux"]
    assert [
        (r["action"], r["financeur"], r["montant_euros"]) for r in found.tables["financements"]
    ] == [
        ("A-001", "Caf", "12500"),
        ("A-001", "Département", "7500.5"),
        ("A-002", "À préciser", "8000"),
    ]
    assert [(r["date"], r["note"]) for r in found.tables["suivi"]] == [
        ("2024-12-31", "Local choisi"),
        ("2025-12-31", "Tenu"),
    ]
    assert found.tables["instances"] == [{"nom": "Comité de pilotage", "role": ""}]
    assert (second["axe"], second["statut"], second["debut"]) == ("1. Petite enfance", "", "")


def test_columns_of_persons_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "resultats.csv"
    path.write_text(RESULTS, encoding="utf-8")
    for found, headings in (
        (propose_plan(classeur(tmp_path / "autre.xlsx")), ("Personne pilote", "Élu·e référent·e")),
        (propose_plan(path), ("author/name",)),
    ):
        assert "EXEMPLE" not in str(found.tables)
        for heading in headings:
            assert any(f"« {heading} » désigne des personnes" in note for note in found.notes)
        assert "EXEMPLE" not in str(found.notes)


def test_what_was_guessed_or_left_aside_is_said(tmp_path: Path) -> None:
    notes = as_typed("\n".join(propose_plan(classeur(tmp_path / "autre.xlsx")).notes))
    for said in (
        "« Action en amélioration continue » laissée de côté",
        "axe absent, celui de la ligne au-dessus est proposé (ligne 4). Le vérifier",
        "statut « Presque fini » inconnu, laissé vide",
        "« bientôt » n'est pas une date",
        "notes de suivi datées du 31 décembre 2024",
        "le budget prévisionnel (30\u202f000 €) n'est pas la somme de ses financeurs "
        "(20\u202f000,50 €), laissé de côté (ligne 3). Corriger un montant",
        "budget prévisionnel sans financeur, « À préciser » est proposé (ligne 4)",
    ):
        assert said in notes


def test_results_of_a_participation_platform_become_a_plan_to_read_over(tmp_path: Path) -> None:
    path = tmp_path / "resultats.csv"
    path.write_text(RESULTS, encoding="utf-8")
    first, second = propose_plan(path).tables["actions"]
    assert (first["identifiant"], first["axe"]) == ("11", "Jeunesse")
    assert first["description"] == (
        "Un lieu & un soir. État d'origine : 2. Propositions : https://exemple.fr/p/1."
    )
    assert (first["debut"], first["fin"]) == ("2025-01-01", "2026-06-30")
    assert second["objectif"] == "Exemple : maison des jeunes"


def test_numbers_of_a_participation_platform_are_named_and_what_is_lost_is_said(
    tmp_path: Path,
) -> None:
    path = tmp_path / "resultats.csv"
    path.write_text(
        "id;category/id;title/fr;status/id;progress;parent/id\n"
        "11;3;Exemple : lieu;2;;\n12;3;Exemple : soir;2;100;99\n13;4;Exemple : été;;40;11\n",
        encoding="utf-8",
    )
    found = propose_plan(path)
    actions = found.tables["actions"]
    assert [a["axe"] for a in actions] == ["Catégorie 3", "Catégorie 3", "Catégorie 4"]
    assert [a["statut"] for a in actions] == ["", "realise", "en_cours"]
    assert [a["objectif"] for a in actions] == ["", "", "Exemple : lieu"]
    notes = "\n".join(found.notes)
    for said in (
        "l'axe n'est qu'un numéro, « Catégorie 3 » est proposé (lignes 2, 3). Écrire son nom",
        "le statut n'est qu'un numéro (« 2 »), laissé vide : à venir (ligne 2). Le choisir",
        "statut lu « Réalisé » d'après l'avancement (ligne 3)",
        "le résultat parent « 99 » n'est pas dans le fichier, laissé de côté (ligne 3). Écrire",
        "le résultat parent est proposé comme objectif (ligne 4)",
    ):
        assert said in notes


def test_words_of_a_status_are_mapped_and_said(tmp_path: Path) -> None:
    path = tmp_path / "resultats.csv"
    path.write_text(
        "id;category/name/fr;title/fr;status/name/fr\n11;A;B;In progress\n12;A;C;Terminé\n",
        encoding="utf-8",
    )
    found = propose_plan(path)
    assert [a["statut"] for a in found.tables["actions"]] == ["en_cours", "realise"]
    assert "statut « In progress » lu « En cours » (ligne 2)" in "\n".join(found.notes)


def test_an_import_writes_a_workbook_that_the_check_reads_and_loads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path)
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    out = tmp_path / "plan.xlsx"
    given = classeur(tmp_path / "autre.xlsx")
    told = CliRunner().invoke(app, ["plan", "import", str(given), "--out", str(out)])
    assert (told.exit_code, "à relire" in told.output) == (0, True)
    assert plan_store.read(settings.census_dir) == {}
    found = check([out])
    assert (found.rejected, len(found.rows("actions"))) == (0, 2)


def test_a_file_of_no_known_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "autre.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(WorkbookError, match=r"aucune forme connue.*\n?.*Formes connues"):
        propose_plan(path)
