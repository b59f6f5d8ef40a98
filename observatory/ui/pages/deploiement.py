"""The deployment of the supply: places over the convention; openings, closings and changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers import deployment
from observatory.answers.period import Period
from observatory.french import dates, numbers, vocabulary
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.ui.charts.stacks import show_stacks
from observatory.ui.controls import visit
from observatory.ui.controls.rail import FIRST_DAY, LAST_DAY, ask_service, show_rail
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.tables.ledger import (
    COLUMNS,
    adding_decimals,
    show_movements,
    show_overview,
    show_statuses,
    show_years,
)


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    info = data.info(version)
    period = data.period(version, dates.today())
    ground = data.ground(version, dates.today())
    asked = visit.form()
    service_id, day_type = ask_service(asked, ground.known, ground.groups)
    first = asked.day("Début de la période", "du", period.first, FIRST_DAY, LAST_DAY)
    last = asked.day("Fin de la période", "au", period.last, FIRST_DAY, LAST_DAY)
    show_rail(asked, ground.files)
    service = nomenclature().service(service_id)
    every, all_moves = data.deployed(version, first, last)
    every["day"] = [day.date() for day in pd.to_datetime(every["day"])]
    counted = deployment.of_service(every, service_id, day_type)
    moves = deployment.of_service(all_moves, service_id, day_type)
    book = deployment.ledger(counted, moves)
    decimals = adding_decimals(book, service)

    silent = counted["amount"].sum() == 0 and moves.empty
    bounds = counted["day"].agg(["min", "max"]).tolist()
    _figures(book, service, decimals, bounds, known=not silent)
    blocks.paragraph(_sentence(service, day_type, info, first, last) + _whose(period, first, last))
    if silent:
        st.info(
            "Le recensement ne dit rien de ce service pendant la période. Choisir un autre "
            "service ou d'autres dates, ou charger un recensement (page « Recensement »)."
        )
    else:
        _warn_unknown(counted)
        beside = st.columns([5, 3])
        with beside[0]:
            _chart(counted, service, decimals)
        with beside[1]:
            show_years(counted, moves, service, decimals)
            show_statuses(book, service, decimals)
        show_movements(version, moves, service, service_id, (first, last))
    show_overview(every, all_moves)


def _figures(
    book: pd.DataFrame, service: Service, decimals: int, bounds: Sequence[date], *, known: bool
) -> None:
    if not known:  # a census that says nothing is not a census of zero
        blocks.figures("Déploiement de l'offre", [("Offre", "inconnue", "")])
        return
    total = book[["start", *COLUMNS, "end"]].sum()
    items = [(_day(bounds[0]), numbers.number(total["start"], decimals), service.unit)]
    items += [
        (label, numbers.gap(total[kind], decimals), "")
        for kind, label in COLUMNS.items()
        if (book[kind] != 0).any()
    ]
    items.append((_day(bounds[1]), numbers.number(total["end"], decimals), service.unit))
    blocks.figures("Déploiement de l'offre", items)


def _day(day: date) -> str:
    return f"Au {dates.long_date(day)}"


def _sentence(
    service: Service, day_type: str | None, info: dict[str, Any], first: date, last: date
) -> str:
    """What the page shows, in full: service, place, period, and what weakens it."""
    day = f", {nomenclature().day_types[day_type]}" if day_type else ""
    said = (
        f"{service.label}{day}, {info['territory']['name']} : offre en {service.unit}, par statut, "
        f"du {dates.long_date(first)} au {dates.long_date(last)}, les deux jours compris."
    )
    today = dates.today()
    if last > today:
        said += (
            f" Après le {dates.long_date(today)}, seuls comptent les changements déjà inscrits "
            "au recensement."
        )
    return said + (
        f" {capital(vocabulary.SUPPLY_OF_DEMONSTRATION)}." if info["demonstration"] else ""
    )


def _whose(period: Period, first: date, last: date) -> str:
    """Whether the period shown is that of the convention."""
    if (first, last) != (period.first, period.last):
        return ""
    if period.of_convention:
        return f" La période court depuis {period.since}."
    return " Aucune convention de ce territoire n'est décrite : la période est un choix de départ."


def _warn_unknown(counted: pd.DataFrame) -> None:
    unknown = int(counted.groupby("day")["unknown"].sum().max())
    if unknown:
        st.warning(
            f"{numbers.quantity(unknown, 'capacité inconnue', 'capacités inconnues')} à certaines "
            "dates : elles ne sont pas comptées, les totaux sont des minimums. "
            "Compléter le recensement les ferait entrer."
        )


def _chart(counted: pd.DataFrame, service: Service, decimals: int) -> None:
    words = deployment.status_words()
    bars = counted.groupby(["day", "status"])["amount"].sum().reset_index()
    st.header(f"Offre à chaque fin de trimestre, en {service.unit}", anchor=False)
    show_stacks(
        bars,
        words,
        unit=service.unit,
        decimals=decimals,
        alt=f"Offre de {service.short} par statut, en {service.unit}, à chaque fin de trimestre ; "
        "les mêmes chiffres sont dans le tableau sous la figure",
    )
    with st.expander("Les mêmes chiffres en tableau"):
        wide = bars.pivot_table(index="day", columns="status", values="amount", aggfunc="sum")
        shown = [s for s in words if s in wide]
        blocks.table(
            f"Offre par statut, en {service.unit}",
            ["Au", *(words[s] for s in shown), "Total"],
            [
                [
                    dates.long_date(day),
                    *(numbers.number(row.get(s, 0.0), decimals) for s in shown),
                    numbers.number(sum(row.values()), decimals),
                ]
                for day, row in zip(wide.index, wide.fillna(0.0).to_dict("records"), strict=True)
            ],
        )


answering(page)
