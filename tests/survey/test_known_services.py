"""Who knows and who uses a service, from the questions that ask it."""

from __future__ import annotations

from observatory.survey.known_services import KnownService, known_services
from observatory.survey.marked_answers import KeptQuestion
from observatory.survey.survey_tables import question_table

ONE = KeptQuestion("1", "Connaissez-vous le relais ?", "connait", False, service="rpe")
MANY = KeptQuestion("2", "Lesquels utilisez-vous ?", "utilise", True)


def test_a_question_counts_those_who_say_yes_and_a_choice_each_service_it_names() -> None:
    answers = [
        {"1": ("Oui, de nom" if n < 30 else "Oui, je m'en sers" if n < 50 else "Non",),
         "2": (("Crèche",) if n < 40 else ()) + (("RPE", "Autre chose") if n < 10 else ())}
        for n in range(100)
    ]  # fmt: skip
    tables = [question_table(question, answers) for question in (ONE, MANY)]
    # « Crèche » is all of them, PSU or not; « Autre chose » is no service.
    assert known_services(tables) == [
        KnownService("eaje", None, 0.4),
        KnownService("rpe", 0.5, 0.1),
    ]


def test_too_few_answers_say_nothing() -> None:
    answers = [{"1": ("Oui",)}] * 3 + [{"1": ("Non",)}] * 2
    assert known_services([question_table(ONE, answers)]) == []
