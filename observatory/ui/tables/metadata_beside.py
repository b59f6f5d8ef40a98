"""The metadata offered beside a downloaded table: whose it is, its day, definitions, sources."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from observatory.files.notes import file_metadata, metadata
from observatory.french.csv import ZEROS_IN_CSV
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name


def offer_metadata(version: Version, name: str, title: str, as_of: date, *, key: str) -> None:
    """Offer the metadata of a file as JSON, made when clicked.

    Parameters
    ----------
    name : str
        Name of the file, as ``download_name`` takes it.
    title : str
        What the file holds; empty for the gap table, whose every column is then described.
    as_of : date
        Day of the supply, or the last one of the file.
    key : str
        Tells apart two such buttons on one page.
    """
    named = download_name(version, name)
    st.download_button(
        "Sources et définitions de ce fichier (JSON)",
        partial(_content, version, named, title, as_of),
        file_name=f"{named}-metadata.json",
        mime="application/json",
        on_click="ignore",
        key=f"{key}_metadata",
    )


def offer_csv(
    version: Version,
    label: str,
    content: bytes | str | Callable[[], bytes | str],
    name: str,
    title: str,
    as_of: date,
    *,
    key: str,
) -> None:
    """Offer a table as CSV, and its metadata beside it.

    Parameters
    ----------
    content
        What the file holds, or what makes it when it is clicked.
    name, title, as_of, key
        As for ``offer_metadata``.
    """
    st.download_button(
        label,
        content,
        file_name=download_name(version, name),
        mime="text/csv",
        on_click="ignore",
    )
    offer_metadata(version, name, title, as_of, key=key)
    if data.commune_facts(version)["code"].str.startswith("0").any():
        blocks.paragraph(ZEROS_IN_CSV)


def _content(version: Version, named: str, title: str, as_of: date) -> str:
    con = data.cursor(version)
    told = file_metadata(con, named, title, as_of) if title else metadata(con, named, as_of)
    return json.dumps(told, ensure_ascii=False, indent=2)
