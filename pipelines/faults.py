"""Where a CSV stops being one: the first faulty line, and why, in French."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from observatory.errors import SourceError
from observatory.french import numbers

MEND_LINE = "Corriger cette ligne ou la supprimer, ou retirer le fichier du dossier."
MEND_ENCODING = "L'ouvrir dans un tableur et l'enregistrer en CSV (UTF-8)."
LONGEST_CELL = 2_000_000


class _UnreadableTextError(Exception):
    """A line that the encoding cannot read."""


def fault_of(path: Path, name: str, delimiter: str, encoding: str) -> SourceError:
    """What to say of a CSV that could not be read: its first faulty line, the cause, the mend."""
    line, what, mend = 0, "", MEND_LINE
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open("rb") as file:
            lines = _Lines(file, encoding)
            table = csv.reader(lines, delimiter=delimiter, strict=True)
            width = read = 0  # `read`: the last line of the rows that are whole
            try:
                for cells in table:
                    width = width or len(cells)
                    if cells and len(cells) != width:
                        cells_said = numbers.quantity(len(cells), "cellule", "cellules")
                        line, what = table.line_num, f"{cells_said} au lieu de {width}"
                        break
                    read = table.line_num
            except _UnreadableTextError:
                line, mend = lines.number, MEND_ENCODING
                what = f"un caractère ne se lit pas en {encoding.upper()}"
            except csv.Error:
                line, what = read + 1, "un guillemet est de trop, ou n'est pas refermé"
    except OSError:
        mend = "Vérifier les droits sur le fichier."
    cause = f" : {what}" if what else ""
    return SourceError(
        f"le fichier n'a pas pu être lu jusqu'au bout{cause}",
        where=f"{name}, ligne {line}" if line else name,
        mend=mend,
    )


class _Lines:
    """The lines of a file as text, and the number of the last one."""

    def __init__(self, file: Iterator[bytes], encoding: str) -> None:
        self._file, self._encoding, self.number = file, encoding, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.number += 1
            try:
                yield line.decode("utf-8-sig" if self.number == 1 else self._encoding)
            except UnicodeDecodeError as error:
                raise _UnreadableTextError from error
