"""Thresholds of statistical secrecy: what ``secrecy.toml`` says, read once.

A figure under its threshold is one person's. The bounds on the places of one person serve the
census, which refuses what is beyond them, and the masks, which would otherwise trust one column.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class SecrecyRules:
    """The rules of the masks.

    Attributes
    ----------
    rounding : int
        Step of a total that holds masked communes.
    usual_places, most_places : int
        Places of one assistant maternel: above the first a doubt, above the second an error.
    sources : tuple of (str, int)
        A pattern of the source of a total, and the least figure of that source that is shown.
    least_width : int
        How far apart the bounds of a masked figure stand at least.
    companions : int
        Companions tried before the total of the territory is hidden.
    solve_seconds : float
        Bound on the work of the solver, for one question.
    """

    rounding: int
    usual_places: int
    most_places: int
    sources: tuple[tuple[str, int], ...]
    least_width: int
    companions: int
    solve_seconds: float

    def thresholds(self, masked_below: int) -> tuple[int, ...]:
        """Every threshold that a figure of a service may have, by its source."""
        return tuple(sorted({masked_below, *(max(masked_below, n) for _, n in self.sources)}))

    def table_of_sources(self) -> pd.DataFrame:
        """The thresholds by source, for SQL: pattern, masked_below."""
        return pd.DataFrame(list(self.sources), columns=["pattern", "masked_below"])


@cache
def secrecy_rules() -> SecrecyRules:
    """The rules as ``secrecy.toml`` gives them."""
    path = Path(__file__).with_name("secrecy.toml")
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    persons, audit = given["persons"], given["audit"]
    return SecrecyRules(
        rounding=int(given["rounding"]),
        usual_places=int(persons["usual_places"]),
        most_places=int(persons["most_places"]),
        sources=tuple((str(s["pattern"]), int(s["masked_below"])) for s in given["source"]),
        least_width=int(audit["least_width"]),
        companions=int(audit["companions"]),
        solve_seconds=float(audit["solve_seconds"]),
    )
