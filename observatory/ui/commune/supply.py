"""Every service of one commune: at a glance, by status, and its establishments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.answers.deployment import status_words
from observatory.answers.gaps import public_of_row
from observatory.answers.masked_cells import is_masked
from observatory.answers.silent_services import silent_words
from observatory.french import balance, dates, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.maps.view import View
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.tables.narrow import wide_table

DETAILS = ["occupancy", "atypical", "disability", "funding_end"]
DETAIL_HEADINGS = (
    "Occupation, en %",
    "Horaires atypiques",
    "Accueil du handicap",
    "Convention jusqu'au",
)


def show_at_a_glance(version: Version, view: View, code: str) -> None:
    """Show one row per offer: its public, supply, rate and gap, and how far to trust them."""
    names = nomenclature()
    # A mean of one service says nothing of the others: each has its own first definition then.
    asked = None if view.shares_out else view.definition
    table = data.at_a_glance(version, code, view.as_of, asked)
    silent = data.silent_services(version)
    table = table[~table["service"].isin(silent)]
    rows = []
    for r in table.to_dict("records"):
        service = names.services[str(r["service"])]
        public = numbers.number(r["public"]) + (" (estimation)" if r["estimated"] else "")
        rate = f"{numbers.rate(r['rate'])}\u00a0pour\u00a0{numbers.number(service.rate_per)}"
        if r["suppressed"]:
            rate = vocabulary.TOO_SMALL
        elif is_masked(r, "rate"):
            rate = vocabulary.MASKED
        elif pd.isna(r["rate"]):
            rate = numbers.UNKNOWN
        rows.append(
            [
                offer_label(service, r["day_type"]),
                f"{public} {public_of_row(r).noun}"
                if pd.notna(r["public"])
                else _none(r, "public"),
                amount(r["supply"], service, none=_none(r, "supply")),
                rate,
                amount(r["gap"], service, signed=True, none=_none(r, "gap")),
                inside(names.definitions[str(r["definition"])].label),
                str(r["reliability"]),
            ]
        )
    wide_table(
        f"Tous les services au {dates.long_date(view.as_of)}",
        ["Service", "Public", "Offre", "Taux", "Manque", "Besoin retenu", "Fiabilité"],
        rows,
        words={1, 5, 6},
        dense=True,
    )
    if silent:
        blocks.paragraph(silent_words(silent))


def offer_label(service: Service, day_type: Any) -> str:
    """A service, with its type of day when it has some."""
    if not isinstance(day_type, str):
        return service.short
    return f"{service.short}, {nomenclature().day_types[day_type]}"


def _none(row: Mapping[Any, Any], column: str) -> str:
    return vocabulary.MASKED if is_masked(row, column) else numbers.UNKNOWN


def amount(
    value: Any, service: Service, *, signed: bool = False, none: str = numbers.UNKNOWN
) -> str:
    """An amount with the unit of its service; ``none`` alone when there is none."""
    if pd.isna(value):
        return none
    unit = service.unit.removesuffix("s") if service.unit in ("places", "structures") else ""
    whole = abs(float(value) - round(float(value))) < 1e-9  # « 1 structure », not « 1,0 »
    decimals = 0 if whole else service.decimals
    if signed:
        return balance.balance(value, service.unit, decimals)
    text = numbers.quantity(value, unit or service.unit, service.unit, decimals)
    return text.replace(" ", "\u00a0")


def show_supply(
    version: Version, view: View, code: str, *, every: bool, known: bool = True
) -> None:
    """Show the supply by service and status: of every service, or of the one in view.

    Parameters
    ----------
    known : bool
        Whether the supply of the service in view is known; none is not the same as unknown.
    """
    names = nomenclature()
    supply = data.supply_by_status(version, view.as_of, code)
    if not every:
        supply = supply[supply["service"].isin(set(view.service.parts) or {view.service_id})]
        if view.day_type:
            supply = supply[supply["day_type"] == view.day_type]
    if supply.empty:
        blocks.paragraph(
            "Aucun service de ce type n'est recensé dans la commune à cette date."
            if known
            else "L'offre de la commune est inconnue : aucun recensement chargé ne la décrit à "
            "cette date."
        )
        return
    statuses = status_words()
    blocks.table(
        f"Offre au {dates.long_date(view.as_of)}, par service et statut",
        ["Service, statut", "Offre"],
        [
            [
                f"{offer_label(service, r['day_type'])}, {statuses[str(r['status'])].lower()}",
                amount(
                    r["supply"],
                    service,
                    none=vocabulary.MASKED if r["masked"] else numbers.UNKNOWN,
                ),
            ]
            for r in supply.to_dict("records")
            for service in [names.services[str(r["service"])]]
        ],
    )


def show_establishments(version: Version, view: View, code: str) -> None:
    """Show the establishments that stand in the commune, whatever their service."""
    names = nomenclature()
    found = data.establishments(version, view.as_of)
    found = found[found["code"] == code]
    if found.empty:
        blocks.paragraph("Aucun établissement n'est recensé dans la commune à cette date.")
        return
    rows = []
    detailed = bool(found[DETAILS].notna().any().any())
    for r in found.to_dict("records"):
        service = names.services[str(r["service"])]
        source = str(r["source"]) if isinstance(r["source"], str) else numbers.UNKNOWN
        told = not r["demonstration"] or vocabulary.DEMONSTRATION in source.lower()
        rows.append(
            [
                str(r["name"]),
                service.short,
                vocabulary.EVERY_STATUS[str(r["status"])],
                amount(r["amount"], service),
                _day(r["opened"]),
                *(
                    [
                        numbers.UNKNOWN
                        if pd.isna(r["occupancy"])
                        else numbers.number(r["occupancy"]),
                        vocabulary.yes_no(_known(r["atypical"])),
                        vocabulary.yes_no(_known(r["disability"])),
                        _day(r["funding_end"]),
                    ]
                    if detailed
                    else []
                ),
                source if told else f"{source} ({vocabulary.DEMONSTRATION})",
            ]
        )
    more = DETAIL_HEADINGS if detailed else ()
    headings = ["Établissement", "Service", "Statut", "Offre", "Ouvert depuis", *more, "Source"]
    sources = {row[-1] for row in rows}
    if len(sources) == 1:  # said once
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    wide_table(
        f"Établissements de la commune au {dates.long_date(view.as_of)}",
        headings,
        rows,
        words={1, 2, *range(4, len(headings))},
        dense=True,
    )
    blocks.paragraph(
        (f"Source : {inside(sources.pop())}. " if len(sources) == 1 else "")
        + "Un accueil de loisirs est compté à sa plus grande capacité d'un jour. Les assistants "
        "maternels n'y figurent jamais : la commune n'en connaît que le total."
    )


def _known(value: Any) -> bool | None:
    return None if pd.isna(value) else bool(value)


def _day(value: Any) -> str:
    return numbers.UNKNOWN if pd.isna(value) else dates.short_date(pd.Timestamp(value))
