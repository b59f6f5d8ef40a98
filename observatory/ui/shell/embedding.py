"""A map inside another site: how a visit says that it is embedded, and the line that embeds it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from observatory.markup import element
from observatory.settings import Settings
from observatory.ui.shell import blocks
from observatory.ui.shell.fold import PagePart

ASKED = {"embed": "carte"}
HEIGHT = 640  # pixels that a site gives the map, until it says otherwise
SECOND = frozenset({"mesure2", "date2"})
"""Choices of a second map: one alone is embedded."""
STYLE = """
<style>
:root { --observatory-frame: calc(100vh - 34px); }
/* The territory and the product, in one line over the map. */
[data-testid="stElementContainer"]:has(.obs-brand) { position: static; width: auto; height: auto; }
.obs-brand { position: static; display: flex; flex-direction: row-reverse; align-items: center;
  justify-content: flex-end; gap: 0 0.75rem; width: auto; height: 32px; padding: 0 12px;
  text-align: left; }
.obs-brand span { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: 0; }
[data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"] {
  display: none; }
[data-testid="stMainBlockContainer"], [data-testid="stMainBlockContainer"]:not(:has(.obs-head)) {
  padding: 0; max-width: none; }
</style>
"""


def is_embedded() -> bool:
    """Whether the address asks for the map alone: ``/?embed=carte``.

    Streamlit keeps that name of the address for itself: it is not among its query parameters.
    """
    running = get_script_run_ctx()
    told = parse_qs(running.query_string) if running else {}
    return all(told.get(key) == [value] for key, value in ASKED.items())


def leave_bare() -> None:
    """Leave the page its map alone: no header, no rail, no margin."""
    st.html(STYLE)


def frame_part(address: Mapping[str, str], title: str) -> PagePart:
    """Offer the line that embeds the map in view, and say which sites may show it."""

    def told() -> None:
        origins = Settings.from_env().embed_origins
        blocks.paragraph(
            f"Sites qui peuvent montrer cette carte : {', '.join(origins)}."
            if origins
            else "Aucun site ne peut encore montrer cette carte : la personne qui exploite "
            "l'observatoire les liste (réglage OBSERVATORY_EMBED_ORIGINS)."
        )
        blocks.paragraph("La carte suit les mises à jour de l'observatoire. Ligne à copier :")
        st.code(frame_line(st.context.url or "", address, title), language=None, wrap_lines=True)

    return PagePart("Intégrer cette carte dans un site", told, "integrer")


def frame_line(base: str, address: Mapping[str, str], title: str) -> str:
    """The line of HTML that shows a map in another site.

    Parameters
    ----------
    base : str
        Address of the observatory, as the visitor's browser knows it.
    address : mapping
        What the address of the page says of the question.
    title : str
        The map's title: what those who do not see it are told.
    """
    parts = urlsplit(base)
    asked = {key: value for key, value in address.items() if key not in SECOND}
    if asked.get("presentation") == "deux":
        del asked["presentation"]
    return element(
        "iframe",
        src=f"{parts.scheme}://{parts.netloc}{parts.path or '/'}?{urlencode(ASKED | asked)}",
        title=title,
        width="100%",
        height=HEIGHT,
        loading="lazy",
        style="border:0",
    )
