"""The command of the questionnaire, and the page that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import made_survey
import pytest
from app_pages import at_the_machine, opened, read
from fixtures.versions import deployed_copy
from made_survey import made
from marked import FACTS, marked
from test_survey_privacy import PLANTED, everything_kept

from observatory.commands import main
from observatory.settings import Settings

ASKED = {
    "Vous êtes": {"role": "sexe"},
    "Dans quelle commune": {"role": "commune"},
    "Êtes-vous": {"intitule": "Satisfaction", "theme": "Petite enfance"},
    "Que manque": {"intitule": "Ce qui manque", "service": "laep"},
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def settings(embedded_settings: Settings, tmp_path: Path) -> Settings:
    return deployed_copy(embedded_settings, tmp_path / "place")


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))

    def ran(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main.main(["survey", *arguments])
        out, said = capfd.readouterr()
        return int(str(stop.value.code)), out, said

    return ran


def test_from_the_export_to_what_is_told(run: Run, tmp_path: Path, settings: Settings) -> None:
    export = made_survey.limesurvey(tmp_path / "export.csv", made(400))
    code, said, _ = run("template", str(export), "--out", str(tmp_path / "marques.xlsx"))
    assert (code, "400 réponses" in said) == (0, True)
    # As the template leaves it, nothing would be kept.
    code, said, _ = run("check", str(export), "--marks", str(tmp_path / "marques.xlsx"))
    assert code == 1
    assert "aucune n'est gardée" in said
    marks = marked(export, tmp_path / "m.xlsx", ASKED)
    code, said, _ = run("check", str(export), "--marks", str(marks))
    assert (code, "400 réponses reçues" in said) == (0, True)
    assert not (settings.census_dir / "enquete").exists()
    code, said, _ = run("load", str(export), "--marks", str(marks), "--who", "Coordination")
    assert (code, "Questionnaire rangé" in said) == (0, True)
    code, said, _ = run("load", str(export), "--marks", str(marks))
    assert (code, "rien n'a changé" in said) == (0, True)
    code, said, _ = run("show")
    assert "Questionnaire aux familles" in said
    assert "une marge d'erreur n'aurait pas de sens" in said
    code, told, _ = run("show", "--json")
    found = json.loads(told)
    counts = [r["nombre"] for q in found["questions"] for r in q["reponses"]]
    assert min(counts) >= 5
    assert all(n >= 11 for t in found["communes"] for line in t["lignes"].values() for n in line)
    assert not PLANTED.search(told)
    assert run("undo")[0] == 0
    code, _, error = run("show")
    assert code == 1
    assert "aucun questionnaire n'est chargé" in error
    assert run("redo")[0] == 0
    code, said, _ = run("history")
    assert said.count("\n") == 3


def test_bad_marks_end_in_sentences_and_keep_nothing(
    run: Run, tmp_path: Path, settings: Settings
) -> None:
    export = made_survey.limesurvey(tmp_path / "export.csv", made(300))
    marks = marked(export, tmp_path / "m.xlsx", {"Vous êtes": {"role": "espèce"}})
    code, said, _ = run("load", str(export), "--marks", str(marks))
    assert code == 1
    assert "« espèce » n'est pas un rôle" in said
    marks = marked(export, tmp_path / "n.xlsx", ASKED, facts=[])
    code, said, _ = run("load", str(export), "--marks", str(marks))
    assert code == 1
    assert "Enquête : la feuille est vide" in said
    code, _, error = run("load", str(tmp_path / "none.csv"), "--marks", str(marks))
    assert (code, "le fichier n'existe pas" in error) == (1, True)
    assert not (settings.census_dir / "enquete").exists()


def test_texts_are_kept_beside_the_questionnaire_alone(run: Run, tmp_path: Path) -> None:
    export = made_survey.limesurvey(tmp_path / "export.csv", made(300))
    out = tmp_path / "textes.csv"
    code, said, _ = run("texts", str(export), "--out", str(out))
    assert (code, "elle ne voit pas tout" in said) == (0, True)
    out.write_text(out.read_text(encoding="utf-8-sig").replace(";non;Trop loin", ";oui;Trop loin"))
    code, _, error = run("load-texts", str(out))
    assert code == 1
    assert "aucun questionnaire n'est chargé" in error
    run("load", str(export), "--marks", str(marked(export, tmp_path / "m.xlsx", ASKED)))
    code, said, _ = run("load-texts", str(out))
    assert (code, "1 texte gardé" in said) == (0, True)


def test_a_questionnaire_is_read_by_planners_until_it_is_public(
    run: Run, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = [["Familles <script>alert(1)</script>", "CC", "", "", "volontaires", "non"]]
    export = made_survey.limesurvey(tmp_path / "export.csv", made(400))
    run(
        "load",
        str(export),
        "--marks",
        str(marked(export, tmp_path / "m.xlsx", ASKED, facts=hostile)),
    )
    shown = read(opened(settings, "habitants", monkeypatch))
    assert "Aucun questionnaire n'est chargé" in shown
    assert "Familles" not in shown
    with at_the_machine():
        app = opened(settings, "habitants", monkeypatch)
    shown = read(app)
    assert "Ce qui manque" in shown
    assert "<script>" not in "".join(str(b.proto.body) for b in app.get("html"))
    public = [[*FACTS[0]]]
    marks = marked(export, tmp_path / "p.xlsx", ASKED, facts=public)
    run("load", str(export), "--marks", str(marks))
    app = opened(settings, "habitants", monkeypatch)
    shown = read(app)
    assert "Satisfaction" in shown
    assert "Petite enfance" in [h.value for h in app.header]
    # Beside the answers of a theme stands what the figures say of it.
    assert "manque" in shown.lower()


def test_marks_in_csv_are_read_with_the_files_of_their_other_sheets(
    run: Run, tmp_path: Path
) -> None:
    export = made_survey.limesurvey(tmp_path / "e.csv", made(200))
    marked(export, tmp_path / "m.csv", {"Vous êtes": {"role": "sexe"}, "Êtes-vous": {}})
    for given in ("m.csv", "m_questions.csv"):
        status, out, _ = run("check", str(export), "--marks", str(tmp_path / given))
        assert status == 0, out
        assert "2 questions gardées" in out


def test_what_was_loaded_by_mistake_is_erased_at_once(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    export = made_survey.limesurvey(tmp_path / "e.csv", made(200))
    for name, asked in (("right", {"Êtes-vous": {}}), ("wrong", {"Vous êtes": {"role": "sexe"}})):
        marks = marked(export, tmp_path / f"{name}.xlsx", asked)
        assert run("load", str(export), "--marks", str(marks))[0] == 0
    run("undo")
    folder = settings.census_dir / "enquete"
    assert "Une femme" in everything_kept(folder)
    assert "--yes" in run("forget")[1]
    assert "Une femme" in everything_kept(folder)
    run("forget", "--yes")
    kept = everything_kept(folder)
    assert "Une femme" not in kept
    assert "Plutôt" in kept  # what is in place stays
