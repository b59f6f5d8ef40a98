"""A questionnaire as it may be told: its sample, its answers, what people wrote and was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.french.numbers import plural, short_number
from observatory.french.vocabulary import YES_NO
from observatory.survey.known_services import KnownService, known_services
from observatory.survey.marked_answers import MarkedSurvey
from observatory.survey.representativeness import Representativeness, representativeness
from observatory.survey.survey_marks import WEIGHED
from observatory.survey.survey_tables import (
    AnswerLine,
    CommuneTable,
    QuestionTable,
    commune_tables,
    question_table,
    weighted_step_pct,
)

VOLUNTEERS = "volontaires"
NO_MARGIN_OF_ERROR = (
    "Qui voulait répondre a répondu : une marge d'erreur n'aurait pas de sens, et ces parts ne "
    "sont pas celles de toute la population."
)
DRAWN_AT_RANDOM = (
    "Des personnes tirées au sort ont répondu : ces parts approchent celles de la population, à "
    "une marge d'erreur près."
)


@dataclass(frozen=True)
class ToldSurvey:
    """What the pages, the command and the documents show of a questionnaire.

    Attributes
    ----------
    tables : tuple of QuestionTable
        One per question that is an answer, in the order of the questionnaire.
    communes : tuple of CommuneTable
        Of the questions that can be told by commune.
    texts : tuple of tuple
        Question and text, as a planner read and kept them.
    """

    survey: MarkedSurvey
    sample: Representativeness
    tables: tuple[QuestionTable, ...]
    communes: tuple[CommuneTable, ...]
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The questionnaire's title."""
        return self.survey.facts.get("titre", "")

    @property
    def known(self) -> list[KnownService]:
        """The services that people were asked whether they know or use."""
        return known_services(self.tables)

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it; else planners alone."""
        return self.survey.facts.get("public") == YES_NO[True]

    def themed(self) -> dict[str, list[QuestionTable]]:
        """Tables by theme, in the order in which themes come; without theme last, under ""."""
        found: dict[str, list[QuestionTable]] = {}
        for table in sorted(self.tables, key=lambda t: not t.question.theme):
            found.setdefault(table.question.theme, []).append(table)
        return found


def told_survey(survey: MarkedSurvey, texts: Sequence[tuple[str, str]] = ()) -> ToldSurvey:
    """Work out what may be told of a questionnaire."""
    sample = representativeness(survey.questions, survey.answers, survey.margins)
    weights = sample.weighing.weights if sample.weighing else None
    asked = [q for q in survey.questions if q.role not in WEIGHED]
    where = next((q for q in survey.questions if q.role == "commune"), None)
    return ToldSurvey(
        survey,
        sample,
        tuple(question_table(q, survey.answers, weights) for q in asked),
        tuple(
            table
            for q in asked
            for table in (commune_tables(q, where, survey.answers) if where else ())
        ),
        tuple(texts),
    )


def sample_sentences(told: ToldSurvey) -> list[str]:
    """How many answered, how, and what the weights are worth."""
    survey, weighing = told.survey, told.sample.weighing
    sentences = [
        f"{plural(survey.received, 'réponse reçue', 'réponses reçues')}, dont "
        f"{plural(survey.complete, 'complète')}, qui seules comptent.",
        NO_MARGIN_OF_ERROR if survey.facts.get("mode") == VOLUNTEERS else DRAWN_AT_RANDOM,
    ]
    if weighing is None:
        sentences.append(f"Parts non redressées : {told.sample.why}.")
        return sentences
    trimmed = (
        f" ; {plural(weighing.trimmed, 'poids borné', 'poids bornés')}" if weighing.trimmed else ""
    )
    step = weighted_step_pct(weighing.weights)
    if step is None:
        sentences.append(
            "Parts non redressées : si peu de réponses, de poids si différents, diraient qui a "
            "répondu quoi."
        )
        return sentences
    sentences.append(
        f"Parts redressées sur les marges, à {step} % près, à côté des parts brutes : elles valent "
        f"celles de {short_number(round(weighing.effective_size))} réponses de même poids "
        f"(effet de plan {short_number(round(weighing.design_effect, 2))}{trimmed})."
    )
    return [*sentences, *told.sample.notes]


def top_answers(told: ToldSurvey, theme: str = "") -> list[tuple[str, str, str]]:
    """Question, answer given most, its share in words; questions of a theme first.

    Parameters
    ----------
    theme : str
        Of this theme alone; of all of them without.
    """
    return [
        (table.question.label, first.option, in_per_cent(first))
        for name, tables in told.themed().items()
        if theme in ("", name)
        for table in tables
        for first in table.lines[:1]
    ]


def in_per_cent(line: AnswerLine) -> str:
    """The share of an answer as it is read: weighted where there are weights."""
    return per_cent(line.raw if line.weighted is None else line.weighted)


def per_cent(share: float) -> str:
    """A share from 0 to 1, as « 42 % »: what a sample tells is not known any closer."""
    return f"{short_number(round(100 * share))} %"
