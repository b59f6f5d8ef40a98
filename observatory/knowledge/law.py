"""The law on organising authorities: duties, thresholds, dates; from ``duties.toml``."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from pydantic import Field, model_validator

from observatory.french.dates import long_date
from observatory.french.numbers import number
from observatory.knowledge.entry import KnowledgeEntry
from observatory.knowledge.nomenclature import nomenclature

PATH = Path(__file__).with_name("duties.toml")


class Holder(KnowledgeEntry):
    """Who may exercise a competence.

    Attributes
    ----------
    pools : bool
        The communes that transferred it count together.
    known_by : str
        Column of ``commune`` that tells which body it is; empty when nothing does.
    words : tuple of str
        Other names that people write.
    """

    label: str
    words: tuple[str, ...] = ()
    pools: bool = False
    known_by: str = ""


class Competence(KnowledgeEntry):
    """A competence: compulsory from a day, above a number of inhabitants (0: everywhere).

    Attributes
    ----------
    served_by : str
        Service whose presence in the commune tells that the duty is met; empty when none does.
    follows : str
        Competence whose transfer takes this duty along; empty when none does.
    """

    label: str
    asks: str
    since: date
    reference: str
    words: tuple[str, ...] = ()
    above: int = 0
    served_by: str = ""
    follows: str = ""

    @property
    def duty(self) -> str:
        """What the law asks, of whom, from when: one French sentence."""
        whom = f"communes de plus de {number(self.above)} habitants"
        whom = whom if self.above else "toutes les communes"
        return f"{self.asks} : {whom}, à compter du {long_date(self.since)}."


class Law(KnowledgeEntry):
    """All of ``duties.toml``."""

    article: str
    population: str
    holders: dict[str, Holder] = Field(alias="holder")
    competences: dict[str, Competence] = Field(alias="competence")

    @model_validator(mode="after")
    def _names_are_defined(self) -> Law:
        served = {c.served_by for c in self.competences.values()} - {""}
        if unknown := served - set(nomenclature().services):
            raise ValueError(f"unknown services {sorted(unknown)}")
        followed = {c.follows for c in self.competences.values()} - {""}
        if unknown := followed - set(self.competences):
            raise ValueError(f"unknown competences {sorted(unknown)}")
        return self

    def tables(self) -> dict[str, pd.DataFrame]:
        """What the census may say, as the tables that a version is checked against."""
        return {
            "law_competence": pd.DataFrame({"id": list(self.competences)}),
            "law_holder": pd.DataFrame({"id": list(self.holders)}),
        }


@cache
def law(path: Path = PATH) -> Law:
    """Read and check the law (once per file)."""
    return Law.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
