"""The forms of other tools: how a table of one is recognised, and what is proposed of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import Field

from observatory.french.numbers import agreed
from observatory.french.spelling import plain
from observatory.knowledge.entry import KnowledgeEntry
from observatory.plan.plan_rows import plan_contract
from observatory.workbook.headings import SEARCHED, texts_of
from observatory.workbook.raw import Line, RawTable
from observatory.workbook.results import Rows

MOST_LINES = 10
"""Lines of the file that one note names."""
PATH = Path(__file__).with_name("foreign_forms.toml")


class ForeignForm(KnowledgeEntry):
    """How the headings of another tool are read; see ``foreign_forms.toml``."""

    label: str
    needed: tuple[str, ...]
    persons: tuple[str, ...]
    untold: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    added: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    numbered: Mapping[str, str] = Field(default_factory=dict)


@dataclass
class ProposedPlan:
    """Rows proposed by sheet, in the form of the store, and what must be known of them.

    Attributes
    ----------
    form : str
        What the file was taken for, in words.
    notes : list of str
        What was left out, split or guessed, in the order of the file.
    guessed : mapping
        Lines of the file by what was guessed or left out of them, and how to mend it.
    """

    form: str
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    guessed: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def guess(self, line: int, what: str, mend: str) -> None:
        """Note what was made of a line of the file, and how to mend it."""
        self.guessed.setdefault((what, mend), []).append(line)

    def tell_guesses(self) -> None:
        """Turn what was guessed into notes, each with its lines."""
        for (what, mend), lines in self.guessed.items():
            told = ", ".join(map(str, lines[:MOST_LINES]))
            more = f" et {len(lines) - MOST_LINES} autres" if len(lines) > MOST_LINES else ""
            noun = agreed(len(lines), "ligne")
            self.notes.append(f"{what} ({noun} {told}{more}). {mend}")

    def add(self, sheet: str, **values: str) -> None:
        """Propose a row of a sheet; the same one is proposed once."""
        rows = self.tables.setdefault(sheet, [])
        if values not in rows:
            rows.append(values)

    def rows(self) -> dict[str, Rows]:
        """The rows as the workbook takes them."""
        return {
            name: [[row.get(c, "") for c in plan_contract().sheet(name).stored] for row in rows]
            for name, rows in self.tables.items()
        }


@cache
def foreign_forms() -> Mapping[str, ForeignForm]:
    """The forms that are recognised, by id."""
    entries = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {i: ForeignForm.model_validate(entry) for i, entry in entries.items()}


def headed(raw: RawTable) -> tuple[ForeignForm, list[str], Iterator[Line]] | None:
    """The form of a table, its headings, and the lines that follow them."""
    for _, line in zip(range(SEARCHED), raw.lines, strict=False):
        headings = texts_of(line.cells)
        words = [plain(h) for h in headings]
        for form in foreign_forms().values():
            if all(any(re.fullmatch(p, w) for w in words) for p in form.needed):
                return form, headings, raw.lines
    return None
