"""What moved in a commune since the start of the Ctg: its supply, who opened, who closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from observatory.answers.deployment import DAY, of_service
from observatory.answers.masked_cells import is_masked
from observatory.answers.period import Period
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import Service
from observatory.maps.view import View
from observatory.ui.commune.supply import amount
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version

KINDS = {"opening": "Ouvert", "closing": "Fermé"}
MOST = 6  # movements told one by one


def show_since(version: Version, view: View, code: str, now: Mapping[Any, Any]) -> None:
    """Show what moved for the service in view; nothing on a day before the Ctg.

    Parameters
    ----------
    now : mapping
        The commune's row of the gap table on the day in view.
    """
    period = data.period(version, dates.today())
    if view.as_of < period.first or period.last < period.first:
        return
    eve = period.first - DAY
    table = data.gap_table(version, replace(view.question.for_every_need(), as_of=eve))
    before = table[(table["code"] == code) & (table["definition"] == view.definition)]
    if before.empty:
        return
    blocks.notes(
        [
            _supply(view.service, period, before.iloc[0].to_dict(), now),
            *_moves(version, view, code, period),
        ]
    )


def _supply(
    service: Service, period: Period, before: Mapping[Any, Any], now: Mapping[Any, Any]
) -> str:
    start = f"Depuis {period.since}"
    then, today = (_amount(row, service) for row in (before, now))
    if pd.isna(before["supply"]) or pd.isna(now["supply"]):
        return f"{start}, offre : {then} la veille, {today} au jour choisi."
    change = numbers.rounded(now["supply"] - before["supply"], service.decimals)
    if not change:
        return f"{start}, l'offre n'a pas changé : {today}."
    word = "plus" if change > 0 else "moins"
    moved = amount(abs(change), service)
    return f"{start}, l'offre est passée de {then} à {today} : {moved} de {word}."


def _amount(row: Mapping[Any, Any], service: Service) -> str:
    none = vocabulary.MASKED if is_masked(row, "supply") else numbers.UNKNOWN
    return amount(row["supply"], service, none=none)


def _moves(version: Version, view: View, code: str, period: Period) -> list[str]:
    found = data.movements(version, period.first, period.last)
    found = of_service(found, view.service_id, view.day_type)
    found = found[
        (found["code"] == code)
        & found["kind"].isin(KINDS)
        & (found["day"] <= pd.Timestamp(view.as_of))
    ].drop_duplicates(["id", "day", "kind"])
    found = found.sort_values("day", ascending=False, kind="stable")
    told = [_move(row) for row in found.head(MOST).to_dict("records")]
    if len(found) > MOST:
        more = numbers.plural(len(found) - MOST, "autre mouvement", "autres mouvements")
        told.append(f"Et {more}.")
    return told


def _move(row: Mapping[Any, Any]) -> str:
    day = date.fromisoformat(str(row["day"])[:10])
    return f"{KINDS[row['kind']]} le {dates.long_date(day)} : {row['name']}."
