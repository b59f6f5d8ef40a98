"""The differences between two published versions."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.changes import Changes, compare
from observatory.answers.wording_of_changes import (
    SOURCES,
    TARGETS,
    TOTALS,
    service_words,
    side,
    summary,
    target_value,
)
from observatory.french import balance, dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import Settings
from observatory.ui.controls import visit
from observatory.ui.controls.rail import FIRST_DAY, LAST_DAY, show_rail
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.tables.plain_table import show_frame
from observatory.versions import record_tables, warehouse


@st.cache_data(max_entries=8, show_spinner="Comparaison des deux versions…")
def _changes(old: str, new: str, as_of: date) -> Changes:
    return compare(Settings.from_env().processed_dir, old, new, as_of)


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    in_service = version.name
    versions = warehouse.versions(Settings.from_env().processed_dir)[::-1]
    st.title("Ce qui a changé", anchor=False)
    if len(versions) < 2:
        st.info(
            "Une seule version est publiée : il n'y a rien à comparer. La prochaine collecte, ou "
            "le prochain recensement chargé, en publiera une autre."
        )
        return
    asked, said = visit.form(), partial(_named, in_service=in_service)
    # The version in service first: the one that a visitor sees on the other pages.
    later = sorted(versions[:-1], key=lambda v: v != in_service)
    new = asked.menu("À la version", later, "vers", said)
    old = asked.menu("De la version", [v for v in versions if v < new], "depuis", said)
    day = asked.day("Ce qui manque au", "manque_au", dates.today(), FIRST_DAY, LAST_DAY)
    show_rail(asked, data.ground(version, dates.today()).files)
    changes = _changes(old, new, day)
    for note in changes.notes:
        blocks.paragraph(note)
    st.write(f"**{summary(changes)}**")
    _establishments(changes)
    _totals(changes)
    _gaps(changes)
    _targets(changes)
    _sources(changes)
    _perimeter(changes)


def _named(version: str, in_service: str) -> str:
    """A version's name as people say it: the moment in its stamp."""
    at = warehouse.spoken(version)
    return f"{at} (en service)" if version == in_service else at


def _show(title: str, shown: pd.DataFrame, key: str, styles: dict[Any, Any] | None = None) -> None:
    """A section: nothing when nothing changed."""
    if shown.empty:
        return
    st.header(title, anchor=False)
    show_frame(title, shown, key=key, styles=styles)


def _establishments(changes: Changes) -> None:
    table = changes.establishments
    _show(
        "Établissements",
        pd.DataFrame(
            {
                "Changement": table["kind"].map(vocabulary.CHANGES),
                "Établissement": table["name"],
                "Service": [service_words(s, None) for s in table["service"]],
                "Commune": table["commune"],
                "Ce qui change": table["column"],
                "Avant": table["old"],
                "Après": table["new"],
            }
        ),
        "etablissements",
    )


def _totals(changes: Changes) -> None:
    table = changes.totals
    _show(
        "Totaux communaux",
        pd.DataFrame(
            {
                "Commune": table["commune"],
                "Service": [service_words(s, None) for s in table["service"]],
                "Ce qui change": table["column"].map(TOTALS),
                "À partir du": [dates.long_date(d) for d in table["valid_from"]],
                "Avant": _words(table, "old"),
                "Après": _words(table, "new"),
            }
        ),
        "totaux",
    )


def _words(table: pd.DataFrame, column: str) -> list[str]:
    return [
        vocabulary.MASKED
        if masked
        else vocabulary.NOTHING
        if pd.isna(amount)
        else numbers.number(amount)
        for amount, masked in zip(table[column], table["masked"], strict=True)
    ]


def _gaps(changes: Changes) -> None:
    """Gaps that moved; each service by the first of its need definitions."""
    table = changes.gaps
    if table.empty:
        return
    services = list(dict.fromkeys(table["service"]))
    st.header(f"Ce qui manque au {dates.long_date(changes.as_of)}", anchor=False)
    chosen = st.selectbox(
        "Service",
        services,
        format_func=lambda s: nomenclature().services[s].label,
        key="service_des_ecarts",
    )
    rows = table[table["service"] == chosen]
    service = nomenclature().services[chosen]
    definition = nomenclature().definitions[nomenclature().definition_for(chosen)].label
    blocks.paragraph(
        f"En {service.unit} ; besoin défini par : {definition.lower()}. "
        "La première ligne est le territoire quand il bouge aussi."
    )
    amount = partial(numbers.number, decimals=service.decimals)
    lack = partial(balance.cell, decimals=service.decimals)
    shown = pd.DataFrame(
        {
            "Commune": rows["commune"],
            "Jour": [nomenclature().day_types.get(str(d), "") for d in rows["day_type"]],
            "Offre avant": rows["old_supply"].astype("float64"),
            "Offre après": rows["new_supply"].astype("float64"),
            "Manque avant": rows["old_gap"].astype("float64"),
            "Manque après": rows["new_gap"].astype("float64"),
            "Mouvement": rows["move"].astype("float64"),
            "Note": rows["masked"].map({True: vocabulary.MASKED, False: ""}),
        }
    )
    shown = shown.drop(columns=[c for c in ("Jour", "Note") if (shown[c] == "").all()])
    styles: dict[Any, Any] = {
        "Offre avant": amount,
        "Offre après": amount,
        "Manque avant": lack,
        "Manque après": lack,
        "Mouvement": partial(balance.moved, decimals=service.decimals),
    }
    show_frame(
        "Offre et manque de chaque commune, avant et après", shown, key="ecarts", styles=styles
    )


def _targets(changes: Changes) -> None:
    table = changes.targets
    _show(
        "Objectifs du territoire",
        pd.DataFrame(
            {
                "Changement": table["kind"].map(vocabulary.CHANGES),
                "Service": [
                    service_words(s, None if pd.isna(d) else d)
                    for s, d in zip(table["service"], table["day_type"], strict=True)
                ],
                "À partir du": [dates.long_date(d) for d in table["valid_from"]],
                "Ce qui change": table["column"].map(TARGETS),
                **{
                    heading: [
                        target_value(s, c, None if pd.isna(v) else v)
                        for s, c, v in zip(
                            table["service"], table["column"], table[column], strict=True
                        )
                    ]
                    for heading, column in (("Avant", "old"), ("Après", "new"))
                },
            }
        ),
        "objectifs",
    )


def _sources(changes: Changes) -> None:
    table = changes.sources
    known = record_tables.sources(data.cursor(data.version_in_service()))
    names = dict(zip(known["id"], known["dataset"], strict=True))
    _show(
        "Sources",
        pd.DataFrame(
            {
                "Source": [names.get(i, i) for i in table["id"]],
                "Fichier": table["file"],
                "Ce qui change": table["column"].map(SOURCES),
                **{
                    heading: [
                        side(c, None if pd.isna(v) else v)
                        for c, v in zip(table["column"], table[column], strict=True)
                    ]
                    for heading, column in (("Avant", "old"), ("Après", "new"))
                },
            }
        ),
        "sources",
    )


def _perimeter(changes: Changes) -> None:
    table = changes.perimeter
    _show(
        "Communes du périmètre",
        pd.DataFrame(
            {
                "Changement": table["kind"].map({"added": "entrée", "removed": "sortie"}),
                "Commune": table["commune"],
                "Code Insee": table["code"],
            }
        ),
        "perimetre",
    )


answering(page)
