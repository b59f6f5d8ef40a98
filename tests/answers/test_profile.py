"""The portrait of a commune, each figure worked out by hand on the tiny territory (see tiny.py)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version, kept_version, make_settings

from observatory.answers import profile
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions import warehouse

Con = duckdb.DuckDBPyConnection
END_2023 = date(2023, 12, 31)
POPULATIONS_2018 = "COM;Commune;PMUN\n62001;Aval;6500\n62009;Vieux-Lieu;1200\n62002;Bourg;\n"


def known(value: object) -> object:
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def by_level(con: Con, code: str, service: str, day: date, *columns: str) -> dict[str, tuple]:  # type: ignore[type-arg]
    table = profile.levels(con, code, service, as_of=day)
    return {r["level"]: tuple(known(r[c]) for c in columns) for r in table.to_dict("records")}


# --- the levels


def test_each_level_bears_the_rate_published_for_it_with_its_year(tiny_four: Con) -> None:
    columns = ("published_rate", "published_year", "published_vintage")
    assert by_level(tiny_four, "62001", "accueil_0_2", END_2023, *columns) == {
        "commune": (63.0, 2023, "2023"),
        "territory": (70.0, 2023, "2023"),
        "dep": (50.0, 2023, "2023"),
        "nat": (60.0, 2023, "2023"),
    }
    # On a day of 2021 the country has a rate of that year; for the others the next one stands in.
    assert by_level(tiny_four, "62001", "accueil_0_2", date(2021, 6, 1), *columns[:2]) == {
        "commune": (63.0, 2023),
        "territory": (70.0, 2023),
        "dep": (50.0, 2023),
        "nat": (50.0, 2021),
    }


def test_a_level_without_figure_is_unknown_and_never_zero(tiny_four: Con) -> None:
    columns = ("population", "population_year", "births", "births_year")
    assert by_level(tiny_four, "62001", "alsh", END_2023, *columns, "published_rate") == {
        "commune": (8000.0, 2023, 90.0, 2022, None),
        "territory": (12000.0, 2023, None, None, None),  # the births of Dune are not published
        "dep": (None, None, None, None, None),
        "nat": (None, None, None, None, None),
    }


def test_a_list_of_communes_has_sums_but_no_published_rate(tiny_three: Con) -> None:
    columns = ("code", "population", "births", "published_rate", "public_year")
    found = by_level(tiny_three, "62002", "accueil_0_2", END_2023, *columns)
    assert found["territory"] == (None, 11600.0, 144.0, None, 2023)
    assert found["commune"] == ("62002", 3000.0, 45.0, None, 2023)


def test_an_extract_of_the_communes_is_not_taken_for_the_whole_departement(tiny_four: Con) -> None:
    assert tiny_four.execute("SELECT count(*) FROM area_count").fetchone() == (0,)


@pytest.mark.campaign
def test_a_whole_departement_is_the_sum_of_its_communes(tiny_version: Version) -> None:
    elsewhere = "".join(f"COM,{n:05d},84,01,Ailleurs {n},\n" for n in range(1001, 31101))
    con = tiny_version({"cog/v_commune_2026.csv": tiny.COMMUNES + elsewhere})
    assert con.execute("FROM area_count").fetchall() == [("dep", "62", "population", 2023, 12000.0)]
    found = by_level(con, "62003", "accueil_0_2", END_2023, "population", "births")
    assert found["dep"] == (12000.0, None)  # the births of one of its communes are not published
    assert found["nat"] == (None, None)


@pytest.mark.campaign
@pytest.mark.mirror
def test_the_published_files_give_a_departement_and_not_a_country_they_leave_out(
    mirror: Path, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, mirror=mirror)
    with warehouse.connect(kept_version(settings, "arras")) as con:
        found = by_level(con, "62041", "accueil_0_2", END_2023, "population", "births")
    assert found["dep"] == (1_457_905.0, 15_030.0)
    assert found["nat"] == (None, None)  # Mayotte is not in the populations of 2023


# --- every service


def test_every_offer_is_there_once_in_the_order_of_the_nomenclature(tiny_four: Con) -> None:
    table = profile.at_a_glance(tiny_four, "62001", as_of=END_2023)
    offers = [(s, known(d)) for s, d in zip(table["service"], table["day_type"], strict=True)]
    assert offers == nomenclature().offers()
    assert set(table["code"]) == {"62001"}


@pytest.mark.parametrize("definition", ["reference_nat", "custom", None])
def test_each_service_is_measured_by_the_definition_asked_or_by_its_first(
    tiny_four: Con, definition: str | None
) -> None:
    table = profile.at_a_glance(tiny_four, "62001", as_of=END_2023, definition=definition)
    needs = table.set_index("service")[["definition", "need"]]
    if definition == "reference_nat":
        assert tuple(needs.loc["accueil_0_2"]) == ("reference_nat", 180.0)  # 300 × 60 / 100
        assert tuple(needs.loc["eaje"]) == ("reference_nat", 60.0)  # 300 × 20 / 100
    else:
        assert tuple(needs.loc["accueil_0_2"]) == ("potential", 181.5)  # 275 × 66 / 100
    assert needs.loc["rpe", "definition"] == "norm"
    assert needs.loc["eaje_psu", "definition"] == "territory"


# --- the trend


def test_one_year_of_births_foretells_nothing(tiny_four: Con) -> None:
    assert profile.births(tiny_four, "62001").to_numpy().tolist() == [[2022, 90.0]]
    young = profile.under_three(tiny_four, "62001").to_dict("records")
    assert len(young) == 1
    assert (young[0]["year"], young[0]["census"], young[0]["census_estimated"]) == (2023, 300, True)
    assert pd.isna(young[0]["estimate"])
    assert pd.isna(young[0]["retained"])
    assert np.isnan(profile.retention(tiny_four))


def test_children_under_three_are_foretold_by_three_years_of_births(tiny_more: Con) -> None:
    # Aval had 100, 110, 120, 95 and 80 births from 2019 to 2023 (see tiny.BIRTHS).
    births = profile.births(tiny_more, "62001").set_index("year")["births"]
    # The series is of a later vintage than the other file: its 2022 replaces the 90 found there.
    assert births.to_dict() == {2019: 100, 2020: 110, 2021: 120, 2022: 95, 2023: 80}
    young = profile.under_three(tiny_more, "62001").set_index("year")
    assert young["estimate"].to_dict() == {
        2022: 100 + 110 + 120,
        2023: 110 + 120 + 95,
        2024: 120 + 95 + 80,
    }
    assert young.loc[2023, "census"] == 300
    assert young["census"].notna().sum() == 1
    # Aval alone has its three years: 300 children counted for the births of 2020, 2021 and 2022.
    kept = 300 / (young.loc[2023, "estimate"])
    assert profile.retention(tiny_more) == pytest.approx(kept)
    assert young["retained"].to_dict() == pytest.approx(
        {2022: 330 * kept, 2023: 300, 2024: 295 * kept}
    )


def test_a_year_of_births_that_is_missing_leaves_the_estimate_unknown(tiny_more: Con) -> None:
    assert profile.births(tiny_more, "62002")["year"].tolist() == [2020, 2022, 2023]
    assert profile.under_three(tiny_more, "62002")["estimate"].isna().all()


@pytest.mark.campaign
def test_every_vintage_of_the_population_is_kept_on_todays_communes(tiny_version: Version) -> None:
    con = tiny_version({"popref/donnees_communes_rp2018.csv": POPULATIONS_2018})
    assert profile.population(con, "62001").to_numpy().tolist() == [[2018, 7700], [2023, 8000]]
    # Not published in 2018: no row, and no zero.
    assert profile.population(con, "62002").to_numpy().tolist() == [[2023, 3000]]
    latest = con.execute("SELECT population FROM commune WHERE code = '62001'").fetchone()
    assert latest == (8000.0,)


@pytest.mark.campaign
def test_an_old_commune_of_a_former_vintage_is_not_counted_twice(tiny_version: Version) -> None:
    """Vieux-Lieu merged into Aval: the last vintage that names it is not added to Aval's own."""
    head, *rows = tiny.AGES.splitlines(keepends=True)
    today = [r for r in rows if not r.startswith("62009")]
    former = [r.replace(";2023", ";2018") for r in rows if r.startswith("62009")]
    con = tiny_version(
        {
            "popref/donnees_communes_rp2023.csv": "COM;Commune;PMUN\n62001;Aval;8000\n"
            "62002;Bourg;3000\n62003;Clos;600\n62004;Dune;400\n",
            "popref/donnees_communes_rp2018.csv": POPULATIONS_2018,
            "rp_age/ages_rp2023.csv": head + "".join(today),
            "rp_age/ages_rp2018.csv": head + "".join(former),
        }
    )
    facts = "SELECT population, population_vintage FROM commune WHERE code = '62001'"
    assert con.execute(facts).fetchone() == (8000.0, "2023")
    children = "SELECT amount, vintage FROM public_count WHERE code = '62001' AND public = '0_2'"
    assert con.execute(children).fetchone() == (240.0, "2023")  # 3/5 of Aval's own 400
