"""Two or three scenarios beside one another, for one question: one column each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from observatory.errors import RequestError
from observatory.french.balance import balance
from observatory.french.numbers import is_known, number, quantity
from observatory.french.spelling import inside
from observatory.french.vocabulary import MASKED, NOTHING, UNKNOWN
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import is_short
from observatory.scenario.money_of_scenario import MoneyLine
from observatory.scenario.what_if import WhatIf

MOST = 3
"""Scenarios that are compared at once."""
MOVED = 0.05
"""Places reached: a commune that gains less is told as unchanged."""


@dataclass(frozen=True)
class ComparedLine:
    """One indicator: its words, then a cell per scenario; ``figures`` are those of a chart."""

    label: str
    cells: tuple[str, ...]
    figures: tuple[float | None, ...] = ()


def compared(every: Sequence[WhatIf]) -> list[ComparedLine]:
    """The indicators of two or three scenarios, the version as it is in the first column.

    Raises
    ------
    RequestError
        When there are more, or when they do not answer the same question.
    """
    if len(every) > MOST:
        raise RequestError(
            f"{len(every)} scénarios ne se comparent pas d'un regard",
            mend=f"En choisir {MOST} au plus.",
        )
    if len({w.question for w in every}) > 1:
        raise RequestError(
            "ces scénarios ne répondent pas à la même question",
            mend="Les lire au même jour, pour le même service.",
        )
    first = every[0]
    service = nomenclature().service(str(first.question.service))
    unit, decimals = service.unit, service.decimals
    sides = [(first, "before"), *((w, "after") for w in every)]

    def whole(column: str) -> tuple[float | None, ...]:
        return tuple(_known(w.territory[f"{column}_{side}"]) for w, side in sides)

    def communes_short(column: str) -> tuple[float | None, ...]:
        return tuple(
            float(is_short(w.communes[f"{column}_{side}"].dropna(), decimals).sum())
            for w, side in sides
        )

    def told(label: str, figures: tuple[float | None, ...], places: int = 0) -> ComparedLine:
        return ComparedLine(label, tuple(number(f, places) for f in figures), figures)

    gaps = whole("gap")
    gained = (None, *(float((w.communes["reached_more"] >= MOVED).sum()) for w in every))
    lost = (None, *(float((w.communes["reached_more"] <= -MOVED).sum()) for w in every))
    lines = [
        told(f"Offre du territoire ({unit})", whole("supply"), decimals),
        told(f"Besoin du territoire ({unit})", whole("need"), decimals),
        ComparedLine(
            "Écart du territoire",
            tuple(
                balance(g, unit, decimals)
                if g is not None
                else MASKED
                if w.territory["masked"]
                else UNKNOWN
                for g, (w, _) in zip(gaps, sides, strict=True)
            ),
            gaps,
        ),
        ComparedLine(
            "Façons de compter qui disent un manque",
            tuple(
                f"{number(w.territory[f'deficit_count_{s}'])} sur "
                f"{number(w.territory[f'definition_count_{s}'])}"
                for w, s in sides
            ),
        ),
        told("Communes où il manque", communes_short("gap")),
        told(
            f"Communes où il manque dans les {first.minutes:g} minutes",
            communes_short("reached_gap"),
        ),
        _beside("Communes dont les enfants gagnent", gained),
        _beside("Communes dont les enfants perdent", lost),
    ]
    for when, label in (("opening", "À l'ouverture, une fois"), ("year", "Chaque année")):
        cells = tuple(money_words(w.money, when) for w in every)
        if any(cells):
            lines.append(ComparedLine(label, (NOTHING, *(c or "rien de chiffré" for c in cells))))
    return lines


def money_words(lines: Sequence[MoneyLine], when: str) -> str:
    """The amounts of a moment, one after the other; what is part of another is said to be."""
    return " ; ".join(
        f"{inside(line.label)} : {line_words(line)}" for line in lines if line.when == when
    )


def line_words(line: MoneyLine) -> str:
    """An amount as it is read: « de 31 200 à 43 200 € », or why there is none."""
    if line.low is None or line.high is None:
        return line.why
    low, high = sorted(abs(x) for x in (line.low, line.high))
    return euros_words(low, high)


def money_line(line: MoneyLine) -> str:
    """An amount in full: what it is, how much, of one place, from where and of which year."""
    if line.low is None:
        return f"{line.label} : {line.why}"
    each = euros_words(*line.per_place)
    year = f", {line.year}" if line.year else ""
    return f"{line.label} : {line_words(line)}, soit {each} par place ({line.source}{year})"


def euros_words(low: float, high: float) -> str:
    """« 411 744 € », « de 31 200 à 43 200 € »."""
    if round(low) == round(high):
        return quantity(high, "€", "€")
    return f"de {number(low)} à {quantity(high, '€', '€')}"


def _beside(label: str, figures: tuple[float | None, ...]) -> ComparedLine:
    """A figure that the version as it is has none of."""
    return ComparedLine(label, (NOTHING, *(number(f) for f in figures[1:])), figures)


def _known(value: float) -> float | None:
    return float(value) if is_known(value) and not pd.isna(value) else None
