"""What is known of the coming years where the offer is still to be listed: children, and need."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.french import numbers
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.outlook_rules import SIMULATED
from observatory.outlook.outlook_sentence import outlook_sentences
from observatory.outlook.territory_outlook import TerritoryOutlook
from observatory.report.document import table
from observatory.report.slides import Slide


def coming_slide(outlook: TerritoryOutlook | None) -> Slide | None:
    """Children and need of the coming years; None where they are not simulated."""
    if outlook is None:
        return None
    rows = outlook.of(None)
    if rows["public_mid"].iloc[1:].isna().all():
        return None
    service = nomenclature().services[str(outlook.question.service)]
    public = nomenclature().publics[service.public]
    first, *_ = outlook_sentences(outlook, None, service, public.noun)
    shown = table(
        f"{SIMULATED} : {service.short}",
        ["Année", capital(public.label), f"Besoin, en {service.unit}"],
        [
            [str(row["year"]), _span(row, "public", 0), _span(row, "need", service.decimals)]
            for row in rows.to_dict("records")
        ],
    )
    counted = rows["year"].iloc[0]
    return Slide(
        f"Demain : {first.removesuffix('.')}",
        f"{service.label}. {counted} est compté ; les années suivantes : de bas en haut.",
        (shown,),
        f"{SIMULATED}. {' '.join(outlook.notes)}",
    )


def _span(row: dict[Any, Any], figure: str, decimals: int) -> str:
    """« 2 752 à 3 493 »; a dash where it is unknown."""
    low, high = row[f"{figure}_low"], row[f"{figure}_high"]
    if pd.isna(low):
        return numbers.UNKNOWN
    least, most = numbers.number(low, decimals), numbers.number(high, decimals)
    return least if least == most else f"{least} à {most}"
