"""Chart of one bar: from the largest shortfall to the most beyond the need, over every definition.

Plain HTML, like the other charts: Streamlit shows no drawing but as a picture, which would not
follow the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import Service
from observatory.markup import element, said
from observatory.ui.charts.need_range import Mark

NEAR = 22.0  # per cent of the bar within which a label would leave it
KEPT, KEPT_UNCOUNTED = "besoin retenu", "besoin retenu, non compté"


@dataclass(frozen=True)
class Ways:
    """Every way of counting the need of one place, and the one in view.

    Attributes
    ----------
    marks : sequence of Mark
        Those that count; amounts in the unit of the service.
    kept : Mark, optional
        The one in view, where it has an amount.
    hidden : bool
        Whether the supply is hidden, not unknown.
    """

    marks: Sequence[Mark]
    kept: Mark | None
    hidden: bool = False


def gap_bar(service: Service, ways: Ways) -> str:
    """The bar as HTML, and its twin in words; nothing where no need is known.

    Without a known gap it is the bar of the needs: what may be missing at most.
    """
    gaps = [(m, m.gap) for m in ways.marks if m.gap is not None]
    named = KEPT if not ways.kept or ways.kept.counted else KEPT_UNCOUNTED
    if gaps:
        kept = ways.kept.gap if ways.kept else None
        return _bar(service, gaps, kept, _ends(service, gaps), named)
    needs = [(m, m.need) for m in ways.marks if m.need is not None]
    if not needs:
        return ""
    kept = ways.kept.need if ways.kept else None
    return _bar(service, needs, kept, _needs(service, needs, ways), named, alone=True)


Placed = Sequence[tuple[Mark, float]]


def _way(mark: Mark) -> str:
    """A way of counting inside brackets."""
    return inside(mark.label).replace(" (", ", ").replace(")", "")


def _ends(service: Service, gaps: Placed) -> str:
    """« De « il manque 557 places » (tous les enfants) à « 39 de plus » (taux de la région)… »"""
    least, most = min(gaps, key=lambda g: g[1]), max(gaps, key=lambda g: g[1])
    decimals = service.decimals
    if numbers.rounded(least[1], decimals) == numbers.rounded(most[1], decimals):
        return ""  # the sentence above has said it
    low, high = (
        f"« {balance.balance(gap, service.unit, decimals)} » ({_way(mark)})"
        for mark, gap in (least, most)
    )
    return f"Selon le besoin retenu, de {low} à {high}."


def _needs(service: Service, needs: Placed, ways: Ways) -> str:
    why = vocabulary.SUPPLY_MASKED if ways.hidden else vocabulary.SUPPLY_UNKNOWN
    least, most = min(needs, key=lambda n: n[1]), max(needs, key=lambda n: n[1])
    ends = " à ".join(
        f"{numbers.number(need, service.decimals)} ({_way(mark)})"
        for mark, need in ([least] if least[1] == most[1] else [least, most])
    )
    return f"Besoin de {ends}, en {service.unit} ; {why} : ce qui manque ne se dit pas."


def _bar(
    service: Service,
    placed: Placed,
    kept: float | None,
    twin: str,
    named: str = KEPT,
    *,
    alone: bool = False,
) -> str:
    values = [value for _, value in placed]
    inner = [*values, *([kept] if kept is not None else [])]
    low, high = min(0.0, *inner), max(0.0, *inner)
    words = said("p", twin, class_="obs-small") if twin else ""
    if high - low < 1e-9:
        return words

    def at(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    def part(kind: str, start: float, end: float) -> str:
        width = f"left:{at(start)}%;width:{at(end) - at(start):.2f}%"
        return element("i", class_=kind, style=width) if end > start else ""

    first, last = min(values), max(values)
    parts = (
        [part("span alone", first, last)]
        if alone
        else [
            part("span lack", min(first, 0.0), min(last, 0.0)),
            part("span more", max(first, 0.0), max(last, 0.0)),
        ]
    )
    ways = (element("i", class_="way", style=f"left:{at(v)}%") for v in values)
    zero = element("i", class_="zero", style=f"left:{at(0.0)}%")

    def label(value: float) -> str:
        if alone:
            return numbers.number(value, service.decimals)
        return balance.cell(value, service.decimals)

    marked = head = ""
    if kept is not None:
        place = at(kept)
        side = "low" if place < NEAR else "high" if place > 100 - NEAR else None
        marked = element("i", class_="diamond", style=f"left:{place}%")
        head = said("b", f"{named} : {label(kept)}", class_=side, style=f"left:{place}%")
    middle = at(0.0)
    between = (
        said("b", balance.BALANCED, style=f"left:{middle}%")
        if NEAR < middle < 100 - NEAR and not alone
        else ""
    )
    return (
        element(
            "figure",
            element("div", head, class_="head"),
            element("div", *parts, zero, *ways, marked, class_="field"),
            element(
                "div", said("span", label(low)), between, said("span", label(high)), class_="feet"
            ),
            class_="obs-gapbar",
            role="img",
            aria_label=twin or f"{KEPT} : {label(values[0])}.",
        )
        + words
    )
