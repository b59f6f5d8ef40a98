"""The questionnaire as kept: beside the census, a generation per load; never the export itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from observatory.french.vocabulary import YES_NO
from observatory.stores.generation import StoreError, understood
from observatory.stores.store import Store
from observatory.survey.marked_answers import KeptQuestion, MarkedSurvey

FOLDER = "enquete"
FACTS, QUESTIONS, ANSWERS, MARGINS, TEXTS = (
    "enquete.csv", "questions.csv", "reponses.csv", "marges.csv", "textes.csv",
)  # fmt: skip
HEADINGS: Mapping[str, tuple[str, ...]] = {
    FACTS: ("fait", "valeur"),
    QUESTIONS: (
        "numero", "intitule", "role", "plusieurs", "theme", "service", "justification",
    ),
    ANSWERS: ("reponse", "question", "option"),
    MARGINS: ("marge", "classe", "population", "source"),
    TEXTS: ("question", "texte"),
}  # fmt: skip


ONE_SURVEY = ("titre", "organisme", "premier_jour", "dernier_jour", "recues")
"""What two loads of one questionnaire have in common: the texts kept stay then."""


def survey_store(census_dir: Path) -> Store:
    """The store of the questionnaire, beside that of the census."""
    return Store(census_dir / FOLDER)


def read(census_dir: Path) -> MarkedSurvey | None:
    """The questionnaire in place; None when nothing was loaded.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    state, files = survey_store(census_dir).read()
    if FACTS not in files:
        return None
    mend = "Charger à nouveau l'export (observatory survey load)."
    with understood("le questionnaire en place est illisible", state.folder or census_dir, mend):
        return _read_back(files)


def load(census_dir: Path, survey: MarkedSurvey, who: str = "", why: str = "") -> bool:
    """Put a marked questionnaire in the place of the one there; whether anything changed.

    Raises
    ------
    StoreError
        When a problem stands: nothing of it is kept then.
    """
    if survey.problems:
        raise StoreError(
            "le questionnaire n'est pas prêt", mend="Corriger les marques, puis recommencer."
        )
    with survey_store(census_dir).writing() as writing:
        before = writing.state
        contents = {**files_of(survey), **_texts_that_stay(survey, writing.files)}
        return writing.commit("load", contents, who, why) != before


def keep_texts(
    census_dir: Path, texts: Sequence[tuple[str, str]], who: str = "", why: str = ""
) -> bool:
    """Keep texts that a person has read, beside the questionnaire; whether anything changed."""
    with survey_store(census_dir).writing() as writing:
        if FACTS not in writing.files:
            raise StoreError(
                "aucun questionnaire n'est chargé",
                mend="Charger l'export d'abord (observatory survey load).",
            )
        before = writing.state
        others = {n: c for n, c in writing.files.items() if n != TEXTS}
        contents = {**others, TEXTS: _table(TEXTS, sorted(texts))}
        return writing.commit("load", contents, who, why) != before


def texts_kept(census_dir: Path) -> list[tuple[str, str]]:
    """The texts that were read and kept: question and text, in alphabetical order."""
    _, files = survey_store(census_dir).read()
    return [(r[0], r[1]) for r in _rows(TEXTS, files)] if TEXTS in files else []


def files_of(survey: MarkedSurvey) -> dict[str, bytes]:
    """The files that keep a questionnaire, by name."""
    facts = {
        **survey.facts,
        "recues": str(survey.received),
        "completes": str(survey.complete),
    }
    questions = [
        (q.number, q.label, q.role, YES_NO[q.multiple], q.theme, q.service, q.justification)
        for q in survey.questions
    ]
    answers = [
        (str(n), number, option)
        for n, answer in enumerate(survey.answers, 1)
        for number, options in answer.items()
        for option in options
    ]
    margins = [(role, name, repr(people), source) for role, name, people, source in survey.margins]
    return {
        FACTS: _table(FACTS, facts.items()),
        QUESTIONS: _table(QUESTIONS, questions),
        ANSWERS: _table(ANSWERS, answers),
        MARGINS: _table(MARGINS, margins),
    }


def _texts_that_stay(survey: MarkedSurvey, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The texts kept, when it is the same questionnaire that is loaded again, with its answers."""
    if TEXTS not in files or FACTS not in files:
        return {}
    former = {r[0]: r[1] for r in _rows(FACTS, files)}
    told = {**survey.facts, "recues": str(survey.received)}
    same = all(former.get(fact) == told.get(fact, "") for fact in ONE_SURVEY)
    return {TEXTS: files[TEXTS]} if same else {}


def _read_back(files: Mapping[str, bytes]) -> MarkedSurvey:
    """The questionnaire that files keep.

    Raises
    ------
    ValueError
        When a file is not what its name says.
    """
    facts = {row[0]: row[1] for row in _rows(FACTS, files)}
    survey = MarkedSurvey(
        received=int(facts.pop("recues", "0")), complete=int(facts.pop("completes", "0"))
    )
    survey.facts = facts
    survey.questions = [
        KeptQuestion(r[0], r[1], r[2], r[3] == YES_NO[True], r[4], r[5], r[6])
        for r in _rows(QUESTIONS, files)
    ]
    survey.answers = [{} for _ in range(survey.complete)]
    for answer, question, option in _rows(ANSWERS, files):
        one = survey.answers[int(answer) - 1]
        one[question] = (*one.get(question, ()), option)
    survey.margins = [(r[0], r[1], float(r[2]), r[3]) for r in _rows(MARGINS, files)]
    return survey


def _table(name: str, rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(HEADINGS[name])
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _rows(name: str, files: Mapping[str, bytes]) -> list[list[str]]:
    """The rows of a file.

    Raises
    ------
    ValueError
        When it has not the headings of its name, or a row has not its width.
    """
    if name not in files:
        raise ValueError(name)
    rows = list(csv.reader(io.StringIO(files[name].decode("utf-8"), newline=""), delimiter=";"))
    width = len(HEADINGS[name])
    if not rows or tuple(rows[0]) != HEADINGS[name] or any(len(r) != width for r in rows):
        raise ValueError(name)
    return rows[1:]
