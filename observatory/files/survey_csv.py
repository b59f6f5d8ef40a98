"""What residents answered, as a file for a French spreadsheet."""

from __future__ import annotations

from observatory.french.csv import csv_file, number_cell, text_cell
from observatory.survey.survey_told import ToldSurvey, sample_sentences

HEADINGS = (
    "question", "theme", "service", "commune", "reponse", "nombre", "part_brute_pct",
    "part_redressee_pct", "enquete", "precisions",
)  # fmt: skip


def survey_csv(told: ToldSurvey) -> bytes:
    """One row per question × answer, then one per question × commune × answer.

    The first row says who answered and how; no cell is smaller than what the pages show.
    """
    notes = " ".join(sample_sentences(told))
    rows = [
        [
            text_cell(table.question.label),
            text_cell(table.question.theme),
            text_cell(table.question.service),
            text_cell(""),
            text_cell(line.option),
            number_cell(line.answers, 0),
            number_cell(100 * line.raw, 1),
            number_cell(None if line.weighted is None else 100 * line.weighted, 1),
        ]
        for table in told.tables
        for line in table.lines
    ] + [
        [
            text_cell(table.question.label),
            text_cell(table.question.theme),
            text_cell(table.question.service),
            text_cell(group),
            text_cell(option),
            number_cell(count, 0),
            number_cell(100 * count / sum(counts), 1),
            number_cell(None, 1),
        ]
        for table in told.communes
        for group, counts in zip(table.groups, table.counts, strict=True)
        for option, count in zip(table.options, counts, strict=True)
    ]
    return csv_file(
        HEADINGS,
        ([*row, text_cell("" if n else told.title), text_cell("" if n else notes)]
         for n, row in enumerate(rows)),
    )  # fmt: skip
