"""Table of the commune's duties as organising authority for early childhood care."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from observatory.answers.duties import applies_words, law
from observatory.french import dates
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.tables.held import NOT_SAID
from observatory.ui.tables.narrow import wide_table


def show_duties(version: Version, code: str, on: date) -> None:
    """Show what the law asks of the commune on a day, and who does it where someone has said."""
    table = data.duties(version, code, on)
    holders = law().holders
    rows = []
    for r in table.to_dict("records"):
        who = r["exercised_by"]
        since = f", depuis le {dates.long_date(_day(r['since']))}" if _known(r["since"]) else ""
        rows.append(
            [
                str(r["label"]),
                applies_words(r),
                (holders[who].label if who in holders else str(who)) + since
                if isinstance(who, str)
                else NOT_SAID,
                str(r["duty"]),
                str(r["source"]) if _known(r["source"]) else NOT_SAID,
            ]
        )
    wide_table(
        f"La commune, autorité organisatrice de l'accueil du jeune enfant "
        f"(au {dates.long_date(on)})",
        ["Compétence", "Obligatoire ici", "Exercée par", "Ce que demande la loi", "Source"],
        rows,
        words={1, 2, 3, 4},
    )
    blocks.paragraph(f"{law().article}. {law().population}")


def _known(value: Any) -> bool:
    return value is not None and pd.notna(value)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()
