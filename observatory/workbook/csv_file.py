"""Reader of CSV files: encoding verified, separator detected from the headings.

When quotes are unbalanced, a record could swallow the rows that follow it: the file is then read
one physical line at a time, and the lines that do not stand alone are rejected. No line is lost.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import Line, RawTable

DELIMITERS = (";", ",", "\t", "|")
CHUNK = 1 << 20
MOST_LINES = 50  # physical lines of one record, beyond which a quote was left open
MOJIBAKE = re.compile("Ã[©¨ªà§´®¢ ¯«»¹‰€Ž”]|Â[ °«»]|â€™")
SAVE_AS = "L'enregistrer depuis le tableur au format « CSV UTF-8 »."
OPEN_QUOTE = 'un guillemet (") ouvre une cellule et ne se ferme pas', "Le supprimer ou le doubler."
TOO_LONG = "une cellule est démesurée", "La raccourcir."


def read_csv(path: Path, name: str, score: Callable[[list[str]], int]) -> RawTable:
    """Open a CSV file.

    Parameters
    ----------
    score : callable
        How much a list of cells looks like headings; it chooses the separator.

    Raises
    ------
    WorkbookError
        When the text is neither UTF-8 nor Windows-1252.
    """
    encoding, notes = _encoding(path, name)
    first = _first_lines(path, encoding)
    scores = {
        d: max((score(line.rstrip("\r\n").split(d)) for line in first), default=0)
        for d in DELIMITERS
    }
    delimiter = max(scores, key=lambda d: scores[d])
    if _balanced(path, encoding, delimiter):
        return RawTable(name, name, _records(path, encoding, delimiter), notes)
    notes.append("des guillemets ne se ferment pas : le fichier est lu ligne par ligne")
    return RawTable(name, name, _lines(path, encoding, delimiter), notes)


def _encoding(path: Path, name: str) -> tuple[str, list[str]]:
    """The encoding that the whole file obeys, and what to say of it."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise WorkbookError("le texte est en UTF-16", where=name, mend=SAVE_AS)
    wrong = _first_wrong_line(path, "utf-8")
    if wrong is None:
        return "utf-8-sig", []
    other = _first_wrong_line(path, "cp1252")
    if other is not None:
        raise WorkbookError(
            f"le texte n'est ni en UTF-8 (ligne {wrong}) ni en Windows-1252 (ligne {other})",
            where=name,
            mend=SAVE_AS,
        )
    line = _mojibake(path)
    if line or start.startswith(codecs.BOM_UTF8):
        raise WorkbookError(
            f"le texte mêle deux encodages, UTF-8 et un autre (ligne {wrong})",
            where=name,
            mend=SAVE_AS,
        )
    return "cp1252", ["texte lu en Windows-1252 : vérifier les accents"]


def _first_wrong_line(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _mojibake(path: Path) -> bool:
    """Whether text read as Windows-1252 holds the traces of UTF-8."""
    with path.open(encoding="cp1252", newline="") as file:
        while chunk := file.read(CHUNK):
            if MOJIBAKE.search(chunk):
                return True
    return False


def _first_lines(path: Path, encoding: str, count: int = 10) -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        lines = (file.readline(CHUNK) for _ in range(count))
        return [line.replace('"', "") for line in lines if line]


def _balanced(path: Path, encoding: str, delimiter: str) -> bool:
    """Whether every quote that opens a cell closes it before the rows that follow."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        width = before = 0
        try:
            for cells in reader:
                width = max(width, len(cells)) if reader.line_num <= 10 else width
                spanned, before = reader.line_num - before, reader.line_num
                if spanned > MOST_LINES or (
                    spanned > 1 and any(c.count(delimiter) >= max(width - 1, 1) for c in cells)
                ):
                    return False
        except csv.Error:
            return False
    return True


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[Line]:
    with path.open(encoding=encoding, newline="") as file:
        for number, cells in enumerate(csv.reader(file, delimiter=delimiter, strict=True), 1):
            yield Line(number, list(cells))


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Line]:
    with path.open(encoding=encoding, newline="") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\r\n")
            try:
                cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
                yield Line(number, list(cells))
            except csv.Error as error:
                why = TOO_LONG if "field limit" in str(error) else OPEN_QUOTE
                yield Line(number, list(line.split(delimiter)), why)
