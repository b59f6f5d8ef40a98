"""A page with the map alone, on invented communes: for the tests of the screen and for the eye.

Copied beside a ``static`` folder and run by Streamlit. ``MAP_HARNESS_CONTOURS`` may name a GeoJSON
of communes (properties ``code``, ``nom``) to look at other contours; nothing is kept of it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
import streamlit as st
from shapely import affinity

from observatory.french import dates
from observatory.maps import bivariate, circles, classes
from observatory.maps.specification import MapColumn, MapPaint, MapPoints, Point, Tiles
from observatory.ui.map.component import mount_map
from observatory.ui.map.message import payload, points_told
from observatory.ui.shell import theme
from observatory.ui.shell.loader import packed, written
from observatory.ui.shell.static import Outline, StaticFiles, prepare

HOSTILE = "<img src=x onerror=alert(1)>"
SERVICES = {
    "eaje_psu": "EAJE financé par la PSU",
    "eaje_hors_psu": "EAJE hors PSU",
    "rpe": "Relais petite enfance",
    "laep": "LAEP",
    "alsh": "ALSH",
    "accueil_jeunes": "Accueil jeunes",
    "ludotheque": "Ludothèque",
    "centre_social": "Centre social",
    "espace_vie_sociale": "Espace de vie sociale",
}
MASKED = 22  # the row of a commune whose supply is hidden
MEASURES: dict[str, tuple[classes.Kind, str, str, str, int]] = {
    "Places manquantes": ("gap", "Places manquantes", "places", "place", 0),
    "Places pour 100 enfants": ("rate", "Places pour 100 enfants", "pour 100", "pour 100", 1),
    "Enfants": ("count", "Enfants de moins de 3 ans", "enfants", "enfant", 0),
}


@st.cache_resource(show_spinner=False)
def invented() -> list[Outline]:
    """46 communes: the cells of a seeded tessellation, clipped to a rough disc."""
    random = np.random.default_rng(46)
    spots = np.column_stack([random.normal(2.78, 0.09, 46), random.normal(50.29, 0.06, 46)])
    disc = affinity.scale(shapely.Point(2.78, 50.29).buffer(1, 24), 0.27, 0.18)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(spots.tolist()), extend_to=disc, ordered=True)
    )
    cells = shapely.set_precision(shapely.intersection(cells, disc), 1e-5)
    names = ["Arras-la-Neuve", "Saint-Laurent-des-Essais", HOSTILE, "Boiry"]
    return [
        Outline(
            f"62{row:03d}",
            names[row] if row < len(names) else f"Commune {row + 1}",
            shapely.to_geojson(cell),
        )
        for row, cell in enumerate(cells)
    ]


@st.cache_resource(show_spinner=False)
def given(path: str) -> list[Outline]:
    """Communes of a GeoJSON file."""
    features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    return [
        Outline(f["properties"]["code"], f["properties"]["nom"], json.dumps(f["geometry"]))
        for f in features
    ]


@st.cache_resource(show_spinner=False)
def prepared(path: str | None) -> StaticFiles:
    """Static files, once per process."""
    outlines = given(path) if path else invented()
    return prepare(Path(__file__).parent / "static", "20261122T000000Z", outlines)


def paint(measure: str, codes: tuple[str, ...], method: classes.Method) -> MapPaint:
    """One measure over invented figures, with unknown, masked and small communes."""
    kind, legend_title, unit, unit_one, decimals = MEASURES[measure]
    random = np.random.default_rng(7)
    children = np.maximum(12, random.lognormal(3.9, 0.8, len(codes))).round()
    children[0] = 1320
    rate = np.clip(random.normal(55, 30, len(codes)), 0, 140)
    rate[random.random(len(codes)) < 0.15] = 0
    rate[5::17] = np.nan
    supply = rate * children / 100
    figures = {"gap": supply - 0.66 * children, "rate": rate, "count": children}[kind]
    masked = [row == MASKED for row in range(len(codes))]
    classification = classes.classify(
        list(figures),
        masked=masked,
        kind=kind,
        unit="enfants" if kind == "count" else "places",
        method=method,
        children=None if kind == "count" else list(children),
        reference=60.9,
        zero_class=kind == "rate",
    )
    return MapPaint(
        codes=codes,
        values=list(figures),
        classification=classification,
        title=f"{measure}, accueil des 0-2 ans",
        legend_title=legend_title,
        sentence=(
            f"Offre au {dates.long_date('2026-11-22')}, besoin potentiel : 66 % des enfants de "
            "moins de 3 ans."
        ),
        unit=unit,
        unit_one=unit_one,
        decimals=decimals,
        source="Sources : Insee RP 2023, recensement de l’offre 2026. Version du 22 novembre 2026.",
        notes=("Données de démonstration", "Contours schématiques"),
        columns=(
            MapColumn("Besoin", list(0.66 * children), "places"),
            MapColumn("Offre", list(supply), "places", masked=masked),
        )
        if kind == "gap"
        else (),
    )


def circled(shown: MapPaint) -> MapPaint:
    """The same figures as circles."""
    return replace(shown, style="circles", scale=circles.scale_of(shown.values))


def crossed(shown: MapPaint) -> MapPaint:
    """Invented needs and supplies, the one without the other: every class has its communes."""
    count = len(shown.codes)
    need: list[float | None] = [float(10 + 5 * (row % 5)) for row in range(count)]
    covered: list[float | None] = [float(30 * (row % 4)) for row in range(count)]
    need[1] = None
    classification, axes = bivariate.cross(
        need, covered, mean=20.0, small=[row == 2 for row in range(count)]
    )
    return replace(shown, classification=classification, axes=axes, title="Besoin et offre")


def establishments(files: StaticFiles, path: str | None) -> MapPoints:
    """Two establishments per commune for a few of them, one with a hostile name."""
    random = np.random.default_rng(3)
    outlines = given(path) if path else invented()
    points = []
    for row in range(0, min(len(outlines), 120), 2):
        spot = shapely.from_geojson(outlines[row].geometry).representative_point()
        for _ in range(1 + row % 3):
            service = list(SERVICES)[random.integers(len(SERVICES))]
            status = ["public", "associatif", "prive"][random.integers(3)]
            points.append(
                Point(
                    spot.x,
                    spot.y,
                    service,
                    status,
                    "Les Petits Pas",
                    files.codes[row],
                    "24 places, Ville d’Arras",
                )
            )
    points[0] = Point(points[0].lon, points[0].lat, "eaje_psu", "public", HOSTILE, files.codes[0])
    return MapPoints(SERVICES, points)


def choose(code: str) -> None:
    """Keep the commune clicked."""
    st.session_state["commune"] = code


def main() -> None:
    """The page."""
    st.set_page_config(page_title="Carte", layout="wide")
    theme.apply()
    path = os.environ.get("MAP_HARNESS_CONTOURS")
    files = prepared(path)
    rail, beside = st.columns([1, 5])
    with rail:
        measure = st.radio("Mesure", list(MEASURES), key="measure")
        methods: list[classes.Method] = ["fixed", "quantiles", "natural"]
        method = st.radio("Classes", methods, key="method")
        style = st.radio("Style", ["classes", "cercles", "croisés", "deux"], key="style")
        with_points = st.checkbox("Établissements", key="points")
        if st.checkbox("Autre page", key="away"):
            st.write("Ailleurs")
            return
    with beside:
        st.write(f"Commune choisie : {st.session_state.get('commune', 'aucune')}")
        shown = paint(measure, files.codes, method)
        shown = {"cercles": circled, "croisés": crossed}.get(style, lambda same: same)(shown)
        two = style == "deux"
        places = st.columns(2) if two else [st.container()]
        template = os.environ.get("MAP_HARNESS_TILES")
        for row, place in enumerate(places):
            with place:
                key = "carte2" if row else "carte"
                told = payload(
                    circled(paint("Enfants", files.codes, method)) if row else shown,
                    files,
                    name=key,
                    tiles=Tiles(template, f"© {HOSTILE}") if template else None,
                    link="cartes" if two else None,
                )
                points = establishments(files, path) if with_points else None
                more = {
                    "selected": st.session_state.get("commune"),
                    "points": points_told(points) if points else None,
                }
                clicked = mount_map(packed(written(told)), files, more, key=key, on_select=choose)
                st.write(f"Dernier clic : {clicked or 'aucun'}")


main()
