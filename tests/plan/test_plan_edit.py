"""Edits of a plan: rows put right, added, withdrawn; undone; two planners at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from fixtures.versions import make_settings
from plan_files import ACTION, SECOND, action, book, bound, typed
from typer.testing import CliRunner

from observatory.commands.main import app
from observatory.plan import plan_store
from observatory.plan.edited_plan import rests_on
from observatory.plan.plan_check import check
from observatory.plan.plan_edits import PlanEdit, plan_draft_file, read_plan_draft
from observatory.plan.plan_publishing import publish_plan
from observatory.plan.plan_rows import plan_contract
from observatory.settings import Settings
from observatory.workbook.drafts import Draft, EditError, PublishedEdits

COMMUNES = {"62001": "Aval", "62002": "Bourg"}
NOTE = {"action": "A1", "date": "2025-01-15", "note": "Local trouvé.", "public": "oui"}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A plan of two actions, with what depends on them, loaded without a version."""
    made = make_settings(tmp_path)
    monkeypatch.setattr(Settings, "from_env", lambda *_: made)
    path = book(
        tmp_path / "plan.xlsx",
        actions=[action(statut="En cours", public="oui"), SECOND],
        etapes=[{"action": "A1", "etape": "Choix du local"}],
        financements=[{"action": "A1", "financeur": "Caf", "annee": 2025, "montant_euros": 9000}],
        indicateurs=[bound(), typed(), typed(identifiant="I3", action="A1")],
        releves=[
            {"indicateur": "I2", "date": "2025-09-01", "valeur": 140},
            {"indicateur": "I3", "date": "2025-09-01", "valeur": 150},
        ],
        suivi=[NOTE],
        instances=[{"nom": "Comité de pilotage"}],
        reunions=[{"instance": "Comité de pilotage", "date": "2025-02-01", "decision": "Oui",
                   "action": "A1"}],
    )  # fmt: skip
    checked = check([path])
    assert [str(e) for e in checked.errors] == []
    assert plan_store.load(made.census_dir, checked)
    return made


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    return lambda *typed: CliRunner().invoke(app, ["plan", *map(str, typed)])


def published(settings: Settings, *edits: PlanEdit, why: str = "") -> PublishedEdits:
    who = "planificateur [compte 7]"
    return publish_plan(Draft(edits), settings.census_dir, COMMUNES, who, why)


def put_right(id_: str, **values: str) -> PlanEdit:
    return PlanEdit("actions", "correction", (id_,), values)


def rows(settings: Settings, sheet: str) -> list[dict[str, str]]:
    stored = plan_contract().sheet(sheet).stored
    found = plan_store.read(settings.census_dir).get(sheet, [])
    return [dict(zip(stored, row, strict=True)) for row in found]


def test_what_is_typed_is_kept_as_a_load_keeps_it(settings: Settings) -> None:
    done = published(
        settings,
        put_right("A1", statut="Réalisé", fin="1er mars 2026", pilote="Coordinatrice Ctg",
                  priorite="eleve", communes="Bourg", public="non"),
    )  # fmt: skip
    assert done.names == ["A1 · Ouvrir un relais"]
    (first, second) = rows(settings, "actions")
    told = {c: first[c] for c in ("statut", "fin", "pilote", "priorite", "communes", "public")}
    assert told == {"statut": "realise", "fin": "2026-03-01", "pilote": "Coordinatrice Ctg",
                    "priorite": "eleve", "communes": "62002", "public": "non"}  # fmt: skip
    assert second["titre"] == "Forum"


def test_one_publication_is_one_generation_and_undo_takes_it_back(settings: Settings) -> None:
    store = plan_store.plan_store(settings.census_dir)
    before = store.read()[1]
    added = PlanEdit("actions", "ajout", (), {"identifiant": "A3", "axe": "Neuf", "titre": "Bus"})
    note = PlanEdit("suivi", "ajout", (), {"action": "A3", "date": "02/03/2026", "note": "Voté."})
    published(settings, added, note, put_right("A2", statut="en_pause"), why="comité de mars")
    entry = store.head().entry
    assert entry is not None
    assert (entry.sequence, entry.kind, entry.why) == (2, "edit", "comité de mars")
    assert [r["identifiant"] for r in rows(settings, "actions")] == ["A1", "A2", "A3"]
    assert [r["date"] for r in rows(settings, "suivi")] == ["2025-01-15", "2026-03-02"]
    store.undo()
    assert store.read()[1] == before


def test_a_value_is_added_to_a_typed_indicator_and_the_one_of_a_day_is_put_right(
    settings: Settings,
) -> None:
    new = {"indicateur": "I2", "date": "31/12/2025", "valeur": "162,5", "source": "Bilan"}
    published(
        settings,
        PlanEdit("releves", "ajout", (), new),
        PlanEdit("releves", "correction", ("I2", "2025-09-01"), {"valeur": "141"}),
    )
    found = [(r["date"], r["valeur"]) for r in rows(settings, "releves") if r["indicateur"] == "I2"]
    assert found == [("2025-09-01", "141"), ("2025-12-31", "162.5")]


def test_an_action_that_is_withdrawn_takes_its_own_rows_and_is_named_no_more(
    settings: Settings,
) -> None:
    published(settings, PlanEdit("actions", "retrait", ("A1",)))
    assert [r["identifiant"] for r in rows(settings, "actions")] == ["A2"]
    assert [rows(settings, s) for s in ("etapes", "financements", "suivi")] == [[], [], []]
    assert [r["identifiant"] for r in rows(settings, "indicateurs")] == ["I2"]
    assert [r["indicateur"] for r in rows(settings, "releves")] == ["I2"]
    ((decided, of),) = [(r["decision"], r["action"]) for r in rows(settings, "reunions")]
    assert (decided, of) == ("Oui", "")  # the committee did decide


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (put_right("A1", statut="fini"), "A1 · Ouvrir un relais : Statut : « fini » n'est pas"),
        (put_right("A1", debut="2026-01-01", fin="2025-01-01"), "vient avant le début"),
        (put_right("A1", pilote="M. Durand"), "le nom d'une personne"),
        (put_right("A1", titre=""), "Titre : la cellule est vide. La remplir."),
        (put_right("A1", identifiant="A9"), "ne se modifie pas"),
        (put_right("A1", demonstration="oui"), "ne se modifie pas"),
        (put_right("A9", titre="X"), "n'est plus au plan"),
        (put_right("A1"), "rien n'a changé"),
        (PlanEdit("actions", "ajout", (), {"identifiant": "A2", "axe": "X", "titre": "Y"}),
         "cette action est déjà au plan"),
        (PlanEdit("suivi", "ajout", (), {"action": "A8", "date": "2025-01-01", "note": "X"}),
         "n'est pas dans la feuille « Actions »"),
        (PlanEdit("suivi", "ajout", (), {}), "la ligne est vide"),
        (PlanEdit("suivi", "ajout", (), {"action": "action", "date": "date", "note": "note"}),
         "les titres des colonnes sont répétés"),
        (PlanEdit("releves", "ajout", (), {"indicateur": "I1", "date": "2025-01-01",
                                           "valeur": "3"}),
         "est lié à un chiffre"),
        (PlanEdit("offre", "ajout", (), {"nom": "X"}), "le plan n'a pas de feuille « offre »"),
    ],
)  # fmt: skip
def test_a_bad_edit_ends_in_a_sentence_and_changes_nothing(
    settings: Settings, edit: PlanEdit, said: str
) -> None:
    before = plan_store.read(settings.census_dir)
    with pytest.raises(EditError) as told:
        published(settings, put_right("A2", titre="Autre"), edit)
    assert said in str(told.value)
    assert "Durand" not in str(told.value)
    assert "ligne 2" not in str(told.value)  # of a file that nobody has seen
    assert plan_store.read(settings.census_dir) == before


def test_hostile_text_is_kept_as_it_is_and_nothing_else_moves(settings: Settings) -> None:
    text = '=HYPERLINK("x");<script>alert(1)</script>"; "'
    others = rows(settings, "actions")[1]
    published(settings, put_right("A1", titre=text))
    assert [r["titre"] for r in rows(settings, "actions")] == [text, "Forum"]
    assert rows(settings, "actions")[1] == others


def test_an_edit_that_says_what_is_there_makes_no_generation(settings: Settings) -> None:
    assert published(settings, put_right("A2", titre="Forum")).generation is None


def test_the_first_action_of_a_territory_without_a_plan_makes_one(tmp_path: Path) -> None:
    fresh = make_settings(tmp_path)
    published(fresh, PlanEdit("actions", "ajout", (), {k: str(v) for k, v in ACTION.items()}))
    assert [r["titre"] for r in rows(fresh, "actions")] == ["Ouvrir un relais"]


# ---------------------------------------------------------------- two planners at once


def read_now(settings: Settings, *edits: PlanEdit) -> Draft[PlanEdit]:
    tables, draft = plan_store.read(settings.census_dir), Draft[PlanEdit]()
    for edit in edits:
        draft = draft.with_edit(edit, rests_on(tables, edit))
    return draft


def test_two_planners_on_two_rows_lose_nothing(settings: Settings) -> None:
    one = read_now(settings, put_right("A1", titre="Un"))
    other = read_now(
        settings,
        put_right("A2", titre="Deux"),
        PlanEdit("suivi", "ajout", (), {"action": "A1", "date": "2026-01-01", "note": "Là."}),
    )
    publish_plan(one, settings.census_dir, COMMUNES)
    publish_plan(other, settings.census_dir, COMMUNES)
    assert [r["titre"] for r in rows(settings, "actions")] == ["Un", "Deux"]
    assert len(rows(settings, "suivi")) == 2


@pytest.mark.parametrize(
    "edit", [put_right("A1", titre="Le mien"), PlanEdit("actions", "retrait", ("A1",))]
)
def test_the_second_planner_is_told_by_whom_and_all_of_the_draft_waits(
    settings: Settings, edit: PlanEdit
) -> None:
    mine = read_now(settings, put_right("A2", titre="Aussi"), edit)
    published(settings, put_right("A1", statut="realise"))
    with pytest.raises(EditError) as told:
        publish_plan(mine, settings.census_dir, COMMUNES)
    assert "A1 · Ouvrir un relais : modifié entre-temps par planificateur le" in str(told.value)
    assert "(génération 2)" in str(told.value)
    assert "compte" not in str(told.value)
    assert [r["titre"] for r in rows(settings, "actions")] == ["Ouvrir un relais", "Forum"]


def test_a_withdrawal_made_before_a_note_came_is_refused(settings: Settings) -> None:
    mine = read_now(settings, PlanEdit("actions", "retrait", ("A1",)))
    published(
        settings,
        PlanEdit("suivi", "ajout", (), {"action": "A1", "date": "2026-01-01", "note": "Là."}),
    )
    with pytest.raises(EditError, match="modifié entre-temps"):
        publish_plan(mine, settings.census_dir, COMMUNES)
    assert len(rows(settings, "suivi")) == 2


def test_a_note_on_an_action_that_went_away_is_refused(settings: Settings) -> None:
    note = PlanEdit("suivi", "ajout", (), {"action": "A1", "date": "2026-01-01", "note": "Là."})
    mine = read_now(settings, note)
    published(settings, PlanEdit("actions", "retrait", ("A1",)))
    with pytest.raises(EditError, match="n'est pas dans la feuille « Actions »"):
        publish_plan(mine, settings.census_dir, COMMUNES)


# ---------------------------------------------------------------- the command and its file


def test_a_draft_comes_back_from_its_file_as_it_was(settings: Settings) -> None:
    draft = read_now(
        settings, put_right("A1", titre="=1+1"), PlanEdit("actions", "retrait", ("A2",))
    )
    assert read_plan_draft(plan_draft_file(draft), "f") == draft


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b'{"modifications": []}', b'{"modifications": [{}]}',
        b'{"modifications": [{"feuille": "actions", "nature": "invention"}]}',
        b'{"modifications": [{"feuille": 1, "nature": "ajout"}]}',
        b'{"modifications": [{"feuille": "actions", "nature": "ajout", "cle": [1]}]}',
        b'{"modifications": [{"feuille": "actions", "nature": "ajout", "quoi": "x"}]}',
    ],
)  # fmt: skip
def test_a_file_that_is_no_draft_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(EditError, match="ce fichier") as told:
        read_plan_draft(content, "brouillon.json")
    assert str(told.value).startswith("brouillon.json : ")


def test_the_command_rehearses_publishes_and_undoes(
    settings: Settings, run: Callable[..., Result], tmp_path: Path
) -> None:
    told = run("edit", "A1", "--set", "statut=realise", "--dry-run").output
    assert "A1 · Ouvrir un relais : statut, En cours → Réalisé" in told
    assert rows(settings, "actions")[0]["statut"] == "en_cours"
    told = run("edit", "A1", "--set", "statut=realise", "--no-refresh", "--why", "bilan").output
    assert "Plan modifié (génération 2) : A1 · Ouvrir un relais." in told
    assert "modification · bilan" in run("history").output
    assert "2 actions en place" in run("undo", "--no-refresh").output
    assert rows(settings, "actions")[0]["statut"] == "en_cours"
    file = tmp_path / "brouillon.json"
    one = {"feuille": "suivi", "nature": "retrait", "cle": ["A1", "2025-01-15", "Local trouvé."]}
    file.write_text(json.dumps({"modifications": [one]}), encoding="utf-8")
    assert run("edit", "--draft", file, "--no-refresh").exit_code == 0
    assert rows(settings, "suivi") == []
    assert run("edit").exit_code == 1
