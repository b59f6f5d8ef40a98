"""The answer in a sentence, as an elected official would say it: a range, and what moved since.

Every need definition that counts is asked: how many call the place short, and from how much to how
much. One amount alone is said only where every way of counting gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from observatory.answers.deployment import of_service
from observatory.answers.masked_cells import is_masked
from observatory.answers.rounded import ROUNDED_SHORT, is_rounded, rounded_words
from observatory.french import vocabulary
from observatory.french.balance import BEYOND, MORE, none_of, span
from observatory.french.dates import long_month
from observatory.french.numbers import NARROW_SPACE, agreed, number, rounded
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.shortfall import is_short

ONLY_WAY = "selon la seule façon de compter le besoin"
BY_NEED = "selon le besoin retenu"


@dataclass(frozen=True)
class Standing:
    """Where a place stands against every way of counting its need; in the service's unit.

    Attributes
    ----------
    supply : float or None
        None when it is unknown, or masked.
    needs, gaps : tuple of float
        Those of the definitions that count, where they are known.
    masked : bool
        Whether the gap is hidden, not unknown.
    near : bool
        Whether the supply rests on a total published to the nearest five.
    """

    supply: float | None
    needs: tuple[float, ...]
    gaps: tuple[float, ...]
    masked: bool = False
    near: bool = False


@dataclass(frozen=True)
class Moves:
    """How many establishments opened and closed from a day on."""

    opened: int
    closed: int
    since: date


def standing_of(rows: Iterable[Mapping[Any, Any]]) -> Standing:
    """Where a place stands.

    Parameters
    ----------
    rows : iterable of mapping
        Its rows in the gap table for a service and a type of day: one a definition, one at least.
    """
    every = list(rows)
    definitions = nomenclature().definitions
    counted = [r for r in every if definitions[str(r["definition"])].counted]
    first = every[0]
    return Standing(
        None if pd.isna(first["supply"]) else float(first["supply"]),
        tuple(float(r["need"]) for r in counted if pd.notna(r["need"])),
        tuple(float(r["gap"]) for r in counted if pd.notna(r["gap"])),
        masked=is_masked(first, "supply") or any(is_masked(r, "gap") for r in counted),
        near=is_rounded(first) and not rounded_words(first).startswith("nombre"),
    )


def moves_of(
    movements: pd.DataFrame,
    service: str,
    day_type: str | None,
    code: str | None,
    since: date,
    until: date,
) -> Moves:
    """What opened and closed of a service, in a commune or in the territory (None).

    Parameters
    ----------
    movements : DataFrame
        Given by `observatory.answers.deployment.movements`.
    until : date
        The day of the supply: what opens later is not told.
    """
    kept = of_service(movements, service, day_type)
    asked = kept["day"].between(pd.Timestamp(since), pd.Timestamp(until))
    if code is not None:
        asked &= kept["code"].eq(code)
    told = set(zip(kept["kind"][asked], kept["id"][asked], strict=True))
    opened, closed = (sum(kind == k for kind, _ in told) for k in ("opening", "closing"))
    return Moves(opened, closed, since)


def in_a_sentence(
    subject: str, service: Service, standing: Standing, moves: Moves | None = None
) -> str:
    """« Arras : il manque des places selon 5 façons de compter sur 8, de 12 à 190 places… »

    Parameters
    ----------
    subject : str
        What it is said of: a place, a service; empty where it is said just above.
    moves : Moves, optional
        What opened and closed since the start of the convention.
    """
    told = _told(service, standing)
    moved = _moved(service, moves) if moves else ""
    whole = f"{told}\u00a0; {moved}." if moved else f"{told}."
    return f"{subject}\u00a0: {whole}" if subject else capital(whole)


def _told(service: Service, standing: Standing) -> str:
    if not standing.gaps:
        return _untold(service, standing)
    short = [-g for g in standing.gaps if is_short(g, service.decimals)]
    told = _lacking(service, standing, short) if short else _covered(service, standing)
    near = f", {ROUNDED_SHORT.replace(' ', NARROW_SPACE)}" if standing.near else ""
    return told + near


def _lacking(service: Service, standing: Standing, short: list[float]) -> str:
    unit, counted = service.unit, len(standing.gaps)
    amounts = span(min(short), max(short), unit, service.decimals)
    one = _reads_alike(short, service)
    ways = _ways(len(short), counted)
    if not rounded(standing.supply, service.decimals) and len(short) == counted:
        missing = f"il n'y a {none_of(unit)}\u00a0: il en manque {_bare(amounts)}"
        return f"{missing} {ways if one else BY_NEED}"
    if one:
        others = counted - len(short)
        rest = f", rien selon {_the_other(others)}" if others else ""
        return f"il manque {amounts} {ways}{rest}"
    noun = unit.split(" ")[0]
    told = _bare(amounts) if noun == unit else amounts
    return f"il manque des {noun} {ways}, {told} {BY_NEED}"


def _covered(service: Service, standing: Standing) -> str:
    """No way of counting calls the place short."""
    ways = _ways(len(standing.gaps), len(standing.gaps))
    more = [max(g, 0.0) for g in standing.gaps]
    amounts = span(min(more), max(more), service.unit, service.decimals)
    if not rounded(max(more), service.decimals):
        if not rounded(standing.supply, service.decimals):
            return f"ni offre ni besoin, {ways}"
        return f"l'offre et le besoin s'équilibrent, {ways}"
    if _reads_alike(more, service):
        return f"il y a {amounts} {BEYOND}, {ways}"
    return f"l'offre couvre le besoin {ways} : {amounts} {MORE} {BY_NEED}"


def _untold(service: Service, standing: Standing) -> str:
    """What is known where no gap can be told."""
    if standing.masked:
        return f"ce qui manque est {vocabulary.RELIABILITY['masked'].replace(' :', ' par le', 1)}"
    decimals, unit = service.decimals, service.unit
    if standing.supply is not None:
        supply = rounded(standing.supply, decimals)
        offered = (
            f"il y a {span(supply, supply, unit, decimals)}"
            if supply
            else f"il n'y a {none_of(unit)}"
        )
        return f"{offered}, et le besoin est {vocabulary.UNKNOWN}"
    if not standing.needs:
        return "ni l'offre ni le besoin ne sont connus"
    if not rounded(max(standing.needs), decimals):
        return f"l'{vocabulary.SUPPLY_UNKNOWN.replace(' ', ' est ', 1)}, et le besoin est nul"
    amounts = span(min(standing.needs), max(standing.needs), unit, decimals)
    alike = _reads_alike(standing.needs, service) or not rounded(min(standing.needs), decimals)
    need = f"est {_of(amounts)}" if alike else f"va {amounts} selon la façon de compter"
    return f"l'{vocabulary.SUPPLY_UNKNOWN.replace(' ', ' est ', 1)}, et le besoin {need}"


def _reads_alike(amounts: Iterable[float], service: Service) -> bool:
    return len({rounded(one, service.decimals) for one in amounts}) == 1


def _of(amounts: str) -> str:
    """An amount after « est »: « de 12 places », « nul ou jusqu'à 12 places »."""
    return f"de {amounts}" if amounts[0].isdigit() else f"nul, ou va {amounts}"


def _bare(amounts: str) -> str:
    """Amounts of a unit that was just said."""
    return amounts.rpartition("\u00a0")[0]


def _ways(short: int, counted: int) -> str:
    """How many ways of counting say so."""
    if counted == 1:
        return ONLY_WAY
    if short == counted:
        return f"selon les {number(counted)} façons de compter"
    return f"selon {number(short)} {agreed(short, 'façon', 'façons')} de compter sur {counted}"


def _the_other(count: int) -> str:
    return "l'autre" if count == 1 else f"les {number(count)} autres"


def _moved(service: Service, moves: Moves) -> str:
    """« 2 crèches ont ouvert et 1 a fermé depuis 2023 »; empty where nothing did."""
    told: list[str] = []
    for count, verb in ((moves.opened, "ouvert"), (moves.closed, "fermé")):
        if count:
            noun = "" if told else f"\u00a0{agreed(count, *service.called)}"
            told.append(f"{number(count)}{noun} {agreed(count, 'a', 'ont')} {verb}")
    return f"{' et '.join(told)} depuis {_since(moves.since)}" if told else ""


def _since(day: date) -> str:
    """A year where it begins it, a month elsewhere."""
    return str(day.year) if (day.month, day.day) == (1, 1) else long_month(f"{day:%Y-%m}")
