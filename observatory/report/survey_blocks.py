"""What residents answered, in the documents of the committee."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.french.numbers import short_number
from observatory.report.document import Block, bullets, heading, note, paragraph, table
from observatory.report.slides import Slide
from observatory.survey.survey_tables import QuestionTable
from observatory.survey.survey_told import ToldSurvey, per_cent, sample_sentences, top_answers

TITLE = "Parole des habitants"
ON_A_SLIDE = 5
"""Questions on the slide: those of a theme first."""


def survey_slide(told: ToldSurvey | None) -> Slide | None:
    """The answer given most to each question; None without a questionnaire."""
    asked = top_answers(told) if told else []
    if told is None or not asked:
        return None
    rows = asked[:ON_A_SLIDE]
    more = len(asked) - len(rows)
    rest = f" {short_number(more)} autres questions sont dans le schéma." if more > 1 else ""
    return Slide(
        f"{TITLE} : {short_number(told.survey.complete)} réponses complètes",
        f"{told.title}. La réponse la plus donnée à chaque question.",
        (table(TITLE, ["Question", "Réponse la plus donnée", "Part"], rows, words=2,
               widths=[2.4, 2.0, 0.8]),),
        f"{' '.join(sample_sentences(told))}{rest}",
    )  # fmt: skip


def survey_blocks(told: ToldSurvey | None) -> Iterator[Block]:
    """The questionnaire, theme by theme; nothing without any."""
    if told is None:
        return
    yield heading(2, TITLE)
    yield paragraph(f"{told.title} ({told.survey.facts.get('organisme', '')}).")
    for sentence in sample_sentences(told):
        yield note(sentence)
    for theme, tables in told.themed().items():
        for one in tables:
            if one.lines:
                yield _table(theme, one)
    if told.texts:
        yield paragraph("Ce qui a été écrit, relu avant d'être gardé :")
        yield bullets(f"« {text} »" for _, text in told.texts)


def _table(theme: str, one: QuestionTable) -> Block:
    weighted = one.lines[0].weighted is not None
    caption = f"{theme} : {one.question.label}" if theme else one.question.label
    return table(
        caption,
        ["Réponse", "Nombre", "Part brute", *(["Part redressée"] if weighted else [])],
        [
            [
                line.option,
                short_number(line.answers),
                per_cent(line.raw),
                *([] if line.weighted is None else [per_cent(line.weighted)]),
            ]
            for line in one.lines
        ],
    )
