"""Every commune in one table: one service in full, or one measure of every service."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from observatory.answers.commune_table import (
    GROUPS,
    DisplayColumn,
    Filters,
    cells,
    columns_of,
    groups_of,
    ordered,
)
from observatory.answers.published_minutes import PUBLISHED, published_in_words
from observatory.answers.rounded import rounded_words
from observatory.answers.silent_services import silent_words
from observatory.answers.sums import add_up
from observatory.files.side_by_side import (
    WIDE_MEASURES,
    WORDS,
    table_csv,
    table_xlsx,
    wide_columns,
    wide_table,
)
from observatory.french import dates, numbers
from observatory.french.spelling import inside
from observatory.french.vocabulary import NOTHING_MEANS, RESIDENTS
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.specify import source_line
from observatory.maps.view import View
from observatory.ui.controls import visit
from observatory.ui.controls.form import Form
from observatory.ui.controls.rail import ask_view, select_commune, show_rail
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.tables.chosen import show_chosen
from observatory.ui.tables.downloads import show_downloads
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.metadata_beside import offer_metadata
from observatory.ui.tables.paging import page_of


@dataclass(frozen=True)
class Order:
    """How the communes are sorted."""

    column: DisplayColumn
    descending: bool


MODES = {"service": "Un service en détail", "tous": "Tous les services"}


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    ground = data.ground(version, dates.today())
    facts = data.commune_facts(version)
    asked = visit.form()
    mode = asked.menu("Tableau", list(MODES), "tableau", MODES.__getitem__)
    view = ask_view(
        asked,
        ground.communes,
        voted=ground.voted,
        known=ground.known,
        groups=ground.groups,
        measure=False,
    )
    measure = ""
    if mode == "tous":
        measure = asked.menu(
            "Mesure de chaque service", WIDE_MEASURES, "mesure_tous", WORDS.__getitem__
        )
        groups: list[str] = []
        columns = wide_columns(measure, data.silent_services(version, publics=False))
    else:
        groups = _ask_groups(asked, version, view)
        columns = _columns(version, view, groups)
    order = _ask_order(asked, columns)
    filters = _ask_filters(asked, facts)
    show_rail(asked, ground.files)
    if mode == "tous":
        _all_services(version, view, measure, columns, filters, order)
    else:
        _one_service(version, view, groups, columns, filters, order)


def _one_service(
    version: Version,
    view: View,
    groups: Sequence[str],
    columns: list[DisplayColumn],
    filters: Filters,
    order: Order,
) -> None:
    """Need, supply and gap of one service in every commune."""
    service = view.service
    ask = data.access_table if "acces" in groups else data.gap_table
    table = ask(version, view.question.for_every_need())
    shown = table[table["definition"] == view.definition]
    facts = data.commune_facts(version)[["code", "epci", "epci_name", "population"]]
    rows = shown.merge(facts, on="code", how="left")
    inside_, total = rows[rows["code"].notna()], rows[rows["code"].isna()]
    kept = ordered(filters.keep(inside_), order.column, descending=order.descending)
    figures = []
    if len(kept):
        summed = add_up(data.cursor(version), table, set(kept["code"]))
        figures = blocks.offered(
            view.service, summed[summed["definition"] == view.definition].iloc[0]
        )
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    blocks.figures(
        f"{service.short}{day} : tableau des communes",
        [("Communes affichées", *_count(len(kept), len(inside_))), *figures],
    )
    ages = " Effectifs estimés d'après des bandes de cinq ans." if shown["estimated"].any() else ""
    if shown["resident"].any():
        ages += f" Public : {RESIDENTS}."
    if any(c.source == PUBLISHED for c in columns):
        ages += f" {published_in_words(shown)}"
    rounded = next((said for said in total.apply(rounded_words, axis=1) if said), "")
    whole = f" Territoire : {rounded}." if rounded else ""
    blocks.paragraph(
        f"Besoin défini par : {inside(view.definition_label)}. Taux en {service.rate_label}. "
        f"{NOTHING_MEANS}{ages}{whole} "
        f"{_source(version, view, shown)}"
    )
    show_chosen(version, view.commune, here="tableau")
    if kept.empty:
        _nothing(inside_)
        return
    total = total.assign(code=None)
    _show(f"{service.label} : tableau des communes", columns, kept, total, view.commune, order)
    show_downloads(version, view, pd.concat([kept, total]))


def _all_services(
    version: Version,
    view: View,
    measure: str,
    columns: list[DisplayColumn],
    filters: Filters,
    order: Order,
) -> None:
    """One measure of every service, side by side."""
    everything = data.every_service(version, view.as_of, view.definition)
    rows = wide_table(everything, measure)
    # The filters on what is missing and on the public are those of the service in view.
    gaps = data.gap_table(version, view.question.for_every_need())
    gaps = gaps[(gaps["definition"] == view.definition) & gaps["code"].notna()]
    facts = data.commune_facts(version)[["code", "epci"]]
    known = gaps[["code", "service", "gap", "public", "suppressed"]].merge(
        facts, on="code", how="left"
    )
    inside_ = rows[rows["code"].notna()].merge(known, on="code", how="left")
    total = rows[rows["code"].isna()].assign(code=None)
    kept = ordered(filters.keep(inside_), order.column, descending=order.descending)
    title = f"{WORDS[measure]} : tous les services"
    blocks.figures(title, [("Communes affichées", *_count(len(kept), len(inside_)))])
    silent_ids = data.silent_services(version, publics=False)
    needs = _needs(view.definition, silent_ids) if measure in ("ecart", "besoin") else ""
    source = _source(version, view, everything)
    blocks.paragraph(f"{NOTHING_MEANS} {source}")
    if filters.short or filters.rated:
        blocks.paragraph(f"Les filtres sur le manque et l'effectif suivent : {view.service.short}.")
    show_chosen(version, view.commune, here="tableau")
    if kept.empty:
        _nothing(inside_)
        return
    _show(title, columns, kept, total, view.commune, order)
    both = pd.concat([kept, total])
    silent = silent_words(silent_ids)
    notes = [NOTHING_MEANS, *([needs] if needs else []), source, *([silent] if silent else [])]
    name = f"tous-les-services-{measure}-{view.as_of.isoformat()}"
    with st.container(horizontal=True):
        st.download_button(
            "CSV pour un tableur français",
            lambda: table_csv(both, columns, " ".join(notes[1:]), view.as_of),
            file_name=download_name(version, f"{name}.csv"),
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Classeur Excel (XLSX)",
            lambda: table_xlsx(both, columns, title, notes),
            file_name=download_name(version, f"{name}.xlsx"),
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
        )
        offer_metadata(version, f"{name}.csv", title, view.as_of, key="tous")
    if needs:
        blocks.paragraph(needs)
    if silent:
        blocks.paragraph(silent)


def _source(version: Version, view: View, rows: pd.DataFrame) -> str:
    bpe, known = bool(rows["bpe"].any()), bool(rows["supply"].notna().any())
    # The measure is that of another page: it says nothing of this table.
    local = replace(view, measure_id="ecart")
    return source_line(local, data.info(version), bpe=bpe, known=known)


def _show(
    caption: str,
    columns: Sequence[DisplayColumn],
    rows: pd.DataFrame,
    total: pd.DataFrame,
    selected: str | None,
    order: Order,
) -> None:
    page = page_of("grille", (caption, order), rows["code"].tolist(), selected)
    shown = rows.iloc[page.lines]
    show_grid(
        caption,
        [Heading(c.label, c.unit, c.key, c.words) for c in columns],
        [
            GridRow(line, code)
            for line, code in zip(cells(shown, columns), shown["code"], strict=True)
        ],
        key="grille",
        page=page,
        foot=[GridRow(line) for line in cells(total, columns)],
        selected=selected,
        sorted_by=order.column.key,
        descending=order.descending,
        on_sort=lambda key: _sort_by(key, {c.key: c for c in columns}, order),
        on_select=select_commune,
    )


def _sort_by(key: str, columns: dict[str, DisplayColumn], order: Order) -> None:
    """A click on a heading: sort by it, or the other way round."""
    again = order.column.key == key
    descending = not order.descending if again else columns[key].falling
    visit.pick("tri", key)
    visit.pick("decroissant", "1" if descending else "")


def _columns(version: Version, view: View, groups: Sequence[str]) -> list[DisplayColumn]:
    """The columns of one service; Insee's minutes where its file tells them."""
    columns = columns_of(view.service, groups)
    if not any(c.source == PUBLISHED for c in columns):
        return columns
    told = data.access_table(version, view.question.for_every_need())[PUBLISHED].notna().any()
    return [c for c in columns if told or c.source != PUBLISHED]


def _ask_groups(asked: Form, version: Version, view: View) -> list[str]:
    """The groups of columns; unmet requests stand beside the gap where somebody tells them."""
    told = data.gap_table(version, view.question.for_every_need())["unmet"].notna().any()
    return asked.several(
        "Colonnes",
        {group: GROUPS[group] for group in groups_of(view.service)},
        "colonnes",
        ["essentiel", "demandes"] if told else ["essentiel"],
    )


def _ask_order(asked: Form, columns: Sequence[DisplayColumn]) -> Order:
    """The column to sort by, the gap when it is there, and whether the largest comes first."""
    by_key = {c.key: c for c in columns}
    key = asked.menu(
        "Trier par",
        sorted(by_key, key=lambda k: k != "ecart"),
        "tri",
        lambda k: by_key[k].label + (f" ({by_key[k].unit})" if by_key[k].unit else ""),
    )
    return Order(by_key[key], asked.switch("Ordre décroissant", "decroissant"))


def _ask_filters(asked: Form, facts: pd.DataFrame) -> Filters:
    name = asked.text("Le nom contient", "nom", "par exemple saint")
    short = asked.switch("Seulement où il manque", "manque")
    least = nomenclature().least_public
    rated = asked.switch(
        "Seulement les effectifs suffisants",
        "effectif",
        help_=[
            f"Laisse de côté les communes de moins de {least} enfants (ou de moins de {least} "
            "personnes du public du service), qui n'ont pas de taux."
        ],
    )
    known = facts[["epci", "epci_name"]].dropna().drop_duplicates()
    epcis: dict[str, str] = dict(zip(known["epci"], known["epci_name"], strict=True))
    epci = ""
    if len(epcis) > 1:
        epci = asked.menu(
            "EPCI", ["", *epcis], "epci", lambda e: epcis[e] if e else "Tous les EPCI"
        )
    return Filters(name, short, rated, epci)


def _nothing(inside_: pd.DataFrame) -> None:
    st.info(
        f"Aucune des {len(inside_)} communes ne répond à ces filtres. "
        "En retirer un dans le volet de gauche."
    )


def _count(kept: int, all_: int) -> tuple[str, str]:
    return numbers.number(kept), f"sur {numbers.number(all_)}"


def _needs(definition: str, silent: Collection[str]) -> str:
    """Which need definition each service takes, in one sentence; none of those without a column."""
    names = nomenclature()
    by_definition: dict[str, list[str]] = {}
    for service, taken in names.definitions_for(definition).items():
        if service not in silent:
            by_definition.setdefault(taken, []).append(names.services[service].short)
    said = (
        f"{names.definitions[d].label} pour {', '.join(services)}"
        for d, services in by_definition.items()
    )
    return f"Définition du besoin : {' ; '.join(said)}."


answering(page)
