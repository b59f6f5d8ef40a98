"""The targets as kept: beside the census, a generation per change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from observatory.stores.generation import understood
from observatory.stores.store import Store
from observatory.targets.target_rows import target_contract, target_sheet
from observatory.workbook.checking import check_workbook
from observatory.workbook.results import Checked, Rows
from observatory.workbook.stored import canonical, file_name, sheets_back

FOLDER = "objectifs"


def target_store(census_dir: Path) -> Store:
    """The store of the targets, beside those of the census."""
    return Store(census_dir / FOLDER)


def read(census_dir: Path) -> Rows:
    """The targets in place, in the form of the store; none when nothing was loaded.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    state, files = target_store(census_dir).read()
    mend = "Charger à nouveau le fichier (observatory targets load)."
    with understood("les objectifs en place sont illisibles", state.folder or census_dir, mend):
        return sheets_back([target_sheet()], files).get(target_sheet().name, [])


def check(files: Sequence[Path]) -> Checked:
    """Check files of targets; nothing is written.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    """
    return check_workbook(target_contract(), files)


def load(census_dir: Path, checked: Checked, who: str = "", why: str = "") -> bool:
    """Put accepted targets in the place of those there; whether anything changed.

    Rows that were rejected stop the load: half of a decision is another decision.
    """
    if checked.rejected or not checked.accepted:
        return False
    content = canonical(target_sheet(), checked.rows(target_sheet().name))
    with target_store(census_dir).writing() as writing:
        before = writing.state
        return writing.commit("load", {file_name(target_sheet()): content}, who, why) != before


def target_table(census_dir: Path) -> pd.DataFrame:
    """The targets as the table of a version: service, day_type, amount, valid_from and by whom."""
    columns = ["service", "day_type", "amount", "valid_from", "decided_by", "source"]
    table = pd.DataFrame(read(census_dir), columns=columns, dtype="str")
    return table.assign(**{c: table[c].replace("", None) for c in ("day_type", "source")})
