"""Accessible supply of one commune: rate, establishments within reach, distance curve."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.children_in_use import counted_in_words, imputed_in_words
from observatory.french import numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.view import View
from observatory.report import table_cells
from observatory.ui.charts.trend import show_steps
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version

LEAST_BEYOND = 0.005
"""Share that is « 0 % » when written."""
SHOWN = 12
"""Establishments listed; those further bring little."""


def show_reach(version: Version, view: View) -> None:
    """Show the accessible supply of ``view.commune`` for the service in view.

    A service without catchment (RPE, LAEP) lists who serves the commune.
    """
    if view.commune is None:
        return
    if view.service.catchment:
        _rates(version, view)
    table = data.reachable(version, view.commune, view.service_id, view.as_of)
    if view.day_type:
        table = table[table["day_type"] == view.day_type]
    table = table[table["contribution"].isna() | (table["contribution"] > 0)]
    if table.empty:
        blocks.paragraph("Aucun établissement connu de ce service n'est à la portée de la commune.")
    else:
        _establishments(view, table, _is_small(version, view))
    if view.service.catchment:
        _method(version)


def _rates(version: Version, view: View) -> None:
    table = data.access_table(version, view.question.for_every_need())
    row = table[(table["code"] == view.commune) & (table["definition"] == view.definition)].iloc[0]
    minutes = catchment_rules().reach.sensitivity
    blocks.table(
        f"Offre accessible, en {view.service.rate_label}",
        ["Dans la commune", *(f"À {m:g} min" for m in minutes)],
        [[table_cells.rate(row), *(_rate(row[f"access_{m:g}"], row) for m in minutes)]],
    )
    nearest = row["nearest_minutes"]
    if pd.notna(nearest):
        blocks.paragraph(f"L'offre la plus proche est à {_minutes(nearest)} (estimation).")
    if pd.notna(row["published_minutes"]):
        blocks.paragraph(
            f"Selon l'Insee ({row['published_minutes_vintage']}), l'équipement de la BPE le plus "
            f"proche est à {_minutes(row['published_minutes'])} par la route (médiane de la "
            "commune) ; aucun calcul ne s'en sert."
        )
    if pd.notna(row["imputed_share"]):
        blocks.paragraph(
            f"Les enfants de la commune sont placés dans leurs carreaux de 200 m ; "
            f"{imputed_in_words(row['imputed_share'])}."
        )
    if row["access_definition_count"]:
        blocks.paragraph(
            f"En déficit dans {row['access_deficit_count']} cas sur "
            f"{row['access_definition_count']} (définitions du besoin × temps d'accès)."
        )
    for id_, rule in catchment_rules().deserts.items():
        if view.service_id in rule.services:
            said = vocabulary.yes_no(row[f"desert_{id_}"])
            blocks.paragraph(f"{rule.label} : {said} ({rule.source}).")
    if said := beyond_words(row["beyond"]):
        blocks.paragraph(said)


def _minutes(amount: float) -> str:
    return f"{numbers.number(amount)} min" if amount >= 1 else "moins d'une minute"


def beyond_words(share: float) -> str:
    """How much of what is in reach is unknown, in one sentence; nothing when all is known."""
    if pd.isna(share) or share < LEAST_BEYOND:
        return ""
    return (
        f"{numbers.number(100 * share)} % des habitants à portée, pondérés comme les places, "
        "vivent dans des communes dont l'offre n'est pas connue ce jour, souvent au-delà du "
        "territoire : l'offre accessible est une approximation."
    )


def _rate(value: float, row: pd.Series[Any]) -> str:
    return vocabulary.TOO_SMALL if row["access_suppressed"] else numbers.rate(value)


def _is_small(version: Version, view: View) -> bool:
    """Whether the commune has too few children for the parts of a rate, each a share of its own."""
    table = data.gap_table(version, view.question.for_every_need())
    return bool(table.loc[table["code"] == view.commune, "suppressed"].any())


def _establishments(view: View, table: pd.DataFrame, small: bool) -> None:
    rows = [
        [
            str(r["name"])
            # In the commune itself the place says nothing more.
            + (
                f" ({r['place_name']})"
                if isinstance(r["place_name"], str) and r["place"] != view.commune
                else ""
            ),
            numbers.number(r["minutes"]),
            numbers.number(r["amount"], view.service.decimals),
            vocabulary.TOO_SMALL if small else numbers.number(r["contribution"], 1),
        ]
        for r in table.head(SHOWN).to_dict("records")
    ]
    per = f"Apport (pour {numbers.number(view.service.rate_per)})"
    blocks.table(
        "Établissements à portée des familles",
        ["Établissement", "Minutes", f"Offre ({view.service.unit})", per],
        rows,
    )
    if len(table) > SHOWN:
        more = numbers.quantity(len(table) - SHOWN, "autre, plus éloigné", "autres, plus éloignés")
        blocks.paragraph(f"Et {more}.")
    services = nomenclature().services
    totals = [s for s in view.service.parts if services[s].grain == "commune"]
    if totals:
        said = ", ".join(inside(services[s].short) for s in totals)
        blocks.paragraph(f"Comptés dans le taux, sans établissement à montrer : {said}.")


def _method(version: Version) -> None:
    rules = catchment_rules()
    minutes = counted_in_words(data.info(version))
    with st.expander("Comment se lit l'offre accessible"):
        blocks.paragraph(
            "Une place sert toutes les familles qui peuvent l'atteindre. L'indice partage chaque "
            "place entre les enfants à sa portée, puis additionne, pour chaque commune, les parts "
            "qui lui reviennent : plus une place est loin, moins elle compte. Une commune sans "
            "crèche près d'une crèche de quarante places n'est donc pas un désert, et les mêmes "
            "places ne sont jamais comptées deux fois."
        )
        scheme = rules.scheme(DEFAULT_SCHEME)
        blocks.paragraph(f"{scheme.label}. {scheme.source}. {minutes}")
        blocks.paragraph(rules.explain_steps(DEFAULT_SCHEME))
        if scheme.kind == "steps":
            _steps(scheme.bounds, scheme.weights)


def _steps(bounds: Sequence[float], weights: Sequence[float]) -> None:
    """The weight of a place by the minutes that lead to it, drawn and in a table."""
    ends = [f"{m:g} min" for m in bounds]
    spans = [
        f"Moins de {ends[0]}",
        *(f"De {a.removesuffix(' min')} à {b}" for a, b in itertools.pairwise(ends)),
        f"Au-delà de {ends[-1]}",
    ]
    said = [numbers.short_number(w) for w in (*weights, 0.0)]
    words = " ; ".join(f"{inside(s)} : {w}" for s, w in zip(spans, said, strict=True))
    show_steps(bounds, weights, f"Poids d'une place selon le temps d'accès. {words}.")
    blocks.table("Poids d'une place", ["Temps d'accès", "Poids"], zip(spans, said, strict=True))
