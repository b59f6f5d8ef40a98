"""The exports of several tools say the same answers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import made_survey
import pytest
from made_survey import MadeAnswer, made
from marked import marked

from observatory.settings import ROOT
from observatory.survey.marked_answers import MarkedSurvey, marked_answers
from observatory.survey.survey_export import read_export
from observatory.survey.survey_marks import marks_contract
from observatory.survey.survey_questions import questions_of, ticked
from observatory.workbook.checking import check_workbook
from observatory.workbook.problems import WorkbookError

ORACLE = ROOT.parent / "shared" / "oracles" / "survey" / "limesurvey_fr.csv"
TOOLS: dict[str, tuple[Callable[[Path, Sequence[MadeAnswer]], Path], str, str, str]] = {
    "LimeSurvey, intitulés entiers": (made_survey.limesurvey, "Êtes", "Que manque", "Dans quelle"),
    "LimeSurvey, codes des questions": (made_survey.codes, "satisfait", "manque", "commune"),
    "Google Forms": (made_survey.google, "Satisfait", "Que manque", "Votre commune"),
    "KoboToolbox": (made_survey.kobo, "satisfait", "manque", "commune"),
}
CODES = {f"SQ{n:03d}": name for n, name in enumerate(made_survey.SERVICES)}
PLACES = {f"9900{n}": name for n, name in enumerate(made_survey.COMMUNES)}


def kept(export: Path, marks: Path) -> MarkedSurvey:
    checked = check_workbook(marks_contract(), [marks], complete=False)
    assert not checked.rejected, [str(e) for e in checked.errors]
    return marked_answers(read_export(export), checked, PLACES)


@pytest.mark.parametrize("label", TOOLS)
def test_every_tool_gives_the_same_complete_answers(tmp_path: Path, label: str) -> None:
    write, satisfied, lacking, commune = TOOLS[label]
    answers = made(200)
    export = write(tmp_path / "export.csv", answers)
    read = read_export(export)
    assert read.dialect.label == label
    done = [a for a in answers if a.done]
    assert sum(read.complete) == len(done)
    marks = marked(
        export, tmp_path / "m.xlsx",
        {satisfied: {"intitule": "S"}, lacking: {"intitule": "L"}, commune: {"role": "commune"}},
    )  # fmt: skip
    survey = kept(export, marks)
    assert not survey.problems
    by_label = {q.label: q.number for q in survey.questions}
    found = Counter(
        (*a.get(by_label["S"], ()), frozenset(CODES.get(o, o) for o in a.get(by_label["L"], ())))
        for a in survey.answers
    )
    assert found == Counter((a.satisfied, frozenset(a.lacking)) for a in done)


def test_headings_that_come_again_are_told_apart_and_texts_are_not_repeated(
    tmp_path: Path,
) -> None:
    read = read_export(made_survey.limesurvey(tmp_path / "e.csv", made(60)))
    assert read.headings[-2:] == ["Commentaire", "Commentaire (2)"]
    questions = {q.heading: q for q in questions_of(read)}
    assert questions["Commentaire"].kind == "personnel"
    assert questions["Commentaire"].options == ()
    assert questions["Adresse IP"].kind == "technique"
    assert questions["Que manque-t-il ?"].options == made_survey.SERVICES


def test_an_other_option_counts_for_what_was_written_and_hides_it(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    lines = ["ID de la réponse;Date de soumission;Manque [Crèche];Manque [Autre]"]
    lines += ["1;01/03/2022;Oui;", "2;01/03/2022;Non;Chez Mme Exemple", "3;01/03/2022;Non;N"]
    export.write_text("\n".join(lines), encoding="utf-8")
    read = read_export(export)
    question = next(q for q in questions_of(read) if q.heading == "Manque")
    # What was written there names somebody: it counts as « Autre », and is nowhere repeated.
    assert question.kind == "choix_multiple"
    assert [ticked(question, row) for row in read.rows] == [["Crèche"], ["Autre"], []]
    assert "Exemple" not in str(question)
    export.write_text("\n".join([*lines[:2], "2;01/03/2022;Non;Transport"]), encoding="utf-8")
    read = read_export(export)
    question = next(q for q in questions_of(read) if q.heading == "Manque")
    assert [ticked(question, row) for row in read.rows] == [["Crèche"], ["Autre"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "le fichier est vide"),
        (b"%PDF-1.7 ...", "le fichier est un PDF"),
        (b"Une seule colonne\n1\n", "aucune réponse"),
        ("ID de la réponse;Date de soumission;Q\n".encode(), "aucune réponse"),
    ],
)
def test_what_is_no_export_ends_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=said):
        read_export(path)


def test_the_layout_of_limesurvey_in_french_is_read_whole() -> None:
    if not ORACLE.exists():
        required = os.environ.get("OBSERVATORY_REQUIRE_MIRROR") == "1"
        (pytest.fail if required else pytest.skip)("no made-up answers in LimeSurvey's layout")
    read = read_export(ORACLE)
    assert (len(read.rows), sum(read.complete)) == (412, 379)
    kinds = {q.heading: q.kind for q in questions_of(read)}
    assert kinds["Si oui, votre adresse électronique"] == "personnel"
    assert kinds["Commentaire"] == "personnel"
    assert kinds["Commentaire (2)"] == "vide"
    assert kinds["Quels services vous manquent ?"] == "choix_multiple"
    communes = next(q for q in questions_of(read) if q.heading.startswith("Dans quelle commune"))
    assert len(communes.options) == 12


def test_a_draft_of_framaforms_is_not_complete_and_its_hours_are_no_question(
    tmp_path: Path,
) -> None:
    head = (
        "Numéro de série;SID;Heure de soumission;Heure de finalisation;Brouillon;Adresse IP;Utile"
    )
    lines = [
        f"{n};{100 + n};05/01/2026;{'05/01/2026' if n % 2 else ''};{1 - n % 2};1.2.3.4;Oui"
        for n in range(10)
    ]
    read = read_export(written(tmp_path, head, lines))
    assert read.dialect.label == "Framaforms"
    assert sum(read.complete) == 5
    assert [q.heading for q in questions_of(read) if q.kind != "technique"] == ["Utile"]
    assert sum(q.tells_persons for q in questions_of(read)) == 0  # the tool's own addresses


def test_headings_over_three_lines_are_the_question_and_its_options(tmp_path: Path) -> None:
    head = "Détails de la soumission;;;;\n;;Utile ?;Services;\nSID;Heure de soumission;;Crèche;ALSH"
    lines = [f"{n};05/01/2026;{'Oui' if n % 3 else 'Non'};X;" for n in range(12)]
    read = read_export(written(tmp_path, head, lines))
    assert read.headings[2:] == ["Utile ?", "Services [Crèche]", "Services [ALSH]"]
    assert len(read.rows) == 12
    kinds = {q.heading: q.kind for q in questions_of(read)}
    assert (kinds["Utile ?"], kinds["Services"]) == ("choix", "choix_multiple")


def test_an_option_that_holds_a_comma_is_one_option(tmp_path: Path) -> None:
    ticked_lists = (
        '"Crèche, micro-crèche, Centre de loisirs (mercredi, vacances)"',
        '"Crèche, micro-crèche"', '"Relais, Centre de loisirs (mercredi, vacances)"', '"Relais"',
    )  # fmt: skip
    lines = [f"2026/01/05,{ticked_lists[n % 4]}" for n in range(40)]
    read = read_export(written(tmp_path, "Horodateur,Modes", lines))
    question = next(q for q in questions_of(read) if q.heading == "Modes")
    assert set(question.options) == {
        "Crèche, micro-crèche", "Centre de loisirs (mercredi, vacances)", "Relais",
    }  # fmt: skip
    first = ticked(question, read.rows[0], read.dialect.ticks)
    assert first == ["Crèche, micro-crèche", "Centre de loisirs (mercredi, vacances)"]


def test_questions_that_a_group_or_an_array_puts_together_are_questions(tmp_path: Path) -> None:
    head = "start,menage/sexe,menage/commune,manque/creche,manque/relais,_uuid,_submission_time"
    lines = [f"x,{'FM'[n % 2]},Alpha,{n % 2},1,u{n},2026-01-05" for n in range(20)]
    kinds = {q.heading: q.kind for q in questions_of(read_export(written(tmp_path, head, lines)))}
    assert (kinds["menage/sexe"], kinds["menage/commune"]) == ("choix", "choix")
    assert kinds["manque"] == "choix_multiple"
    head = "ID de la réponse;Date de soumission;Avis [Crèche];Avis [ALSH];Classez [Rang 1]"
    lines = [f"{n};01/03/2022;{'Bien' if n % 2 else 'Mal'};Bien;Crèche" for n in range(20)]
    kinds = {q.heading: q.kind for q in questions_of(read_export(written(tmp_path, head, lines)))}
    assert {kinds[k] for k in ("Avis [Crèche]", "Avis [ALSH]", "Classez [Rang 1]")} == {"choix"}


def test_the_marks_are_not_taken_for_answers(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="le fichier des marques"):
        read_export(written(tmp_path, "N°;Question;Genre;Garder", ["1;Q;choix;oui"]))


def written(folder: Path, head: str, lines: list[str]) -> Path:
    path = folder / "written.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path
