"""Tables of the deployment: by year, by status, every opening or closing, every service."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers import deployment
from observatory.files.movements_csv import movements_csv
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.markup import element, said, words
from observatory.ui.shell import blocks
from observatory.ui.shell.data import Version
from observatory.ui.tables.metadata_beside import offer_csv

COLUMNS = {
    "opening": "Ouvertures",
    "extension": "Extensions",
    "reduction": "Réductions",
    "closing": "Fermetures",
    "shared_site": "Adresses communes",
    "revision": "Révisions",
}
GAINED, LOST, OTHER = (
    ["opening", "extension"],
    ["reduction", "closing"],
    ["shared_site", "revision"],
)


SHOWN = 200


def adding_decimals(book: pd.DataFrame, service: Service) -> int:
    """Decimals of a ledger: those of the unit, none where every figure is whole.

    More where the lines, once rounded, would not add up as the exact ones do.
    """
    figures = book[["start", *COLUMNS, "end"]]
    lines = [figures.sum().tolist(), *figures.to_numpy().tolist()]
    for decimals in range(service.decimals + 2):
        said = [[numbers.rounded(v, decimals) or 0.0 for v in line] for line in lines]
        adds = all(abs(sum(line[:-1]) - line[-1]) < 1e-6 for line in said)
        exact = all(
            abs(a - b) < 1e-6
            for s, t in zip(said, lines, strict=True)
            for a, b in zip(s, t, strict=True)
        )
        if adds and (exact or decimals >= service.decimals):
            return decimals
    return service.decimals + 2


def show_years(counted: pd.DataFrame, moves: pd.DataFrame, service: Service, decimals: int) -> None:
    """What each year changed, and the places at its end."""
    totals = counted.groupby("day")["amount"].sum()
    net = {int(line["year"]): line for line in deployment.by_year(moves).to_dict("records")}
    days: list[date] = sorted(totals.index)
    rows = []
    for year, end in {day.year: totals[day] for day in days[1:]}.items():
        line = net.get(year, {})
        changes = [sum(line.get(kind, 0.0) for kind in part) for part in (GAINED, LOST, OTHER)]
        rows.append(
            [
                str(year),
                *(numbers.gap(change, decimals) for change in [*changes, sum(changes)]),
                numbers.number(end, decimals),
            ]
        )
    keep = [0, 1, 2, *([3] if (moves["kind"].isin(OTHER)).any() else []), 4, 5]
    headings = ["Année", "Gagné", "Perdu", "Révisé", "Solde", "En fin d'année"]
    blocks.table(
        f"Année par année, en {service.unit}",
        [headings[n] for n in keep],
        [[row[n] for n in keep] for row in rows],
    )


def show_statuses(book: pd.DataFrame, service: Service, decimals: int) -> None:
    """Start, movements and end of each status: the lines add up."""
    words = deployment.status_words()
    kept = book.groupby("status")[["start", *COLUMNS, "end"]].sum().to_dict("index")
    lines = [(words[s], kept[s]) for s in words if s in kept]
    lines.append(("Ensemble", book[["start", *COLUMNS, "end"]].sum().to_dict()))
    blocks.table(
        f"Par statut, en {service.unit}",
        ["Statut", "Au début", "Solde", "À la fin"],
        [
            [
                label,
                numbers.number(line["start"], decimals),
                numbers.gap(sum(line[kind] for kind in COLUMNS), decimals),
                numbers.number(line["end"], decimals),
            ]
            for label, line in lines
        ],
    )


def show_movements(
    version: Version,
    moves: pd.DataFrame,
    service: Service,
    service_id: str,
    period: tuple[date, date],
) -> None:
    """Every movement of a period, each with its effect on the territory, and their CSV."""
    first, last = period
    st.header("Ce qui a ouvert, fermé ou changé", anchor=False)
    if moves.empty:
        blocks.paragraph("Aucun mouvement inscrit au recensement pendant la période.")
        return
    recent = moves.iloc[::-1].head(SHOWN)
    if len(recent) < len(moves):
        blocks.paragraph(
            f"Les {SHOWN} mouvements les plus récents, sur {numbers.number(len(moves))} ; le "
            "fichier CSV les donne tous."
        )
    rows = (_row(m, service) for m in recent.to_dict("records"))
    order = f"Du plus récent au plus ancien, en {service.unit}"
    head = (said("th", h, scope="col") for h in ("Date", "Établissement", "Mouvement", "Effet"))
    whole = element(
        "table",
        said("caption", order),
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_="obs-table obs-moves",
    )
    st.html(blocks.slides(order, whole))
    blocks.paragraph(_method(moves))
    offer_csv(
        version,
        "Télécharger les mouvements (CSV)",
        movements_csv(moves),
        f"mouvements-{service_id}-{first.isoformat()}-{last.isoformat()}.csv",
        "Ouvertures, fermetures et changements",
        last,
        key="mouvements",
    )


def _row(move: dict[Any, Any], service: Service) -> str:
    """One movement; what is said of the establishment stands under its name."""
    names, statuses = nomenclature(), deployment.status_words()
    about = [
        move["commune"] if isinstance(move["commune"], str) else "tout le territoire",
        names.services[move["service"]].short,
        "" if move["status"] == "total" else statuses[move["status"]].lower(),
    ]
    before, after = (
        "fermé" if closed else numbers.number(amount, _needed(amount, service))
        for closed, amount in (
            (move["kind"] == "opening", move["before"]),
            (move["kind"] == "closing", move["after"]),
        )
    )
    effect = numbers.gap(move["effect"], _needed(move["effect"], service))
    under = said("small", " · ".join(s for s in about if s))
    change = said("small", f"{before} → {after}")
    return element(
        "tr",
        said("td", dates.short_date(move["day"])),
        element("th", words(str(move["name"])), under, scope="row"),
        element("td", words(vocabulary.MOVEMENTS[move["kind"]]), change),
        element("td", said("strong", effect)),
    )


def _needed(value: float, service: Service) -> int:
    """Decimals of one figure: those of its unit, one more when it is a share of places."""
    if pd.isna(value) or abs(value - round(value, service.decimals)) < 1e-6:
        return service.decimals
    return service.decimals + 1


def _method(moves: pd.DataFrame) -> str:
    """How the effects are counted, said only as far as the movements need it."""
    told = [
        "Effet : changement de l'offre du territoire ; les places du début et tous les effets "
        "font les places de la fin."
    ]
    services = nomenclature().services
    if any(services[s].site_rule == "max" for s in set(moves["service"])):
        told.append(
            "Plusieurs déclarations à la même adresse comptent pour la plus grande : quand l'une "
            "ferme, l'autre peut prendre sa place (« adresse commune »)."
        )
    if (moves["status"] == "total").any():
        told.append(
            "Les services connus par totaux communaux changent d'un relevé à l'autre, pour tout "
            "le territoire."
        )
    return " ".join(told)


def show_overview(counted: pd.DataFrame, moves: pd.DataFrame) -> None:
    """One line per service and type of day, over the whole period."""
    names = nomenclature()
    book = deployment.ledger(counted, moves)
    rows = []
    for service_id, day_type in names.offers():
        service = names.services[service_id]
        lines = deployment.of_service(book, service_id, day_type)
        if service.parts or not lines[["start", *COLUMNS, "end"]].to_numpy().any():
            continue  # nothing is said of it: not a zero
        decimals = adding_decimals(lines, service)
        total = lines[["start", *COLUMNS, "end"]].sum()
        day = f", {names.day_types[day_type]}" if day_type else ""
        rows.append(
            [
                f"{service.short}{day} ({service.unit})",
                numbers.number(total["start"], decimals),
                *(numbers.gap(total[part].sum(), decimals) for part in (GAINED, LOST, OTHER)),
                numbers.number(total["end"], decimals),
            ]
        )
    if not rows:
        return
    st.header("Tous les services", anchor=False)
    blocks.table(
        "Du début à la fin de la période, dans l'unité de chaque service",
        ["Service", "Au début", "Gagné", "Perdu", "Révisé", "À la fin"],
        rows,
    )
