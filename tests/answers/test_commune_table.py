"""Rows kept, put in order and written as a French reader reads them; every service side by side."""

from __future__ import annotations

import io
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
from generated import OF_EACH_KIND, at_every_run
from python_calamine import CalamineWorkbook

from observatory.answers.commune_table import (
    NAME,
    DisplayColumn,
    Filters,
    cells,
    columns_of,
    ordered,
)
from observatory.answers.gaps import gaps
from observatory.files.side_by_side import (
    WIDE_MEASURES,
    every_service,
    table_csv,
    table_xlsx,
    wide_columns,
    wide_table,
)
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
DAY = date(2026, 1, 1)
GAP = DisplayColumn("ecart", "gap", "Manque", "places", 0, signed=True, falling=False)
ROWS = pd.DataFrame(
    {
        "code": ["1", "2", "3", "4"],
        "name": ["Étrun", "Écurie", "Athies", "Saint-Omer"],
        "gap": [-3.0, np.nan, 1200.4, -3.0 + 1e-12],
        "public": [100.0, np.nan, 12.0, 30.0],
        "suppressed": [False, False, True, False],
        "masked": [False, False, False, False],
        "service": ["assistants_maternels"] * 4,
        "epci": ["x", "x", "y", "y"],
    }
)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), ["1", "2", "3", "4"]),
        (Filters(name="ecu"), ["2"]),
        (Filters(name="SAINT OMER"), ["4"]),
        (Filters(name="[.*"), ["1", "2", "3", "4"]),
        (Filters(short=True), ["1", "4"]),
        (Filters(rated=True), ["1", "4"]),
        (Filters(epci="y", short=True), ["4"]),
    ],
)
def test_filters_keep_what_they_say(filters: Filters, kept: list[str]) -> None:
    assert filters.keep(ROWS)["code"].tolist() == kept


def test_the_unknown_come_last_whatever_the_order() -> None:
    """Equal gaps follow the alphabet, accents aside."""
    assert ordered(ROWS, GAP, descending=False)["code"].tolist() == ["1", "4", "3", "2"]
    assert ordered(ROWS, GAP, descending=True)["code"].tolist() == ["3", "1", "4", "2"]
    assert ordered(ROWS, NAME, descending=False)["code"].tolist() == ["3", "2", "1", "4"]


def test_cells_are_written_in_french_and_the_unknown_is_a_dash() -> None:
    assert [line[1] for line in cells(ROWS, [NAME, GAP])] == [
        "il\u00a0manque\u00a03", "—", "1\u202f200\u00a0de\u00a0plus", "il\u00a0manque\u00a03",
    ]  # fmt: skip


def test_a_masked_cell_says_so() -> None:
    rows = ROWS.assign(masked=[False, True, True, False])
    assert [line[1] for line in cells(rows, [NAME, GAP])] == [
        "il\u00a0manque\u00a03", "masqué", "1\u202f200\u00a0de\u00a0plus", "il\u00a0manque\u00a03",
    ]  # fmt: skip
    public = DisplayColumn("public", "public", "Public")
    assert cells(rows, [public])[1] == ("—",)  # an unknown public hides nobody
    relay = rows.assign(service="rpe")
    assert cells(relay, [public])[1] == ("masqué",)


@pytest.mark.parametrize(
    "service",
    at_every_run(
        len(OF_EACH_KIND), sorted(nomenclature().services, key=lambda s: s not in OF_EACH_KIND)
    ),
)
def test_every_column_of_every_service_has_its_figures(embedded: Con, service: str) -> None:
    rows = gaps(embedded, Question(service, as_of=DAY))
    for column in columns_of(nomenclature().service(service), ["essentiel", "references"]):
        assert column.source in rows.columns
        assert column.words or column.unit or column.source == "public"


@pytest.mark.parametrize("measure", at_every_run(2, WIDE_MEASURES))
def test_side_by_side_the_figures_are_those_of_each_service(embedded: Con, measure: str) -> None:
    table = wide_table(every_service(embedded, DAY), measure)
    column = {"ecart": "gap", "taux": "rate", "offre": "supply", "besoin": "need"}[measure]
    assert table["code"].isna().tolist() == [False] * 46 + [True]
    for id_, day in (("eaje", None), ("alsh", "mercredi"), ("rpe", None)):
        need = nomenclature().service(id_).definitions[0]
        rows = gaps(embedded, Question(id_, as_of=DAY, definition=need, day_type=day))
        alone = rows.assign(code=rows["code"].fillna("")).set_index("code")[column]
        shown = table.assign(code=table["code"].fillna("")).set_index("code")
        found = shown[f"{id_}.{day}" if day else id_]
        pd.testing.assert_series_equal(found.sort_index(), alone.sort_index(), check_names=False)


def test_a_definition_is_taken_where_the_service_has_it() -> None:
    needs = nomenclature().definitions_for("territory")
    assert set(needs) == set(nomenclature().services)
    assert needs["eaje_psu"] == "territory"
    assert nomenclature().definitions_for("custom")["eaje"] != "custom"
    for service, definition in nomenclature().definitions_for("norm").items():
        assert definition in nomenclature().service(service).definitions


def test_files_hold_text_as_text_and_figures_as_figures() -> None:
    rows = pd.DataFrame({"code": ["01001"], "name": ["=1+1"], "gap": [-2.5], "gap.masked": [False]})
    columns = [NAME, DisplayColumn("ecart", "gap", "Manque", "ETP", 1, signed=True)]
    text = table_csv(rows, columns).decode("utf-8-sig")
    assert text.splitlines() == ["Code Insee;Commune;Manque (ETP)", "01001;'=1+1;-2,5"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(table_xlsx(rows, columns, "T", ["Note"])))
    assert book.sheet_names == ["Tableau", "Définitions et sources"]
    assert book.get_sheet_by_index(0).to_python()[1] == ["01001", "=1+1", -2.5]


def test_a_file_says_once_what_it_is_and_its_day_on_each_row() -> None:
    rows = pd.DataFrame({"code": ["01004", "2A004"], "name": ["A", "B"], "gap": [1.0, 2.0]})
    rows["gap.masked"] = False
    columns = [NAME, DisplayColumn("ecart", "gap", "Manque", "ETP", 1, signed=True)]
    about = "Besoin : potentiel ; source : Insee"
    told = table_csv(rows, columns, about, date(2026, 5, 1)).decode("utf-8-sig").splitlines()
    assert told == [
        "Code Insee;Commune;Manque (ETP);Offre à la date du;Définitions et sources",
        f'01004;A;1,0;01/05/2026;"{about}"',
        "2A004;B;2,0;01/05/2026;",
    ]


def test_every_heading_bears_its_unit() -> None:
    for measure in WIDE_MEASURES:
        assert all(c.unit for c in wide_columns(measure)[1:])


def test_unmet_requests_have_columns_of_their_own() -> None:
    columns = columns_of(nomenclature().services["eaje_psu"], ["essentiel", "demandes"])
    keys = [c.key for c in columns]
    assert keys[-2:] == ["demandes", "renseignes"]
    unmet = next(c for c in columns if c.key == "demandes")
    assert (unmet.write(14.0), unmet.write(0.0), unmet.write(float("nan"))) == ("14", "0", "—")
