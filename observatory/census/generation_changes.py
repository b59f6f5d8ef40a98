"""What a generation of the census changed: rows before and after, and in the words of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from observatory.census import census_store
from observatory.census.edited_rows import columns, rows_of
from observatory.census.sheets import census_contract, choices, sheet, sheets
from observatory.french import dates
from observatory.stores.generation import Entry
from observatory.stores.sides import contents
from observatory.stores.store import Store
from observatory.workbook.changed_cells import CellChange, RowWords, cells_changed, value_words
from observatory.workbook.contract import Sheet
from observatory.workbook.results import Rows
from observatory.workbook.stored import file_name

OFFER = file_name(sheet("offre"))
HIDDEN = frozenset({"position", "score_geocodage"})  # the observatory's own, told by the point


def sheet_rows(files: Mapping[str, bytes], known: Sheet, folder: Path | None = None) -> Rows:
    """The rows of one sheet among the files of a state.

    Parameters
    ----------
    folder : Path, optional
        Where the files are, for the message of one that is damaged.

    Raises
    ------
    StoreError
        When the file of the sheet cannot be read.
    """
    name = file_name(known)
    own = {name: files[name]} if name in files else {}
    return census_store.tables_of(own, folder or Path()).get(known.name, [])


def establishments_changed(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> dict[str, tuple[Rows, Rows]]:
    """Rows before and after of each establishment that differs between two states."""
    if before.get(OFFER) == after.get(OFFER):
        return {}
    old, new = (_by_id(sheet_rows(f, sheet("offre"))) for f in (before, after))
    ids = list(dict.fromkeys([*old, *new]))
    return {i: (old.get(i, []), new.get(i, [])) for i in ids if old.get(i) != new.get(i)}


def history_of(store: Store, id_: str) -> Iterator[tuple[Entry, list[CellChange]]]:
    """The generations in which an establishment changed, the latest first."""

    @cache  # the state after a generation is the one before the next
    def kept(sequence: int | None) -> Rows | None:
        files = contents(store, sequence)
        return None if files is None else rows_of(sheet_rows(files, sheet("offre")), id_)

    for entry in reversed(store.history()):
        before, after = kept(entry.parent), kept(entry.sequence)
        if before is not None and after is not None and before != after:
            yield entry, cell_changes(sheet("offre"), before, after)


def changes_of(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[CellChange]:
    """Every cell that differs between two states of the census, sheet by sheet."""
    found: list[CellChange] = []
    for known in sheets():
        name = file_name(known)
        if before.get(name) != after.get(name):
            found += cell_changes(known, *(sheet_rows(f, known) for f in (before, after)))
    return found


def cell_changes(known: Sheet, before: Rows, after: Rows) -> list[CellChange]:
    """Cells of a sheet of the census that differ between two states."""
    return cells_changed(RowWords(census_contract(), subject, told, HIDDEN), known, before, after)


def subject(known: Sheet, row: list[str]) -> str:
    """Who or what a row is of, and of which period."""
    at = {name: n for n, name in enumerate(known.stored)}
    if "nom" in at:
        name = f"{row[at['nom']]} ({row[at['identifiant']]})"
        day = choices("day_type").get(row[at["jour"]], row[at["jour"]])
        return ", ".join(filter(None, (name, day)))
    return ", ".join(
        value_words(census_contract(), known, c, row[at[c]])
        for c in known.key
        if c != "depuis" and row[at[c]]
    )


def told(known: Sheet, row: list[str]) -> str:
    """What a whole row says, in a few words: its amount, and from when."""
    at = {name: n for n, name in enumerate(known.stored)}
    amounts = [
        f"{c.title.lower()} {row[at[c.name]]}"
        for c in known.columns
        if c.name in ("capacite", "places", "effectif", "eleves") and row[at[c.name]]
    ]
    since = row[at["depuis"]] if "depuis" in at else ""
    return ", ".join([*amounts, *([f"depuis le {dates.long_date(since)}"] if since else [])])


def name_in(table: Rows, id_: str) -> str:
    """The name of an establishment and its identifier."""
    rows = rows_of(table, id_)
    return f"{rows[0][columns()['nom']]} ({id_})" if rows else id_


def _by_id(table: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in table:
        found.setdefault(row[0], []).append(row)
    return found
