"""The page to compare with: the same communes and choices on a plain ``st_folium``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import ClassVar

import folium
import streamlit as st
from streamlit_folium import st_folium

COLOURS = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"]
features = json.loads(Path(os.environ["BENCH_CONTOURS"]).read_text(encoding="utf-8"))
rank = {f["properties"]["code"]: n for n, f in enumerate(features["features"])}
shift = int(st.radio("Indicateur", ["0", "1", "2", "3", "4"], horizontal=True))


class OfflineMap(folium.Map):
    """A plain map whose Leaflet comes from the same server, not from a content network."""

    default_js: ClassVar[list[tuple[str, str]]] = [("leaflet", "/app/static/leaflet.js")]
    default_css: ClassVar[list[tuple[str, str]]] = []


plain = OfflineMap(location=[50.29, 2.77], zoom_start=10, tiles=None)
folium.GeoJson(
    features,
    style_function=lambda f: {
        "fillColor": COLOURS[(rank[f["properties"]["code"]] + shift) % len(COLOURS)],
        "fillOpacity": 1,
        "weight": 1,
    },
    tooltip=folium.GeoJsonTooltip(["nom"]),
).add_to(plain)
st_folium(plain, height=600, use_container_width=True, returned_objects=["last_object_clicked"])
