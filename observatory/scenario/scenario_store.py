"""The scenarios that planners keep: beside the census, a generation per change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from observatory.scenario.scenario_change import Scenario
from observatory.scenario.scenario_file import rows_of, scenarios_of
from observatory.scenario.scenario_rows import scenario_sheets
from observatory.stores.generation import understood
from observatory.stores.store import Store
from observatory.workbook.stored import canonical, file_name, sheets_back

FOLDER = "scenarios"


def scenario_store(census_dir: Path) -> Store:
    """The store of the scenarios, beside those of the census and of the plan."""
    return Store(census_dir / FOLDER)


def read(census_dir: Path) -> list[Scenario]:
    """The scenarios kept, in the order in which they were; none when nobody kept any.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    state, files = scenario_store(census_dir).read()
    return _understood(files, state.folder or census_dir / FOLDER)


def keep(census_dir: Path, scenarios: Sequence[Scenario], who: str = "", why: str = "") -> bool:
    """Keep scenarios, each in the place of the one of its name; whether anything changed."""
    names = {s.name for s in scenarios}
    return _change(
        census_dir,
        lambda kept: [*(s for s in kept if s.name not in names), *scenarios],
        who,
        why,
    )


def forget(census_dir: Path, name: str, who: str = "", why: str = "") -> bool:
    """Take a scenario out; whether there was one. Its generation stays, to be put back."""
    return _change(census_dir, lambda kept: [s for s in kept if s.name != name], who, why)


def show_committee(
    census_dir: Path, name: str, *, shown: bool, who: str = "", why: str = ""
) -> bool:
    """Mark a scenario for the documents of the committee, or no more; whether it was not yet."""
    return _change(
        census_dir,
        lambda kept: [replace(s, committee=shown) if s.name == name else s for s in kept],
        who,
        why,
    )


def _change(
    census_dir: Path,
    change: Callable[[list[Scenario]], list[Scenario]],
    who: str,
    why: str,
) -> bool:
    with scenario_store(census_dir).writing() as writing:
        kept = _understood(writing.files, census_dir / FOLDER)
        after = change(kept)
        if after == kept:
            return False
        rows = rows_of(after)
        files = {
            file_name(s): canonical(s, rows[s.name]) for s in scenario_sheets() if s.name in rows
        }
        before = writing.state
        return writing.commit("edit", files, who, why) != before


def _understood(files: dict[str, bytes], folder: Path) -> list[Scenario]:
    with understood("les scénarios gardés sont illisibles", folder, "Les garder à nouveau."):
        return scenarios_of(sheets_back(scenario_sheets(), files))
