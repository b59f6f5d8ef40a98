"""Downloads of a table: the same communes, in the same order, in every format."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from observatory.files.formats import CSV, FORMATS, INTERNATIONAL, Wanted, content, file_name
from observatory.files.gap_table import LAMBERT_93
from observatory.french.csv import ZEROS_IN_CSV
from observatory.maps.view import View
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.shell.fold import on_demand
from observatory.ui.tables.metadata_beside import offer_metadata

# Words of the button → format and projection, in the order offered.
BUTTONS: dict[str, tuple[str, int]] = {
    "Télécharger le tableau (XLSX)": ("xlsx", 4326),
    "Télécharger le tableau (CSV)": (CSV, 4326),
    "Télécharger en CSV international": (INTERNATIONAL, 4326),
    "Télécharger la carte (GeoJSON)": ("geojson", 4326),
    "Télécharger la carte (GeoPackage, WGS 84)": ("gpkg", 4326),
    "Télécharger la carte (GeoPackage, Lambert-93)": ("gpkg", LAMBERT_93),
}


@st.cache_data(max_entries=8, show_spinner=False)
def _metropolitan(version: Version) -> bool:
    """Whether Lambert-93 is the official projection of the whole territory."""
    from observatory.files.layers import official_crs  # geopandas is slow to load

    codes = data.commune_facts(version)["code"].tolist()
    return set(official_crs(data.cursor(version), codes)) == {LAMBERT_93}


def show_downloads(
    version: Version, view: View, shown: pd.DataFrame, *, key: str = "fichiers"
) -> None:
    """Offer the table on the screen as files, one button per format, made when clicked.

    Parameters
    ----------
    version : Version
        The version on the screen.
    view : View
        The question: service, day type, need definition, target, date of the supply.
    shown : DataFrame
        The rows as the screen shows them, filtered and ordered: only their ``code`` is read, null
        for the territory's own row. The files hold exactly these rows, in this order; layers for
        maps leave the territory's row out.
    key : str
        Tells apart two such blocks on one page.
    """
    codes = tuple(None if pd.isna(code) else str(code) for code in shown["code"])
    asked = Wanted(view.question, codes)
    if codes:
        on_demand("Télécharger", partial(_files, version, asked, key), key=f"{key}_menu")


def _files(version: Version, asked: Wanted, key: str) -> None:
    blocks.paragraph(ZEROS_IN_CSV)
    with st.container(horizontal=True):
        for label, (name, crs) in BUTTONS.items():
            if crs == LAMBERT_93 and not _metropolitan(version):
                continue
            wanted = replace(asked, crs=crs)
            st.download_button(
                label,
                partial(_content, version, wanted, name),
                file_name=download_name(version, file_name(wanted, name)),
                mime=FORMATS[name].mime,
                on_click="ignore",
                key=f"{key}_{name}_{crs}",
            )
        table = file_name(replace(asked, crs=4326), CSV)
        offer_metadata(version, table, "", asked.question.as_of, key=key)


def _content(version: Version, wanted: Wanted, name: str) -> bytes:
    return content(data.cursor(version), wanted, name)
