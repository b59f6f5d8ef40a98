"""A file opened whoever wrote it: what it is, by its content, and the tables it holds."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

from observatory.workbook.contract import Contract
from observatory.workbook.csv_file import read_csv
from observatory.workbook.geojson_file import read_geojson
from observatory.workbook.headings import Table, find_headings, score
from observatory.workbook.problems import Problem, WorkbookError
from observatory.workbook.raw import MEGABYTE, FileLimits, RawTable
from observatory.workbook.xlsx_file import protected, read_xlsx

Kind = Literal["workbook", "geojson", "text"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
KINDS = "Donner un fichier .xlsx, .ods, .csv ou .geojson."


def read_tables(
    contract: Contract, path: Path, limits: FileLimits | None = None, name: str = ""
) -> tuple[list[Table], list[Problem]]:
    """Open a file and find its tables; their rows are read as they are asked for.

    Parameters
    ----------
    name : str
        What messages call the file; its own name by default.

    Returns
    -------
    tuple
        Tables of the contract, and warnings on what was left out.

    Raises
    ------
    WorkbookError
        When the file as a whole cannot be one of the contract's, with every reason at once.
    """
    limits, name = limits or FileLimits(), name or path.name
    raws = read_raw(contract, path, limits, name)
    tables, problems = [], []
    for raw in raws:
        table, found = find_headings(contract, raw, limits)
        problems += found
        if table:
            tables.append(table)
    fatal = [str(p) for p in problems if not p.warning]
    if fatal:
        how = [f"{raw.where} : {note}." for raw in raws for note in raw.notes]
        raise WorkbookError("\n".join([*fatal, *how]))
    if not tables:
        raise WorkbookError(
            f"aucune feuille {contract.of_it}", where=name, mend=contract.template_hint
        )
    return tables, problems


def read_raw(
    contract: Contract, path: Path, limits: FileLimits, name: str, *, likely: bool = False
) -> list[RawTable]:
    """Open a file: its tables as they stand, their headings not yet looked for.

    Parameters
    ----------
    likely : bool
        Whether headings that only look like those of the contract tell the separator of a CSV.

    Raises
    ------
    WorkbookError
        When it is of no kind that is read.
    """
    kind = _kind(contract, path, name, limits)
    if kind == "workbook":
        return read_xlsx(path, name, limits)
    if kind == "geojson":
        return [read_geojson(path, name, limits)]
    return [read_csv(path, name, len if likely else partial(score, contract))]


def _kind(contract: Contract, path: Path, name: str, limits: FileLimits) -> Kind:
    """What a file is, from its first bytes.

    Raises
    ------
    WorkbookError
        When it is none of them, is too large, or cannot be read.
    """
    try:
        if not path.is_file():
            what = "c'est un dossier" if path.is_dir() else "le fichier n'existe pas"
            raise WorkbookError(what, where=name, mend="Vérifier le chemin.")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(65_536)
    except OSError as error:
        hint = "Vérifier ses droits, et qu'aucun tableur ne le tient ouvert."
        raise WorkbookError("le fichier ne peut pas être lu", where=name, mend=hint) from error
    if not start.strip(b"\xef\xbb\xbf\r\n \t"):
        raise WorkbookError("le fichier est vide", where=name, mend=KINDS)
    if size > limits.max_bytes:
        raise WorkbookError(
            f"le fichier fait {size / MEGABYTE:.0f} Mo, plus que les "
            f"{limits.max_bytes / MEGABYTE:.0f} Mo admis",
            where=name,
            mend=contract.size_hint,
        )
    if start.startswith(b"PK"):
        return "workbook"
    if start.startswith(OLE):
        raise _old_or_protected(path, name)
    head = start.lstrip(b"\xef\xbb\xbf\r\n \t")[:15].lower()
    kinds = ((b"%pdf", "un PDF"), (b"<!doctype html", "une page web"), (b"<html", "une page web"))
    for mark, kind in (*kinds, (b"<?xml", "du XML"), (b"{\\rtf", "un texte mis en forme")):
        if head.startswith(mark):
            raise WorkbookError(f"le fichier est {kind}, pas un tableau", where=name, mend=KINDS)
    if head[:1] in (b"{", b"["):
        return "geojson"
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf16 and start.count(b"\0") * 10 > len(start):
        raise WorkbookError("le fichier n'est pas du texte", where=name, mend=KINDS)
    return "text"


def _old_or_protected(path: Path, name: str) -> WorkbookError:
    with path.open("rb") as file:
        while chunk := file.read(MEGABYTE):
            if ENCRYPTED in chunk:
                return protected(name)
    hint = "L'enregistrer au format .xlsx."
    return WorkbookError("c'est un classeur Excel à l'ancien format (.xls)", where=name, mend=hint)
