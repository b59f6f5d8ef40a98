"""Comparable territories in the documents: a part of the atlas, a line of a sheet, a slide."""

from __future__ import annotations

from observatory.answers.comparables import Comparables, comparables, own_epci
from observatory.answers.comparables_in_words import (
    DISTANCE,
    NEEDED,
    SEVERAL,
    TITLE,
    in_one_sentence,
    known_on,
    moves,
    rows_of,
    sources_of,
    standing,
    why,
    with_dep,
)
from observatory.knowledge.comparable_rules import comparable_rules
from observatory.report.document import Block, bullets, heading, note, paragraph, table
from observatory.report.facts import Facts
from observatory.report.slides import Slide

ON_A_SLIDE = 2
"""Territories named in a title."""


def comparable_blocks(reading: Facts) -> list[Block]:
    """The part of the atlas: the nearest EPCI, why, what moves the order; or what it would need."""
    found = _found(reading)
    if found is None:
        several = len(own_epci(reading.con)) > 1
        return [heading(1, TITLE), paragraph(SEVERAL if several else NEEDED)]
    return [
        heading(1, TITLE),
        paragraph(f"{in_one_sentence(found)} {_standing(found, reading)}".strip()),
        _table(found),
        note(f"{known_on(found)} {DISTANCE}"),
        bullets(f"{with_dep(one)} : {why(one)}" for one in found.nearest),
        table(
            "Ce que devient l'ordre quand une variable est retirée",
            ["Sans la variable", "Les mêmes, et ceux qui entrent"],
            moves(found),
            words=2,
            widths=[1.0, 3.0],
        ),
        note(f"Sources : {sources_of(found)}."),
    ]


def comparable_lines(reading: Facts) -> list[Block]:
    """The line of a commune's sheet: whom its EPCI resembles; nothing where nobody is compared."""
    found = _found(reading)
    if found is None:
        return []
    return [
        note(f"{TITLE}. {in_one_sentence(found)} {_standing(found, reading)} {known_on(found)}")
    ]


def comparable_slide(reading: Facts) -> Slide | None:
    """The nearest EPCI on a slide; None where nothing is compared."""
    found = _found(reading)
    if found is None:
        return None
    return Slide(
        in_one_sentence(found, ON_A_SLIDE).removesuffix("."),
        f"{TITLE} : à qui demander comment ils font. {_standing(found, reading)} {known_on(found)}",
        (_table(found),),
        f"{DISTANCE} Sources : {sources_of(found)}.",
    )


def _found(reading: Facts) -> Comparables | None:
    """What is compared; None where it is nobody, or where several EPCI could be."""
    return comparables(reading.con) if len(own_epci(reading.con)) == 1 else None


def _standing(found: Comparables, reading: Facts) -> str:
    return standing(found, reading.info["territory"])


def _table(found: Comparables) -> Block:
    """The territory first, then the nearest; the variables that count alone."""
    variables = comparable_rules().variable
    kept = [3 + list(variables).index(v) for v in found.used]
    return table(
        f"{TITLE} : ce qui fait la demande",
        ["Territoire", "Distance", *(variables[v].short for v in found.used)],
        [[row[0], row[1], *(row[n] for n in kept)] for row in rows_of(found)],
        widths=[2.4, 0.8, *[1.0] * len(kept)],
    )
