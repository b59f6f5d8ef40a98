"""Print style of every page: A4, no menus nor buttons, tables in small type, nothing cut."""

from __future__ import annotations

# Streamlit's page is a window that scrolls: on paper it must be as long as what it holds. The
# colours of a dark screen would be pale on white. What stands in a container whose key begins with
# ``ecran`` is for the screen only. The product and the territory head every page.
STYLE = """
<style>
@page { size: A4; margin: 11mm 10mm 8mm;
  @top-left { content: "{head}"; font: 8pt system-ui, sans-serif; color: #333; }
  @bottom-right { content: counter(page) " / " counter(pages);
    font: 8pt system-ui, sans-serif; color: #333; } }
@media print {
  :root { --observatory-small: 6.75pt; --observatory-title: 13pt; }
  .stApp .obs-table, .stApp .obs-small { line-height: 1.15; }
  .stApp .obs-table :is(th, td) { padding: 0.1mm 1mm 0.1mm 0; line-height: 1.15; }
  .obs-range .line:not(.head) > div { min-height: 1rem; }
  .obs-range .head > div { min-height: 1.75rem; }
  .obs-range .line > span { padding: 0; }
  .stApp .obs-table caption { padding: 1.5mm 0 0.5mm; }
  .stApp :is(h2, h3) { font-size: 9pt !important; line-height: 1.15 !important;
    padding: 1mm 0 0 !important; }
  [data-testid="stHeading"] [data-testid="stMarkdownContainer"] { margin: 0 !important; }
  .stApp .obs-first { font-size: 8pt; line-height: 1.15; max-width: none; }
  .obs-wide:not(.runs) tbody th { min-width: 46mm; }
  [data-testid="stColumn"] .obs-table thead th:not(:first-child) { width: 12mm; }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"],
  [data-testid="stMainBlockContainer"], [data-testid="stVerticalBlock"],
  [data-testid="stLayoutWrapper"], [data-testid="stHorizontalBlock"],
  [data-testid="stColumn"], [data-testid="stElementContainer"] {
    position: static !important; display: block !important; height: auto !important;
    min-height: 0 !important; width: auto !important; max-width: none !important;
    overflow: visible !important; flex: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; }
  html, body, .stApp, [data-testid="stMain"] { background: #fff !important; }
  .stApp, .stApp * { color: #000 !important; }
  [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"],
  [data-testid="stExpandSidebarButton"], [data-testid="stStatusWidget"], .obs-brand,
  .obs-screen, [class*="st-key-ecran"], [data-testid="stExpander"], [data-testid="stSlider"],
  [data-testid="stPageLink"], [data-testid="stDownloadButton"],
  [data-testid="stButton"]:not(.st-key-vignettes *) { display: none !important; }
  .stApp :is([data-testid="stElementContainer"], [data-testid="stLayoutWrapper"]) {
    margin-bottom: 1mm !important; }
  /* What stands side by side on a screen runs in two columns, but for the map and its sheet. */
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] > [data-testid]
    [data-testid="stHeading"]):not(:has(.st-key-cartes)), [class*="st-key-fiche-"] {
    columns: 2; column-gap: 7mm; }
  [class*="st-key-fiche-"] { margin-top: 4mm; }
  .obs-table, .obs-range, .obs-years, figure { break-inside: avoid; }
  .obs-table:is(:has(tbody tr:nth-child(16)), .runs) { break-inside: auto; }
  .obs-table :is(tr, caption) { break-inside: avoid; break-after: auto; }
  .obs-table caption, h1, h2, h3, [data-testid="stHeading"] { break-after: avoid; }
  [data-testid="stElementContainer"]:has(h1, h2, h3) { break-after: avoid; }
}
</style>
"""


def paper(head: str) -> str:
    """The rules of paper, with what heads every page."""
    said = head.replace("\\", "").replace('"', "”").replace("<", "").replace("\n", " ")
    return STYLE.replace("{head}", said)
