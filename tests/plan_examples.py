"""The register of the example plan of the CU d'Arras, made again from the embedded sources.

``python -m tests.plan_examples``, after a change of method: an example whose method is no longer
today's would show a break.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import duckdb

from observatory.knowledge.territory import DEFAULT, parse
from observatory.plan.followed_plan import followed_plan
from observatory.plan.plan_followup import FILE, follow_up, observations, register_sheet
from observatory.plan.territory_plan import EMBEDDED
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse
from observatory.workbook.results import Rows
from observatory.workbook.stored import canonical
from pipelines.refresh import refresh

DAYS = (date(2024, 12, 31), date(2025, 12, 31))
"""The days of the two observations."""


def example_register(con: duckdb.DuckDBPyConnection, raw_dir: Path, folder: Path) -> Rows:
    """What the register of the example holds, as a version of the embedded sources says it."""
    plan = followed_plan(con, folder / "aucun", raw_dir).tables
    for day in DAYS:
        follow_up(folder / "suivi", con, plan, day)
    return observations(folder / "suivi")


def main() -> None:
    """Write the register of the example."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            processed_dir=folder / "processed",
            cache_dir=folder / "cache",
            census_dir=folder / "census",
            static_dir=folder / "static",
            offline=True,
        )
        refresh(settings, parse(DEFAULT))
        with warehouse.in_service(settings) as con:
            rows = example_register(con, settings.raw_dir, folder)
    out = ROOT / "data" / "raw" / EMBEDDED / DEFAULT / FILE
    out.write_bytes(canonical(register_sheet(), rows))


if __name__ == "__main__":
    main()
