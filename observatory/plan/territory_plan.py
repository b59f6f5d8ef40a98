"""The plan that a territory follows: its own, or an example that is marked as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from observatory.knowledge.territory import presets
from observatory.plan import plan_store
from observatory.workbook.results import Rows

EMBEDDED = Path("plan") / "embedded"


@dataclass(frozen=True)
class TerritoryPlan:
    """The plan that is followed.

    Attributes
    ----------
    tables : mapping
        Rows by sheet, in the form of the store.
    example : Path or None
        The folder of the example, when the territory loaded no plan of its own.
    """

    tables: Mapping[str, Rows]
    example: Path | None = None


def territory_plan(
    census_dir: Path, raw_dir: Path, siren: str | None, communes: Collection[str]
) -> TerritoryPlan:
    """The plan in place, else the example of a named territory, else nothing.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    if own := plan_store.read(census_dir):
        return TerritoryPlan(own)
    folder = example_folder(raw_dir, siren, communes)
    if folder is None or not folder.is_dir():
        return TerritoryPlan({})
    files = {p.name: p.read_bytes() for p in sorted(folder.glob("*.csv"))}
    return TerritoryPlan(plan_store.tables_of(files, folder), folder)


def example_folder(raw_dir: Path, siren: str | None, communes: Collection[str]) -> Path | None:
    """Where the example of a territory stands; None when it is not a named one."""
    for key, request in presets().items():
        if request.kind == "epci" and request.codes == (siren,):
            return raw_dir / EMBEDDED / key
        if request.kind == "communes" and siren is None and set(request.codes) == set(communes):
            return raw_dir / EMBEDDED / key
    return None
