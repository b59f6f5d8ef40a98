"""The files that a command writes of what scenarios would change, by ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from observatory.errors import RequestError
from observatory.files.scenario_layers import results_gpkg
from observatory.files.scenario_results import results_csv, results_xlsx
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.measures import MEASURES
from observatory.maps.picture.rendering import map_png
from observatory.maps.shapes import shapes
from observatory.maps.specification import MapPaint
from observatory.maps.what_if_paints import (
    MOVES,
    SIDES,
    scenario_document,
    scenario_paints,
    scenario_picture,
)
from observatory.scenario.scenario_in_words import Toponyms
from observatory.scenario.what_if import WhatIf
from observatory.versions.record import info

MAPS = (".html", ".png", ".svg")
"""Endings of a map, which is of one scenario; the picture is that of the difference."""
ENDINGS = (".csv", ".xlsx", ".gpkg", *MAPS)


def check_ending(out: Path, scenarios: int) -> None:
    """Refuse, before anything is computed, a file that could not be written of so many scenarios.

    Raises
    ------
    RequestError
        When no file ends so, or when it would be the map of several scenarios.
    """
    kind = out.suffix.lower()
    if kind not in ENDINGS:
        raise RequestError(
            "ce type de fichier n'est pas prévu",
            where=out.name,
            mend=f"Finir par {', '.join(ENDINGS)}.",
        )
    if kind in MAPS and scenarios > 1:
        raise RequestError(
            "une carte est celle d'un seul scénario",
            where=out.name,
            mend="En nommer un par --scenario.",
        )


def result_files(
    con: duckdb.DuckDBPyConnection, every: Sequence[WhatIf], names: Toponyms
) -> Mapping[str, Callable[[], bytes]]:
    """What makes the content of a file, by its ending, one of ``ENDINGS``."""

    def drawn() -> tuple[tuple[MapPaint, ...], str]:
        record = info(con)
        paints = scenario_paints(every[0], _measure(every[0]), record)
        return paints, str(record["territory"]["name"])

    def picture() -> str:
        paints, territory = drawn()
        difference = SIDES.index("Différence")
        return scenario_picture(shapes(con), paints, difference, every[0], names, territory)

    def document() -> bytes:
        paints, territory = drawn()
        return scenario_document(shapes(con), paints, every[0], names, territory).encode()

    return {
        ".csv": lambda: results_csv(every),
        ".xlsx": lambda: results_xlsx(con, every, names),
        ".gpkg": lambda: results_gpkg(con, every),
        ".html": document,
        ".png": lambda: map_png(picture()),
        ".svg": lambda: picture().encode(),
    }


def _measure(found: WhatIf) -> str:
    """The measure mapped: what is reached, but for services that nobody travels to."""
    travelled = nomenclature().service(str(found.question.service)).catchment
    return next(m for m in MOVES if travelled or not MEASURES[m].reach)
