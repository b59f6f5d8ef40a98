"""Figures that come as they are published: people, births, income; requests without a place."""

from __future__ import annotations

import duckdb

from observatory.answers.explained.explained_material import Material, Place, Row, plain_rows
from observatory.answers.explained.explained_step import FigureStep, figure_words, known_step
from observatory.french import numbers
from observatory.versions.frames import frame

FACTS = (
    ("population", "Population", "habitants", "popref", "population_vintage"),
    ("births", "Naissances de l'année", "naissances", "naissances", "births_year"),
    ("median_income_eur", "Revenu médian", "euros par an", "filosofi", "income_vintage"),
)
"""Column of the commune, its label, its unit, its source, the column of its year."""
AS_PUBLISHED = "tel qu'il est publié"


def fact_steps(
    con: duckdb.DuckDBPyConnection, material: Material, place: Place
) -> list[FigureStep]:
    """What is published of a commune, as it comes; nothing of what is unknown."""
    if place is None:
        return []
    (row,) = plain_rows(frame(con, "FROM commune WHERE code = ?", [place]))
    return [
        known_step(
            column,
            label,
            figure_words(float(row[column])),
            unit,
            ((float(row[column]),),),
            source=material.sources.get(source, ""),
            vintage="" if row[year] is None else str(row[year]),
            notes=(AS_PUBLISHED,),
        )
        for column, label, unit, source, year in FACTS
        if row[column] is not None
    ]


def unmet_step(material: Material, row: Row) -> list[FigureStep]:
    """The requests that found no place, and who tells them; nothing where nobody does."""
    if row.get("unmet") is None:
        return []
    asked = numbers.plural(int(row["unmet_asked"]), "établissement")
    words = f"dites par {numbers.number(row['unmet_told'])} sur {asked}"
    source = material.sources.get("census", "")
    return [
        known_step(
            "unmet", "Demandes non satisfaites", words, "demandes", ((float(row["unmet"]),),),
            source=source,
        )
    ]  # fmt: skip
