"""The sentence that a page says first: what is missing, from how much to how much, what moved."""

from __future__ import annotations

import pandas as pd

from observatory.answers.in_a_sentence import Moves, in_a_sentence, moves_of, standing_of
from observatory.french import dates
from observatory.french.spelling import capital, inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.view import View
from observatory.markup import said
from observatory.ui.shell import data
from observatory.ui.shell.data import Version


def first_sentence(version: Version, view: View, table: pd.DataFrame, code: str | None) -> str:
    """What is said of a commune, or of the territory, for the service in view.

    Parameters
    ----------
    table : DataFrame
        Every need definition of the service and type of day (`data.gap_table`).
    code : str or None
        INSEE code of the commune; None for the territory.
    """
    rows = table[table["code"] == code] if code else table[table["code"].isna()]
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    # The territory's stands over the map, whose title names the service.
    subject = f"{capital(inside(view.service.short))}{day}" if code else ""
    told = standing_of(rows.to_dict("records"))
    return in_a_sentence(subject, view.service, told, _moves(version, view, code))


def first_sentence_html(text: str) -> str:
    """The sentence, at reading size."""
    return said("p", text, class_="obs-first")


def _moves(version: Version, view: View, code: str | None) -> Moves | None:
    """What opened and closed since the start of the convention; None on an earlier day."""
    period = data.period(version, dates.today())
    if view.as_of < period.first or period.last < period.first:
        return None
    moves = data.movements(version, period.first, period.last)
    return moves_of(moves, view.service_id, view.day_type, code, period.first, view.as_of)
