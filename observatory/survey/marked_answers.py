"""What is kept of an export: marked questions alone, by class, in an order that tells nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from observatory.french.numbers import plural
from observatory.french.spelling import in_full, plain
from observatory.survey.inhabitants import NOBODY, Inhabitants, Margin, margins_at_hand
from observatory.survey.survey_export import SurveyExport
from observatory.survey.survey_marks import (
    CROSSED,
    CROSSED_ROLES,
    ROLES,
    WEIGHED,
    marks_contract,
)
from observatory.survey.survey_questions import SurveyQuestion, questions_of, ticked
from observatory.workbook.problems import Problem, short
from observatory.workbook.results import Checked

FEWEST_OF_A_COMMUNE = 11
"""Answers below which a commune is not told apart, in what is kept as in what is shown."""
FEWEST = 5
"""Answers below which no cell is kept apart, nor shown."""
ELSEWHERE = "Autres communes"
AGES = ((18, "Moins de 18 ans"), (26, "18-25 ans"), (46, "26-45 ans"), (66, "46-65 ans"))
"""First age beyond each class of ages given in years, as questionnaires part them."""
OLDEST = "Plus de 65 ans"
OLDEST_AGE = 120


@dataclass(frozen=True)
class KeptQuestion:
    """A question that is kept, as the store has it."""

    number: str
    label: str
    role: str
    multiple: bool
    theme: str = ""
    service: str = ""
    justification: str = ""


@dataclass
class MarkedSurvey:
    """What an export leaves once it is marked.

    Attributes
    ----------
    facts : dict
        The questionnaire as a whole: ``titre``, ``organisme``, days, ``mode``.
    answers : list of mapping
        One per complete answer: the options kept of each question that was answered, by its
        number; sorted, so that their order is not that of the export.
    margins : list of tuple
        Role, class, population, source.
    received, complete : int
        Answers of the export, and those sent to their end, which alone are counted.
    problems : list of Problem
        What stops the load.
    notes : list of str
        What was coarsened, counted or left out.
    """

    facts: dict[str, str] = field(default_factory=dict)
    questions: list[KeptQuestion] = field(default_factory=list)
    answers: list[dict[str, tuple[str, ...]]] = field(default_factory=list)
    margins: list[tuple[str, str, float, str]] = field(default_factory=list)
    received: int = 0
    complete: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def marked_answers(
    export: SurveyExport,
    checked: Checked,
    communes: Mapping[str, str],
    living: Inhabitants = NOBODY,
) -> MarkedSurvey:
    """Keep of an export what the marks allow.

    Parameters
    ----------
    checked : Checked
        The marks, read against their contract; their own faults stop the load elsewhere.
    communes : mapping
        Name of each commune of the territory by INSEE code.
    living : Inhabitants
        Who lives there: gives the margins of ages and sexes that the marks leave out.
    """
    found = MarkedSurvey(received=len(export.rows), complete=sum(export.complete))
    questions = questions_of(export)
    by_number = {str(q.number): q for q in questions}
    places = {in_full(name): name for name in communes.values()} | dict(communes)
    classes = _classes(checked)
    rows = [row for row, whole in zip(export.rows, export.complete, strict=True) if whole]
    kept: list[tuple[KeptQuestion, list[tuple[str, ...]]]] = []
    for table in checked.tables:
        if table.sheet.name != "questions":
            continue
        for line, mark in zip(table.numbers, table.accepted, strict=True):
            said = dict(zip(table.sheet.stored, mark, strict=True))
            if said["garder"] != "oui":
                continue
            one = by_number.get(said["numero"])
            if refusal := _refusal(one, said, kept):
                where, (column, what, hint) = table.where, refusal
                found.problems.append(Problem(where, line, column, "", what, hint))
                continue
            assert one is not None
            question = KeptQuestion(
                said["numero"], said["intitule"] or one.heading, said["role"],
                one.kind == "choix_multiple", said["theme"], said["service"],
                said["justification"],
            )  # fmt: skip
            answers = [
                tuple(
                    dict.fromkeys(
                        c
                        for value in ticked(one, row, export.dialect.ticks)
                        if (c := _class_of(question, one, value, classes, places))
                    )
                )
                for row in rows
            ]
            if question.role == "commune" or _are_communes(answers, places):
                answers = _large_enough(answers, found)
            elif question.role in WEIGHED:
                found.problems += _small_classes(table.where, line, answers)
            kept.append((question, answers))
    found.questions = [question for question, _ in kept]
    found.answers = sorted(
        ({q.number: answers[n] for q, answers in kept if answers[n]} for n in range(len(rows))),
        key=lambda answer: sorted(answer.items()),
    )
    for table in checked.tables:
        if table.sheet.name == "enquete" and table.accepted:
            found.facts = dict(zip(table.sheet.stored, table.accepted[0], strict=True))
    if not found.facts:
        mend = "Remplir la feuille « Enquête » : titre, organisme, dates."
        found.problems.append(Problem("Enquête", 0, "", "", "la feuille est vide", mend))
    if not found.questions and all(p.where == "Enquête" for p in found.problems):
        mend = "Écrire « oui » dans la colonne « Garder » de la feuille « Questions »."
        found.problems.append(Problem("Questions", 0, "", "", "aucune n'est gardée", mend))
    found.margins = [(r[0], r[1], float(r[2]), r[3]) for r in checked.rows("marges")]
    found.margins += _left_out(found, living)
    found.notes += _told(export, questions, found)
    return found


def _left_out(found: MarkedSurvey, living: Inhabitants) -> list[Margin]:
    """The margins of ages and sexes that the marks do not give, as the census tells them."""
    given = {role for role, *_ in found.margins}
    groups = {
        question.role: sorted({c for a in found.answers for c in a.get(question.number, ())})
        for question in found.questions
        if question.role in CROSSED_ROLES and question.role not in given
    }
    at_hand = margins_at_hand(living, groups.get("age", ()), groups.get("sexe", ()))
    taken = [m for m in at_hand if m[0] in groups or m[0] == CROSSED]
    for role, words in (("age", "l'âge"), ("sexe", "le sexe")):
        if source := next((m[3] for m in taken if m[0] == role), ""):
            found.notes.append(f"{words} est comparé à la population : {source}")
    return taken


def _classes(checked: Checked) -> dict[tuple[str, str], str]:
    """What each answer becomes, by number of its question and itself, plainly written."""
    sheet = marks_contract().sheet("reponses")
    rows = (dict(zip(sheet.stored, row, strict=True)) for row in checked.rows("reponses"))
    return {(r["numero"], plain(r["reponse"])): r["devient"] for r in rows}


def _refusal(
    question: SurveyQuestion | None,
    said: Mapping[str, str],
    kept: Sequence[tuple[KeptQuestion, object]],
) -> tuple[str, str, str] | None:
    """Why a marked question cannot be kept: column, what, mend; None when it can."""
    if question is None or plain(question.heading) != plain(said["question"]):
        return (
            "question",
            f"l'export n'a pas la question {said['numero']}, {short(said['question'])}",
            "Refaire le modèle à partir de cet export.",
        )
    if question.kind == "technique":
        return "garder", "l'outil du questionnaire ajoute cette colonne de lui-même", "Écrire non."
    if question.kind == "personnel":
        return (
            "garder",
            "cette question dit qui a répondu, ou comment le joindre "
            f"({plural(question.tells_persons, 'cellule le montre', 'cellules le montrent')})",
            "Écrire non : elle ne peut pas être gardée.",
        )
    if question.kind == "vide":
        return "garder", "personne n'a répondu à cette question", "Écrire non."
    if question.kind == "texte" and said["role"] not in ("commune", "age"):
        return (
            "garder",
            "un texte libre ne se garde pas tel quel",
            "Écrire non, puis relire les textes : observatory survey texts.",
        )
    if question.health and not said["justification"]:
        return (
            "justification",
            "la question touche à la santé ou au handicap",
            "Dire pourquoi elle est nécessaire, ou écrire non.",
        )
    if said["role"] in WEIGHED:
        if question.kind == "choix_multiple":
            return "role", f"{ROLES[said['role']]} ne se coche pas plusieurs fois", "Corriger."
        if any(q.role == said["role"] for q, _ in kept):
            return (
                "role",
                f"une autre question dit déjà {ROLES[said['role']]}",
                "N'en garder qu'une.",
            )
    return None


def _class_of(
    question: KeptQuestion,
    asked: SurveyQuestion,
    value: str,
    classes: Mapping[tuple[str, str], str],
    places: Mapping[str, str],
) -> str:
    """What an answer becomes; empty when it is left out.

    Parameters
    ----------
    places : mapping
        Name of each commune of the territory, by its code and by its name in full.
    """
    if question.role == "commune":
        return places.get(value) or places.get(in_full(value), ELSEWHERE)
    told = classes.get((question.number, plain(value)))
    if question.role == "age" and value.isdigit() and told in (None, value):
        return _age_class(value)  # an age is never kept to the year
    if told is not None:
        return told
    # What nobody foresaw may say who wrote it: an answer comes under a class, or not at all.
    foreseen = any(number == question.number for number, _ in classes)
    return "" if foreseen or asked.kind == "texte" or value in asked.rare else value


def _age_class(value: str) -> str:
    """The class of an age in years; empty when it is none."""
    if int(value) > OLDEST_AGE:
        return ""
    return next((name for first, name in AGES if int(value) < first), OLDEST)


def _are_communes(answers: list[tuple[str, ...]], places: Mapping[str, str]) -> bool:
    """Whether most answers name a commune of the territory, whatever the question is marked as."""
    told = [c for answer in answers for c in answer]
    return 2 * sum(in_full(c) in places for c in told) > len(told)


def _large_enough(answers: list[tuple[str, ...]], found: MarkedSurvey) -> list[tuple[str, ...]]:
    """Communes with too few answers, made one with those of elsewhere."""
    counts = Counter(c for answer in answers for c in answer)
    few = {c for c, n in counts.items() if n < FEWEST_OF_A_COMMUNE and c != ELSEWHERE}
    # Those of elsewhere, too few by themselves, are joined by the smallest commune that is left.
    left = sorted((c for c in counts if c not in few and c != ELSEWHERE), key=lambda c: counts[c])
    while left and 0 < counts[ELSEWHERE] + sum(counts[c] for c in few) < FEWEST_OF_A_COMMUNE:
        few.add(left.pop(0))
    if few:
        told = plural(len(few), "commune a", "communes ont")
        found.notes.append(
            f"{told} moins de {FEWEST_OF_A_COMMUNE} réponses : gardées ensemble, « {ELSEWHERE} »"
        )
    return [tuple(ELSEWHERE if c in few else c for c in answer) for answer in answers]


def _small_classes(where: str, line: int, answers: list[tuple[str, ...]]) -> list[Problem]:
    """Classes of age or sex that hold one to four answers: they would tell who answered."""
    counts = Counter(c for answer in answers for c in answer)
    return [
        Problem(
            where,
            line,
            "role",
            "",
            f"la classe {short(name)} n'a que {plural(n, 'réponse')}",
            "La réunir à une autre, feuille « Réponses », colonne « Devient ».",
        )
        for name, n in counts.items()
        if n < FEWEST
    ]


def _told(
    export: SurveyExport, questions: Sequence[SurveyQuestion], found: MarkedSurvey
) -> list[str]:
    """What the planner must know of what was read and left."""
    notes = [f"lu comme {export.dialect.label}", *export.notes]
    unfinished = found.received - found.complete
    notes.append(
        f"{plural(found.received, 'réponse reçue', 'réponses reçues')}, "
        f"{plural(found.complete, 'complète')} ; "
        f"{plural(unfinished, 'inachevée, non comptée', 'inachevées, non comptées')}"
    )
    cells = sum(question.tells_persons for question in questions)
    notes.append(
        f"{plural(cells, 'cellule contient', 'cellules contiennent')} une adresse, un téléphone "
        "ou un nom précédé d'une civilité : rien n'en est gardé"
    )
    return notes
