"""How comparable territories are found: variables, thresholds; from ``comparables.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from observatory.knowledge.entry import KnowledgeEntry

PATH = Path(__file__).with_name("comparables.toml")


class ComparedVariable(KnowledgeEntry):
    """A variable of demand.

    Attributes
    ----------
    logarithm : bool
        Whether EPCI are compared by its logarithm; it is then above zero.
    short : str
        What heads its column, with its unit.
    vintage : str
        Column of ``place_profile`` that holds its year.
    estimated : str
        Column that says whether its value is an estimate; empty where its heading says so, or
        where it never is.
    """

    label: str
    short: str
    decimals: int
    logarithm: bool
    vintage: str
    source: str
    estimated: str = ""


class ComparableRules(KnowledgeEntry):
    """The whole file; thresholds as it says.

    Attributes
    ----------
    near : float
        In standard deviations.
    variable : mapping
        By the column of ``place_profile``.
    """

    count: int
    least_known: int
    least_variables: int
    near: float
    variable: Mapping[str, ComparedVariable]


@cache
def comparable_rules() -> ComparableRules:
    """The rules of ``comparables.toml``."""
    return ComparableRules(**tomllib.loads(PATH.read_text(encoding="utf-8")))
