"""Each check can fail: then nothing is published, and the check and its rows are named."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
import test_census_checks
import tiny
from fixtures.versions import Version
from generated import at_every_run

import pipelines.refresh
from observatory.settings import ROOT, Settings

CHECKS = {p.stem for p in (ROOT / "pipelines" / "checks").glob("*.sql")}
MEMBERS, AGES, RATES = "dgcl/epcicom2025.csv", "rp_age/ages_rp2023.csv", "caf/rates_2023.csv"
PEOPLE, FACTS = "popref/donnees_communes_rp2023.csv", "naissances/communes_2022.csv"
PLACES, HOUSEHOLDS = "caf/places_2022.csv", "caf/s_ben.csv"
HEADINGS = {HOUSEHOLDS: "dtreffre;numcomdo;indfoy_ndur;indnbp_ndur;indfoy_rsa\n"}
"""Of the files that the tiny territory does not have."""

Bad = tuple[str, str, str, str]


def both_sexes(code: str, band: str, amount: float) -> str:
    return "".join(f"{code};COM;{band};{sex};POP;A;{amount};2023\n" for sex in "FM")


BANDS = [*(f"Y{n}T{n + 4}" for n in range(0, 95, 5)), "Y_GE95"]
# A check, a file, the lines added to it, and what must be said of the row.
ADDED: dict[str, Bad] = {
    "a member unknown to the COG": (
        "perimeter_complete",
        MEMBERS,
        "200000001;CC;CC;62777;Rien;12000;0\n",
        "code = 62777",
    ),
    "a population of no known commune": (
        "codes_known",
        PEOPLE,
        "62888;Ville fantôme;12\n",
        "source = popref, code = 62888",
    ),
    "ages that are half of the people": (
        "age_parts",
        AGES,
        "".join(both_sexes("62004", b, 5) for b in BANDS),
        "somme_des_ages = 200.0",
    ),
    "a population that is no number": (
        "numbers_readable",
        PEOPLE,
        "62004;Dune;beaucoup\n",
        "colonne = PMUN, valeur = beaucoup",
    ),
    "births that are no number": (
        "numbers_readable",
        FACTS,
        "62004,Dune,COM,50.25,2.80,5,x1\n",
        "valeur = x1",
    ),
    "a rate that is no number": (
        "numbers_readable",
        RATES,
        "2011;com;62002;Bourg;12%;1;1;1;1\n",
        "valeur = 12%",
    ),
    "modes that do not add up": (
        "rate_parts",
        RATES,
        "".join(f"{year};com;62002;Bourg;60;20;20;5;5\n" for year in (2013, 2017, 2018)),
        "code = 62002",
    ),
    "a rate of one mode that is no number": (
        "numbers_readable",
        RATES,
        "2012;com;62002;Bourg;50;x;1;1;1\n",
        "colonne = taux EAJE",
    ),
    "a negative rate": (
        "rate_plausible",
        RATES,
        "2014;com;62002;Bourg;-1;ns;ns;ns;ns\n",
        "taux = -1.0",
    ),
    "a rate beyond belief": (
        "rate_plausible",
        RATES,
        "2015;com;62002;Bourg;401;ns;ns;ns;ns\n",
        "taux = 401.0",
    ),
    "places that do not add up": (
        "places_parts",
        PLACES,
        "".join(f"{year};62001;Aval;50;0;30;105;6;195\n" for year in (2021, 2023, 2024)),
        "somme_des_modes = 191.0",
    ),
    "a count of households that is no number": (
        "numbers_readable",
        HOUSEHOLDS,
        "2024-12;62001;beaucoup;9;5\n",
        "beaucoup",
    ),
}
# A check, a file, a text in it and what takes its place.
REPLACED: dict[str, tuple[str, str, str, str, str]] = {
    "a member is missing": (
        "membership_total",
        MEMBERS,
        "200000001;CC du Petit Pays;CC;62004;Dune;12000;400\n",
        "",
        "publie = 12000.0",
    ),
    "more children than inhabitants": (
        "age_parts",
        AGES,
        "62003;COM;Y15T19;_T;POP;A;45;2023\n",
        both_sexes("62004", "Y0T4", 300),
        "code = 62004",
    ),
    "another EPCI's population": (
        "population_total",
        PEOPLE,
        "62002;Bourg;3 000",
        "62002;Bourg;30 000",
        "code = 200000001",
    ),
}
TAMPERED = {
    "shares_whole": (
        "allocation.sql",
        "UPDATE allocation SET share = 0.9 WHERE establishment = 'R1'",
        "identifiant = R1",
    ),
    "population_total": (
        "commune.sql",
        "UPDATE commune SET population = 1 WHERE code = '62003'",
        "population_retenue = 1.0",
    ),
    "places_whole": (
        "place_profile.sql",
        "UPDATE place_profile SET population = population + 400",
        "somme = 12400.0, communes_sommees = 12000.0",
    ),
    "bpe_once": (
        "carried.sql",
        "INSERT INTO bpe_match BY NAME SELECT 'B1' AS bpe UNION ALL SELECT 'B1' AS bpe",
        "rapprochée deux fois",
    ),
    "access_total": (
        "offer_wide.sql",
        "UPDATE public_count SET amount = 2 * amount WHERE code = '62001' AND public = '0_2'",
        "reparties = ",
    ),
    "supply_total": (
        "known_offer.sql",
        "CREATE OR REPLACE TABLE perimeter AS SELECT code FROM perimeter UNION ALL SELECT '62001'",
        "service = eaje_psu",
    ),
}


@pytest.fixture(scope="module")
def message(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of all the bad rows at once."""
    return tiny.refused_at_once(tmp_path_factory.mktemp("published"), ADDED.values(), HEADINGS)


@pytest.mark.parametrize("bad", ADDED)
def test_bad_rows_stop_the_publication_and_are_named(message: str, bad: str) -> None:
    check, _, _, said = ADDED[bad]
    assert said in tiny.told_by(message, check)


@pytest.mark.parametrize("bad", at_every_run(1, REPLACED))
def test_wrong_totals_stop_the_publication(tmp_path: Path, bad: str) -> None:
    check, file, old, new, said = REPLACED[bad]
    assert old in tiny.FILES[file]
    message = tiny.refused(tmp_path, {file: tiny.FILES[file].replace(old, new)})
    assert f"contrôle « {check} »" in message
    assert said in message


def square(code: str, west: float, east: float) -> dict[str, object]:
    ring = [[west, 50.2], [east, 50.2], [east, 50.3], [west, 50.3], [west, 50.2]]
    properties = {"code": code, "nom": code}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.mark.campaign
def test_contours_that_overlap_stop_the_publication(tmp_path: Path) -> None:
    squares = [
        square("62001", 2.6, 2.71),
        square("62002", 2.7, 2.8),
        square("62003", 2.8, 2.9),
        square("62004", 2.9, 3.0),
    ]
    contours = json.dumps({"type": "FeatureCollection", "features": squares})
    message = tiny.refused(tmp_path, {"contours/communes_2025.geojson": contours})
    assert "contrôle « contours_overlap »" in message
    assert "code_a = 62001, code_b = 62002" in message


@pytest.mark.parametrize("check", at_every_run(1, TAMPERED))
def test_a_mart_that_goes_wrong_stops_the_publication(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    after, sql, said = TAMPERED[check]
    real = pipelines.refresh._run

    def run(con: duckdb.DuckDBPyConnection, file: Path) -> None:
        real(con, file)
        if file.name == after:
            con.execute(sql)

    monkeypatch.setattr(pipelines.refresh, "_run", run)
    message = tiny.failure(tiny_settings)
    assert f"contrôle « {check} »" in message
    assert said in message


@pytest.mark.campaign
@pytest.mark.parametrize(
    "sql",
    at_every_run(
        1,
        [
            "UPDATE contour SET valid = false WHERE code = '62003'",
            "INSERT INTO contour SELECT * FROM contour WHERE code = '62003'",
            "UPDATE contour SET code = '75056' WHERE code = '62003'",
        ],
    ),
)
def test_contours_invalid_double_or_of_elsewhere_stop_the_publication(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    real = pipelines.refresh.build_outlines

    def build(con: duckdb.DuckDBPyConnection, *args: object) -> None:
        real(con, *args)
        con.execute(sql)

    monkeypatch.setattr(pipelines.refresh, "build_outlines", build)
    message = tiny.failure(tiny_settings)
    assert "contrôle « contours_valid »" in message


def test_every_check_is_seen_to_fail_by_a_test() -> None:
    seen = {b[0] for b in (ADDED | test_census_checks.ADDED).values()}
    seen |= {b[0] for b in REPLACED.values()} | set(TAMPERED)
    seen |= {"contours_overlap", "contours_valid"}
    assert seen <= CHECKS
    # Another file may hold the test of a check; it names it.
    others = "".join(
        p.read_text(encoding="utf-8") for p in Path(__file__).parents[1].glob("*/test_*.py")
    )
    assert {c for c in CHECKS - seen if c not in others} == set()


@pytest.mark.campaign
def test_an_odd_year_of_one_commune_is_set_aside_and_stops_nothing(tiny_version: Version) -> None:
    """Lyon's modes of 2017 make three places more than its total: one year of six."""
    odd = tiny.PLACES + "2021;62001;Aval;50;0;30;105;6;195\n"
    con = tiny_version({"caf/places_2022.csv": odd})
    told = con.execute("SELECT year, places FROM published_places WHERE service = 'accueil_0_2'")
    assert told.fetchall() == [(2022, 191.0)]
