"""Key figures of a commune with the territory, the département and France beside them.

Of the last two only what is published is known: figures that they have stand in a table of their
own, and neither table has a column or a line in which nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from observatory.answers.gaps import public_of_row
from observatory.answers.masked_cells import is_masked
from observatory.answers.rounded import ROUNDED_SHORT, is_rounded
from observatory.french import balance, dates, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.departement import departement_name
from observatory.maps.view import View
from observatory.report import table_cells
from observatory.ui.shell import blocks
from observatory.ui.tables.held import is_empty, left_out_words
from observatory.ui.tables.narrow import wide_table

LOCAL = ("commune", "territory")
"""Levels that the census counts; of the others only what is published is known."""


def show_levels(
    view: View,
    levels: pd.DataFrame,
    facts: Mapping[str, Any],
    local: Mapping[str, Mapping[str, Any]],
    territory: str,
    *,
    alone: bool = False,
) -> None:
    """Show the comparison, one column per level.

    Parameters
    ----------
    levels : DataFrame
        Given by ``data.levels``.
    facts : mapping
        The commune's row of ``data.commune_facts``.
    local : mapping
        The row of the gap table of each of ``LOCAL``, for the definition in view.
    territory : str
        Name of the territory.
    alone : bool
        Whether the commune is the whole territory.
    """
    service = view.service
    names = {
        "commune": str(facts["name"]),
        "territory": territory,
        "dep": departement_name(str(facts["dep"])),
        "nat": "France",
    }
    columns = levels.set_index("level").to_dict("index")

    def published(column: str, year: str) -> list[str]:
        return [_dated(columns[i][column], columns[i][year]) for i in names]

    def counted(column: str, *, signed: bool = False) -> list[str]:
        return [table_cells.amount(local[i], column, service, signed=signed) for i in LOCAL]

    # What is only shared out is no need: neither it nor a gap is a key figure.
    shared = view.shares_out
    need = f"Besoin en {service.unit} : {inside(view.definition_label)}"
    public = public_of_row(next(iter(local.values())))
    own = [
        [public.label, *(_public(local[i], columns[i]["public_year"]) for i in LOCAL)],
        *([] if shared else [[need, *counted("need")]]),
        [f"Offre, en {service.unit}", *map(_rounded, counted("supply"), map(local.get, LOCAL))],
        *([] if shared else [[f"{balance.LACK}, en {service.unit}", *counted("gap", signed=True)]]),
        [f"Taux, en {service.rate_label}", *(table_cells.rate(local[i]) for i in LOCAL)],
        ["Revenu médian, en euros par an", _income(facts), numbers.UNKNOWN],
    ]
    told = [
        ["Population, en habitants", *published("population", "population_year")],
        ["Naissances domiciliées", *published("births", "births_year")],
        [
            f"Taux publié par la Caf, en {service.rate_label}",
            *(_published_rate(columns[i]) for i in names),
        ],
    ]
    # What nobody publishes beyond the territory stands with the commune's own figures.
    beyond = [row for row in told if not is_empty(["", *row[1 + len(LOCAL) :]])]
    own += [row[: 1 + len(LOCAL)] for row in told if row not in beyond]
    here, around = (
        vocabulary.census_words(demonstration=local[level]["demonstration"]) for level in LOCAL
    )
    census = f"{here} au {dates.long_date(view.as_of)}"
    sources = [
        "Source",
        f"Insee ; {census} ; Cnaf",
        f"Insee et {around}, somme des communes ; Cnaf ({_level_of(columns)})",
    ]
    every = ["Chiffre", *names.values()]
    # A commune alone is its territory: the same figures are not said twice.
    local_only = [1, *([] if alone else [2])]
    _table("Chiffres clés", every, own, local_only, sources)
    _table("Ce que publient l'Insee et la Caf", every, beyond, [*local_only, 3, 4])


def _table(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    shown: Sequence[int],
    sources: Sequence[str] | None = None,
) -> None:
    """A table of some of the levels; lines in which nothing is known are named below it."""
    kept = [[row[n] for n in (0, *shown)] for row in rows]
    empty = [row[0] for row in kept if is_empty(row)]
    lines = [row for row in kept if not is_empty(row)]
    if lines:
        at = (0, *shown)
        note = [sources[n] for n in at] if sources else None
        wide_table(caption, [headings[n] for n in at], lines, note=note)
    if empty:
        blocks.paragraph(left_out_words(empty))


def _income(facts: Mapping[str, Any]) -> str:
    return _dated(facts["median_income_eur"], facts["income_vintage"])


def _level_of(columns: Mapping[Any, Mapping[Any, Any]]) -> str:
    code = columns["territory"]["code"]
    return f"code {code}" if isinstance(code, str) else "rien n'est publié pour cette liste"


def _dated(value: Any, year: Any) -> str:
    """``436 (2022)``."""
    known = pd.notna(value)
    return numbers.number(value if known else None) + (f" ({year})" if known else "")


def _public(row: Mapping[str, Any], year: Any) -> str:
    if is_masked(row, "public"):
        return vocabulary.MASKED
    if pd.isna(row["public"]):
        return numbers.UNKNOWN
    marks = [str(year)] * bool(pd.notna(year)) + ["estimation"] * bool(row["estimated"])
    return numbers.number(row["public"]) + (f" ({', '.join(marks)})" if marks else "")


def _rounded(said: str, row: Mapping[str, Any] | None) -> str:
    """A figure, and that it is a total made of masked communes."""
    return f"{said} ({ROUNDED_SHORT})" if row is not None and is_rounded(row) else said


def _published_rate(level: Mapping[Any, Any]) -> str:
    if pd.isna(level["published_rate"]):
        return numbers.UNKNOWN
    return (
        f"{numbers.rate(level['published_rate'])} "
        f"({level['published_year']}, publication {level['published_vintage']})"
    )
