"""EPCI, départements and régions: the sums of their communes, and only where they lie whole."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version, deployed_copy, make_settings, publish_first
from net.elements import page_lines
from rail import with_choices
from streamlit.testing.v1 import AppTest
from told import as_typed
from typer.testing import CliRunner

from observatory.answers.gaps import gaps
from observatory.answers.territory_parts import grains_of, left_out, parts_of
from observatory.commands.main import app as command
from observatory.files.parts_csv import HEADINGS, parts_csv
from observatory.knowledge.question import Question
from observatory.settings import ROOT, Settings

DAY = date(2025, 1, 1)
WEST, EAST = "200000001", "200000002"
MEMBERS = tiny.MEMBERS.replace(
    "200000001;CC du Petit Pays;CC;62003", "200000002;CC des Confins;CC;62003"
).replace("200000001;CC du Petit Pays;CC;62004", "200000002;CC des Confins;CC;62004")
"""Aval and Bourg in one EPCI, Clos and Dune in another."""
RATES = tiny.RATES + "2023;epci;200000002;CC des Confins;41;1;30;6;4\n"
TOTALS = tiny.TOTALS.replace(
    "62003;assistants_maternels;3;9", "62003;assistants_maternels;2;6"
) + "62004;assistants_maternels;12;36;2021-12-31;Enquête;2022-06-30;non\n"  # fmt: skip
"""Two persons in Clos, who are masked, and twelve in Dune."""
FILES = {
    "dgcl/epcicom2025.csv": MEMBERS,
    "caf/rates_2023.csv": RATES,
    "census/totaux_communaux.csv": TOTALS,
}
FOUR = f"{tiny.ABC},62004"


@pytest.fixture
def parted(tiny_version: Version) -> duckdb.DuckDBPyConnection:
    return tiny_version(FILES, FOUR)


def of_creches(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    asked = Question("eaje", definition="reference_nat", as_of=DAY)
    return parts_of(con, "epci", asked).set_index("place")


def test_each_place_is_the_sum_worked_out_by_hand(parted: duckdb.DuckDBPyConnection) -> None:
    found = of_creches(parted)
    west, east = found.loc[WEST], found.loc[EAST]
    # Under three 300 + 150, of which France has places for 20 %; Aval has 50, Bourg 10 + 12.
    assert (west["public"], west["supply"], west["need"], west["gap"]) == (450, 72, 90, -18)
    assert west["rate"] == pytest.approx(100 * 72 / 450)
    assert (west["population"], west["births"], west["births_year"]) == (11_000, 135, 2022)
    assert west["density"] == pytest.approx(11_000 / 18)
    assert (west["published_rate"], west["published_year"]) == (25, 2023)
    # The ages of Dune and the capacity of Micro 2, in Clos, are unknown: so are the sums.
    assert pd.isna(east[["public", "supply", "need", "gap", "rate", "births"]]).all()
    assert (east["public_unknown"], east["supply_unknown"], east["population"]) == (1, 1, 1_000)
    assert (east["published_rate"], east["communes"]) == (1, 2)


def test_the_sums_agree_with_the_communes_added_another_way(
    parted: duckdb.DuckDBPyConnection,
) -> None:
    of_commune = dict(parted.execute("SELECT code, place FROM place_part").fetchall())
    for service in ("eaje", "accueil_0_2", "rpe", "alsh", "laep"):
        asked = Question(service, as_of=DAY)
        table = gaps(parted, asked).dropna(subset="code")
        table = table.assign(place=table["code"].map(of_commune), day=table["day_type"].fillna(""))
        keys = ["place", "day", "definition"]
        figures = ["public", "need", "supply", "gap"]
        by_hand = table.groupby(keys)[figures].agg(lambda x: x.sum(skipna=False))
        made = parts_of(parted, "epci", asked)
        made = made.assign(day=made["day_type"].fillna("")).set_index(keys)[figures]
        pd.testing.assert_frame_equal(
            made.sort_index(), by_hand.sort_index(), check_dtype=False, check_names=False
        )


def test_a_masked_commune_masks_its_place_and_no_other(parted: duckdb.DuckDBPyConnection) -> None:
    masked = {c for (c,) in parted.execute("SELECT code FROM masked WHERE code <> ''").fetchall()}
    assert "62003" in masked
    asked = Question("assistants_maternels", definition="reference_nat", as_of=DAY)
    found = parts_of(parted, "epci", asked).set_index("place")
    assert found.loc[EAST, "masked"]
    assert pd.isna(found.loc[EAST, "supply"])
    (row,) = [r for r in read_csv(parts_csv([found.reset_index()])) if r["code"] == EAST]
    assert (row["offre"], row["ecart"], row["taux"]) == ("masqué",) * 3


def test_only_what_lies_whole_in_the_territory_is_one(tiny_version: Version) -> None:
    con = tiny_version(FILES, tiny.ABC)
    assert grains_of(con) == ()  # one EPCI is nothing to compare
    assert grains_of(con, least=1) == ("epci",)
    assert set(of_creches(con).index) == {WEST}
    assert left_out(con, "epci") == 1
    # The list of communes is an extract: no département passes for a whole one.
    assert con.execute("SELECT count(*) FROM place_part WHERE level <> 'epci'").fetchone() == (0,)


def test_a_place_that_is_the_whole_territory_has_its_own_total(
    tiny_version: Version,
) -> None:
    con = tiny_version()
    asked = Question("assistants_maternels", definition="reference_nat", as_of=DAY)
    (row,) = parts_of(con, "epci", asked).to_dict("records")
    own = gaps(con, asked)
    (whole,) = own[own["code"].isna()].to_dict("records")
    assert row["place"] == tiny.SIREN
    for figure in ("supply", "public", "reliability"):
        assert row[figure] == whole[figure] or (pd.isna(row[figure]) and pd.isna(whole[figure]))


@pytest.fixture
def served(tmp_path: Path) -> Settings:
    settings = make_settings(tmp_path / "made", raw_dir=tiny.write_raw(tmp_path / "raw", FILES))
    publish_first(settings, FOUR)
    return deployed_copy(settings, tmp_path / "served")


def test_the_page_compares_the_places_and_says_what_is_unknown(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(served.processed_dir))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    with_choices(app, {"groupe": "epci", "theme": "petite_enfance", "service": "eaje", "date": DAY})
    app.switch_page("observatory/ui/pages/comparer.py").run()
    assert not app.exception, app.exception
    shown = as_typed("\n".join(page_lines(app._tree)))
    assert "CC du Petit Pays" in shown
    assert "CC des Confins" in shown
    assert "1 sur 2 sans chiffre" in shown
    assert "Chaque EPCI est la somme de ses communes" in shown


def test_the_command_writes_every_service_of_each_place(
    served: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, folder in (("PROCESSED", served.processed_dir), ("CACHE", tmp_path / "cache")):
        monkeypatch.setenv(f"OBSERVATORY_{name}_DIR", str(folder))
    out = tmp_path / "epci.csv"
    asked = ["export", "parts", "--level", "epci", "--as-of", DAY.isoformat(), "--out", str(out)]
    result = CliRunner().invoke(command, asked)
    assert result.exit_code == 0, result.output
    rows = read_csv(out.read_bytes())
    assert list(rows[0]) == list(HEADINGS)
    assert {r["service"] for r in rows} >= {"eaje", "rpe", "alsh"}
    assert out.with_name("epci.csv-metadata.json").is_file()
    refused = CliRunner().invoke(command, ["export", "parts", "--level", "reg"])
    assert refused.exit_code == 1


def read_csv(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))
