"""The sheets of a plan as tables: days as dates, amounts as numbers, unknown as null."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from observatory.french.vocabulary import YES_NO
from observatory.plan.plan_rows import plan_contract
from observatory.workbook.results import Rows

DAYS = frozenset(
    {"debut", "fin", "echeance", "faite_le", "depart_le", "cible_le", "date", "decide_le"}
)
NUMBERS = frozenset({"montant_euros", "depart", "cible", "valeur", "rang"})
FLAGS = frozenset({"public", "demonstration"})


def plan_frame(plan: Mapping[str, Rows], sheet: str) -> pd.DataFrame:
    """One row per row of a sheet, with every column of it; empty text is kept as empty text.

    Parameters
    ----------
    plan : mapping
        Rows by sheet, in the form of the store.
    sheet : str
        « actions », « etapes », « financements », « indicateurs », « releves », « suivi »,
        « instances », « reunions » or « contributions ».
    """
    columns = list(plan_contract().sheet(sheet).stored)
    table = pd.DataFrame(plan.get(sheet, []), columns=columns, dtype=str)
    for name in columns:
        if name in DAYS:
            table[name] = pd.to_datetime(table[name].replace("", None))
        elif name in NUMBERS:
            table[name] = pd.to_numeric(table[name].replace("", None)).astype("float64")
        elif name in FLAGS:
            table[name] = table[name] == YES_NO[True]
    return table
