"""Usual explanations of a difference between two sources; from ``explanations.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict

PATH = Path(__file__).with_name("explanations.toml")
SAID = 3  # explanations of one difference
UNKNOWN = "inconnu"  # a sense: the census does not know


class _Explanation(BaseModel):
    """A sentence, and the conditions in which it fits (words apart by a space: one of them)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    services: tuple[str, ...] = ()
    measure: str = ""
    sense: str = ""
    bpe: str = ""
    demonstration: bool | None = None

    def fits(self, row: dict[str, Any], sense: str, bpe: str, demonstration: bool) -> bool:
        """Whether every condition that is given holds."""
        return (
            (not self.services or row["service"] in self.services)
            and (not self.measure or row["measure"] == self.measure)
            and (not self.sense or sense in self.sense.split())
            and (not self.bpe or bpe in self.bpe.split())
            and self.demonstration in (None, demonstration)
        )


@cache
def _explanations() -> tuple[_Explanation, ...]:
    raw = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return tuple(_Explanation.model_validate(e) for e in raw["explanation"])


def _sense(difference: float, tolerance: float) -> str:
    if pd.isna(difference):
        return UNKNOWN
    if abs(difference) <= tolerance:
        return "egal"
    return "plus" if difference > 0 else "moins"


def explain(row: dict[Any, Any], demonstration: bool) -> str:
    """The first explanations that fit a difference, in one line.

    Parameters
    ----------
    row : dict
        service, measure, published, census, difference, bpe, establishments of ``reconcile``.
    demonstration : bool
        Whether the census is the demonstration one.
    """
    # A rate is published with one decimal, places without any.
    sense = _sense(row["difference"], 0.05 + 1e-9 if row["measure"] == "taux" else 0.5)
    if pd.isna(row["published"]) and pd.notna(row["census"]):
        sense = ""  # nothing to compare with is no ignorance of the census
    bpe = _sense(row["bpe"] - row["establishments"], 0)
    fitting = [e for e in _explanations() if e.fits(row, sense, bpe, demonstration)]
    # What is unknown is explained once: by the words of the service, else by those of any.
    own = any(e.services and e.sense == UNKNOWN for e in fitting)
    told = [e.text for e in fitting if not own or e.services or e.sense != UNKNOWN]
    return " ".join(told[:SAID])
