"""Sentences on the territory's accessible supply, and the communes worst off."""

from __future__ import annotations

import pandas as pd

from observatory.answers.equity import equity, worst
from observatory.french import balance, numbers
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.measures import within
from observatory.maps.view import View
from observatory.markup import element, said
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version


def statements_html(version: Version, view: View, table: pd.DataFrame) -> str:
    """Who is left out of the accessible supply, and how unevenly it is shared.

    Parameters
    ----------
    table : DataFrame
        ``data.access_table`` for the service and day type in view.
    """
    rows = table[table["definition"] == view.definition]
    reached, local = equity(rows), equity(rows, "supply")
    parts = [said("h2", "Le territoire en quelques phrases")]
    if not reached.children > 0:
        return "".join(
            [*parts, blocks.paragraph_html("L'offre accessible du territoire est inconnue.")]
        )
    noun = nomenclature().publics[view.service.public].noun
    parts.append(
        blocks.paragraph_html(
            f"{_percent(reached.below_reference)} des {noun} vivent dans une commune dont l'offre "
            f"accessible est inférieure au besoin, défini par : {inside(view.definition_label)} ; "
            f"{_percent(local.below_reference)} si l'on ne compte que l'offre de la commune."
        )
    )
    parts.append(
        blocks.paragraph_html(
            f"Inégalité de l'offre accessible : indice de Gini {numbers.number(reached.gini, 2)}, "
            f"indice de Theil {numbers.number(reached.theil, 2)} (0 : toutes les communes se "
            f"valent). Offre locale : {numbers.number(local.gini, 2)} et "
            f"{numbers.number(local.theil, 2)}."
            + (
                f" Communes non comptées, faute de chiffre : {reached.left_out}."
                if reached.left_out
                else ""
            )
        )
    )
    lacking, unit = worst(rows), view.service.unit
    missing = (f"{balance.LACK} {within()} ({unit})", f"{balance.LACK} dans la commune ({unit})")
    if len(lacking):
        parts.append(
            blocks.table_html(
                f"Les communes de plus de {nomenclature().least_public} personnes concernées où il "
                "manque le plus",
                ["Commune", *missing],
                [
                    [
                        str(r["name"]),
                        balance.cell(r["access_gap"], view.service.decimals),
                        balance.cell(r["gap"], view.service.decimals),
                    ]
                    for r in lacking.to_dict("records")
                ],
            )
        )
        parts.append(
            blocks.paragraph_html(
                "Une commune bien pourvue peut manquer de places accessibles : les enfants des "
                "communes voisines partagent les siennes. À l'inverse, une commune sans "
                "établissement peut en atteindre assez."
            )
        )
    return "".join([*parts, _left_out(version, view)])


def _percent(share: float) -> str:
    return f"{numbers.number(100 * share)}\u202f%"


def _left_out(version: Version, view: View) -> str:
    """What the figures leave out or guess, counted by reason, in a part that opens."""
    table = data.unreached(version, view.as_of)
    wanted = {view.service_id, *view.service.parts}
    table = table[table["service"].isna() | table["service"].isin(wanted)]
    if table.empty:
        return ""
    counts = table.groupby("reason").size()
    told = blocks.table_html(
        "Nombre de cas",
        ["Raison", "Cas"],
        [[str(reason), numbers.number(count)] for reason, count in counts.items()],
    )
    title = "Ce que l'offre accessible ne compte pas, ou estime"
    return element("details", said("summary", title), told, class_="obs-fold")
