"""Edits of the census by command: one, a draft, undone; who, when, why; a version that fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from observatory.census import census_store, publishing
from observatory.census.edited_rows import columns
from observatory.census.loading import load_files
from observatory.commands import main, rebuilding
from observatory.errors import CheckError
from observatory.settings import Settings

CENSUS = """identifiant;nom;service;statut;code_insee;capacite;ouverture
A1;Les Petits Pas;eaje_psu;public;62041;40;2019-09-01
B1;La Farandole;eaje_psu;associatif;62041;20;2019-09-01
"""


@pytest.fixture
def census(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(settings.cache_dir))
    file = tmp_path / "offre.csv"
    file.write_text(CENSUS, encoding="utf-8")
    load_files([file], settings, lambda _: None)
    return settings


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run ``observatory census …``: its exit status and all that it says."""

    def called(*arguments: str) -> tuple[Any, str]:
        with pytest.raises(SystemExit) as ended:
            main.main(["census", *arguments])
        said = capsys.readouterr()
        return ended.value.code, said.out + said.err

    return called


def capacities(settings: Settings) -> list[tuple[str, str, str]]:
    at = columns()
    names = ("identifiant", "depuis", "capacite")
    return [(r[at[names[0]]], r[at[names[1]]], r[at[names[2]]])
            for r in publishing.establishments(settings)]  # fmt: skip


def test_an_edit_is_told_then_made_then_undone(census: Settings, run: Any) -> None:
    first = capacities(census)
    status, said = run("edit", "A1", "--set", "capacite=48", "--since", "01/09/2026", "--dry-run")
    assert (status, capacities(census)) == (0, first)
    assert "capacité 48, depuis le 1er septembre 2026" in said
    assert "Rien n'est écrit" in said
    status, said = run(
        "edit", "A1", "--set", "capacite=48", "--since", "01/09/2026", "--no-refresh",
        "--who", "planificatrice [compte 42]", "--why", "agrément",
    )  # fmt: skip
    assert status == 0
    assert "Modification publiée (génération 2) : Les Petits Pas (A1)." in said
    assert capacities(census)[1] == ("A1", "2026-09-01", "48")
    status, said = run("history", "A1")
    assert "planificatrice · agrément" in said
    assert "compte" not in said
    assert "compte 42" in run("history", "A1", "--accounts")[1]
    assert run("revert", "2", "--no-refresh")[0] == 0
    assert capacities(census) == first


def test_a_draft_is_one_generation(census: Settings, run: Any, tmp_path: Path) -> None:
    edits = [
        {"identifiant": "A1", "nature": "correction", "valeurs": {"capacite": "41"}},
        {"identifiant": "B1", "nature": "fermeture", "a_partir_du": "31/07/2027"},
    ]
    file = tmp_path / "b.json"
    file.write_text(json.dumps({"modifications": edits}), encoding="utf-8")
    status, said = run("edit", "--draft", str(file), "--no-refresh")
    assert (status, "Les Petits Pas (A1), La Farandole (B1)" in said) == (0, True)
    assert census_store.census_store(census.census_dir).head().sequence == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "rien à modifier"),
        (["A1"], "ne dit rien"),
        (["A1", "--draft", "x.json"], "deux choses à la fois"),
        (["--draft", "absent.json"], "ne peut pas être lu"),
        (["A1", "--set", "capacite"], "n'est pas de la forme colonne=valeur"),
        (["A1", "--set", "capacite=vingt"], "Capacité"),
        (["Z9", "--set", "capacite=20"], "aucun établissement"),
        (["A1", "--set", "capacite=2", "--since", "1/1/2027", "--closed", "1/1/2028"], "ensemble"),
    ],
)
def test_what_is_wrong_ends_in_a_sentence(
    census: Settings, run: Any, arguments: list[str], said: str
) -> None:
    before = capacities(census)
    status, told = run("edit", *arguments)
    assert (status, capacities(census)) == (1, before)
    assert told.startswith("Erreur : ")
    assert said in told


def test_the_history_of_nobody_is_told_as_such(census: Settings, run: Any) -> None:
    assert run("history", "Z9")[0] == 1


def test_an_edit_whose_version_cannot_be_built_is_taken_back(
    census: Settings, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(settings: Settings) -> None:
        raise CheckError("contrôle manqué")

    monkeypatch.setattr(rebuilding, "rebuild", fails)
    before = census_store.census_store(census.census_dir).read()[1]
    status, said = run("edit", "A1", "--set", "capacite=41")
    assert (status, "le recensement en place n'a pas changé" in said) == (1, True)
    assert census_store.census_store(census.census_dir).read()[1] == before
