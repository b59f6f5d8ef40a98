"""What is kept of a questionnaire holds nobody's identity, whatever the export held."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import made_survey
import pytest
from generated import at_every_run
from made_survey import made
from marked import marked
from test_survey_export import kept

from observatory.survey import survey_store
from observatory.survey.marked_answers import ELSEWHERE
from observatory.survey.read_texts import (
    SIGNALLED,
    check_texts,
    read_texts,
    texts_contract,
    texts_to_read,
    to_read_again,
)
from observatory.survey.survey_export import read_export
from observatory.survey.telling_words import looks_named, tells_person
from observatory.workbook.template import write_files

PLANTED = re.compile(r"exemple\.fr|06 ?00 ?00|\+33|Exemple|192\.0\.2|@", re.I)
ASKED = {
    "Vous êtes": {"role": "sexe"},
    "Quel est votre âge": {"role": "age"},
    "Dans quelle commune": {"role": "commune"},
    "Êtes-vous": {},
    "Que manque": {},
}


def everything_kept(folder: Path) -> str:
    return "\n".join(
        p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*")) if p.is_file()
    )


@pytest.mark.parametrize("many", at_every_run(1, [2_500, 10_000]))
def test_of_thousands_of_answers_nothing_planted_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], many: int
) -> None:
    answers = made(many)
    export = made_survey.limesurvey(tmp_path / "export.csv", answers)
    survey = kept(export, marked(export, tmp_path / "m.xlsx", ASKED))
    assert not survey.problems
    assert survey_store.load(tmp_path / "census", survey)
    stored = everything_kept(tmp_path / "census")
    assert not PLANTED.search(stored)
    assert "Trop loin" not in stored
    assert survey.complete == sum(a.done for a in answers)
    back = survey_store.read(tmp_path / "census")
    assert back is not None
    assert (back.answers, back.questions, back.margins) == (
        survey.answers,
        survey.questions,
        survey.margins,
    )
    # Recall is measured, not promised: what a reading of the texts sees of what was planted.
    planted = [a.text for a in answers if a.planted]
    seen = sum(tells_person(text) for text in planted)
    false = sum(tells_person(a.text) for a in answers if not a.planted)
    unseen = [text for text in made_survey.UNSEEN if not tells_person(text)]
    with capsys.disabled():
        print(f"\n  planted texts seen: {seen} of {len(planted)}; others taken for them: {false}")
        print(f"  of kinds that no rule sees, {len(unseen)} of {len(made_survey.UNSEEN)} unseen")
    assert seen >= 0.95 * len(planted)
    assert false == 0


def test_the_order_of_the_answers_is_not_that_of_the_export(tmp_path: Path) -> None:
    answers = made(300)
    one = made_survey.limesurvey(tmp_path / "one.csv", answers)
    other = made_survey.limesurvey(tmp_path / "other.csv", answers[::-1])
    stored = [
        survey_store.files_of(kept(e, marked(e, tmp_path / f"{e.stem}.xlsx", ASKED)))
        for e in (one, other)
    ]
    assert stored[0] == stored[1]


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ({"Commentaire": {}}, "dit qui a répondu"),
        ({"Adresse IP": {}}, "l'outil du questionnaire ajoute cette colonne"),
        ({"Que manque": {"role": "age"}}, "ne se coche pas plusieurs fois"),
        (
            {"Vous êtes": {"role": "sexe"}, "Êtes-vous": {"role": "sexe"}},
            "une autre question dit déjà",
        ),
        ({}, "aucune n'est gardée"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_its_place(
    tmp_path: Path, marks: dict[str, dict[str, str]], said: str
) -> None:
    export = made_survey.limesurvey(tmp_path / "e.csv", made(200))
    survey = kept(export, marked(export, tmp_path / "m.xlsx", marks))
    assert said in "\n".join(map(str, survey.problems))
    assert "Questions" in str(survey.problems[0])


def test_an_answer_on_health_needs_a_reason(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    rows = [f"{n},{'Oui' if n % 2 else 'Non'},{'Crèche' if n % 3 else 'Autre'}" for n in range(40)]
    head = "Horodateur,Votre enfant a-t-il un handicap,Mode d'accueil"
    export.write_text("\n".join([head, *rows]), encoding="utf-8")
    asked = {"Votre enfant": {}, "Mode": {}}
    survey = kept(export, marked(export, tmp_path / "m.xlsx", asked))
    assert [p.column for p in survey.problems] == ["justification"]
    asked = {"Votre enfant": {"justification": "Places adaptées à prévoir"}, "Mode": {}}
    assert not kept(export, marked(export, tmp_path / "n.xlsx", asked)).problems


def test_an_answer_of_health_needs_a_reason_whatever_the_question_says(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    why = ("Pas de place", "Mon enfant est en situation de handicap")
    rows = [f"{n},{why[n % 2]},{('TDAH', 'Aucun')[n % 2]}" for n in range(40)]
    head = "Horodateur,Pourquoi pas la crèche,Que faut-il savoir"
    export.write_text("\n".join([head, *rows]), encoding="utf-8")
    asked = {"Pourquoi": {}, "Que faut": {}}
    survey = kept(export, marked(export, tmp_path / "m.xlsx", asked))
    assert [p.column for p in survey.problems] == ["justification", "justification"]


def test_names_given_as_answers_are_refused_or_left_out(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    names = ("Martine Lefebvre", "Sylvie Caron", "Josiane Petit")
    modes = ("Crèche", "Relais Petite Enfance", "Les Petits Loups", "Sylvie Caron")
    rows = [f"{n},{names[n % 3]},{modes[n % 4]}" for n in range(60)]
    head = "Horodateur,Votre assistante maternelle,Mode d'accueil"
    export.write_text("\n".join([head, *rows]), encoding="utf-8")
    survey = kept(export, marked(export, tmp_path / "m.xlsx", {"Votre": {}, "Mode": {}}))
    assert [p.column for p in survey.problems] == ["garder"]
    assert {o for a in survey.answers for os in a.values() for o in os} == {
        "Crèche", "Relais Petite Enfance", "Les Petits Loups",
    }  # fmt: skip


def test_exact_ages_are_never_kept_to_the_year(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    rows = [f"{n},{20 + n % 20},Oui" for n in range(200)]
    export.write_text("\n".join(["Horodateur,Votre âge,Content", *rows]), encoding="utf-8")
    own = {("Votre", str(age)): str(age) for age in range(20, 40)}
    asked = {"Votre": {"role": "age"}}
    for classes in (None, own):
        survey = kept(export, marked(export, tmp_path / "m.xlsx", asked, classes=classes))
        ages = {o for a in survey.answers for os in a.values() for o in os}
        assert ages == {"18-25 ans", "26-45 ans"}


def test_communes_are_coarsened_whatever_the_question_is_marked_as(tmp_path: Path) -> None:
    export = made_survey.limesurvey(tmp_path / "e.csv", made(400))
    asked = {"Dans quelle commune": {"role": "reponse"}, "Êtes-vous": {}}
    survey = kept(export, marked(export, tmp_path / "m.xlsx", asked))
    where = next(q.number for q in survey.questions if q.label.startswith("Dans"))
    counts = [o for a in survey.answers for o in a.get(where, ())]
    assert min(counts.count(o) for o in set(counts)) >= 11


@pytest.mark.parametrize(
    "text",
    [
        "06/12/34/56/78", "0033 6 12 34 56 78", "+33 (0)6 12 34 56 78", "06 123 456 78",
        "612345678", "marie.exemple(at)courrier.fr", "reseau.com/marie.exemple", "@marie.exemple62",
        "12 rue des Lilas", "12 bis, avenue Foch", "M Exemple", "Melle Exemple", "mr exemple",
        "1 85 05 78 006 084 36", "FR76 3000 4000 0312 3456 7890 143",
        "2001:db8:85a3::8a2e:370:7334",
    ],
)  # fmt: skip
def test_a_way_to_reach_somebody_is_seen(text: str) -> None:
    assert tells_person(f"Voir {text} pour cela")


@pytest.mark.parametrize(
    "text",
    [
        "Trop loin", "12 places de crèche", "Le 01/03/2022 à 10h30 c'était fermé",
        "2 cours de danse",
        "Monsieur le maire devrait ouvrir une crèche", "Ouvert de 8h30 à 18:00", "1 place de plus",
        "La CAF aide le Relais Petite Enfance", "mettre 2 500 euros",
    ],
)  # fmt: skip
def test_what_tells_of_nobody_is_let_through(text: str) -> None:
    assert not tells_person(text)
    assert not looks_named(text)


def test_names_without_a_civility_are_shown_to_who_reads(tmp_path: Path) -> None:
    assert all(looks_named(f"voir {n}") for n in ("DUPONT Marie", "Sylvie Caron", "Léo MARTIN"))
    texts = [("Q", "voir Sylvie Caron"), ("Q", "mon fils est autiste"), ("Q", "Trop loin")]
    assert to_read_again(texts) == ["voir Sylvie Caron", "mon fils est autiste"]


def test_texts_leave_with_their_questionnaire(tmp_path: Path) -> None:
    census = tmp_path / "census"
    export = made_survey.limesurvey(tmp_path / "e.csv", made(300))
    survey = kept(export, marked(export, tmp_path / "m.xlsx", ASKED))
    survey_store.load(census, survey)
    survey_store.keep_texts(census, [("Q", "Trop loin")])
    survey_store.load(census, replace(survey, questions=survey.questions[:-1]))
    assert survey_store.texts_kept(census) == [("Q", "Trop loin")]  # marked again: the same one
    survey_store.load(census, replace(survey, received=survey.received + 1))
    assert survey_store.texts_kept(census) == []


def test_small_communes_are_one_and_small_classes_are_refused(tmp_path: Path) -> None:
    answers = made(400)
    export = made_survey.limesurvey(tmp_path / "e.csv", answers)
    survey = kept(export, marked(export, tmp_path / "m.xlsx", ASKED))
    where = next(q.number for q in survey.questions if q.role == "commune")
    counts: dict[str, int] = {}
    for answer in survey.answers:
        for commune in answer.get(where, ()):
            counts[commune] = counts.get(commune, 0) + 1
    assert min(counts.values()) >= 11
    assert ELSEWHERE in counts  # Echo, in one answer of a hundred
    few = made_survey.limesurvey(tmp_path / "few.csv", made(25))
    # As the template leaves them, classes of few count for nothing; kept, they are refused.
    own = {("Quel est", age): age for age in made_survey.AGES}
    assert not kept(few, marked(few, tmp_path / "left.xlsx", ASKED)).problems
    told = kept(few, marked(few, tmp_path / "few.xlsx", ASKED, classes=own)).problems
    assert any("n'a que" in str(p) for p in told)


def test_ages_in_years_are_kept_as_classes(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    rows = [f"{n},{18 + n % 60},Oui" for n in range(300)]
    export.write_text("\n".join(["Horodateur,Quel est votre âge,Content", *rows]), encoding="utf-8")
    survey = kept(export, marked(export, tmp_path / "m.xlsx", {"Quel est": {"role": "age"}}))
    ages = {o for a in survey.answers for os in a.values() for o in os}
    assert ages == {"18-25 ans", "26-45 ans", "46-65 ans", "Plus de 65 ans"}


def test_a_text_is_kept_only_once_read_and_only_when_it_names_nobody(tmp_path: Path) -> None:
    export = made_survey.limesurvey(tmp_path / "e.csv", made(300))
    rows = texts_to_read(read_export(export))
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert all((row[3] == SIGNALLED) == tells_person(row[2]) for row in rows)
    assert all(row[1] == "non" for row in rows)
    out = tmp_path / "t.xlsx"
    write_files(texts_contract(), out, {"textes": rows})
    assert read_texts(check_texts([out])) == []
    for row in rows:
        row[1] = "oui"
    write_files(texts_contract(), out, {"textes": rows})
    checked = check_texts([out])
    assert checked.rejected == sum(tells_person(row[2]) for row in rows) > 0
    assert {t for _, t in read_texts(checked)} == {"Trop loin", "Plus de places le mercredi"}
    assert not any(PLANTED.search(str(error)) for error in checked.errors)


def test_an_answer_that_few_gave_is_left_out_until_somebody_says_what_it_becomes(
    tmp_path: Path,
) -> None:
    export = tmp_path / "e.csv"
    rows = [f"{n},{'Crèche' if n % 2 else 'Relais'}" for n in range(60)]
    head = "Horodateur,Mode d'accueil"
    export.write_text("\n".join([head, *rows, "61,chez la voisine du 3"]), encoding="utf-8")
    asked = {"Mode": {}}
    survey = kept(export, marked(export, tmp_path / "m.xlsx", asked))
    assert survey_store.load(tmp_path / "census", survey)
    assert "voisine" not in everything_kept(tmp_path / "census")
    named = {("Mode", "chez la voisine du 3"): "Une voisine ou de la famille"}
    survey = kept(export, marked(export, tmp_path / "n.xlsx", asked, classes=named))
    assert any("Une voisine ou de la famille" in o for a in survey.answers for o in a.values())
