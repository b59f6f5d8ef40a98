"""Openings, closings and changes as CSV for a French spreadsheet."""

from __future__ import annotations

import pandas as pd

from observatory.answers.deployment import KINDS, status_words
from observatory.french.spreadsheet import BOM, french_number, safe_text
from observatory.knowledge.nomenclature import nomenclature


def movements_csv(moves: pd.DataFrame) -> bytes:
    """The movements as French CSV: UTF-8 with BOM, ``;``, decimal comma, no live formula."""
    names = nomenclature()
    statuses = status_words()

    def words(column: str) -> list[str]:
        return [safe_text(str(v)) if pd.notna(v) else "" for v in moves[column]]

    file = pd.DataFrame(
        {
            "date": [f"{day:%Y-%m-%d}" for day in pd.to_datetime(moves["day"])],
            "code_insee": words("code"),
            "commune": words("commune"),
            "identifiant": words("id"),
            "etablissement": words("name"),
            "service": words("service"),
            "type_jour": words("day_type"),
            "statut": [statuses[s] for s in moves["status"]],
            "mouvement": [KINDS[k] for k in moves["kind"]],
            "avant": [french_number(v, 1) for v in moves["before"]],
            "apres": [french_number(v, 1) for v in moves["after"]],
            "effet": [french_number(v, 1) for v in moves["effect"]],
            "unite": [names.services[s].unit for s in moves["service"]],
        }
    )
    text: str = file.to_csv(sep=";", index=False, lineterminator="\r\n")
    return (BOM + text).encode("utf-8")
