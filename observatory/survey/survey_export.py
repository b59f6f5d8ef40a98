"""The export of a questionnaire as its tool wrote it: read once, never kept."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from observatory.french.numbers import plural
from observatory.french.spelling import plain
from observatory.french.spreadsheet import text_of
from observatory.knowledge.entry import KnowledgeEntry
from observatory.workbook.contract import Contract
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import FileLimits, RawTable, is_blank
from observatory.workbook.reading import read_raw

PATH = Path(__file__).with_name("survey_dialects.toml")
SEARCHED = 10  # first lines among which headings are looked for
FEWEST_HEADINGS = 2
YES = frozenset({"oui", "yes", "y", "1", "vrai", "true", "o", "x"})
"""What says yes in a cell."""


class SurveyDialect(KnowledgeEntry):
    """How the export of one tool is read; see ``survey_dialects.toml``."""

    label: str
    needed: tuple[str, ...]
    technical: tuple[str, ...]
    complete: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    option: str = ""
    ticks: str = ""

    def is_technical(self, heading: str) -> bool:
        """Whether a column was added by the tool itself."""
        return any(re.fullmatch(pattern, plain(heading)) for pattern in self.technical)


@dataclass(frozen=True)
class SurveyExport:
    """One export, whole.

    Attributes
    ----------
    headings : list of str
        As written; one that comes again bears its turn: « Commentaire », « Commentaire (2) ».
    rows : list of list of str
        One per answer, complete or not, as text, as wide as the headings.
    complete : list of bool
        By answer, whether it was sent to its end.
    notes : list of str
        What to say of how the file was read.
    """

    dialect: SurveyDialect
    headings: list[str]
    rows: list[list[str]]
    complete: list[bool]
    notes: list[str] = field(default_factory=list)


EXPORTS = Contract(
    title="Réponses à un questionnaire",
    of_it="d'un export de questionnaire",
    sheets=(),
    template_hint="Donner l'export du questionnaire, en .csv ou .xlsx.",
    size_hint="L'exporter sans les champs de texte libre.",
)
"""In what words a file that is no export is refused."""


@cache
def dialects() -> Mapping[str, SurveyDialect]:
    """The exports that are recognised, by id, in the order in which they are tried."""
    entries = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {name: SurveyDialect.model_validate(entry) for name, entry in entries.items()}


def read_export(path: Path, limits: FileLimits | None = None) -> SurveyExport:
    """Read the export of a questionnaire, whichever tool wrote it.

    Raises
    ------
    WorkbookError
        When the file cannot be read, or holds no table with answers.
    """
    limits = limits or FileLimits()
    for raw in read_raw(EXPORTS, path, limits, path.name, likely=True):
        if found := _export_of(raw, limits):
            return found
    raise WorkbookError(
        "aucune réponse n'est trouvée sous une ligne d'intitulés",
        where=path.name,
        mend=EXPORTS.template_hint,
    )


def _export_of(raw: RawTable, limits: FileLimits) -> SurveyExport | None:
    """The export that a table is; None when it has no line of headings or no answer."""
    lines = [line for line in raw.lines if not is_blank(line.cells)]
    if len(lines) > limits.max_rows:
        raise WorkbookError(
            f"l'export a plus de {plural(limits.max_rows, 'ligne')}",
            where=raw.where,
            mend="Le découper en plusieurs fichiers.",
        )
    told = [[text_of(c).strip() for c in line.cells] for line in lines[:SEARCHED]]
    found = [(n, d) for n, texts in enumerate(told) if (d := _dialect_of(texts))]
    # A line that a tool wrote, wherever it is; else the first one that may hold headings.
    found.sort(key=lambda one: not one[1].needed)
    for n, dialect in found[:1]:
        if _is_a_form(told[n]):
            raise WorkbookError(
                "c'est le fichier des marques, non celui des réponses",
                where=raw.where,
                mend=EXPORTS.template_hint,
            )
        if len(lines) == n + 1:
            continue
        headings = _told_apart(_under(told[:n], told[n]) if dialect.needed else told[n])
        notes = list(raw.notes)
        rows = []
        for one in lines[n + 1 :]:
            cells = [text_of(c).strip() for c in one.cells]
            if len(cells) > len(headings) and any(cells[len(headings) :]):
                notes.append(f"ligne {one.number} : plus de cellules que d'intitulés, mise de côté")
                continue
            if one.broken:
                notes.append(f"ligne {one.number} : {one.broken[0]}, mise de côté")
                continue
            rows.append((cells + [""] * len(headings))[: len(headings)])
        at = [i for i, h in enumerate(headings) if _is_one(h, dialect.complete)]
        drafts = [i for i, h in enumerate(headings) if _is_one(h, dialect.draft)]
        complete = [
            all(row[i] for i in at[:1]) and not any(plain(row[i]) in YES for i in drafts)
            for row in rows
        ]
        return SurveyExport(dialect, headings, rows, complete, notes)
    return None


def _under(above: Sequence[Sequence[str]], texts: Sequence[str]) -> list[str]:
    """Headings with the titles of the line above: the question over its options.

    A title stands over its first column alone; those after it that have a heading are its options.
    """
    if not above:
        return list(texts)
    found, title = [], ""
    for n, own in enumerate(texts):
        over = above[-1][n] if n < len(above[-1]) else ""
        title = over or title
        found.append(f"{title} [{own}]" if title and own else title or own)
    return found


def _is_a_form(headings: Sequence[str]) -> bool:
    """Whether headings are those of the marks, written by the observatory itself."""
    return {"garder", "question"} <= {plain(h) for h in headings}


def _dialect_of(headings: Sequence[str]) -> SurveyDialect | None:
    """The dialect of a line of headings; None when the line is no such line."""
    words = {plain(h) for h in headings if h}
    if len(words) < FEWEST_HEADINGS:
        return None
    return next(d for d in dialects().values() if words.issuperset(d.needed))


def _is_one(heading: str, patterns: Sequence[str]) -> bool:
    return any(re.fullmatch(p, plain(heading)) for p in patterns)


def _told_apart(headings: Sequence[str]) -> list[str]:
    """Headings of which no two are the same; one that is empty is « Colonne 7 »."""
    met: Counter[str] = Counter()
    told = []
    for n, heading in enumerate(headings, 1):
        name = " ".join(heading.split()) or f"Colonne {n}"
        met[name] += 1
        told.append(name if met[name] == 1 else f"{name} ({met[name]})")
    return told
