"""The coming years: what will be needed, what will be there, when it lacks. A simulation."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory.files.outlook_columns import (
    outlook_columns,
    outlook_notes,
    outlook_rows,
    outlook_xlsx,
    shown_figures,
    span_words,
)
from observatory.files.side_by_side import table_csv
from observatory.french import dates, numbers
from observatory.french.balance import cell
from observatory.french.vocabulary import NOTHING
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.outlook_rules import SIMULATED
from observatory.knowledge.question import Question
from observatory.maps.view import View
from observatory.outlook.coming_children import SIDES, WHOLE
from observatory.outlook.outlook_sentence import outlook_sentences, turning_words
from observatory.outlook.territory_outlook import (
    FIGURES,
    TerritoryOutlook,
    territory_outlook,
)
from observatory.scenario.scenario_change import CHILDMINDERS
from observatory.ui.charts.range_years import YearRange, show_range_years
from observatory.ui.controls import visit
from observatory.ui.controls.ages_typed import ages_of_visit, ask_ages
from observatory.ui.controls.rail import ask_view, select_commune, show_rail
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.shell.fold import on_demand
from observatory.ui.shell.kept import remembered
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.metadata_beside import offer_csv
from observatory.ui.tables.narrow import wide_table
from observatory.ui.tables.paging import page_of


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    ground = data.ground(version, dates.today())
    communes = ground.communes
    asked = visit.form()
    view = ask_view(
        asked, communes, voted=ground.voted, known=ground.known, groups=ground.groups, measure=False
    )
    show_rail(asked, ground.files)
    followed = _follows_ages(view)
    classes = ages_of_visit() if followed else ()
    outlook = (
        # What a visit typed in is not kept among what every visitor shares.
        territory_outlook(data.cursor(version), view.question, pyramid=classes)
        if classes
        else looked_ahead(version, view.question)
    )
    rows = outlook.of(view.commune)
    service = view.service
    public = nomenclature().publics[nomenclature().public_of(view.service_id, view.day_type)]
    place = str(rows["name"].iloc[0])
    first, *others = outlook_sentences(outlook, view.commune, service, public.noun)
    _head(f"{place} : {first}", rows, view, public.label)
    if others:
        blocks.prose(" ".join(others))
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    blocks.paragraph(
        f"{place}, {service.label}{day}. Besoin : {view.definition_label}. "
        + _first_years(outlook, view)
    )
    if rows[[f"{figure}_mid" for figure in FIGURES]].isna().all(axis=None):
        # Births and ages would not help a public that is never simulated.
        st.info(
            "Rien n'est connu ici qui se simule. Choisir un autre service."
            if outlook.silent
            else "Rien n'est connu ici qui se simule. Choisir un autre service ou une commune, ou "
            "déposer dans le miroir les naissances de plusieurs années et les âges du recensement."
        )
    else:
        _years(place, rows, view, public.label)
    st.header("Ce que la simulation suppose", anchor=False)
    blocks.notes(outlook_notes(outlook))
    if followed:
        ask_ages()
    if len(communes) > 1 and not view.shares_out:
        on_demand(
            "Commune par commune", lambda: _communes(outlook, view, service), key="demain-communes"
        )
    _downloads(version, outlook, service, view)


def _follows_ages(view: View) -> bool:
    """Whether assistants maternels count in the service of the whole territory, followed by age."""
    parts = nomenclature().services[view.service_id].parts
    return view.commune is None and CHILDMINDERS in (view.service_id, *parts)


def _first_years(outlook: TerritoryOutlook, view: View) -> str:
    """What the first years stand for."""
    day = dates.long_date(view.as_of)
    if outlook.counted is None:
        return f"La première année est le {day} ; les autres, leur 1er janvier."
    return (
        f"{outlook.counted} : ce qui est compté, face à l'offre au {day} ; ensuite, le 1er janvier "
        f"de chaque année, les enfants de {view.as_of.year} face à cette même offre."
    )


def _years(place: str, rows: pd.DataFrame, view: View, label: str) -> None:
    """The ranges of each year, drawn, then in a table."""
    figures = shown_figures(view.definition)
    show_range_years(
        [YearRange(int(r["year"]), _range(r, "need"), _range(r, "supply")) for r in _records(rows)],
        view.service.unit,
        figures["need"],
        f"Besoin et offre simulés par année ({place}). Les mêmes chiffres suivent en tableau.",
    )
    wide_table(
        f"{place} : besoin et offre, année par année (bas à haut)",
        ["Année", *(words or label for words in figures.values())],
        [
            [str(r["year"]), *(span_words(r, f, view.service) for f in figures)]
            for r in _records(rows)
        ],
        words={1, 2, 3, 4},
    )


@remembered("Simulation en cours de calcul…")
def looked_ahead(version: Version, question: Question) -> TerritoryOutlook:
    """The coming years of every place, for a question."""
    return territory_outlook(data.cursor(version), question)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _head(first: str, rows: pd.DataFrame, view: View, label: str) -> None:
    """A sentence, then the figures of the last year, as ranges, above all else."""
    last, service = rows.iloc[-1], view.service
    year, words = int(last["year"]), shown_figures(view.definition)
    figures = [
        (f"{label}, en {year}", *_between(last, "public", service)),
        (f"{words['need']}, en {year}", *_between(last, "need", service)),
        (f"Offre, en {year}", *_between(last, "supply", service)),
    ]
    # What holds nothing is not drawn three times: the sentence says it once.
    known = [one for one in figures if one[1] != numbers.UNKNOWN]
    st.html(blocks.figures_html("Demain", known, first))


def _between(row: pd.Series[Any], figure: str, service: Service) -> tuple[str, str]:
    """A range as a key figure: « 1 665 à 2 113 », and its unit."""
    low, high = (row[f"{figure}_{side}"] for side in ("low", "high"))
    if pd.isna(low):
        return span_words(row.to_dict(), figure, service), ""
    people = figure == "public"
    least, most = (numbers.number(v, 0 if people else service.decimals) for v in (low, high))
    return least if least == most else f"{least} à {most}", "" if people else service.unit


def _range(row: dict[str, Any], figure: str) -> tuple[float, float, float] | None:
    low, middle, high = (row[f"{figure}_{side}"] for side in ("low", "mid", "high"))
    return None if pd.isna(middle) else (low, middle, high)


def _communes(outlook: TerritoryOutlook, view: View, service: Service) -> None:
    """Every commune: today, the last year, the year it turns."""
    lines = []
    codes = [c for c in dict.fromkeys(outlook.table["code"]) if c != WHOLE]
    page = page_of("demain", view.question, codes, view.commune)
    by_code = dict(tuple(outlook.table.groupby("code", sort=False)))
    for code in codes[page.lines]:
        rows = by_code[code].reset_index(drop=True)
        first, last = rows.iloc[0].to_dict(), rows.iloc[-1].to_dict()
        lines.append(
            GridRow(
                (
                    str(first["name"]),
                    span_words(first, "gap", service),
                    *(_bound(last, side, service) for side in SIDES),
                    turning_words(rows, service.decimals),
                ),
                str(code),
            )
        )
    year = int(outlook.table["year"].max())
    show_grid(
        "Ce qui manque, ou ce qu'il y a de plus, aujourd'hui et en fin de période",
        [
            Heading("Commune", words=True),
            Heading("Aujourd'hui", service.unit, words=True),
            *(Heading(f"{year}, {what}", words=True) for what in ("au pire", "milieu", "au mieux")),
            Heading("Bascule", words=True),
        ],
        lines,
        key="demain",
        page=page,
        selected=view.commune,
        on_select=select_commune,
    )
    blocks.paragraph(
        "Bascule : la première année où il manque alors qu'il ne manquait pas, ou l'inverse. "
        f"« {NOTHING} » : aucune d'ici {year}, ou inconnu."
    )


def _bound(row: dict[Any, Any], side: str, service: Service) -> str:
    """One bound of the gap; masked and unknown are told apart."""
    value = row[f"gap_{side}"]
    known = pd.notna(value)
    return cell(value, service.decimals) if known else span_words(row, "gap", service)


def _downloads(version: Version, outlook: TerritoryOutlook, service: Service, view: View) -> None:
    columns, rows, notes = outlook_columns(service), outlook_rows(outlook), outlook_notes(outlook)
    name = f"demain-{view.service_id}-{view.as_of.isoformat()}"
    with st.container(horizontal=True):
        offer_csv(
            version,
            "Télécharger la simulation (CSV)",
            lambda: table_csv(rows, columns, " ".join(notes), view.as_of),
            f"{name}.csv",
            SIMULATED,
            view.as_of,
            key="demain",
        )
        st.download_button(
            "Télécharger la simulation (XLSX)",
            lambda: outlook_xlsx(data.cursor(version), outlook),
            file_name=download_name(version, f"{name}.xlsx"),
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
        )


answering(page)
