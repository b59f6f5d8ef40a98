"""Tables of totals under a set of masks: tried, then kept in the version or taken back."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from observatory.secrecy.register import TERRITORY, Cell, Register, Role

Masks = tuple[tuple[Cell, ...], tuple[tuple[str, Role], ...]]
"""Cells that are hidden; what is withheld of a service, and how far."""
MASKED = Path(__file__).parent / "marts" / "masked.sql"


class Tables:
    """The tables that a set of masks would publish, built again only where the set changes.

    A set that does not hold is rolled back: its tables show what the next one hides, and what is
    dropped from a file after it was written may be read in it still.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.kept: Masks | None = None
        self.tried: Masks | None = None

    def write(self, register: Register) -> None:
        """Build them for the masks of a register, whatever their reasons, until ``keep``."""
        hidden = tuple(sorted(register.cells("primary", "companion")))
        withheld = tuple((m.service, m.role) for m in register.masks if m.code == TERRITORY)
        if (hidden, withheld) == self.tried:
            return
        self.drop()
        if (hidden, withheld) == self.kept:
            return
        con = self.con
        con.register("_hidden", pd.DataFrame(hidden, columns=["code", "service"], dtype="str"))
        con.register("_withheld", pd.DataFrame(withheld, columns=["service", "role"], dtype="str"))
        con.execute(
            "CREATE OR REPLACE TABLE stg.hidden AS SELECT * FROM _hidden AS h "
            "WHERE EXISTS (FROM stg.open_total AS t "
            "WHERE t.code = h.code AND t.service = h.service) "
            "OR h.code IN (SELECT code FROM perimeter)"
        )
        con.execute("CREATE OR REPLACE TABLE stg.withheld AS SELECT * FROM _withheld")
        con.unregister("_hidden")
        con.unregister("_withheld")
        con.begin()
        con.execute(MASKED.read_text(encoding="utf-8"))
        self.tried = (hidden, withheld)

    def keep(self) -> None:
        """Write the last set to the version."""
        if self.tried is not None:
            self.con.commit()
            self.kept, self.tried = self.tried, None

    def drop(self) -> None:
        """Take the last set back, unless it was kept."""
        if self.tried is not None:
            self.con.rollback()
            self.tried = None
