"""One change to add to a scenario: what it is, then what it needs, and nothing else."""

from __future__ import annotations

from datetime import date

import streamlit as st

from observatory.french import dates
from observatory.french.spelling import capital
from observatory.french.vocabulary import STATUSES
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.specification import Tiles
from observatory.scenario.scenario_change import KINDS
from observatory.scenario.scenario_readers import kind_labels, publics
from observatory.settings import Settings
from observatory.ui.map.point_picker import pick_point
from observatory.ui.scenario.scenario_of_visit import known
from observatory.ui.shell import data
from observatory.ui.shell.data import Ground, Version

USUAL_PLACES = 12
WHOLE = ""
UNIT_HELP = "Dans l'unité du service : places, heures, ETP ou structures."


def ask_change(
    version: Version, ground: Ground, service: str, focus: str | None, day: date, number: int
) -> dict[str, str] | None:
    """The fields of a change; what was typed once it is asked for.

    Parameters
    ----------
    service : str
        The one in view: what opens is of it by default.
    focus : str, optional
        INSEE code of the commune in focus: where it opens by default.
    day : date
        Proposed from the day on.
    number : int
        Of changes there are: the fields begin again after each.
    """
    key = f"si_{number}_"
    first, second = st.columns(2)
    with first:
        kind: str = st.selectbox(
            "Ce qui change", list(KINDS), format_func=kind_labels().__getitem__, key=f"{key}kind"
        )
    uses = KINDS[kind].uses
    typed = {"changement": kind}
    with second:
        typed["date"] = st.text_input(
            "À partir du", value=f"{day:%d/%m/%Y}", key=f"{key}date", placeholder="01/09/2027"
        )
    if "service" in uses:
        with first:
            typed["service"] = _service(kind, service, key)
    if kind in ("fermer", "agrandir", "deplacer"):
        with first:
            typed["etablissement"] = _establishment(version, ground, key)
    if "commune" in uses:
        with second:
            typed["commune"] = _commune(ground, focus, key, optional=kind == "depart")
    own = typed.get("service") or known(version).establishments.get(
        typed.get("etablissement", ""), ""
    )
    days = nomenclature().services[own].day_types if own else ()
    if "jour" in uses and days:
        words = nomenclature().day_types
        with second:
            typed["jour"] = st.selectbox(
                "Type de jour", days, format_func=lambda d: capital(words[d]), key=f"{key}jour"
            )
    with first:
        _amounts(kind, typed, key)
    with second:
        _more(kind, typed, own, key)
    if "longitude" in uses and typed.get("commune"):
        _point(ground, typed, key)
    asked = st.button(
        "Ajouter ce changement" if number else "Voir ce que cela change",
        type="primary",
        key=f"{key}ajouter",
    )
    return typed if asked else None


def _service(kind: str, service: str, key: str) -> str:
    services = nomenclature().services
    offered = [i for i, s in services.items() if s.grain == "establishment" or kind == "objectif"]
    usual = next((p for p in (service, *services[service].parts) if p in offered), offered[0])
    return str(
        st.selectbox(
            "Service",
            offered,
            index=offered.index(usual),
            format_func=lambda i: services[i].listed,
            key=f"{key}service",
        )
    )


def _establishment(version: Version, ground: Ground, key: str) -> str:
    rows = data.establishments(version, dates.today())
    names = {
        str(r["id"]): f"{r['name']} – {r['commune']} ({r['id']})" for r in rows.to_dict("records")
    }
    found = st.selectbox(
        "Établissement",
        list(names),
        index=None,
        format_func=lambda i: names.get(i, i),
        placeholder="Taper quelques lettres de son nom ou de sa commune",
        key=f"{key}etablissement",
    )
    return str(found or "")


def _commune(ground: Ground, focus: str | None, key: str, *, optional: bool) -> str:
    codes = [*([WHOLE] if optional else []), *ground.communes]
    index = codes.index(focus) if focus in codes else 0 if optional else None
    found = st.selectbox(
        "Commune",
        codes,
        index=index,
        format_func=lambda c: ground.communes.get(c, "Tout le territoire"),
        placeholder="Taper les premières lettres",
        key=f"{key}commune_{focus or ''}",
    )
    return str(found or "")


def _amounts(kind: str, typed: dict[str, str], key: str) -> None:
    """How many."""
    uses = KINDS[kind].uses
    if "places" in uses:
        label = "Places" if kind == "ouvrir" else "Places en plus, ou en moins (−)"
        least = 1 if kind == "ouvrir" else None
        typed["places"] = str(
            st.number_input(
                label, value=USUAL_PLACES, min_value=least, help=UNIT_HELP, key=f"{key}places"
            )
        )
    if kind == "depart":
        how = st.radio("Combien", ["En part", "En nombre"], horizontal=True, key=f"{key}combien")
        if how == "En part":
            typed["part"] = str(
                st.number_input("Part qui part, en %", 0, 100, 30, key=f"{key}part")
            )
        else:
            typed["nombre"] = str(
                st.number_input("Assistants maternels qui partent", 0, value=1, key=f"{key}n")
            )
    elif "nombre" in uses:
        label = {
            "enfants": "Nombre d'enfants ce jour-là",
            "logements": "Logements nouveaux",
            "objectif": "Objectif, dans l'unité du taux",
        }[kind]
        typed["nombre"] = str(st.number_input(label, 0, value=100, key=f"{key}nombre"))


def _more(kind: str, typed: dict[str, str], service: str, key: str) -> None:
    """What only some kinds say."""
    uses = KINDS[kind].uses
    if "enfants_par_logement" in uses:
        typed["enfants_par_logement"] = str(
            st.number_input(
                "Enfants de la classe d'âge par logement",
                0.0,
                5.0,
                0.2,
                0.05,
                help="Une hypothèse : donner sa source.",
                key=f"{key}par",
            )
        )
    if "public" in uses:
        typed["public"] = st.selectbox(
            "Classe d'âge", list(publics()), format_func=publics().__getitem__, key=f"{key}public"
        )
    if "statut" in uses:
        typed["statut"] = st.selectbox(
            "Statut de qui gérerait",
            ["", *STATUSES],
            format_func=lambda s: STATUSES.get(s, "Pas encore connu"),
            key=f"{key}statut",
        )
    if "cofinance" in uses and service == "eaje_psu":
        ticked = st.checkbox(
            "Cofinancé par la collectivité",
            key=f"{key}cofinance",
            help="Une collectivité signataire de la Ctg ; sans elle, pas de bonus territoire.",
        )
        typed["cofinance"] = "oui" if ticked else "non"
    if kind in ("logements", "enfants", "depart", "objectif"):
        typed["source"] = st.text_input("Source de l'hypothèse", key=f"{key}source")


def _point(ground: Ground, typed: dict[str, str], key: str) -> None:
    """A place on the map, in the place of the town hall."""
    code = typed["commune"]
    kept = f"{key}point_{code}"
    point: tuple[float, float] | None = st.session_state.get(kept)
    with st.expander("Choisir le lieu sur la carte (sinon : la mairie)"):

        def picked(lon: float, lat: float) -> None:
            st.session_state[kept] = (round(lon, 5), round(lat, 5))

        settings = Settings.from_env()
        pick_point(
            ground.files,
            key=f"{key}carte_{code}",
            label=f"Carte de {ground.communes[code]} : cliquer pour placer l'établissement",
            code=code,
            point=point,
            tiles=Tiles(settings.tiles_url, settings.tiles_attribution)
            if settings.tiles_url
            else None,
            on_pick=picked,
        )
    if point:
        typed["longitude"], typed["latitude"] = (f"{x:.5f}" for x in point)
