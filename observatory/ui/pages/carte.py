"""The map: one question at a time, the territory's figures above, the commune's sheet beside."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from observatory.export import gap_table, gaps_csv
from observatory.nomenclature import nomenclature
from observatory.ui import blocks, data, formats
from observatory.ui.data import Version
from observatory.ui.map import Column, MapPaint, MapPoints, Point, show_map
from observatory.ui.measures import classify_measure, values_of
from observatory.ui.sheet import show_sheet
from observatory.ui.view import View, ask_view, select_commune

CONTOURS = {
    "schematic": "Contours schématiques",
    "generalised": "Contours très généralisés",
}


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    info = data.info(version)
    communes = dict(data.commune_facts(version)[["code", "name"]].itertuples(index=False))
    with st.sidebar:
        view = ask_view(communes)
        points = _points(version, view)
    table = data.gap_table(version, view.service_id, view.as_of, view.day_type, view.custom)
    shown = table[table["definition"] == view.definition]
    rows, total = shown[shown["code"].notna()], shown[shown["code"].isna()].iloc[0]
    notes = [CONTOURS[info["contours"]]] if info["contours"] in CONTOURS else []
    if info["demonstration"]:
        notes.append("Offre de démonstration")

    _figures(view, total, info["territory"]["name"])
    beside = st.columns([5, 3]) if view.commune else [st.container()]
    with beside[0]:
        show_map(
            _paint(version, view, rows, notes, info),
            data.static_files(version),
            selected=view.commune,
            points=points,
            on_select=select_commune,
        )
    if view.commune:
        with beside[1]:
            show_sheet(version, view, table)
    _twin(version, view, rows, total)


def _title(view: View) -> str:
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    return f"{view.measure.label(view.service)} : {view.service.label}{day}"


def _sentence(view: View, total: pd.Series) -> str:  # type: ignore[type-arg]
    """What the map shows, in full: measure, date, definition of the need, age of the figures."""
    service = view.service
    estimated = ", estimés d'après des bandes de cinq ans" if total["estimated"] else ""
    supply = f"offre au {formats.long_date(view.as_of)}"
    public = f"{nomenclature().publics[service.public].noun}{estimated}"
    return {
        "ecart": f"{supply[0].upper()}{supply[1:]} moins besoin, défini par : {_lower(view.definition_label)} ; "
        f"{public}.",
        "taux": f"{service.rate_label[0].upper()}{service.rate_label[1:]}, {supply} ; {public}.",
        "offre": f"Offre en {service.unit} ; {supply}.",
        "enfants": f"Nombre de personnes : {public}.",
        "taux_publie": "Taux de couverture publié par la Caf, communes de plus de 10 000 habitants"
        " seulement ; ailleurs il est inconnu.",
    }[view.measure_id]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _figures(view: View, total: pd.Series, territory: str) -> None:  # type: ignore[type-arg]
    """Four figures of the territory: its public, the need, the supply with its rate, the gap."""
    service = view.service
    blocks.figures(
        territory,
        [
            (
                nomenclature().publics[service.public].label,
                formats.number(total["public"]),
                "(estimation)" if total["estimated"] else "",
            ),
            ("Besoin", formats.number(total["need"], service.decimals), service.unit),
            (
                "Offre",
                formats.number(total["supply"], service.decimals),
                f"{service.unit} ({formats.rate(total['rate'])} pour {formats.number(service.rate_per)})",
            ),
            ("Écart", formats.gap(total["gap"], service.decimals), service.unit),
        ],
    )


def _paint(
    version: Version, view: View, rows: pd.DataFrame, notes: list[str], info: dict[str, object]
) -> MapPaint:
    service, measure = view.service, view.measure
    unit = measure.unit(service)
    return MapPaint(
        codes=rows["code"].tolist(),
        values=values_of(measure, rows),
        classification=classify_measure(measure, service, rows),
        title=_title(view),
        sentence=_sentence(view, rows.iloc[0]),
        legend_title=measure.label(service),
        unit=unit,
        unit_one=unit.split()[0].rstrip("s") if measure.kind == "count" else unit,
        decimals=measure.decimals(service),
        source=_source_line(version, view, info),
        notes=tuple(notes),
        columns=tuple(
            Column(label, [None if pd.isna(v) else float(v) for v in rows[column]], u, decimals)
            for label, column, u, decimals in (
                ("Besoin", "need", service.unit, service.decimals),
                ("Offre", "supply", service.unit, service.decimals),
                ("Public", "public", "", 0),
            )
            if column != measure.column
        ),
    )


def _source_line(version: Version, view: View, info: dict[str, object]) -> str:
    sources = info["sources"]
    assert isinstance(sources, list)
    vintages = {s["id"]: s["vintage"] for s in sources}
    ages = f"Insee RP {vintages['rp_age']}" if "rp_age" in vintages else "âges inconnus"
    census = "recensement de démonstration" if info["demonstration"] else "recensement de l'offre"
    caf = ", Cnaf" if "caf" in vintages else ""
    return f"Sources : {ages}{caf}, {census}. Offre au {formats.long_date(view.as_of)}."


def _points(version: Version, view: View) -> MapPoints | None:
    """The establishments to show, by service and status; never an assistant maternel."""
    names = nomenclature()
    table = data.establishments(version, view.as_of)
    if table.empty:
        return None
    services = {i: s.short for i, s in names.services.items() if i in set(table["service"])}
    of_view = [i for i in (view.service.parts or (view.service_id,)) if i in services]
    with st.expander("Établissements sur la carte", expanded=False):
        chosen = st.pills(
            "Services",
            list(services),
            selection_mode="multi",
            default=of_view,
            format_func=services.__getitem__,
            key=f"points_{view.service_id}",
        )
        statuses = st.pills(
            "Statuts",
            list(names.statuses),
            selection_mode="multi",
            default=list(names.statuses),
            format_func=names.statuses.__getitem__,
            key="statuts",
        )
    kept = table[table["service"].isin(chosen) & table["status"].isin(statuses)]
    kept = kept[kept["lon"].notna()]
    return MapPoints(
        services,
        [
            Point(
                r["lon"],
                r["lat"],
                r["service"],
                r["status"],
                r["name"],
                r["code"],
                _detail(r["service"], r["amount"], r["manager"]),
            )
            for r in kept.to_dict("records")
        ],
    )


def _detail(service_id: str, amount: float, manager: str | None) -> str:
    service = nomenclature().service(service_id)
    size = f"{formats.number(amount, service.decimals)} {service.unit}"
    return f"{size}, {manager}" if isinstance(manager, str) else size


def _twin(version: Version, view: View, rows: pd.DataFrame, total: pd.Series) -> None:  # type: ignore[type-arg]
    """The map's table: the same figures, for the keyboard, the screen reader and the spreadsheet."""
    service = view.service
    columns = {
        "name": "Commune",
        "public": nomenclature().publics[service.public].label,
        "need": f"Besoin ({service.unit})",
        "supply": f"Offre ({service.unit})",
        "gap": f"Écart ({service.unit})",
        "rate": "Taux",
        "published_rate": "Taux Caf",
        "deficit_count": "Définitions en déficit",
        "reliability": "Fiabilité",
    }
    ordered = pd.concat([rows.sort_values("gap", na_position="last"), total.to_frame().T])
    shown = ordered[list(columns)].rename(columns=columns).reset_index(drop=True)
    number = {
        columns["public"]: formats.number,
        columns["need"]: lambda v: formats.number(v, service.decimals),
        columns["supply"]: lambda v: formats.number(v, service.decimals),
        columns["gap"]: lambda v: formats.gap(v, service.decimals),
        columns["rate"]: formats.rate,
        columns["published_rate"]: formats.rate,
    }
    shown = shown.astype({c: "float64" for c in number})
    st.subheader("Les mêmes chiffres en tableau", anchor=False)
    blocks.paragraph(
        f"Taux en {service.rate_label}. La dernière ligne est le territoire. "
        "« — » : inconnu, ou effectif trop faible pour un taux. "
        "Choisir une ligne ouvre la fiche de la commune."
    )
    codes = ordered["code"].tolist()

    def chosen() -> None:
        picked = st.session_state["table"]["selection"]["rows"]
        if picked and codes[picked[0]] is not None and pd.notna(codes[picked[0]]):
            select_commune(codes[picked[0]])

    st.dataframe(
        shown.style.format(number),
        hide_index=True,
        placeholder="—",
        key="table",
        on_select=chosen,
        selection_mode="single-row",
        alt="Besoin, offre et écart de chaque commune, puis du territoire",
    )
    exported = gap_table(
        data.cursor(version), view.as_of, view.service_id, view.definition, view.custom
    )
    if view.day_type:
        exported = exported[exported["day_type"] == view.day_type]
    st.download_button(
        "Télécharger le tableau (CSV)",
        gaps_csv(exported),
        file_name=f"ecarts-{view.service_id}-{view.as_of.isoformat()}.csv",
        mime="text/csv",
        on_click="ignore",
    )


page()
