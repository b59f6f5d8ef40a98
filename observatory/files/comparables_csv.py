"""Comparable territories as a file for a French spreadsheet."""

from __future__ import annotations

from observatory.answers.comparables import Comparables
from observatory.answers.comparables_in_words import DISTANCE, known_on, sources_of, why
from observatory.french.csv import csv_file, number_cell, text_cell
from observatory.knowledge.comparable_rules import comparable_rules


def comparables_csv(found: Comparables) -> bytes:
    """One row per EPCI, the territory's first: values, distances, ranks when a variable is dropped.

    The first row says how the distance is taken, and the sources.
    """
    variables = comparable_rules().variable
    names = list(variables)
    headings = [
        "rang", "siren", "territoire", "departement", "distance", "variables_connues",
        *names,
        *(f"ecart_type_{v}" for v in names),
        *(f"rang_sans_{v}" for v in names),
        "pourquoi", "methode",
    ]  # fmt: skip
    values = [number_cell(found.values[v], variables[v].decimals) for v in names]
    blank = [text_cell("")] * (2 * len(names))
    method = " ".join([DISTANCE, known_on(found), f"Sources : {sources_of(found)}."])
    own = [
        number_cell(0, 0), text_cell(found.siren), text_cell(found.name), text_cell(""),
        number_cell(0, 2), number_cell(len(found.used), 0), *values, *blank,
        text_cell("le territoire comparé"), text_cell(method),
    ]  # fmt: skip
    rows = [
        [
            number_cell(rank, 0), text_cell(o.siren), text_cell(o.name), text_cell(o.dep),
            number_cell(o.distance, 2), number_cell(len(o.apart), 0),
            *(number_cell(o.values[v], variables[v].decimals) for v in names),
            *(number_cell(o.apart.get(v), 2) for v in names),
            *(number_cell(o.without.get(v), 0) for v in names),
            text_cell(why(o)), text_cell(""),
        ]
        for rank, o in enumerate(found.nearest, start=1)
    ]  # fmt: skip
    return csv_file(headings, [own, *rows])
