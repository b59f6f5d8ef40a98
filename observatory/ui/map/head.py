"""The head of the map's page: the territory's figures in one line, or why nothing is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.answers.gaps import public_of_row
from observatory.answers.rounded import ROUNDED_SHORT, is_rounded
from observatory.french import numbers
from observatory.french.spelling import inside
from observatory.maps.view import View
from observatory.ui.map.answer import MapAnswer
from observatory.ui.shell import blocks


def nothing_known(answer: MapAnswer) -> str:
    """Why nothing is said of the supply, who may tell it, and what can be looked at meanwhile."""
    said = "Aucun recensement chargé ne dit l'offre de ce service dans ce territoire."
    if feed := answer.view.service.feed:
        said += f" Elle peut être reprise de : {feed.producer}, {inside(feed.dataset)}."
    if answer.rows["public"].notna().any():
        return f"{said} Le besoin et les effectifs se consultent par le menu « Mesure »."
    return f"{said} Les sources chargées ne donnent pas non plus les effectifs de ses communes."


def head_html(view: View, total: pd.Series[Any], territory: str, first: str) -> str:
    """The answer in a sentence, then public, need, supply with its rate, and gap.

    A sharing out has no gap.

    Parameters
    ----------
    first : str
        The sentence, of the territory.
    """
    service = view.service
    known = pd.notna(total["supply"])
    said = [f"{numbers.rate(total['rate'])} pour {numbers.number(service.rate_per)}"]
    said = [*(said if pd.notna(total["rate"]) else []), *([ROUNDED_SHORT] * is_rounded(total))]
    aside = f" ({', '.join(said)})" if said else ""
    amounts = {
        column: (numbers.number(total[column], service.decimals), service.unit)
        if pd.notna(total[column])
        else ("inconnue" if column == "supply" else numbers.UNKNOWN, "")
        for column in ("need", "supply")
    }
    # What is only shared out is no need: neither it nor a gap stands in the head.
    shared = view.shares_out
    return blocks.figures_html(
        territory,
        [
            (
                public_of_row(total).label,
                numbers.number(total["public"]),
                "(estimation)" if total["estimated"] else "",
            ),
            *([] if shared else [("Besoin", *amounts["need"])]),
            ("Offre", amounts["supply"][0], f"{amounts['supply'][1]}{aside}" if known else ""),
            *([] if shared else [blocks.lack(service, total)]),
        ],
        first,
    )
