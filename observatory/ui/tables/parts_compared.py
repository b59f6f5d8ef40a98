"""The places of a large territory in one table: EPCI, départements or régions; and their file."""

from __future__ import annotations

import pandas as pd

from observatory.answers.commune_table import DisplayColumn, cells, columns_of
from observatory.answers.sums import rank
from observatory.answers.territory_parts import GRAINS
from observatory.files.parts_csv import TITLE, parts_csv
from observatory.french import numbers
from observatory.french.numbers import plural
from observatory.french.spelling import inside
from observatory.french.vocabulary import NOTHING, NOTHING_MEANS
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.measures import MEASURES, Measure
from observatory.maps.specify import source_line
from observatory.maps.view import View
from observatory.ui.shell import blocks, data, parts_data
from observatory.ui.shell.data import Version
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.metadata_beside import offer_csv
from observatory.ui.tables.paging import page_of

DEMAND = (
    DisplayColumn("naissances", "births", "Naissances", "dans l'année"),
    DisplayColumn("population", "population", "Population", "habitants"),
    DisplayColumn("densite", "density", "Densité", "habitants par km²"),
    DisplayColumn("revenu", "income", "Revenu estimé", "€"),
)
"""What makes the demand of a place, beside the figures of the question."""
MASKS = (
    "Là où une commune est masquée, la somme l'est aussi : seul le total du territoire entier est "
    "donné à 5 près."
)


def show_parts(version: Version, view: View, level: str) -> None:
    """Show every place of a level that lies whole in the territory.

    Parameters
    ----------
    level : str
        A key of ``answers.territory_parts.GRAINS``.
    """
    grain, service = GRAINS[level], view.service
    table = parts_data.parts_of(version, level, view.question)
    measure = MEASURES["ecart"] if view.measure.reach else view.measure
    ranked = table.assign(rank=rank(table, measure.column)).sort_values(
        ["rank", "population"], ascending=[True, False], na_position="last"
    )
    known = int(ranked["rank"].notna().sum())
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    blocks.figures(
        f"{measure.label(service)} : {inside(service.short)}{day}",
        [(grain.many.partition(" ")[2].capitalize() if level != "epci" else "EPCI",
          numbers.number(len(table)), ""), ("Chiffre connu", numbers.number(known), "")],
    )  # fmt: skip
    blocks.paragraph(_sentence(version, view, level, ranked, measure))
    _grid(view, level, ranked, measure)
    blocks.paragraph(
        f"Rang 1 : {_first(measure)}. Les inconnues n'ont pas de rang. {NOTHING_MEANS}"
    )
    if table["masked"].any():
        blocks.paragraph(MASKS)
    blocks.paragraph(_sources(version, view, table))
    offer_csv(
        version,
        f"Télécharger {inside(grain.many)} (CSV)",
        lambda: parts_csv([ranked]),
        f"{level}-{view.question.service}.csv",
        TITLE,
        view.as_of,
        key="parties",
    )


def _sentence(
    version: Version, view: View, level: str, ranked: pd.DataFrame, measure: Measure
) -> str:
    grain = GRAINS[level]
    said = (
        f"Chaque {inside(grain.one)} est la somme de ses communes : publics, besoins et offres "
        f"sont additionnés, le taux est recalculé ({view.service.rate_label}). Besoin défini par : "
        f"{inside(view.definition_label)}. Le taux publié est celui de la Caf."
    )
    if view.measure.reach:
        said += " L'offre accessible se lit commune par commune ; le rang est ici celui du manque."
    apart = parts_data.left_out(version, level)
    if apart:
        one = "commune n'est dans aucun de ces ensembles entiers"
        many = "communes ne sont dans aucun de ces ensembles entiers"
        said += f" {plural(apart, one, many)}."
    unknown = int(ranked["rank"].isna().sum())
    if unknown:
        said += (
            f" {numbers.number(unknown)} sur {numbers.number(len(ranked))} sans chiffre : une de "
            "leurs communes au moins a un effectif ou une offre inconnus ou masqués."
        )
    return said


def _grid(view: View, level: str, ranked: pd.DataFrame, measure: Measure) -> None:
    service, grain = view.service, GRAINS[level]
    published = next(c for c in columns_of(service, ["references"]) if c.source == "published_rate")
    columns = [
        DisplayColumn("nom", "name", grain.one, words=True, falling=False),
        DisplayColumn("communes", "communes", "Communes"),
        *columns_of(service, ["essentiel"])[1:],
        published,
        *DEMAND,
    ]
    caption = f"{measure.label(service)} : {inside(grain.many)}"
    page = page_of("parties", (caption, level), ranked["place"].tolist(), None)
    shown = ranked.iloc[page.lines]
    headings = [Heading(c.label, c.unit, words=c.words) for c in columns]
    headings.insert(1, Heading("Rang"))
    ranks = [NOTHING if pd.isna(r) else numbers.number(r) for r in shown["rank"]]
    show_grid(
        caption,
        headings,
        [
            GridRow((line[0], place, *line[1:]))
            for line, place in zip(cells(shown, columns), ranks, strict=True)
        ],
        key="parties",
        page=page,
    )


def _first(measure: Measure) -> str:
    return "le plus grand manque" if measure.kind == "gap" else "le chiffre le plus élevé"


def _sources(version: Version, view: View, table: pd.DataFrame) -> str:
    told = source_line(
        view,
        data.info(version),
        bpe=bool(table["bpe"].any()),
        known=bool(table["supply"].notna().any()),
    )
    return f"{told} {_years(table)}"


def _years(table: pd.DataFrame) -> str:
    """The vintages of what makes the demand, each said once."""
    years = {
        "Population": table["population_vintage"],
        "naissances": table["births_year"],
        "revenu (moyenne des médianes des communes, estimation)": table["income_vintage"],
    }
    said = [
        f"{name} : {', '.join(sorted({str(y) for y in column.dropna()}))}"
        for name, column in years.items()
        if column.notna().any()
    ]
    return f"{' ; '.join(said)}." if said else ""
