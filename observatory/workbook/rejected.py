"""The rejected rows, written back as they stood with one more column that says why."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from observatory import disk
from observatory.french.csv import CsvCell, csv_file, text_cell
from observatory.french.spelling import plain
from observatory.french.spreadsheet import text_of
from observatory.workbook.cells import CONTROLS
from observatory.workbook.contract import TO_CORRECT
from observatory.workbook.headings import OVERFLOW
from observatory.workbook.problems import WorkbookError
from observatory.workbook.results import Checked, CheckedTable
from observatory.workbook.template import COPY

LONGEST = 32_000  # characters that a spreadsheet's cell can hold


def write_rejected(checked: Checked, folder: Path) -> list[Path]:
    """Write one file for each file that has rejected rows, ready to correct and load again.

    ``offre.csv`` gives ``offre_a_corriger.csv``; a file that is already there, perhaps being
    corrected, is never written over: ``offre_a_corriger_2.csv``.

    Raises
    ------
    WorkbookError
        When the folder cannot be written.
    """
    written = []
    for name, group in groupby(checked.tables, key=lambda t: t.file):
        tables = [t for t in group if t.rejected]
        if not tables:
            continue
        workbook = tables[0].where != name
        content = rejected_workbook(tables) if workbook else rejected_csv(tables[0])
        stem = re.sub(rf"(_{TO_CORRECT}(_\d+)?)?(\.\w+)?$", "", name)
        try:
            written.append(_write(folder, stem, ".xlsx" if workbook else ".csv", content))
        except OSError as error:
            hint = "Choisir un autre dossier avec --folder."
            raise WorkbookError(
                "les lignes mises de côté ne peuvent pas être écrites",
                where=str(folder),
                mend=hint,
            ) from error
    return written


def rejected_csv(table: CheckedTable) -> bytes:
    """The rows of one table as French CSV."""
    headings, *rows = _rows(table)
    return csv_file(headings, rows)


def rejected_workbook(tables: Iterable[CheckedTable], copy: str = "") -> bytes:
    """The rows of a workbook's tables, a sheet each, all as text; ``copy`` as in ``workbook``."""
    memory = io.BytesIO()
    book: Any = xlsxwriter.Workbook(memory, {"constant_memory": True})
    if copy:
        book.set_custom_property(COPY, copy)
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


def _rows(table: CheckedTable) -> Iterable[list[CsvCell]]:
    """Headings and cells as they stood, then why; a former reason is left out."""
    kept = [n for n, h in enumerate(table.headings) if plain(h) != plain(TO_CORRECT)]
    width = max((len(row.cells) for row in table.rejected), default=0)
    beyond = range(len(table.headings), width)
    yield [
        *(text_cell(table.headings[n]) for n in kept),
        *(
            text_cell(OVERFLOW if len(beyond) == 1 else f"{OVERFLOW}_{n}")
            for n, _ in enumerate(beyond, 1)
        ),
        text_cell(TO_CORRECT),
    ]
    for row in table.rejected:
        cells = [_text(c) for c in row.cells]
        cells += [text_cell("")] * (max(width, len(table.headings)) - len(cells))
        yield [*(cells[n] for n in (*kept, *beyond)), text_cell(row.why)]


def _text(cell: Any) -> CsvCell:
    return text_cell(CONTROLS.sub("", text_of(cell)))


def _write(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    n = 1
    while True:
        path = folder / f"{stem}_{TO_CORRECT}{f'_{n}' if n > 1 else ''}{suffix}"
        if not path.exists():
            disk.replace_file(path, content)
            return path
        if suffix == ".csv" and path.read_bytes() == content:
            return path
        n += 1
