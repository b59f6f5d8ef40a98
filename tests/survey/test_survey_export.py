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
    # What was written there may name somebody: the question is then refused as a whole.
    assert question.kind == "personnel"
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
