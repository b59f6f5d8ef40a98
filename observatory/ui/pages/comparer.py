"""Communes against each other and added up as one territory, beside neighbours and the whole."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.commune_table import DisplayColumn, cells, columns_of
from observatory.answers.sums import add_up, rank
from observatory.answers.territory_parts import GRAINS
from observatory.french import balance, dates, numbers, vocabulary
from observatory.french.numbers import plural
from observatory.french.spelling import inside, of
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.specify import sentence, source_line
from observatory.maps.view import View
from observatory.ui.charts.bars import show_bars
from observatory.ui.charts.multiples import key_of, show_multiples
from observatory.ui.controls import visit
from observatory.ui.controls.rail import ask_view, select_commune, show_rail
from observatory.ui.shell import blocks, data, parts_data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.tables.chosen import show_chosen
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.paging import page_of
from observatory.ui.tables.parts_compared import show_parts

CHOICES = {
    "toutes": "Toutes les communes",
    "choisies": "Des communes choisies",
    "voisines": "Une commune et ses voisines",
}
NAMED = 8  # names listed in a sentence before « et n autres »
BARS = 60  # lines of the ranking; the table has them all


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    info = data.info(version)
    ground = data.ground(version, dates.today())
    facts, communes = data.commune_facts(version), ground.communes
    types_of_name = dict(zip(facts["code"], facts["tncc"], strict=True))
    asked = visit.form()
    grains = {level: GRAINS[level].many for level in parts_data.grains(version)}
    offered = {**CHOICES, **grains}
    choice = asked.menu("Communes comparées", list(offered), "groupe", offered.__getitem__)
    picked = []
    if choice == "choisies":
        picked = asked.communes("Communes à additionner", communes, "communes")
    view = ask_view(
        asked,
        communes,
        voted=ground.voted,
        known=ground.known,
        groups=ground.groups,
        measured=ground.measured,
    )
    show_rail(asked, ground.files)
    if choice in grains:
        show_parts(version, view, choice)
        return
    focus = view.commune if view.commune in communes else None
    around: tuple[str, ...] = ()
    if choice == "toutes":
        codes = list(communes)
    elif choice == "voisines" and focus:
        around = data.neighbours(version, (focus,))
        codes = [c for c in communes if c == focus or c in around]
    else:
        codes = [c for c in communes if c in picked]
        around = data.neighbours(version, tuple(codes)) if codes else ()
    if not codes:
        _empty(choice)
        return
    alone = codes[0] if len(codes) == 1 else focus if choice == "voisines" else None
    of_alone = of(communes[alone], types_of_name[alone]) if alone else ""
    beside = f"Voisines {of_alone or 'de la sélection'}"

    ask = data.access_table if view.measure.reach else data.gap_table
    table = ask(version, view.question.for_every_need())
    rows = table[(table["definition"] == view.definition) & table["code"].isin(codes)]
    whole = table[(table["definition"] == view.definition) & table["code"].isna()]
    ranked = rows.assign(rank=rank(rows, view.measure.column)).sort_values(
        ["rank", "name"], na_position="last"
    )
    summed = _one(version, table, codes, "Sélection (somme)", view)
    totals = [summed] if 1 < len(codes) < len(communes) else []
    if around:
        totals.append(_one(version, table, around, beside, view))
    totals.append(whole)

    _head(view, summed, len(codes))
    blocks.paragraph(f"{sentence(view, whole.iloc[0], info)} {_how(view, summed, len(codes))}")
    if around:
        kind = info["contours"]
        caution = (
            f" Voisinage estimé : les contours sont {vocabulary.CONTOURS[kind]}."
            if kind in vocabulary.CONTOURS_MEAN
            else ""
        )
        blocks.paragraph(f"{beside} : {_names([communes[c] for c in around])}.{caution}")
    elif alone:
        blocks.paragraph(f"Aucune voisine {of_alone} n'est connue dans le territoire.")
    left, right = st.columns([3, 2], gap="medium") if len(codes) > 1 else (st.container(), None)
    with left:
        show_chosen(version, view.commune, here="comparer")
        _table(view, ranked, totals, "rank" if len(codes) > 1 else "")
    if right is not None:
        with right:
            _bars(view, ranked, whole.iloc[0])
    blocks.paragraph(
        source_line(
            view, info, bpe=bool(rows["bpe"].any()), known=bool(rows["supply"].notna().any())
        )
    )
    st.header("Le même regard sur chaque service", anchor=False)
    everything = data.every_service(version, view.as_of, view.definition)
    blocks.paragraph(
        f"Sous chaque carte, la sélection : {_names([communes[c] for c in codes])}. {key_of(view)}"
        if len(codes) < len(communes)
        else f"Sous chaque carte, le territoire. {key_of(view)}"
    )
    outlined = tuple(codes) if len(codes) < len(communes) else ()
    show_multiples(version, view, outlined, add_up(data.cursor(version), everything, codes))


def _empty(choice: str) -> None:
    st.title("Comparer des communes", anchor=False)
    st.info(
        "Choisir une commune dans le volet de gauche, au menu « Commune » : elle sera comparée à "
        "ses voisines."
        if choice == "voisines"
        else "Choisir des communes dans le volet de gauche, par leurs premières lettres : elles "
        "seront comparées et additionnées comme un seul territoire."
    )

    st.button("Comparer toutes les communes", on_click=visit.pick, args=("groupe", "toutes"))


def _one(version: Version, table: pd.DataFrame, codes: Any, name: str, view: View) -> pd.DataFrame:
    rows = add_up(data.cursor(version), table, codes, name=name)
    return rows[rows["definition"] == view.definition]


def _head(view: View, summed: pd.DataFrame, count: int) -> None:
    """The question, and the selection's figures in one line."""
    service, row = view.service, summed.iloc[0]
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    items = [("Communes", numbers.number(count), ""), *blocks.offered(service, row)]
    blocks.figures(f"{view.measure.label(service)} : {inside(service.short)}{day}", items)


def _how(view: View, summed: pd.DataFrame, count: int) -> str:
    """How the sum is made, and what is missing from it."""
    if count == 1:
        return ""
    row = summed.iloc[0]
    said = (
        "La somme fait de la sélection un seul territoire : publics, besoins et offres sont "
        f"additionnés, et le taux est recalculé sur ces sommes ({view.service.rate_label})."
    )
    names = sorted({*row["public_unknown"], *row["supply_unknown"]})
    if names and pd.isna(row["gap"]):
        said += (
            f" Elle est inconnue parce que {plural(len(names), 'commune a', 'communes ont')} "
            f"un effectif ou une offre inconnus ou masqués : {_names(names)}."
        )
    return said


def _names(names: list[str]) -> str:
    """A list of names, cut short when it is long."""
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:NAMED])} et {numbers.number(len(names) - NAMED)} autres"


def _table(view: View, ranked: pd.DataFrame, totals: list[pd.DataFrame], by: str) -> None:
    service, measure = view.service, view.measure
    columns = columns_of(service, ["essentiel"])
    if measure.column not in {c.source for c in columns}:
        columns.append(_measured(view))
    headings = [Heading(c.label, c.unit, words=c.words) for c in columns]
    caption = f"{measure.label(service)} : communes comparées"
    page = page_of("comparaison", caption, ranked["code"].tolist(), view.commune)
    ranked = ranked.iloc[page.lines]
    lines, foot = cells(ranked, columns), cells(pd.concat(totals), columns)
    if by:
        headings.insert(1, Heading("Rang"))
        ranks = [vocabulary.NOTHING if pd.isna(r) else numbers.number(r) for r in ranked[by]]
        lines = [(c[0], r, *c[1:]) for c, r in zip(lines, ranks, strict=True)]
        foot = [(c[0], "", *c[1:]) for c in foot]
    show_grid(
        caption,
        headings,
        [GridRow(c, code) for c, code in zip(lines, ranked["code"], strict=True)],
        key="comparaison",
        page=page,
        foot=[GridRow(c) for c in foot],
        selected=view.commune,
        on_select=select_commune,
    )
    first = "le plus grand manque" if measure.kind == "gap" else "le chiffre le plus élevé"
    ranking = f"Rang 1 : {first}. Les inconnues n'ont pas de rang. " if by else ""
    blocks.paragraph(f"{ranking}{vocabulary.NOTHING_MEANS}")


def _measured(view: View) -> DisplayColumn:
    """The column of the measure in view."""
    service, measure = view.service, view.measure
    per = f"pour {numbers.number(service.rate_per)}"
    return DisplayColumn(
        view.measure_id,
        measure.column,
        balance.LACK if measure.kind == "gap" else measure.label(service),
        per if measure.kind == "rate" else service.unit,
        measure.decimals(service),
        measure.kind == "gap",
    )


def _bars(view: View, ranked: pd.DataFrame, whole: pd.Series[Any]) -> None:
    measure, service = view.measure, view.service
    first = ranked.head(BARS)
    show_bars(
        measure.label(service),
        first["name"].tolist(),
        first[measure.column].tolist(),
        unit=measure.unit(service),
        decimals=measure.decimals(service),
        diverging=measure.kind == "gap",
        reference=whole[measure.column] if measure.kind == "rate" else None,
        reference_label="Territoire",
        told=[line[0] for line in cells(first, [_measured(view)])],
    )
    if len(ranked) > BARS:
        blocks.paragraph(
            f"Les {BARS} premières du classement ; le tableau a les {numbers.number(len(ranked))}."
        )


answering(page)
