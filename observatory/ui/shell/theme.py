"""Styles that ``.streamlit/config.toml`` cannot hold."""

from __future__ import annotations

from html import escape

import streamlit as st

from observatory.ui.shell.printing import paper

# Sizes: 13, 16 and 20 px; spacing: multiples of 8 px. Colours come from the configuration.
STYLE = """
<style>
:root { --observatory-small: 0.8125rem; --observatory-title: 1.25rem; }
[data-testid="stHeader"] { height: 3rem; min-height: 3rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
[data-testid="stMainBlockContainer"] { padding-inline: 1.5rem; padding-bottom: 3rem;
  max-width: 1920px; }
[data-testid="stMainBlockContainer"]:not(:has([data-testid="stSidebar"])) { padding-top: 3.5rem; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: 0.75rem; }
[data-testid="stMainBlockContainer"] h1 { font-size: var(--observatory-title); padding: 0;
  line-height: 1.4; }
/* Streamlit cuts a heading's box short: the letters that go below the line were hidden. */
[data-testid="stHeading"]:has(h1) [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
[data-testid="stMainBlockContainer"]:not(:has(.obs-head)) {
  padding-top: 4.5rem; }
[data-testid="stSidebarContent"] { padding-inline: 0.5rem; }
/* Words that Streamlit only has in English. */
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "Choisir des fichiers";
  font-size: 0.875rem; }
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after {
  content: "XLSX ou CSV, {largest} Mo au plus par fichier"; font-size: var(--observatory-small); }
[data-testid="stCaptionContainer"] { color: inherit; }
[data-testid="stCaptionContainer"] p { font-size: var(--observatory-small); line-height: 1.5; }
/* Streamlit's own file of a table lets formulas through: ours is below each table. */
[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download"]) { display: none; }
/* The map stays in full colour while a new answer is on its way. */
[data-testid="stElementContainer"]:has(.stBidiComponent) { opacity: 1 !important; }
/* The menu behind the commune search keeps the address bar, and is not shown. */
.st-key-commune { display: none; }
.obs-head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline;
  gap: 0 2rem; }
.obs-prose { margin: 0; line-height: 1.6; max-width: 48rem; overflow-wrap: anywhere; }
.obs-sentence, .obs-small { font-size: var(--observatory-small); margin: 0; line-height: 1.5; }
.obs-first { margin: 0; font-weight: 600; font-size: 1rem; line-height: 1.35; max-width: 72rem;
  overflow-wrap: anywhere; text-wrap: pretty; }
.obs-answer { flex-direction: column; gap: 0; }
[data-testid="stMainBlockContainer"] .obs-heard { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.obs-head h1 { white-space: nowrap; }
.obs-head dl.obs-figures { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0; padding: 0; }
.obs-figure { display: flex; align-items: baseline; gap: 0.375rem; margin: 0; }
.obs-head .obs-figure :is(dt, dd) { margin: 0; font-size: var(--observatory-small); }
.obs-figure strong { font-size: var(--observatory-title); font-weight: 600; white-space: nowrap; }
.obs-table { width: 100%; border-collapse: collapse; font-size: var(--observatory-small);
  line-height: 1.5; }
.obs-table caption { text-align: left; font-weight: 600; padding: 0.5rem 0 0.25rem;
  color: inherit; }
.obs-table th, .obs-table td { padding: 0.25rem 0.5rem 0.25rem 0; vertical-align: top;
  border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
.obs-table.obs-words td { overflow-wrap: anywhere; }
.obs-table th { text-align: left; font-weight: 400; }
.obs-table thead th { font-weight: 600; }
.obs-table td { text-align: right; font-variant-numeric: tabular-nums; }
.obs-table thead th:not(:first-child) { text-align: right; }
.obs-table.obs-words :is(td, thead th) { text-align: left; }
/* A link to another page reads as a link. */
[data-testid="stMainBlockContainer"] [data-testid="stPageLink"] a { display: flex;
  align-items: center; min-height: 2.5rem; margin: 0; padding: 0; }
[data-testid="stMainBlockContainer"] [data-testid="stElementContainer"]:has(>
  [data-testid="stPageLink"]) { margin: 0; }
[data-testid="stMainBlockContainer"] [data-testid="stPageLink"] a p { color: var(--st-link-color,
  inherit); text-decoration: underline; text-underline-offset: 2px; }
[class*="st-key-fiche-"] { scroll-margin-top: 7rem; }
[class*="st-key-fiche-"] :is(h2, h3) { padding-top: 0; }
@media screen and (min-width: 901px) {
  /* The sheet opens beside the map and scrolls there: what stands below does not move. */
  .st-key-cartes:has(.st-key-feuille) { flex-direction: row; align-items: stretch; gap: 1rem; }
  .st-key-cartes:has(.st-key-feuille) > :first-child { flex: 5 1 0; width: auto; min-width: 0; }
  .st-key-cartes > :has(.st-key-feuille) { flex: 3 1 0; width: auto; min-width: 0;
    position: relative; }
  .st-key-cartes .st-key-feuille { position: absolute; inset: 0; overflow-y: auto;
    flex-wrap: nowrap; padding-right: 0.5rem; }
}
@media screen and (max-width: 640px) {
  /* A commune is chosen: the list, its sheet, then the map. */
  .st-key-cartes > :has(.st-key-feuille), .st-key-cartes > .st-key-feuille { order: -1; }
}
/* What is folded away is out of the keyboard's way too. */
[data-testid="stSidebar"][aria-expanded="false"] { visibility: hidden; }
@media (max-width: 640px) {
  .obs-answer .obs-figure strong { font-size: 1rem; }
  .obs-answer dl.obs-figures { gap: 0 1rem; padding-top: 0.25rem; }
  .obs-answer .obs-figure { line-height: 1.35; }
  .obs-answer .obs-figure:nth-child(3) { order: 1; } /* the longest has a line of its own */
  .obs-answer .obs-first { font-size: 0.9375rem; }
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) { row-gap: 1rem; }
  .obs-head { gap: 0; }
  .obs-head dl.obs-figures { gap: 0 1rem; }
  .obs-figure strong { font-size: 1rem; }
  .obs-head h1 { white-space: normal; font-size: 1rem; padding: 0; }
  [data-testid="stExpandSidebarButton"] { width: auto; padding-inline: 0.5rem; }
  [data-testid="stExpandSidebarButton"]::after { content: "Pages et réglages";
    font-size: 1rem; padding-inline: 0.25rem; }
  /* A table of words becomes a list: one column cannot hold four. */
  .obs-table.obs-words:has(th:nth-child(4)) thead { position: absolute; clip-path: inset(50%);
    width: 1px; height: 1px; overflow: hidden; }
  .obs-table.obs-words:has(th:nth-child(4)) tbody :is(tr, th, td) { display: block; border: 0;
    padding: 0; }
  .obs-table.obs-words:has(th:nth-child(4)) tbody tr { padding: 0.5rem 0;
    border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
  .obs-table.obs-words:has(th:nth-child(4)) tbody th { font-weight: 600; }
  .obs-table.obs-words td[data-label]::before { content: attr(data-label) "\\00a0: "; }
  .obs-table.obs-words:not(:has(th:nth-child(4))) td[data-label]::before { content: none; }
  [data-testid="stMainBlockContainer"] { padding-inline: 0.75rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { transition-duration: 0.01ms !important;
    animation-duration: 0.01ms !important; scroll-behavior: auto !important; }
}
/* The product and the territory stand at the same place on every page, and so does the bar of
   pages: beside them, whether a page has a form or not. */
[data-testid="stElementContainer"]:has(.obs-brand) { position: absolute; width: 0; height: 0; }
.obs-brand { position: fixed; top: 0; left: 0; z-index: 1000000; box-sizing: border-box;
  width: 15rem; height: 3rem; padding: 0 0 0 1rem; display: flex; flex-direction: column;
  justify-content: center; font-size: 0.6875rem; line-height: 1.25; pointer-events: none; }
.obs-brand strong { font-weight: 600; display: -webkit-box; -webkit-box-orient: vertical;
  -webkit-line-clamp: 2; overflow: hidden; }
@media screen and (min-width: 769px) {
  .stApp:not(:has([data-testid="stSidebar"]:not([aria-expanded="false"])))
    [data-testid="stHeader"] { padding-left: 18.75rem; }
}
@media screen and (max-width: 768px) {
  .obs-brand { left: auto; right: 0; width: 11.75rem; padding: 0 0.5rem 0 0; text-align: right;
    font-size: 0.625rem; }
}
@media screen and (max-width: 389px) {
  .obs-brand { width: 7.5rem; }
  .obs-brand span { display: none; }
}
</style>
"""


def apply(product: str = "", territory: str = "") -> None:
    """Add the style to the page; call it once per run, after ``st.set_page_config``.

    Parameters
    ----------
    product, territory : str
        What heads every page, on the screen and on paper.
    """
    largest = str(st.get_option("server.maxUploadSize"))
    head = " · ".join(one for one in (product, territory) if one)
    st.html(STYLE.replace("{largest}", largest) + paper(head))
    if product:
        st.html(
            f'<div class="obs-brand"><span>{escape(product)}</span>'
            f"<strong>{escape(territory)}</strong></div>"
        )
