"""The establishments on the map, filtered by service and status."""

from __future__ import annotations

import streamlit as st

from observatory import formats
from observatory.maps.view import View
from observatory.nomenclature import UNKNOWN_STATUS, nomenclature
from observatory.ui import data
from observatory.ui.data import Version
from observatory.ui.map import MapPoints, Point


def ask_points(version: Version, view: View) -> MapPoints | None:
    """The establishments to show, by service and status; never an assistant maternel."""
    names = nomenclature()
    table = data.establishments(version, view.as_of)
    if table.empty:
        return None
    services = {i: s.short for i, s in names.services.items() if i in set(table["service"])}
    known = {**names.statuses, **UNKNOWN_STATUS}
    offered = {i: s for i, s in known.items() if i in names.statuses or i in set(table["status"])}
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
            list(offered),
            selection_mode="multi",
            default=list(offered),
            format_func=offered.__getitem__,
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
    known = f"{formats.number(amount, service.decimals)} {service.unit}"
    size = known if formats.is_known(amount) else "capacité inconnue"
    return f"{size}, {manager}" if isinstance(manager, str) else size
