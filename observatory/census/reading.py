"""Entry point of census files: format recognised from the content, then the tables."""

from __future__ import annotations

from pathlib import Path

from observatory.census.csv_file import read_csv
from observatory.census.headings import Table, find_headings, score
from observatory.census.problems import CensusError, Problem
from observatory.census.raw import MEGABYTE, FileLimits
from observatory.census.xlsx_file import protected, read_xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
KINDS = "Donner un fichier .xlsx ou .csv."


def read_tables(
    path: Path, limits: FileLimits | None = None, name: str = ""
) -> tuple[list[Table], list[Problem]]:
    """Open a file and find its tables; their rows are read as they are asked for.

    Parameters
    ----------
    name : str
        What messages call the file; its own name by default.

    Returns
    -------
    tuple
        Tables of the census, and warnings on what was left out.

    Raises
    ------
    CensusError
        When the file as a whole cannot be a census, with every reason at once.
    """
    limits, name = limits or FileLimits(), name or path.name
    if _is_workbook(path, name, limits):
        raws = read_xlsx(path, name, limits)
    else:
        raws = [read_csv(path, name, score)]
    tables, problems = [], []
    for raw in raws:
        table, found = find_headings(raw, limits)
        problems += found
        if table:
            tables.append(table)
    fatal = [p for p in problems if not p.warning]
    if fatal:
        raise CensusError("\n".join(map(str, fatal)))
    if not tables:
        mend = "Repartir du modèle : observatory census template --out offre.xlsx."
        raise CensusError("aucune feuille du recensement", where=name, mend=mend)
    return tables, problems


def _is_workbook(path: Path, name: str, limits: FileLimits) -> bool:
    """Whether a file is a workbook (True) or text (False), from its first bytes.

    Raises
    ------
    CensusError
        When it is neither, is too large, or cannot be read.
    """
    try:
        if not path.is_file():
            what = "c'est un dossier" if path.is_dir() else "le fichier n'existe pas"
            raise CensusError(what, where=name, mend="Vérifier le chemin.")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(65_536)
    except OSError as error:
        mend = "Vérifier ses droits, et qu'aucun tableur ne le tient ouvert."
        raise CensusError("le fichier ne peut pas être lu", where=name, mend=mend) from error
    if not start.strip(b"\xef\xbb\xbf\r\n \t"):
        raise CensusError("le fichier est vide", where=name, mend=KINDS)
    if size > limits.max_bytes:
        raise CensusError(
            f"le fichier fait {size / MEGABYTE:.0f} Mo, plus que les "
            f"{limits.max_bytes / MEGABYTE:.0f} Mo admis",
            where=name,
            mend="Le découper, ou relever OBSERVATORY_CENSUS_MAX_MB.",
        )
    if start.startswith(b"PK"):
        return True
    if start.startswith(OLE):
        raise _old_or_protected(path, name)
    head = start.lstrip(b"\xef\xbb\xbf\r\n \t")[:15].lower()
    kinds = ((b"%pdf", "un PDF"), (b"<!doctype html", "une page web"), (b"<html", "une page web"))
    for mark, kind in (*kinds, (b"<?xml", "du XML"), (b"{\\rtf", "un texte mis en forme")):
        if head.startswith(mark):
            raise CensusError(f"le fichier est {kind}, pas un tableau", where=name, mend=KINDS)
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf16 and start.count(b"\0") * 10 > len(start):
        raise CensusError("le fichier n'est pas du texte", where=name, mend=KINDS)
    return False


def _old_or_protected(path: Path, name: str) -> CensusError:
    with path.open("rb") as file:
        while chunk := file.read(MEGABYTE):
            if ENCRYPTED in chunk:
                return protected(name)
    mend = "L'enregistrer au format .xlsx."
    return CensusError("c'est un classeur Excel à l'ancien format (.xls)", where=name, mend=mend)
