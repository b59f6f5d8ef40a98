"""What a scenario would change, as a CSV and as a workbook: communes, changes, money, sources."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import duckdb
import pandas as pd
import xlsxwriter

from observatory.files.notes import about, sources
from observatory.french.csv import csv_file, number_cell, text_cell
from observatory.french.numbers import is_known
from observatory.french.spreadsheet import excel_text, make_room, on_paper
from observatory.french.vocabulary import MASKED, YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.scenario.compared_scenarios import line_words
from observatory.scenario.scenario_file import rows_of
from observatory.scenario.scenario_in_words import Toponyms, need_words, said
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.what_if import SIMULATION, WhatIf

SIDES = ("avant", "apres", "difference")
FIGURES = {
    "public": "effectif", "need": "besoin", "supply": "offre", "gap": "ecart",
    "reached": "a_portee", "reached_gap": "ecart_a_portee",
}  # fmt: skip
COUNTS = ("deficit_count_before", "definition_count_before", "deficit_count_after",
          "definition_count_after")  # fmt: skip
HEADINGS = (
    "scenario", "code_insee", "commune", "service", "type_jour", "definition_besoin", "date_offre",
    "minutes", *(f"{name}_{side}" for name in FIGURES.values() for side in SIDES),
    "definitions_manque_avant", "definitions_comptees_avant", "definitions_manque_apres",
    "definitions_comptees_apres", "unite", "masque", "fiabilite", "avertissement",
)  # fmt: skip
COLUMNS = {"avant": "before", "apres": "after", "difference": "more"}
WIDE = (30, 60, 24, 24, 40)


def results_csv(every: Sequence[WhatIf]) -> bytes:
    """The communes, then the territory, of each scenario, as French CSV; unknown is empty."""
    lines = []
    for found in every:
        for row in result_rows(found):
            decimals = row.pop("_decimals")
            lines.append(
                [
                    number_cell(None if pd.isna(v) else float(v), decimals)
                    if isinstance(v, float)
                    else text_cell(v)
                    for v in row.values()
                ]
            )
    return csv_file(HEADINGS, lines)


def results_xlsx(con: duckdb.DuckDBPyConnection, every: Sequence[WhatIf], names: Toponyms) -> bytes:
    """The same as a workbook: in short, the communes, the changes, the money, the sources."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    bold = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    _table(
        book.add_worksheet("En bref"),
        ("Scénario", "Ce qui changerait", "Question", "Ce qu'il faut savoir", "Nature"),
        [
            (w.scenario.name, said(w, names), need_words(w), " ".join(w.notes), SIMULATION)
            for w in every
        ],
        bold,
        wrap,
    )
    rows = [list(row.values())[:-1] for w in every for row in result_rows(w)]
    _table(book.add_worksheet("Communes"), HEADINGS, rows, bold, None)
    tables = rows_of([w.scenario for w in every])
    changes = scenario_contract().sheet("changements")
    _table(book.add_worksheet("Changements"), changes.stored, tables["changements"], bold, None)
    _table(
        book.add_worksheet("Argent"),
        ("Scénario", "Montant", "Quand", "Places", "Euros", "Par place", "Année", "Source"),
        [
            (
                w.scenario.name, m.label, "une fois" if m.when == "opening" else "par an", m.places,
                line_words(m), _per_place(m.per_place), m.year, m.source,
            )
            for w in every
            for m in w.money
        ],
        bold,
        None,
    )  # fmt: skip
    told = about(con, every[0].question.as_of)
    table = sources(con)
    _table(
        book.add_worksheet("Sources"),
        ("Rubrique", "Contenu"),
        [
            *((k, str(v)) for k, v in told.items()),
            *((str(r[0]), " – ".join(str(c) for c in r[1:] if c)) for r in table.to_numpy()),
        ],
        bold,
        wrap,
    )
    book.close()
    return memory.getvalue()


def result_rows(found: WhatIf) -> list[dict[str, Any]]:
    """Cells of each commune by heading, the territory's last; a figure is a float."""
    names, question = nomenclature(), found.question
    service = names.service(str(question.service))
    notes = " ".join((SIMULATION + ".", *found.notes))
    rows = []
    for n, row in enumerate(found.table.to_dict("records")):
        figures = [float(row[f"{name}_{COLUMNS[side]}"]) for name in FIGURES for side in SIDES]
        cells: list[Any] = [
            found.scenario.name, row["code"], row["name"], question.service, question.day_type,
            names.definitions[str(question.definition)].label, question.as_of.isoformat(),
            f"{found.minutes:g}", *figures, *(str(row[c]) for c in COUNTS), service.unit,
            MASKED if row["masked"] else YES_NO[False], row["reliability"], "" if n else notes,
        ]  # fmt: skip
        rows.append(
            {**dict(zip(HEADINGS, cells, strict=True)), "_decimals": max(service.decimals, 2)}
        )
    return rows


def _table(page: Any, headings: Sequence[str], rows: Any, bold: Any, wrap: Any) -> None:
    on_paper(page)
    page.freeze_panes(1, 0)
    for n, heading in enumerate(headings):
        page.set_column(n, n, WIDE[n % len(WIDE)] if wrap else 18, wrap)
        page.write_string(0, n, heading, bold)
    for line, row in enumerate(rows, 1):
        if wrap:
            make_room(page, line, list(row), WIDE)
        for n, cell in enumerate(row):
            if isinstance(cell, float):
                if is_known(cell):
                    page.write_number(line, n, round(cell, 9))
            elif isinstance(cell, str):
                page.write_string(line, n, excel_text(cell))


def _per_place(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g} à {high:g}"
