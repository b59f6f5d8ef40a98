"""What a simulation of the coming years supposes; from ``outlook.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field

from observatory.knowledge.entry import KnowledgeEntry

PATH = Path(__file__).with_name("outlook.toml")
SIMULATED = "Simulation, pas prévision"
"""Said wherever a figure of the coming years is."""


class BirthRules(KnowledgeEntry):
    """Births to come: years of a span of the trend, and France's, by year."""

    span: int = Field(ge=1)
    france: dict[int, int]
    source: str

    @property
    def france_trend(self) -> float:
        """By how much the births of France are multiplied from one year to the next."""
        first, last = min(self.france), max(self.france)
        return float((self.france[last] / self.france[first]) ** (1 / (last - first)))


class RetentionRules(KnowledgeEntry):
    """Births of three years from which a commune's own retention is taken."""

    own_from: int


class ChanceRules(KnowledgeEntry):
    """Standard deviations of a count of births on each side of it."""

    deviations: float = Field(ge=0)


class ChildminderRules(KnowledgeEntry):
    """Rates of exit and entry a year, and a share of places lost over some years."""

    exits: float
    entries: float
    left: float
    left_years: int
    source: str
    warning: str

    @property
    def net_exits(self) -> tuple[float, float]:
        """The least and the greatest share of the places that goes each year."""
        return self.exits - self.entries, float(1 - (1 - self.left) ** (1 / self.left_years))


class PyramidRules(KnowledgeEntry):
    """The smallest class that is read, and the ages at which everyone leaves: early, late."""

    least: int
    leaving: tuple[float, float]


class NeverOpenRules(KnowledgeEntry):
    """Share of the places not open yet that may never be, and of which services."""

    share: float = Field(ge=0, le=1)
    services: tuple[str, ...]
    source: str


class OutlookRules(KnowledgeEntry):
    """All the suppositions."""

    years: int = Field(ge=1, le=20)
    births: BirthRules
    retention: RetentionRules
    chance: ChanceRules
    childminders: ChildminderRules
    pyramid: PyramidRules
    never_open: NeverOpenRules


@cache
def outlook_rules(path: Path = PATH) -> OutlookRules:
    """Read and check the suppositions (once per file)."""
    return OutlookRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
