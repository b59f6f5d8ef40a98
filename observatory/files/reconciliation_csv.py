"""The reconciliation as CSV for a French spreadsheet."""

from __future__ import annotations

import pandas as pd

from observatory.french.spreadsheet import BOM, french_number, safe_text
from observatory.knowledge.nomenclature import nomenclature

LEVELS = {"com": "commune", "epci": "EPCI"}
MEASURES = {"places": "places", "taux": "places pour 100 enfants", "aucune": "places"}
HEADINGS = {
    "level": "niveau",
    "code": "code",
    "name": "nom",
    "service": "mode",
    "year": "annee",
    "measure": "mesure",
    "published": "publie_caf",
    "census": "recensement_31_decembre",
    "difference": "ecart",
    "percent": "ecart_pour_cent",
    "bpe": "etablissements_bpe",
    "establishments": "etablissements_recenses",
    "explanation": "explication",
}
COUNTS = ("bpe", "establishments", "year")


def reconciliation_csv(table: pd.DataFrame) -> bytes:
    """Rows of ``reconcile`` as French CSV: UTF-8 with BOM, ``;``, decimal comma, CRLF."""
    words = table.assign(
        level=table["level"].map(LEVELS),
        measure=table["measure"].map(MEASURES),
        service=[nomenclature().services[s].label for s in table["service"]],
    )
    out = pd.DataFrame(index=table.index)
    for ours, heading in HEADINGS.items():
        if pd.api.types.is_numeric_dtype(words[ours]):
            decimals = 0 if ours in COUNTS else 1
            out[heading] = [french_number(v, decimals) for v in words[ours]]
        else:
            out[heading] = [safe_text(str(v)) if pd.notna(v) else "" for v in words[ours]]
    text: str = out.to_csv(sep=";", index=False, lineterminator="\r\n")
    return (BOM + text).encode("utf-8")
