"""What a planner marks of an export before anything is kept: the allow-list, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell
from observatory.french.vocabulary import YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.survey.inhabitants import NOBODY, Inhabitants, margins_at_hand
from observatory.survey.survey_export import SurveyExport
from observatory.survey.survey_questions import SurveyQuestion, questions_of
from observatory.workbook import readers
from observatory.workbook.cells import clean, read_word
from observatory.workbook.contract import Contract, SheetRow, column, sheet_of
from observatory.workbook.problems import refused
from observatory.workbook.readers import DATE, TEXT, Required, Text
from observatory.workbook.results import Rows

KNOWS, USES = "connait", "utilise"
"""Roles of the questions that ask who knows a service, who uses it."""
ROLES = {
    "reponse": "une réponse à compter",
    KNOWS: "qui connaît le service",
    USES: "qui utilise le service",
    "age": "l'âge de qui répond",
    "sexe": "le sexe de qui répond",
    "commune": "la commune de qui répond",
}
WEIGHED = ("age", "sexe", "commune")
"""Roles by which a sample is set beside those who live in the territory."""
CROSSED, CROSSED_ROLES = "age_sexe", ("age", "sexe")
"""A margin that no planner types: ages by sex, when the census tells both."""
ROLES_TOLD = {**ROLES, CROSSED: "l'âge et le sexe de qui répond"}
HINTS = (
    ("commune", ("commune", "habitez vous", "lieu de residence")),
    ("age", ("quel est votre age", "votre age", "quel age avez vous", "tranche d age")),
    ("sexe", ("vous etes", "sexe", "genre", "civilite")),
)
"""Words of a heading that propose a role; nobody's age but that of who answers."""


def question_number(cell: Cell, info: ValidationInfo) -> str:
    """The number of a question, as the template wrote it."""
    found = readers.number(cell, info)
    if found is None or found != int(found) or found < 1:
        raise refused("ce n'est pas le numéro d'une question", "Recopier celui du modèle.")
    return str(int(found))


def role(cell: Cell, info: ValidationInfo) -> str:
    """What an answer is for."""
    return read_word(clean(cell), ROLES, "un rôle") if clean(cell) else "reponse"


def themes() -> dict[str, str]:
    """The themes of the nomenclature, each by its own label."""
    return {s.theme: s.theme for s in nomenclature().services.values()}


def theme(cell: Cell, info: ValidationInfo) -> str:
    """A theme of the nomenclature, or nothing."""
    value = clean(cell)
    return read_word(value, themes(), "un thème") if value else ""


def service(cell: Cell, info: ValidationInfo) -> str:
    """A service of the nomenclature, or nothing."""
    value = clean(cell)
    labels = {i: s.label for i, s in nomenclature().services.items()}
    return read_word(value, labels, "un service de la nomenclature") if value else ""


def weighed(cell: Cell, info: ValidationInfo) -> str:
    """What a margin is of: an age, a sex or a commune."""
    roles = {r: ROLES[r] for r in WEIGHED}
    return read_word(clean(cell), roles, "une marge")


def people(cell: Cell, info: ValidationInfo) -> float:
    """How many people a class of a margin holds."""
    found = readers.number(cell, info)
    if not found:
        raise refused("la population manque", "Écrire celle du recensement, ou ôter la ligne.")
    return found


Number = Annotated[str, PlainValidator(question_number)]
Role = Annotated[str, PlainValidator(role)]
ThemeId = Annotated[str, PlainValidator(theme)]
Service = Annotated[str, PlainValidator(service)]
Weighed = Annotated[str, PlainValidator(weighed)]
People = Annotated[float, PlainValidator(people)]
Kept = Annotated[bool, PlainValidator(readers.yes)]


MODES = {
    "volontaires": "ouvert à qui voulait répondre",
    "tirage": "proposé à des personnes tirées au sort",
}


def mode(cell: Cell, info: ValidationInfo) -> str:
    """How those who answered were found."""
    return read_word(clean(cell), MODES, "un mode") if clean(cell) else "volontaires"


Mode = Annotated[str, PlainValidator(mode)]
Day = Annotated[date | None, PlainValidator(readers.day)]


class SurveyFacts(SheetRow):
    """The questionnaire as a whole: one row."""

    titre: Required = column(
        "Titre", "Ce que les pages écriront.", TEXT, "Questionnaire aux familles, printemps 2022"
    )
    organisme: Required = column(
        "Organisme", "Qui l'a mené, jamais une personne.", TEXT, "Communauté de communes"
    )
    premier_jour: Day = column("Du", "Premier jour des réponses.", DATE, "2022-03-01", default=None)
    dernier_jour: Day = column("Au", "Dernier jour des réponses.", DATE, "2022-05-31", default=None)
    mode: Mode = column(
        "Mode", "Comment on y a répondu.", "L'un des modes de la liste", "volontaires",
        default="volontaires", choices="mode",
    )  # fmt: skip

    public: Kept = column(
        "Public", "Montré à tous ; sans « oui », aux seuls planificateurs.", "oui ou non", "non",
        default=False, choices="yes",
    )  # fmt: skip


class MarkedQuestion(SheetRow):
    """Whether a question is kept, and as what."""

    numero: Number = column("N°", "Son rang dans l'export.", "Celui du modèle", "9")
    question: Required = column(
        "Question", "Son intitulé dans l'export : il doit y être tel quel.", "Celui du modèle",
        "Quel est votre âge ?",
    )  # fmt: skip
    genre: Text = column(
        "Genre", "Ce que l'export en montre ; sert à lire, ne se corrige pas.", TEXT, "choix",
        default="",
    )  # fmt: skip
    garder: Kept = column(
        "Garder", "Rien n'est gardé d'une question sans « oui ».", "oui ou non", "oui",
        default=False, choices="yes",
    )  # fmt: skip
    role: Role = column(
        "Rôle",
        "À quoi sert la réponse. Qui connaît ou utilise un service se lit à côté de son offre : "
        "nommer ce service, ou laisser vide quand les cases à cocher en nomment plusieurs.",
        "L'un des rôles de la liste", "age", default="reponse",
        choices="role",
    )  # fmt: skip
    intitule: Text = column(
        "Intitulé court", "Ce que les pages écriront ; l'intitulé de l'export à défaut.", TEXT,
        "Services qui manquent", default="",
    )  # fmt: skip
    theme: ThemeId = column(
        "Thème", "Le thème dont l'écart se lit à côté.", "L'un des thèmes de la liste, ou vide",
        "Petite enfance", default="", choices="theme",
    )  # fmt: skip
    service: Service = column(
        "Service", "Le service dont l'offre se lit à côté.",
        "L'un des services de la liste, ou vide", "laep", default="", choices="service",
    )  # fmt: skip
    justification: Text = column(
        "Justification",
        "Pourquoi une réponse sur la santé ou le handicap est nécessaire ; sans elle, elle est "
        "refusée.", TEXT, "", default="",
    )  # fmt: skip


class AnswerClass(SheetRow):
    """What an answer becomes: itself, a wider class, or nothing."""

    numero: Number = column("N°", "La question.", "Celui du modèle", "9")
    reponse: Required = column("Réponse", "Telle qu'elle est dans l'export.", TEXT, "26-45 ans")
    devient: Text = column(
        "Devient",
        "La classe sous laquelle elle est gardée ; vide : elle ne compte pas. Une réponse que peu "
        "de personnes ont donnée est vide d'abord : elle a pu être écrite, et dire qui l'a écrite.",
        TEXT,
        "26-45 ans",
        default="",
    )


class Margin(SheetRow):
    """How many people a class holds in the territory."""

    marge: Weighed = column(
        "Marge", "L'âge, le sexe ou la commune.", "L'une des marges de la liste", "age",
        choices="weighed",
    )  # fmt: skip
    classe: Required = column("Classe", "Comme dans « Devient ».", TEXT, "26-45 ans")
    population: People = column(
        "Population", "Personnes de cette classe dans le territoire.", "Un nombre", "8214"
    )
    source: Required = column(
        "Source", "D'où vient ce nombre, et son année.", TEXT, "Insee, recensement 2022"
    )


@cache
def marks_contract() -> Contract:
    """The contract of the marks."""
    names = nomenclature()
    return Contract(
        title="Ce qui est gardé d'un questionnaire",
        of_it="des marques d'un questionnaire",
        sheets=(
            sheet_of("enquete", "Enquête", SurveyFacts, ("titre",)),
            sheet_of("questions", "Questions", MarkedQuestion, ("numero",)),
            sheet_of("reponses", "Réponses", AnswerClass, ("numero", "reponse")),
            sheet_of("marges", "Marges", Margin, ("marge", "classe")),
        ),
        introduction=(
            "Seules les questions marquées « oui » entrent dans l'observatoire ; l'export n'est "
            "jamais gardé.",
            "L'âge et la commune se gardent par classes. Les textes libres, les adresses, les "
            "téléphones et ce que l'outil ajoute de lui-même ne se gardent pas.",
            "La feuille « Marges » dit qui habite le territoire. Sans ligne pour l'âge ou pour le "
            "sexe, le recensement de la version en service les donne, quand il les dit.",
        ),
        lists={
            "yes": {word: word for word in YES_NO.values()},
            "mode": MODES,
            "role": ROLES,
            "weighed": {r: ROLES[r] for r in WEIGHED},
            "theme": themes(),
            "service": {i: s.label for i, s in names.services.items()},
        },
        widths={"question": 60, "reponse": 40, "devient": 30, "intitule": 34, "source": 34},
        template_hint="Repartir du modèle : observatory survey template EXPORT --out marques.xlsx.",
    )


def with_their_own(files: Sequence[Path]) -> list[Path]:
    """The files of marks, and beside one in CSV those of its other sheets, as the template wrote.

    ``marques.csv`` goes with ``marques_questions.csv``, ``marques_reponses.csv``… and each of those
    with the others.
    """
    found = dict.fromkeys(files)
    sheets = [sheet.name for sheet in marks_contract().sheets]
    for path in files:
        if path.suffix.lower() == ".csv":
            stem, _, sheet = path.stem.rpartition("_")
            first = path.with_name(f"{stem}.csv") if sheet in sheets else path
            every = [first, *(first.with_name(f"{first.stem}_{name}.csv") for name in sheets)]
            found |= dict.fromkeys(one for one in every if one.exists())
    return list(found)


def proposed_marks(export: SurveyExport, living: Inhabitants = NOBODY) -> dict[str, Rows]:
    """The marks to fill in: every question of an export, none of them kept.

    Parameters
    ----------
    living : Inhabitants
        Who lives in the territory: each commune becomes a margin.
    """
    questions = questions_of(export)
    rows: dict[str, Rows] = {"questions": [], "reponses": [], "marges": []}
    for one in questions:
        proposed = _proposed_role(one)
        rows["questions"].append(
            [
                str(one.number),
                one.heading,
                one.kind,
                YES_NO[False],
                proposed,
                "",
                "",
                "",
                "",
            ]
        )
        exact = _proposed_role(one) == "age" and all(o.isdigit() for o in one.options)
        if (
            one.kind in ("choix", "choix_multiple")
            and _proposed_role(one) != "commune"
            and not exact
        ):
            rows["reponses"] += [
                [str(one.number), option, "" if option in one.rare else option]
                for option in one.options
            ]
    rows["marges"] = [
        [role, name, f"{people:.0f}", source]
        for role, name, people, source in margins_at_hand(living)
    ]
    return rows


def _proposed_role(question: SurveyQuestion) -> str:
    words = plain(question.heading)
    if question.kind in ("choix", "texte"):
        for name, hints in HINTS:
            if any(hint in words for hint in hints):
                return name
    return "reponse"
