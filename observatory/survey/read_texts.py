"""Free texts: written out to be read by a person, and kept only as that person leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from observatory.french.spreadsheet import Cell
from observatory.french.vocabulary import YES_NO
from observatory.survey.survey_export import SurveyExport
from observatory.survey.survey_questions import questions_of
from observatory.survey.telling_words import asks_health, looks_named, tells_person
from observatory.workbook import readers
from observatory.workbook.checking import Across, check_workbook
from observatory.workbook.contract import Contract, Refusal, Sheet, SheetRow, column, sheet_of
from observatory.workbook.problems import refused
from observatory.workbook.readers import TEXT, Required, Text
from observatory.workbook.results import Checked, CheckedTable, Rows

SIGNALLED = "à relire : une personne peut y être reconnue"
LOOKS_NAMED = "à relire : des mots ressemblent au nom d'une personne"
OF_HEALTH = "à relire : il est question de santé ou de handicap"


def read_over(cell: Cell, info: ValidationInfo) -> str:
    """A text that names nobody and gives no way to reach anyone."""
    found = readers.required(cell, info)
    if tells_person(found):
        raise refused(
            "ce texte donne une adresse, un téléphone ou un nom",
            "L'ôter du texte, ou écrire « non » et vider la cellule.",
            private=True,
        )
    return found


ReadOver = Annotated[str, PlainValidator(read_over)]
Kept = Annotated[bool, PlainValidator(readers.yes)]


class FreeText(SheetRow):
    """One text, and whether it is kept."""

    question: Required = column("Question", "Ce qui était demandé.", TEXT, "Commentaire")
    garder: Kept = column(
        "Garder", "Rien n'est gardé sans « oui ».", "oui ou non", "oui", default=False,
        choices="yes",
    )  # fmt: skip
    texte: ReadOver = column(
        "Texte", "Tel qu'il sera montré : le corriger pour que personne n'y soit reconnu.", TEXT,
        "Plus de places le mercredi",
    )  # fmt: skip
    signale: Text = column(
        "Signalé", "Ce qu'une lecture automatique y a vu ; elle ne voit pas tout.", TEXT, "",
        default="",
    )  # fmt: skip


class _Everything:
    """Two people may write the same text: nothing is said twice here."""

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        return []


@cache
def texts_contract() -> Contract:
    """The contract of the texts to read."""
    return Contract(
        title="Textes libres à relire",
        of_it="des textes à relire",
        sheets=(sheet_of("textes", "Textes", FreeText, ("question", "texte")),),
        introduction=(
            "Chaque texte se relit : « oui » le garde, corrigé s'il le faut ; sans « oui », il est "
            "perdu.",
            "Ils sont dans l'ordre alphabétique : rien ne dit qui a écrit quoi.",
        ),
        lists={"yes": {word: word for word in YES_NO.values()}},
        widths={"question": 40, "texte": 90, "signale": 40},
        template_hint="Repartir du modèle : observatory survey texts EXPORT --out textes.xlsx.",
    )


def texts_to_read(export: SurveyExport) -> Rows:
    """The free texts of the complete answers, none of them kept, those to look at marked."""
    rows = {
        (q.heading, row[at])
        for q in questions_of(export)
        if q.kind in ("texte", "personnel") and "adresse" not in q.heading.lower()
        for row, whole in zip(export.rows, export.complete, strict=True)
        for at in q.columns
        if whole and row[at]
    }
    return [[question, YES_NO[False], text, _seen(text)] for question, text in sorted(rows)]


def _seen(text: str) -> str:
    """What a reading sees in a text, in words; empty when it sees nothing."""
    if tells_person(text):
        return SIGNALLED
    return LOOKS_NAMED if looks_named(text) else OF_HEALTH if asks_health(text) else ""


def to_read_again(texts: Sequence[tuple[str, str]]) -> list[str]:
    """Texts that are kept and in which a reading still sees a name, or somebody's health."""
    return [text for _, text in texts if _seen(text)]


def check_texts(files: Sequence[Path]) -> Checked:
    """Check texts that were read; nothing is written. Only those to keep are looked at.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    """

    def across_of(sheet: Sheet, done: Sequence[CheckedTable], complete: bool) -> Across:
        return _Everything()

    checked = check_workbook(texts_contract(), files, across_of=across_of, complete=False)
    at = texts_contract().sheets[0].stored.index("garder")
    for table in checked.tables:
        place = table.places.get("garder", -1)
        # A text that is not kept may say anything: it is not a fault.
        table.rejected = [
            r for r in table.rejected if 0 <= place < len(r.cells) and _said_yes(r.cells[place])
        ]
        table.accepted = [r for r in table.accepted if r[at] == YES_NO[True]]
        table.read = len(table.accepted) + len(table.rejected)
    return checked


def read_texts(checked: Checked) -> list[tuple[str, str]]:
    """Question and text of those that are kept."""
    stored = texts_contract().sheets[0].stored
    rows = (dict(zip(stored, row, strict=True)) for row in checked.rows("textes"))
    return [(r["question"], r["texte"]) for r in rows]


def _said_yes(cell: Cell) -> bool:
    return str(cell).strip().lower() in (YES_NO[True], "vrai", "x", "1", "true")
