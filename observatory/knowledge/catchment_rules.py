"""Accessibility parameters: speed, distance decay, desert rules, read from ``catchment.toml``.

The figures serve the SQL, through ``tables`` and ``rule``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from observatory.errors import RequestError
from observatory.french.numbers import number, short_number
from observatory.knowledge.entry import KnowledgeEntry

PATH = Path(__file__).with_name("catchment.toml")
DEFAULT_SCHEME = "apl"
MAX_STEPS = 4
"""Steps that the SQL has room for."""


class Travel(KnowledgeEntry):
    """Minutes without a table of travel times: straight line × detour ÷ speed (km/h)."""

    detour: float = Field(ge=1)
    speed_kmh: float = Field(gt=0)
    max_minutes: float = Field(gt=0)


class Reach(KnowledgeEntry):
    """Reaches in minutes: the one of the screens, and those of the sensitivity."""

    default: float
    sensitivity: tuple[float, ...]


class Scheme(KnowledgeEntry):
    """How minutes weigh. ``bounds`` and ``sigma`` are in minutes, for the default reach."""

    label: str
    kind: Literal["steps", "gaussian"]
    source: str
    bounds: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    sigma: float | None = None
    choice: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Scheme:
        if self.kind == "gaussian":
            if not self.sigma or self.sigma <= 0:
                raise ValueError("a gaussian scheme needs a positive sigma")
        elif not 1 <= len(self.bounds) == len(self.weights) <= MAX_STEPS:
            raise ValueError(f"1 to {MAX_STEPS} bounds, with as many weights")
        elif list(self.bounds) != sorted(set(self.bounds)) or self.bounds[0] <= 0:
            raise ValueError("bounds must grow, from above 0")
        if any(w < 0 for w in self.weights):
            raise ValueError("a weight cannot be negative")
        return self


class Desert(KnowledgeEntry):
    """A rule that calls a commune a childcare desert, and who made it."""

    label: str
    measure: Literal["access", "local"]
    children_per_place: float
    services: tuple[str, ...]
    source: str


class Catchment(KnowledgeEntry):
    """All of ``catchment.toml``."""

    travel: Travel
    reach: Reach
    schemes: dict[str, Scheme] = Field(alias="scheme")
    deserts: dict[str, Desert] = Field(alias="desert")

    @model_validator(mode="after")
    def _steps_end_at_the_reach(self) -> Catchment:
        for id_, scheme in self.schemes.items():
            if scheme.kind == "steps" and scheme.bounds[-1] != self.reach.default:
                raise ValueError(f"{id_}: the last bound must be the default reach")
        return self

    def scheme(self, id_: str) -> Scheme:
        """The weight scheme of that id.

        Raises
        ------
        RequestError
            When there is none.
        """
        if id_ not in self.schemes:
            raise RequestError(
                f"pondération « {id_} » inconnue",
                mend=f"Choix possibles : {', '.join(self.schemes)}.",
            )
        return self.schemes[id_]

    def check_reach(self, minutes: float) -> float:
        """The reach, if pairs of places are kept that far.

        Raises
        ------
        RequestError
            When it is not between 0 and ``max_minutes``.
        """
        if not 0 < minutes <= self.travel.max_minutes:
            raise RequestError(
                f"temps d'accès de {minutes:g} min hors limites",
                mend=f"Choisir entre 1 et {self.travel.max_minutes:g} minutes.",
            )
        return minutes

    def explain_minutes(self) -> str:
        """One French sentence: how minutes are counted without a table of travel times."""
        return (
            f"Temps estimés : distance à vol d'oiseau × {short_number(self.travel.detour)} "
            f"à {self.travel.speed_kmh:g} km/h (choix du projet)."
        )

    def explain_steps(self, scheme: str) -> str:
        """One French sentence: which steps each reach really uses, since they scale with it."""
        bounds, default = self.scheme(scheme).bounds, self.reach.default

        def steps(minutes: float) -> str:
            return ", ".join(number(b * minutes / default, 1) for b in bounds)

        said = " ; ".join(f"à {m:g} min : {steps(m)}" for m in self.reach.sensitivity)
        return f"Paliers, en minutes, selon le temps d'accès : {said}." if bounds else ""

    def rule(self, scheme: str, reach: float | None = None) -> dict[str, float | bool]:
        """The constant that the SQL macros take: a scheme scaled to a reach (minutes).

        Raises
        ------
        RequestError
            When the scheme is unknown, or no pair is kept that far.
        """
        chosen = self.scheme(scheme)
        reach = self.reach.default if reach is None else self.check_reach(reach)
        # Unused steps repeat the last one: their bound is the reach, where the weight ends.
        bounds = [b * reach / self.reach.default for b in chosen.bounds[:-1]]
        weights = [*chosen.weights, *[*chosen.weights[-1:], 0.0][:1] * MAX_STEPS]
        return {
            "reach": float(reach),
            "gaussian": chosen.kind == "gaussian",
            "choice": chosen.choice,
            "sigma": (chosen.sigma or 1.0) * reach / self.reach.default,
            **{
                f"b{n + 1}": ([*bounds, *[float(reach)] * MAX_STEPS])[n]
                for n in range(MAX_STEPS - 1)
            },
            **{f"w{n + 1}": float(weights[n]) for n in range(MAX_STEPS)},
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """``travel_rule`` (one row) and ``weight_rule`` (one per scheme × reach)."""
        rules = [
            {
                "scheme": scheme,
                "by_default": (scheme, minutes) == (DEFAULT_SCHEME, self.reach.default),
                **self.rule(scheme, minutes),
            }
            for scheme in self.schemes
            for minutes in self.reach.sensitivity
        ]
        return {
            "travel_rule": pd.DataFrame([self.travel.model_dump()]).astype(float),
            "weight_rule": pd.DataFrame(rules),
        }


@cache
def catchment_rules(path: Path = PATH) -> Catchment:
    """Read and check ``catchment.toml`` (once per file)."""
    return Catchment.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
