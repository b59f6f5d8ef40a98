"""The territory's own census as kept: the first tenant of the stores, a CSV file per sheet.

The files are the pipeline's source, not made for a spreadsheet: ``observatory census export`` is.
One folder holds the census of the territory in service; another territory would be another folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from observatory.census.sheets import census_contract, sheets
from observatory.knowledge.convention import FILE_NAME
from observatory.stores.generation import State, StoreError, understood
from observatory.stores.store import Store
from observatory.workbook.mapping import HeadingMapping, read_mapping
from observatory.workbook.results import Rows
from observatory.workbook.stored import Tables, canonical, file_name, sheets_back

TOTALS = "totaux_communaux.csv"  # its digest is sealed in each version anew
MAPPING = "correspondances.toml"  # beside them: what headings and words of one's own mean
VOUCHED = "communes_recensees.csv"  # beside the sheets: the communes the census speaks for


def census_store(folder: Path) -> Store:
    """The store of a census."""
    return Store(folder, accept=_accept)


def read(folder: Path) -> dict[str, Rows]:
    """Rows of each sheet of the census in service, all of one generation; absent ones left out.

    Raises
    ------
    StoreError
        When a file is not one of the store's.
    """
    state, files = census_store(folder).read()
    return tables_of(files, state.folder or folder)


def write(folder: Path, tables: Tables, who: str = "", why: str = "") -> list[str]:
    """Put whole sheets in service as one change; return the names of the files that changed.

    A sheet that is not among them stays as it is; what is already there changes nothing.

    Raises
    ------
    StoreError
        When the store cannot be read or written.
    """
    with census_store(folder).writing() as writing:
        before, files = writing.files, files_of(tables)
        writing.commit("edit", {**before, **files}, who, why)
    return [name for name, content in files.items() if before.get(name, b"") != content]


def write_convention(folder: Path, content: bytes, who: str, why: str) -> State:
    """Put the territory's convention in service, beside the sheets of the census.

    One that was kept outside the generations, as before, is taken in first: undo brings it back.

    Raises
    ------
    StoreError
        When the store cannot be read or written.
    """
    former = folder / FILE_NAME
    with census_store(folder).writing() as writing:
        if FILE_NAME not in writing.files and former.is_file():
            taken = {**writing.files, FILE_NAME: former.read_bytes()}
            writing.commit("former", taken, "", "ancienne disposition")
        state = writing.commit("edit", {**writing.files, FILE_NAME: content}, who, why)
        former.unlink(missing_ok=True)
    return state


def tables_of(files: Mapping[str, bytes], folder: Path) -> dict[str, Rows]:
    """Rows of each sheet among the files of a generation.

    Raises
    ------
    StoreError
        When a file is not one of the store's.
    """
    mend = (
        "Corriger ses titres de colonnes, ou reprendre une copie datée du dossier « precedents », "
        "à côté ; sinon, sortir ce fichier du dossier."
    )
    with understood("le recensement en place est illisible", folder, mend):
        return sheets_back(sheets(), files)


def mapping_of(files: Mapping[str, bytes], folder: Path) -> HeadingMapping:
    """What headings and words of one's own mean, as it was confirmed; empty when it never was.

    Raises
    ------
    WorkbookError
        When the file is not one of the store's.
    """
    content = files.get(MAPPING)
    if content is None:
        return HeadingMapping()
    return read_mapping(census_contract(), content, str(folder / MAPPING))


def files_of(tables: Tables) -> dict[str, bytes]:
    """The files that keep a census, by name."""
    return {file_name(s): canonical(s, tables[s.name]) for s in sheets() if s.name in tables}


def vouched_file(codes: list[str]) -> bytes:
    """The file that says which communes the census speaks for."""
    return "".join(f"{line}\n" for line in ("commune_recensee", *codes)).encode()


def _accept(name: str, content: bytes) -> None:
    """Refuse a file of the former layout that is not of a census, before it is taken in."""
    if name == VOUCHED:
        return
    if name not in {file_name(s) for s in sheets()}:
        raise StoreError(
            "ce fichier n'est pas du recensement", where=name, mend="Le sortir de ce dossier."
        )
    tables_of({name: content}, Path())
