"""The product's map alone, with the communes and choices of ``plain_page``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import streamlit as st

from observatory.maps.classes import classify
from observatory.maps.specification import MapPaint
from observatory.ui.map.component import mount_map
from observatory.ui.map.message import payload
from observatory.ui.shell.loader import packed, written
from observatory.ui.shell.static import Outline, StaticFiles, prepare


@st.cache_resource
def files() -> StaticFiles:
    """Static files of the communes, once per process."""
    features = json.loads(Path(os.environ["BENCH_CONTOURS"]).read_text(encoding="utf-8"))
    outlines = [
        Outline(f["properties"]["code"], f["properties"]["nom"], json.dumps(f["geometry"]))
        for f in features["features"]
    ]
    return prepare(Path(__file__).parent / "static", "bench", outlines)


shift = int(st.radio("Indicateur", ["0", "1", "2", "3", "4"], horizontal=True))
codes = files().codes
values = [20.0 * ((n + shift) % 5) + 10 for n in range(len(codes))]
told = payload(
    MapPaint(
        codes=codes,
        values=values,
        classification=classify(values, kind="rate", zero_class=False),
        title="Banc d'essai",
        sentence="",
        legend_title="Taux",
        unit="pour 100",
        unit_one="pour 100",
        source="",
    ),
    files(),
)
mount_map(packed(written(told)), files(), {"selected": None, "points": None}, key="carte")
