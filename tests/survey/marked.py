"""Marks filled in as a planner does, for the tests of the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from observatory.survey.survey_export import read_export
from observatory.survey.survey_marks import marks_contract, proposed_marks
from observatory.workbook.results import Rows
from observatory.workbook.template import write_files

ASKED = {
    "Vous êtes": {"role": "sexe"},
    "Dans quelle commune": {"role": "commune"},
    "Êtes-vous": {"intitule": "Satisfaction", "theme": "Petite enfance"},
    "Que manque": {"intitule": "Ce qui manque", "theme": "Petite enfance"},
}
"""What a planner asks of the made-up questionnaire: two questions, by sex and commune."""
FACTS = [
    ["Questionnaire aux familles", "Communauté de communes", "2022-03-01", "", "volontaires", "oui"]
]


def marked(
    export: Path,
    out: Path,
    kept: Mapping[str, Mapping[str, str]],
    *,
    classes: Mapping[tuple[str, str], str] | None = None,
    margins: Rows | None = None,
    facts: Rows | None = None,
) -> Path:
    """Write marks that keep some questions.

    Parameters
    ----------
    kept : mapping
        Columns of the sheet to fill, by beginning of the question's heading.
    classes : mapping, optional
        What an answer becomes, by beginning of the heading and the answer; itself by default.
    """
    rows = proposed_marks(read_export(export))
    stored = marks_contract().sheet("questions").stored
    headings = {row[0]: row[1] for row in rows["questions"]}
    for row in rows["questions"]:
        for beginning, values in kept.items():
            if row[1].startswith(beginning):
                row[stored.index("garder")] = "oui"
                for name, value in values.items():
                    row[stored.index(name)] = value
    for row in rows["reponses"]:
        for (beginning, answer), becomes in (classes or {}).items():
            if headings[row[0]].startswith(beginning) and row[1] == answer:
                row[2] = becomes
    rows["marges"], rows["enquete"] = margins or [], FACTS if facts is None else facts
    write_files(marks_contract(), out, rows)
    return out
