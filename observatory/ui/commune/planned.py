"""The actions of the plan that concern a commune, as anyone may read them."""

from __future__ import annotations

import pandas as pd

from observatory.french import dates
from observatory.french.vocabulary import NOTHING
from observatory.plan.plan_words import ACTION_STATUSES
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version


def show_planned(version: Version, code: str) -> None:
    """List the public actions of a commune, or of the whole territory; nothing without any."""
    actions = data.planned(version, code)
    if actions.empty:
        return
    blocks.table(
        "Ce que prévoit le plan d'actions",
        ["Action", "Axe", "État", "Jusqu'au", "Où"],
        [
            [
                str(row["title"]),
                str(row["axis"]),
                ACTION_STATUSES[row["status"]],
                dates.short_date(row["last_day"].date()) if pd.notna(row["last_day"]) else NOTHING,
                "des communes nommées" if row["communes"] else "tout le territoire",
            ]
            for row in actions.to_dict("records")
        ],
        words=True,
    )
    if actions["demonstration"].any():
        blocks.paragraph(
            "Exemple de démonstration, tant que le territoire n'a pas chargé son plan."
        )
