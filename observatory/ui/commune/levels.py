"""Key figures of a commune with the territory, the département and France beside them."""

from __future__ import annotations

from collections.abc import Mapping
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
from observatory.ui.tables.narrow import wide_table

LOCAL = ("commune", "territory")
"""Levels that the census counts; of the others only what is published is known."""


def show_levels(
    view: View,
    levels: pd.DataFrame,
    facts: Mapping[str, Any],
    local: Mapping[str, Mapping[str, Any]],
    territory: str,
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
    """
    service = view.service
    names = {
        "commune": str(facts["name"]),
        "territory": territory,
        "dep": departement_name(str(facts["dep"])),
        "nat": "France",
    }
    columns = levels.set_index("level").to_dict("index")
    levels_ = list(names)

    def published(column: str, year: str) -> list[str]:
        return [_dated(columns[i][column], columns[i][year]) for i in levels_]

    def counted(column: str, *, signed: bool = False) -> list[str]:
        return [
            table_cells.amount(local[i], column, service, signed=signed)
            if i in local
            else numbers.UNKNOWN
            for i in levels_
        ]

    # What is only shared out is no need: neither it nor a gap is a key figure.
    shared = view.shares_out
    need = f"Besoin en {service.unit} : {inside(view.definition_label)}"
    public = public_of_row(next(iter(local.values())))
    rows = [
        ["Population, en habitants", *published("population", "population_year")],
        [public.label, *(_public(local.get(i), columns[i]["public_year"]) for i in levels_)],
        *([] if shared else [[need, *counted("need")]]),
        [f"Offre, en {service.unit}", *map(_rounded, counted("supply"), map(local.get, levels_))],
        *([] if shared else [[f"{balance.LACK}, en {service.unit}", *counted("gap", signed=True)]]),
        [f"Taux, en {service.rate_label}", *(_rate(local.get(i)) for i in levels_)],
    ]
    if levels["published_rate"].notna().any():
        rows.append(
            [f"Taux publié par la Caf, en {service.rate_label}"]
            + [_published_rate(columns[i]) for i in levels_]
        )
    rows += [
        ["Naissances domiciliées", *published("births", "births_year")],
        [
            "Revenu médian, en euros par an",
            _dated(facts["median_income_eur"], facts["income_vintage"]),
            *[numbers.UNKNOWN] * 3,
        ],
    ]
    here, around = (
        vocabulary.census_words(demonstration=local[level]["demonstration"]) for level in LOCAL
    )
    census = f"{here} au {dates.long_date(view.as_of)}"
    wide_table(
        "Chiffres clés",
        ["Chiffre", *names.values()],
        rows,
        note=[
            "Source",
            f"Insee ; {census} ; Cnaf",
            f"Insee et {around}, somme des communes ; Cnaf ({_level_of(columns)})",
            _published_source(columns["dep"]),
            _published_source(columns["nat"]),
        ],
    )


def _level_of(columns: Mapping[Any, Mapping[Any, Any]]) -> str:
    code = columns["territory"]["code"]
    return f"code {code}" if isinstance(code, str) else "rien n'est publié pour cette liste"


def _published_source(level: Mapping[Any, Any]) -> str:
    """What is known of a level beyond the territory; the files at hand may hold none of it."""
    counted = pd.notna(level["population"]) or pd.notna(level["births"])
    said = ["Insee, somme des communes"] * counted
    said += ["Cnaf"] * bool(pd.notna(level["published_rate"]))
    return " ; ".join(said) or "absent des fichiers chargés"


def _dated(value: Any, year: Any) -> str:
    """``436 (2022)``."""
    known = pd.notna(value)
    return numbers.number(value if known else None) + (f" ({year})" if known else "")


def _public(row: Mapping[str, Any] | None, year: Any) -> str:
    if row is not None and is_masked(row, "public"):
        return vocabulary.MASKED
    if row is None or pd.isna(row["public"]):
        return numbers.UNKNOWN
    marks = [str(year)] * bool(pd.notna(year)) + ["estimation"] * bool(row["estimated"])
    return numbers.number(row["public"]) + (f" ({', '.join(marks)})" if marks else "")


def _rounded(said: str, row: Mapping[str, Any] | None) -> str:
    """A figure, and that it is a total made of masked communes."""
    return f"{said} ({ROUNDED_SHORT})" if row is not None and is_rounded(row) else said


def _rate(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return numbers.UNKNOWN
    return table_cells.rate(row)


def _published_rate(level: Mapping[Any, Any]) -> str:
    if pd.isna(level["published_rate"]):
        return numbers.UNKNOWN
    return (
        f"{numbers.rate(level['published_rate'])} "
        f"({level['published_year']}, publication {level['published_vintage']})"
    )
