"""What is wrong in a file that was given, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from observatory.ui.tables.plain_table import show_frame
from observatory.workbook.problems import Problem

SHOWN = 500


def show_problems(title: str, problems: Sequence[Problem]) -> None:
    """Show the first problems of a file, with their place and their mend; nothing without any."""
    if not problems:
        return
    more = f" (les {SHOWN} premiers)" if len(problems) > SHOWN else ""
    st.header(f"{title} : {len(problems)}{more}", anchor=False)
    show_frame(
        f"{title} : fichier, ligne, colonne, valeur et correction",
        pd.DataFrame(
            [
                {
                    "Fichier, feuille": p.where,
                    "Ligne": str(p.row or ""),
                    "Colonne": p.column,
                    "Valeur": p.value,
                    "Ce qui ne va pas, et comment le corriger": p.reason,
                }
                for p in problems[:SHOWN]
            ]
        ),
        key=f"problemes_{title}",
    )
