"""The plan as kept: beside the census, a generation per change, a CSV file per sheet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from observatory.plan.plan_check import orphans, plan_after
from observatory.plan.plan_rows import plan_sheets
from observatory.stores.generation import StoreError, understood
from observatory.stores.store import Store
from observatory.workbook.results import Checked, Rows
from observatory.workbook.stored import Tables, canonical, file_name, sheets_back

FOLDER = "plan"


def plan_store(census_dir: Path) -> Store:
    """The store of the plan, beside those of the census and of the targets."""
    return Store(census_dir / FOLDER)


def read(census_dir: Path) -> dict[str, Rows]:
    """The plan in place by sheet, in the form of the store; empty when nothing was loaded.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    state, files = plan_store(census_dir).read()
    return tables_of(files, state.folder or census_dir / FOLDER)


def load(census_dir: Path, checked: Checked, who: str = "", why: str = "") -> bool:
    """Put an accepted plan in the place of the one there; whether anything changed.

    A rejected row stops the load, all of it: half of a plan is another plan.

    Raises
    ------
    StoreError
        When the plan in place changed since the check, in a way that the two do not go together.
    """
    if checked.rejected or not checked.accepted:
        return False
    with plan_store(census_dir).writing() as writing:
        kept = tables_of(writing.files, census_dir / FOLDER)
        after = plan_after(kept, checked)
        if faults := orphans(after):
            raise StoreError(
                f"le plan a changé entre-temps : {faults[0]}",
                mend="Exporter le plan en place, y reporter les changements, puis recommencer.",
            )
        before = writing.state
        return writing.commit("load", files_of(after), who, why) != before


def tables_of(files: Mapping[str, bytes], folder: Path) -> dict[str, Rows]:
    """Rows of each sheet among the files of a generation.

    Raises
    ------
    StoreError
        When a file is not one of the store's.
    """
    mend = "Charger à nouveau le fichier (observatory plan load)."
    with understood("le plan en place est illisible", folder, mend):
        return sheets_back(plan_sheets(), files)


def files_of(tables: Tables) -> dict[str, bytes]:
    """The files that keep a plan, by name; a sheet without rows has none."""
    return {file_name(s): canonical(s, tables[s.name]) for s in plan_sheets() if tables.get(s.name)}
