"""The slide of the scenarios that planners chose to show to the committee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from observatory.errors import RequestError
from observatory.french import balance, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.report.document import Block, note, paragraph, table
from observatory.report.slide_frame import BODY_HEIGHT, INNER
from observatory.report.slides import Slide, sized
from observatory.scenario import scenario_store
from observatory.scenario.compared_scenarios import MOVED, line_words
from observatory.scenario.scenario_in_words import need_words, said, toponyms_of
from observatory.scenario.what_if import SIMULATION, WhatIf, usual_question, what_if

MOST_SHOWN = 3
"""Scenarios on the slide; the others are counted."""
BONUS = "bonus_territoire"


@dataclass(frozen=True)
class ShownScenarios:
    """What the slide holds.

    Attributes
    ----------
    found : tuple of WhatIf
        Those that were computed, in the order in which they were kept.
    sentences : tuple of str
        One for each of them, then one for each that this version no longer answers.
    """

    found: tuple[WhatIf, ...] = ()
    sentences: tuple[str, ...] = ()


def shown_scenarios(con: duckdb.DuckDBPyConnection, census_dir: Path, day: date) -> ShownScenarios:
    """The scenarios kept that are marked for the committee, answered by the version.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    names, found, told, lost = toponyms_of(con), [], [], []
    for scenario in scenario_store.read(census_dir):
        if not scenario.committee:
            continue
        try:
            one = what_if(con, scenario, usual_question(con, scenario, day))
        except RequestError as error:
            lost.append(f"« {scenario.name} » ne se calcule plus : {error.what}.")
            continue
        found.append(one)
        told.append(said(one, names))
    return ShownScenarios(tuple(found), (*told, *lost))


def scenarios_slide(shown: ShownScenarios) -> Slide | None:
    """What each scenario would change; none where no scenario is marked."""
    if not shown.sentences:
        return None
    some: Sequence[WhatIf] = shown.found[:MOST_SHOWN]
    more = len(shown.sentences) - MOST_SHOWN
    rest = [note(f"Et {numbers.plural(more, 'autre scénario', 'autres scénarios')}.")]
    questions = dict.fromkeys(need_words(w) for w in some)
    return Slide(
        f"Et si… : {numbers.plural(len(shown.sentences), 'scénario', 'scénarios')} à débattre",
        f"{SIMULATION}.",
        (
            *(paragraph(text) for text in shown.sentences[:MOST_SHOWN]),
            *(rest if more > 0 else []),
            *([sized(_figures(some), INNER, BODY_HEIGHT / 3)] if some else []),
        ),
        f"{'. '.join(questions)}. Montants : ordres de grandeur publiés, ou ceux du projet ; "
        f"{vocabulary.MASKED_MEANS}.",
    )


def _figures(some: Sequence[WhatIf]) -> Block:
    return table(
        "Les scénarios en chiffres",
        ["Scénario", "Écart avant", "Écart après", "Communes qui gagnent", "Bonus par an"],
        [
            [
                w.scenario.name,
                *(_gap(w, side) for side in ("before", "after")),
                numbers.number(float((w.communes["reached_more"] >= MOVED).sum())),
                next((line_words(m) for m in w.money if m.amount == BONUS), vocabulary.NOTHING),
            ]
            for w in some
        ],
        words=5,
        widths=[2.4, 2.2, 2.2, 1.4, 2.2],
    )


def _gap(found: WhatIf, side: str) -> str:
    service = nomenclature().service(str(found.question.service))
    row = found.territory
    if row["masked"] and not numbers.is_known(row[f"gap_{side}"]):
        return vocabulary.MASKED
    return balance.cell(row[f"gap_{side}"], service.decimals)
