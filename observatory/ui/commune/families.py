"""Births, children under three and population of a commune, year after year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.answers import profile
from observatory.french import numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.ui.charts.trend import show_years
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version


def show_families(version: Version, code: str) -> None:
    """Show the trend of births and population, or say that there is none to show."""
    births, young, population = data.trends(version, code)
    _births(births, young)
    _population(population)


def _births(births: pd.DataFrame, young: pd.DataFrame) -> None:
    if births.empty:
        blocks.paragraph("Naissances de la commune : inconnues.")
        return
    series = [(int(y), float(n)) for y, n in births.itertuples(index=False)]
    if len(series) > 1:
        alt = f"Naissances domiciliées. {_span(series)} Les chiffres suivent."
        show_years("Naissances par an", series, alt)
        blocks.paragraph(_span(series))
    after = {int(r["year"]): r for r in young.to_dict("records")}
    born = dict(series)
    years = sorted({*born, *after}, reverse=True)
    headings = ["Année", "Naissances"]
    known = young["estimate"].notna().any()
    if known:
        headings += [
            "Moins de 3 ans, par les naissances",
            "avec la rétention du territoire",
            "Moins de 3 ans, recensement",
        ]
    rows = [[str(y), numbers.number(born[y]) if y in born else vocabulary.NOTHING] for y in years]
    if known:
        rows = [r + _young(after.get(y)) for r, y in zip(rows, years, strict=True)]
    else:
        rows = [r for r, y in zip(rows, years, strict=True) if y in born]
    blocks.table("Naissances domiciliées dans la commune (Insee)", headings, rows)
    if len(series) == 1:
        blocks.paragraph("Une seule année disponible : pas de tendance.")
    if known:
        blocks.paragraph(
            "Estimation : enfants de moins de 3 ans au 1er janvier ≈ somme des naissances des "
            "trois années précédentes, sans les déménagements ni les décès. "
            + _retained(young)
            + _compared(young)
        )


def _young(row: Any) -> list[str]:
    if row is None:
        return [vocabulary.NOTHING] * 3
    census = numbers.number(row["census"]) if pd.notna(row["census"]) else vocabulary.NOTHING
    estimated = " (estimation)" if row["census_estimated"] is True else ""
    foretold = [
        numbers.number(row[c]) if pd.notna(row[c]) else vocabulary.NOTHING
        for c in ("estimate", "retained")
    ]
    return [*foretold, census + estimated]


def _retained(young: pd.DataFrame) -> str:
    """The retention that the estimate is multiplied by, from the last year that has both."""
    both = young[young["retained"].notna() & (young["estimate"] > 0)]
    if both.empty:
        return "Sa rétention (enfants recensés pour une naissance) est inconnue. "
    row = both.iloc[-1]
    share = numbers.number(100 * row["retained"] / row["estimate"])
    return (
        f"Rétention du territoire : {share} enfants recensés pour 100 naissances des trois années "
        "d'avant ; simulation, pas prévision. "
    )


def _compared(young: pd.DataFrame) -> str:
    both = young[young["estimate"].notna() & young["census"].notna()]
    if both.empty:
        return "Les années du recensement et des naissances ne permettent pas de les comparer."
    row = both.iloc[-1]
    apart = numbers.gap(row["estimate"] - row["census"])
    return (
        f"En {int(row['year'])}, elle donne {numbers.number(row['estimate'])} enfants et le "
        f"recensement {numbers.number(row['census'])} ({apart})."
    )


def _population(population: pd.DataFrame) -> None:
    if population.empty:
        blocks.paragraph("Population de la commune : inconnue.")
        return
    series = [(int(y), float(n)) for y, n in population.itertuples(index=False)]
    if len(series) > 1:
        alt = f"Population municipale. {_span(series)} Les chiffres suivent."
        show_years("Habitants, par millésime", series, alt)
        blocks.paragraph(
            f"{_span(series)} L'Insee conseille de ne comparer que des millésimes à cinq ans de "
            "distance au moins."
        )
    blocks.table(
        "Population municipale (Insee, populations de référence)",
        ["Année", "Habitants"],
        [[str(y), numbers.number(n)] for y, n in reversed(series)],
    )
    if len(series) == 1:
        blocks.paragraph("Une seule année disponible : pas de tendance.")


def _span(series: list[tuple[int, float]]) -> str:
    """From the first year to the last: what moved, in number and, unless few, in per cent."""
    (first, before), (last, now) = series[0], series[-1]
    moved = f"{numbers.number(before)} en {first}, {numbers.number(now)} en {last}"
    share = ""
    # Of a few births, a family more would be a great many per cent.
    if before >= nomenclature().publics[profile.YOUNG].suppressed_below:
        share = f", soit {numbers.number(100 * (now - before) / before, 1, signed=True)}\u202f%"
    return f"{moved} : {numbers.gap(now - before)}{share}."
