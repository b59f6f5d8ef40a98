"""The words of a map: marks that hold for all of its communes."""

from __future__ import annotations

from datetime import date

import duckdb

from observatory.answers import gaps
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.versions import record

DAY = date(2026, 11, 22)
NEED = nomenclature().service("eaje").definitions[0]


def test_an_estimate_is_marked_even_when_the_first_commune_is_unknown(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    table = gaps.gaps(embedded, Question("eaje", as_of=DAY, definition=NEED))
    rows = table[table["code"].notna()].reset_index(drop=True)
    rows.loc[0, ["public", "estimated"]] = [None, False]  # as ``gaps`` says of an unknown public
    view = View(Question("eaje", None, NEED, as_of=DAY), "ecart", None)
    assert "estimés" in painting(view, rows, record.info(embedded)).sentence
