"""The gap table as a file: French for the spreadsheet, exact for a program, never a formula."""

from __future__ import annotations

import io
import json
import math
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version
from gap_headings import WANTED
from hypothesis import given
from hypothesis import strategies as st

from observatory.answers.silent_services import silent_services
from observatory.errors import RequestError
from observatory.files.formats import Wanted, write_gaps
from observatory.files.gap_table import columns, gap_table, gaps_csv
from observatory.french.csv import number_cell
from observatory.french.spreadsheet import safe_text
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
DAY = date(2023, 12, 31)
HEADINGS = [column.heading for column in columns().values()]


def read(content: bytes) -> pd.DataFrame:
    """The file as a French spreadsheet reads it."""
    text = io.BytesIO(content)
    return pd.read_csv(text, sep=";", decimal=",", encoding="utf-8-sig", dtype={"code_insee": str})


@pytest.fixture(scope="module")
def everything(embedded: Con) -> pd.DataFrame:
    """The gap table of the default with every service: to be read, never written."""
    return gap_table(embedded, Question(as_of=DAY))


@pytest.fixture(scope="module")
def creches(embedded: Con) -> pd.DataFrame:
    """The gaps of the crèches of the default, by every need: to be read."""
    return gap_table(embedded, Question("eaje", as_of=DAY))


def test_the_file_is_what_a_french_spreadsheet_opens(creches: pd.DataFrame) -> None:
    content = gaps_csv(creches)
    assert content.startswith(b"\xef\xbb\xbfcode_insee;commune;service;")
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 1 + 47 * 5
    assert "." not in text.splitlines()[1].replace("places pour 100", "")


def test_the_headings_of_the_contract_are_there_in_order(everything: pd.DataFrame) -> None:
    first = gaps_csv(everything).decode("utf-8-sig").splitlines()[0].split(";")
    assert first == HEADINGS
    assert [h for h in first if h in WANTED.split(", ")] == WANTED.split(", ")


def test_what_is_written_is_read_back(embedded: Con) -> None:
    table = gap_table(embedded, Question("eaje", definition="reference_nat", as_of=DAY))
    back = read(gaps_csv(table))
    assert len(back) == 47
    for ours, column in columns().items():
        heading = column.heading
        if column.type == "date":
            assert back[heading].tolist() == [d.strftime("%d/%m/%Y") for d in table[ours]]
        elif column.type == "string":
            read_back, written = (
                values.astype(object).where(values.notna(), "").tolist()
                for values in (back[heading], table[ours])
            )
            assert read_back == written, heading
        else:
            expected = table[ours].astype(float).to_numpy()
            assert back[heading].isna().tolist() == pd.isna(expected).tolist(), heading
            off = (back[heading].astype(float) - expected).abs().max()
            assert math.isnan(off) or off <= 0.5 * 10**-column.decimals + 1e-9, heading


def test_the_last_row_is_the_total_of_the_territory(
    embedded: Con, everything: pd.DataFrame, creches: pd.DataFrame
) -> None:
    alsh = gap_table(embedded, Question("alsh", as_of=DAY))
    for service, of in (("eaje", creches), ("alsh", alsh), (None, everything)):
        back = read(gaps_csv(of))
        last = back.iloc[-1]
        assert pd.isna(last["code_insee"])
        assert last["commune"] == "Communauté urbaine d'Arras"
        offers = [c for c in ("service", "type_jour", "definition_besoin") if c in back]
        whole = back.assign(total=back["code_insee"].isna()).groupby(offers, dropna=False)["total"]
        assert set(whole.sum()) == {1}
        sizes = whole.size()
        # A service that nobody tells anything of has the territory's row alone.
        silent = silent_services(embedded) if service is None else frozenset()
        assert {n for i, n in sizes.items() if i[0] not in silent} == {47}
        assert {n for i, n in sizes.items() if i[0] in silent} == ({1} if silent else set())


def test_the_unknown_is_an_empty_cell_and_never_a_zero(tiny_four: Con) -> None:
    lines = (
        gaps_csv(gap_table(tiny_four, Question("eaje", definition="reference_nat", as_of=DAY)))
        .decode()
        .splitlines()
    )
    dune, total = lines[4].split(";"), lines[5].split(";")
    cells = dict(zip(HEADINGS, dune, strict=True))
    assert cells["code_insee"] == "62004"
    assert [cells[h] for h in ("enfants", "besoin", "ecart", "taux")] == [""] * 4
    assert cells["offre"] == "0,0"
    assert dict(zip(HEADINGS, total, strict=True))["ecart"] == ""


def test_a_figure_worked_out_by_hand_comes_out(tiny_three: Con) -> None:
    line = (
        gaps_csv(gap_table(tiny_three, Question("eaje", definition="reference_nat", as_of=DAY)))
        .decode()
        .splitlines()[1]
    )
    # Accessible supply has its own golden tables.
    assert line.startswith(
        "62001;Aval;eaje;;reference_nat;Taux de la France;300,0;60,0;50,0;-10,0;16,7;20,0;2023;"
        "17,0;2023;3;4;"
    )
    assert line.endswith(
        ";31/12/2023;places;places pour 100 enfants de moins de 3 ans;âges estimés"
    )
    assert len(line.split(";")) == len(HEADINGS)


@pytest.mark.campaign
def test_all_services_give_one_definition_each_and_one_service_gives_all(
    embedded: Con, everything: pd.DataFrame
) -> None:
    assert (everything.groupby("service")["definition"].nunique() == 1).all()
    assert set(gap_table(embedded, Question("eaje", as_of=DAY))["definition"]) == {
        "reference_nat",
        "reference_reg",
        "reference_dep",
        "reference_epci",
        "territory",
    }
    assert "custom" in set(
        gap_table(embedded, Question("eaje", custom=30, as_of=DAY))["definition"]
    )


def test_a_target_is_asked_for_and_is_that_of_a_service(embedded: Con) -> None:
    with pytest.raises(RequestError, match="l'objectif choisi n'est pas donné"):
        gap_table(embedded, Question("eaje", definition="custom", as_of=DAY))
    with pytest.raises(RequestError, match="Nommer le service"):
        gap_table(embedded, Question(custom=60, as_of=DAY))


def test_the_metadata_say_what_each_column_means_and_where_it_comes_from(
    embedded: Con, everything: pd.DataFrame, tmp_path: Path
) -> None:
    out, beside = write_gaps(
        embedded, tmp_path / "new" / "écarts.csv", Wanted(Question("eaje", as_of=DAY))
    )
    assert beside.name == "écarts.csv-metadata.json"
    meta = json.loads(beside.read_text(encoding="utf-8"))
    assert meta["url"] == out.name
    assert meta["@context"][0] == "http://www.w3.org/ns/csvw"
    assert meta["dialect"]["delimiter"] == ";"
    columns = meta["tableSchema"]["columns"]
    assert [c["name"] for c in columns] == HEADINGS
    assert all(c["dc:description"] for c in columns)
    assert meta["observatory:supply_as_of"] == "2023-12-31"
    assert meta["observatory:version"].startswith("observatory-")
    assert meta["observatory:demonstration"] is True
    used = set(everything["definition"])
    assert used <= set(meta["observatory:definitions"])
    assert {"id", "vintage", "origin", "sha256", "rows"} <= set(meta["observatory:sources"][0])


# --- formulas


STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
unseen = st.text(alphabet=" \t\r\n\u00a0\u202f\u2003\u200b\ufeff", max_size=3)


@given(unseen, st.sampled_from(STARTS), st.text(max_size=20))
def test_text_that_looks_like_a_formula_is_neutralised(before: str, start: str, after: str) -> None:
    assert safe_text(before + start + after) == "'" + before + start + after


@given(st.text(max_size=20))
def test_any_other_text_is_kept_and_nothing_live_comes_out(text: str) -> None:
    out = safe_text(text)
    assert out in (text, "'" + text)
    assert safe_text(out) == out
    assert not out.lstrip(" \t\r\n\u00a0\u202f\u200b\ufeff").startswith(tuple(STARTS))


@pytest.mark.parametrize("text", ["", "Saint-Omer", "L'Étoile", "3 - 5 ans", "a=b", "'=1"])
def test_ordinary_text_is_not_touched(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.campaign
def test_a_commune_with_a_hostile_name_is_neutralised_in_the_file(tiny_version: Version) -> None:
    hostile = '=HYPERLINK("http://exemple.invalid";"Clos")'
    quoted = '"' + hostile.replace('"', '""') + '"'
    communes = tiny.COMMUNES.replace("Clos", quoted)
    con = tiny_version({"cog/v_commune_2026.csv": communes}, tiny.ABC)
    content = gaps_csv(gap_table(con, Question("eaje", definition="reference_nat", as_of=DAY)))
    assert read(content)["commune"].tolist()[2] == "'" + hostile


# --- numbers


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_number_is_read_back_as_it_was_to_its_decimals(value: float, decimals: int) -> None:
    text = number_cell(value, decimals)
    assert "." not in text
    assert not text.startswith("-0") or float(text.replace(",", ".")) != 0
    assert float(text.replace(",", ".")) == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-6)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (float("nan"), 1, ""),
        (-0.04, 1, "0,0"),
        (-0.4, 0, "0"),
        (1234567.25, 1, "1234567,3"),
        (2023, 0, "2023"),
    ],
)
def test_a_number_for_a_french_spreadsheet(value: float, decimals: int, text: str) -> None:
    assert number_cell(value, decimals) == text
