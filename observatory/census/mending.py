"""Files of rejected rows, as they were read, with one more column for the reasons."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from observatory.census.headings import OVERFLOW
from observatory.census.problems import CensusError
from observatory.census.results import Checked, CheckedTable
from observatory.census.sheets import TO_MEND
from observatory.census.values import CONTROLS
from observatory.french.spelling import plain
from observatory.french.spreadsheet import BOM, safe_text, text_of

LONGEST = 32_000  # characters that a spreadsheet's cell can hold


def write_set_aside(checked: Checked, folder: Path) -> list[Path]:
    """Write one file for each file that has rows set aside, ready to correct and load again.

    ``offre.csv`` gives ``offre_a_corriger.csv``; a file that is already there, perhaps being
    corrected, is never written over: ``offre_a_corriger_2.csv``.

    Raises
    ------
    CensusError
        When the folder cannot be written.
    """
    written = []
    for name, group in groupby(checked.tables, key=lambda t: t.file):
        tables = [t for t in group if t.set_aside]
        if not tables:
            continue
        workbook = tables[0].where != name
        content = set_aside_workbook(tables) if workbook else set_aside_csv(tables[0])
        stem = re.sub(rf"(_{TO_MEND}(_\d+)?)?(\.\w+)?$", "", name)
        try:
            written.append(_write(folder, stem, ".xlsx" if workbook else ".csv", content))
        except OSError as error:
            mend = "Choisir un autre dossier avec --folder."
            raise CensusError(
                "les lignes mises de côté ne peuvent pas être écrites",
                where=str(folder),
                mend=mend,
            ) from error
    return written


def set_aside_csv(table: CheckedTable) -> bytes:
    """The rows of one table as CSV: UTF-8 with BOM, ``;``."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(_rows(table))
    return (BOM + text.getvalue()).encode("utf-8", "replace")


def set_aside_workbook(tables: Iterable[CheckedTable]) -> bytes:
    """The rows of a workbook's tables, a sheet each, all as text."""
    memory = io.BytesIO()
    book: Any = xlsxwriter.Workbook(memory, {"constant_memory": True})
    as_text = book.add_format({"num_format": "@"})
    titles: dict[str, int] = {}
    for table in tables:
        count = titles[table.sheet.title] = titles.get(table.sheet.title, 0) + 1
        title = table.sheet.title if count == 1 else f"{table.sheet.title} {count}"
        page = book.add_worksheet(title)
        for line, cells in enumerate(_rows(table)):
            for n, cell in enumerate(cells):
                if cell:
                    page.write_string(line, n, cell[:LONGEST], as_text)
    book.close()
    return memory.getvalue()


def _rows(table: CheckedTable) -> Iterable[list[str]]:
    """Headings and cells as they stood, then why; a former reason is left out."""
    kept = [n for n, h in enumerate(table.headings) if plain(h) != plain(TO_MEND)]
    width = max((len(row.cells) for row in table.set_aside), default=0)
    beyond = range(len(table.headings), width)
    yield [
        *(safe_text(table.headings[n]) for n in kept),
        *(OVERFLOW if len(beyond) == 1 else f"{OVERFLOW}_{n}" for n, _ in enumerate(beyond, 1)),
        TO_MEND,
    ]
    for row in table.set_aside:
        cells = [_text(c) for c in row.cells] + [""] * (width - len(row.cells))
        padded = cells + [""] * (len(table.headings) - len(cells))
        yield [*(padded[n] for n in (*kept, *beyond)), safe_text(row.why)]


def _text(cell: Any) -> str:
    return safe_text(CONTROLS.sub("", text_of(cell)))


def _write(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    n = 1
    while True:
        path = folder / f"{stem}_{TO_MEND}{f'_{n}' if n > 1 else ''}{suffix}"
        if not path.exists():
            path.write_bytes(content)
            return path
        if suffix == ".csv" and path.read_bytes() == content:
            return path
        n += 1
