"""Print style: A4, without menus, one column, no table cut in two."""

from __future__ import annotations

import streamlit as st

# Streamlit's page is a window that scrolls: on paper it must be as long as what it holds. The
# colours of a dark screen would be pale on white.
STYLE = """
<style>
@page { size: A4; margin: 14mm 12mm; }
@media print {
  :root { --observatory-small: 8.5pt; --observatory-title: 13pt; }
  .stApp .obs-table :is(th, td) { padding-block: 0.5mm; line-height: 1.35; }
  .stApp :is(h2, h3) { font-size: 10.5pt !important; padding: 2mm 0 0 !important; }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"],
  [data-testid="stMainBlockContainer"], [data-testid="stVerticalBlock"],
  [data-testid="stLayoutWrapper"], [data-testid="stHorizontalBlock"],
  [data-testid="stColumn"], [data-testid="stElementContainer"] {
    position: static !important; display: block !important; height: auto !important;
    min-height: 0 !important; width: auto !important; max-width: none !important;
    overflow: visible !important; flex: none !important; }
  .stApp, .stApp * { color: #000 !important; }
  html, body, .stApp, [data-testid="stMain"] { background: #fff !important; }
  [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"],
  [data-testid="stExpandSidebarButton"], [data-testid="stStatusWidget"],
  .st-key-recherche, .st-key-commune, .obs-screen, [class*="st-key-ecran"],
  [data-testid="stExpander"] { display: none !important; }
  [data-testid="stElementContainer"] { margin-bottom: 2mm; }
  .obs-table, .obs-range, .obs-years, figure { break-inside: avoid; }
  .obs-table:is(:has(tbody tr:nth-child(24)), .dense) { break-inside: auto; }
  .obs-table :is(tr, caption) { break-inside: avoid; break-after: auto; }
  .obs-table caption, h1, h2, h3 { break-after: avoid; }
}
</style>
"""


def on_paper() -> None:
    """Add the rules of paper to the page.

    What stands in a container whose key begins with ``ecran`` is for the screen only.
    """
    st.html(STYLE)
