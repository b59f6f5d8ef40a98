"""The minutes of the version beside those that Insee publishes, service by service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from observatory.answers.minutes_in_use import minutes_in_words
from observatory.answers.published_minutes import compared_with_published
from observatory.french import dates, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version


def show_compared_minutes(version: Version) -> None:
    """Show both, and which of them count; nothing without Insee's file."""
    day = dates.today()
    found = compared_with_published(data.cursor(version), day)
    if found.empty:
        return
    years = ", ".join(sorted(set(found["vintage"].dropna())))
    st.header("Temps jusqu'au plus proche : l'observatoire et l'Insee", anchor=False)
    blocks.paragraph(
        f"{minutes_in_words(data.info(version))} Ce sont ces temps qui comptent. L'Insee "
        f"publie ({years}) ceux de la route jusqu'à l'équipement de la BPE le plus proche : ils "
        "se lisent à côté, et aucun calcul ne s'en sert. Les lieux ne sont pas les mêmes "
        f"(établissements du recensement ouverts le {dates.long_date(day)}, équipements de la "
        "BPE) : un écart dit autant une différence de liste qu'une différence de temps."
    )
    both = found[found["communes"] > 0]
    # A commune that one of the two alone reaches would mostly be a column of dashes.
    one = bool(both[["own_only", "published_only"]].to_numpy().any())
    last = ["Un seul des deux"] if one else []
    blocks.table(
        "Minutes jusqu'au plus proche, médiane des communes comparées",
        ["Service", "Communes", "Observatoire", "Insee", "Écart médian", "Plus grand écart", *last],
        [_line(row)[: 6 + one] for row in both.to_dict("records")],
    )
    if alone := [
        inside(nomenclature().services[service].short)
        for service in found.loc[found["communes"] == 0, "service"]
    ]:
        blocks.paragraph(f"Rien à comparer, faute d'offre connue à portée : {', '.join(alone)}.")


def _line(row: Mapping[Any, Any]) -> list[str]:
    difference, largest = (numbers.number(row[c], signed=True) for c in ("difference", "largest"))
    alone = [
        f"{numbers.number(row[column])} {whose}"
        for column, whose in (("own_only", "observatoire"), ("published_only", "Insee"))
        if row[column]
    ]
    return [
        nomenclature().services[row["service"]].short,
        numbers.number(row["communes"]),
        numbers.number(row["own"]),
        numbers.number(row["published"]),
        difference,
        f"{largest} ({row['largest_name']})",
        ", ".join(alone) or vocabulary.NOTHING,
    ]
