"""Small multiples: one small map per service, side by side."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from observatory.answers.silent_services import silent_words
from observatory.french import balance, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.measures import MEASURES
from observatory.maps.picture.rendering import thumbnail_svg
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.markup import element, said
from observatory.ui.controls import visit
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version

MANY = 1000
"""Communes beyond which only the theme in view is drawn: every map carries every contour."""
WIDTH = 192.0
LOCAL = {"acces": "taux", "ecart_acces": "ecart", "taux_publie": "taux", "enfants": "besoin"}
"""What is drawn of a measure that not every service has."""
KEYS = {
    "gap": "Rouge : il manque ; blanc : équilibre ; bleu : plus que le besoin.",
    "rate": "Du clair (peu) au foncé (beaucoup), par les classes fixes de chaque service.",
    "count": "Du clair (peu) au foncé (beaucoup), par les classes fixes de chaque service.",
}


@dataclass(frozen=True)
class Mini:
    """One small map: its service and type of day, its title, its picture and its figure."""

    service: str
    day_type: str | None
    title: str
    html: str


def show_multiples(
    version: Version, view: View, selected: tuple[str, ...], sums: pd.DataFrame
) -> None:
    """Draw a small map a service; each leads to the map of that service.

    Parameters
    ----------
    view : View
        The measure, the date and the need definition; the service does not matter.
    selected : tuple of str
        Codes of the communes to outline.
    sums : DataFrame
        The selection added up, one row per service × day type (``answers.sums.add_up``).
    """
    measure = measure_of(view)
    communes = len(data.commune_facts(version))
    theme = view.service.theme if communes > MANY else None
    figures = {
        (row["service"], row["day_type"] if pd.notna(row["day_type"]) else None): row[
            MEASURES[measure].column
        ]
        for row in sums.to_dict("records")
    }
    withheld = {
        (row["service"], row["day_type"] if pd.notna(row["day_type"]) else None)
        for row in sums[sums["suppressed"]].to_dict("records")
    }
    if silent := silent_words(data.silent_services(version, publics=False)):
        blocks.paragraph(silent)
    minis = _drawn(version, view.as_of, view.definition, measure, selected, theme)
    # A grid that wraps by itself: as many as fit.
    with st.container(horizontal=True, gap="medium", key="vignettes"):
        for mini in minis:
            with st.container(width=int(WIDTH), gap="xxsmall"):
                _link(mini, measure)
                value = figures.get((mini.service, mini.day_type))
                small = (mini.service, mini.day_type) in withheld
                st.html(mini.html + _figure(mini, measure, value, small=small))


def measure_of(view: View) -> str:
    """The measure of the small maps: the one in view, or what comes nearest for every service."""
    return LOCAL.get(view.measure_id, view.measure_id)


def key_of(view: View) -> str:
    """How to read the small maps, in one sentence."""
    return (
        KEYS[MEASURES[measure_of(view)].kind]
        + f" Hachuré : {vocabulary.UNKNOWN} ; croisillons : {vocabulary.MASKED} ; "
        f"pointillé : {vocabulary.TOO_SMALL}."
    )


@st.cache_data(max_entries=50, show_spinner="Petites cartes en cours de dessin…")
def _drawn(
    version: Version,
    as_of: date,
    definition: str,
    measure: str,
    selected: tuple[str, ...],
    theme: str | None,
) -> list[Mini]:
    names, silent = nomenclature(), data.silent_services(version, publics=False)
    table = data.every_service(version, as_of, definition)
    table = table[table["code"].notna() & ~table["service"].isin(silent)]
    info, drawn = data.info(version), data.shapes(version)
    needs = names.definitions_for(definition)
    minis = []
    for id_, service in names.services.items():
        if theme and service.theme != theme:
            continue
        of_service = table[table["service"] == id_]
        for day in service.day_types or (None,):
            rows = of_service[of_service["day_type"] == day] if day else of_service
            if rows.empty:
                continue
            view = View(Question(id_, day, needs[id_], as_of=as_of), measure)
            paint = painting(view, rows, info)
            title = service.short + (f", {names.day_types[day]}" if day else "")
            label = f"{paint.title} : petite carte des {len(rows)} communes"
            svg = thumbnail_svg(
                drawn,
                paint,
                label=label,
                selected=selected,
                width=WIDTH,
            )
            # As an image: nothing inside it can act on the page, nor share its identifiers.
            source = b64encode(svg.encode()).decode()
            image = element(
                "img",
                class_="obs-mini",
                src=f"data:image/svg+xml;base64,{source}",
                alt=label,
                width=WIDTH,
            )
            minis.append(Mini(id_, day, title, image))
    return minis


def _figure(mini: Mini, measure: str, value: float | None, *, small: bool) -> str:
    service = nomenclature().service(mini.service)
    kind = MEASURES[measure]
    if small and kind.kind == "rate":  # withheld is not unknown
        return said("p", vocabulary.TOO_SMALL, class_="obs-mini")
    if kind.kind == "rate":
        many = one = f"pour {numbers.number(service.rate_per)}"
    else:
        one, many = balance.singular(service.unit), service.unit
    decimals = kind.decimals(service)
    if kind.kind != "rate" and numbers.rounded(value, decimals) == numbers.rounded(value):
        decimals = 0  # « 0 structure », not « 0,0 »
    written = (
        balance.balance(value, service.unit, decimals)
        if kind.kind == "gap"
        else numbers.quantity(value, one, many, decimals)
    )
    return said("p", written, class_="obs-mini")


def _link(mini: Mini, measure: str) -> None:
    """A button that opens the map on the service of the picture."""

    def opened() -> None:
        visit.pick("service", mini.service)
        visit.pick("mesure", measure)
        if mini.day_type:
            visit.pick("jour", mini.day_type)

    name = f"vignette_{mini.service}_{mini.day_type or ''}"
    if st.button(mini.title, key=name, type="tertiary", on_click=opened):
        st.switch_page("observatory/ui/pages/carte.py")
