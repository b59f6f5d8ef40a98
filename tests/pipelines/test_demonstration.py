"""The demonstration census: plainly one, always the same, and calibrated on what is published."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from observatory.errors import SourceError
from observatory.settings import Settings
from pipelines import demonstration

RAW = Settings().raw_dir
EMBEDDED = RAW / "census" / "embedded"
CONTOURS = "contours/hdf_com_cog2023.geojson"
ARRAS = "62041"
EAJE = ("eaje_psu", "eaje_hors_psu")
DAY_TYPES = {"matin", "midi", "soir", "mercredi", "petites_vacances", "ete"}
UNDER_THREE = 3417.84  # 3/5 of the 5,696.4 children under five of the CU d'Arras, RP 2023


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(EMBEDDED / name, sep=";", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def supply() -> pd.DataFrame:
    table = read("offre.csv")
    since = table["depuis"].where(table["depuis"] != "", table["ouverture"])
    return table.assign(capacite=table["capacite"].astype(float), since=since)


@pytest.fixture(scope="module")
def totals() -> pd.DataFrame:
    table = read("totaux_communaux.csv")
    return table.assign(places=table["places"].astype(int))


@pytest.fixture(scope="module")
def served() -> pd.DataFrame:
    return read("communes_desservies.csv")


@pytest.fixture(scope="module")
def communes() -> dict[str, demonstration.Commune]:
    return {c.code: c for c in demonstration.read_communes(RAW).values()}


def open_on(supply: pd.DataFrame, day: str) -> pd.DataFrame:
    """One row per establishment and day type open on that day, with its capacity of the day."""
    closed = (supply["fermeture"] != "") & (supply["fermeture"] <= day)
    known = supply[(supply["ouverture"] <= day) & (supply["since"] <= day) & ~closed]
    return known.sort_values("since").groupby(["identifiant", "jour"]).tail(1)


def places(supply: pd.DataFrame, day: str, services: Sequence[str], code: str = "") -> float:
    rows = open_on(supply, day)
    rows = rows[rows["service"].isin(services)]
    return float(rows.loc[rows["code_insee"].eq(code) | (code == ""), "capacite"].sum())


def one_by_id(supply: pd.DataFrame) -> pd.DataFrame:
    return supply.drop_duplicates("identifiant")


# --- always the same


def test_the_committed_files_are_what_the_generator_writes() -> None:
    fresh = demonstration.build(RAW)
    assert set(fresh) == {"offre.csv", "communes_desservies.csv", "totaux_communaux.csv"}
    for name, text in fresh.items():
        assert (EMBEDDED / name).read_bytes() == text.encode(), name


def test_the_command_writes_the_three_files(tmp_path: Path) -> None:
    demonstration.main(["--out", str(tmp_path / "new")])
    for name in ("offre.csv", "communes_desservies.csv", "totaux_communaux.csv"):
        assert (tmp_path / "new" / name).read_bytes() == (EMBEDDED / name).read_bytes()


def test_without_the_facts_the_generator_says_which_columns_it_misses(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="siren, insee"):
        demonstration.build(tmp_path)


# --- plainly a demonstration, and nobody's private life


def test_every_row_says_that_it_is_a_demonstration(
    supply: pd.DataFrame, totals: pd.DataFrame
) -> None:
    for table in (supply, totals):
        assert set(table["demonstration"]) == {"oui"}
        assert set(table["source"]) == {"Recensement de démonstration"}
        assert table["date_source"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert supply["nom"].str.contains(" de démonstration – ", regex=False).all()
    assert supply["gestionnaire"].str.fullmatch(r"Gestionnaire de démonstration \(\w+\)").all()
    assert (supply["adresse"].eq("") | supply["adresse"].str.startswith("Adresse de démons")).all()
    assert one_by_id(supply)["nom"].is_unique
    assert supply["identifiant"].str.fullmatch(r"DEMO-\d{4}").all()


def test_no_childminder_is_an_establishment(supply: pd.DataFrame) -> None:
    assert "assistants_maternels" not in set(supply["service"])
    assert not supply["nom"].str.contains("assistant", case=False).any()


def test_one_or_two_childminders_only_where_masking_is_exercised(totals: pd.DataFrame) -> None:
    rows = totals[totals["service"] == "assistants_maternels"]
    few = rows[rows["effectif"].astype(int).isin([1, 2])]
    assert set(few["code_insee"]) == {"62290", "62320", "62761"}
    assert set(few["effectif"]) == {"1", "2"}
    nobody = rows["effectif"] == "0"
    assert (rows["places"].eq(0) == nobody).all()
    each = rows.loc[~nobody, "places"] / rows.loc[~nobody, "effectif"].astype(int)
    assert each.between(2.5, 3.3).all()


# --- what it covers


def test_every_service_and_status_is_there(supply: pd.DataFrame) -> None:
    kept = {"eaje_psu", "eaje_hors_psu", "rpe", "laep", "alsh", "accueil_jeunes", "ludotheque"}
    assert set(supply["service"]) == kept | {"centre_social", "espace_vie_sociale"}
    assert set(supply["statut"]) == {"public", "associatif", "prive"}
    assert set(supply.loc[supply["service"] == "alsh", "jour"]) == DAY_TYPES
    assert set(supply.loc[supply["service"] != "alsh", "jour"]) == {""}
    micro = supply[supply["service"] == "eaje_hors_psu"]
    assert micro["capacite"].max() <= 12
    assert set(micro["statut"]) == {"prive", "associatif"}
    counts = one_by_id(supply)["service"].value_counts()
    assert 18 <= counts["alsh"] <= 25
    assert (counts["rpe"], counts["laep"], counts["ludotheque"]) == (4, 4, 2)
    assert (counts["centre_social"], counts["espace_vie_sociale"]) == (3, 2)


def test_dates_tell_a_deployment_in_order(supply: pd.DataFrame) -> None:
    ids = one_by_id(supply)
    assert ids["ouverture"].between("2015-01-01", "2026-12-31").all()
    assert (ids["fermeture"] != "").sum() >= 6
    assert (ids["ouverture"] > "2026-07-01").sum() >= 2
    assert supply.groupby("identifiant")["depuis"].nunique().gt(1).sum() >= 15
    closed = supply[supply["fermeture"] != ""]
    assert (closed["since"] < closed["fermeture"]).all()
    assert (supply["since"] >= supply["ouverture"]).all()
    fixed = ["nom", "service", "code_insee", "longitude", "latitude", "ouverture", "fermeture"]
    assert (supply.groupby("identifiant")[fixed].nunique() == 1).all().all()
    assert not supply.duplicated(["identifiant", "jour", "since"]).any()
    assert (supply["capacite"] > 0).all()


def test_two_declarations_stand_at_one_address_on_one_day_type(supply: pd.DataFrame) -> None:
    rows = open_on(supply, "2026-06-30")
    rows = rows[rows["service"] == "alsh"]
    shared = rows.groupby(["code_insee", "adresse", "jour"])["identifiant"].nunique()
    assert shared.max() == 2
    pairs = shared[shared > 1].reset_index()
    assert set(pairs["code_insee"]) == {"62099"}
    assert set(pairs["jour"]) == {"mercredi", "petites_vacances", "ete"}
    assert rows["adresse"].ne("").all()


def test_the_relays_serve_every_commune_once(
    supply: pd.DataFrame, served: pd.DataFrame, communes: dict[str, demonstration.Commune]
) -> None:
    home = supply.drop_duplicates("identifiant").set_index("identifiant")
    relays = served[served["identifiant"].map(home["service"]) == "rpe"]
    assert sorted(relays["code_insee"]) == sorted(communes)
    for identifier, rows in served.groupby("identifiant"):
        assert home["code_insee"].loc[str(identifier)] in set(rows["code_insee"])
    assert not served.duplicated().any()
    assert set(served["code_insee"]) <= set(communes)


def test_points_stay_near_their_town_hall(
    supply: pd.DataFrame, communes: dict[str, demonstration.Commune]
) -> None:
    for row in one_by_id(supply).itertuples():
        commune = communes[str(row.code_insee)]
        north = (float(str(row.latitude)) - commune.lat) * 111_320
        east = float(str(row.longitude)) - commune.lon
        east *= 111_320 * math.cos(math.radians(commune.lat))
        assert math.hypot(north, east) <= 300 * math.sqrt(commune.area_km2 / math.pi) + 1
    lonlat = one_by_id(supply)[["longitude", "latitude"]]
    assert lonlat.stack().str.fullmatch(r"\d+\.\d{5}").all()


@pytest.mark.mirror
def test_points_are_inside_their_commune(supply: pd.DataFrame) -> None:
    default = Path(__file__).resolve().parents[3] / "shared" / "mirror"
    path = Path(os.environ.get("OBSERVATORY_TEST_MIRROR") or default) / CONTOURS
    if not path.is_file():
        if os.environ.get("OBSERVATORY_REQUIRE_MIRROR") == "1":
            pytest.fail(f"the mirror must be there, and {path} is not")
        pytest.skip(f"no mirror of the published files: {path} is not there")
    contours = gpd.read_file(path).set_index("INSEE_COM").geometry
    for row in one_by_id(supply).itertuples():
        point = Point(float(str(row.longitude)), float(str(row.latitude)))
        assert contours[str(row.code_insee)].contains(point), row.nom


# --- calibrated


def test_arras_keeps_its_published_places_on_every_day_since_the_end_of_2022(
    supply: pd.DataFrame,
) -> None:
    moves = {*supply["since"], *supply["fermeture"], "2022-12-31", "2023-12-31", "2026-12-31"}
    days = sorted(day for day in moves if "2022-12-31" <= day <= "2026-12-31")
    assert len(days) > 10
    for day in days:
        assert places(supply, day, ["eaje_psu"], ARRAS) == 323, day
        assert places(supply, day, ["eaje_hors_psu"], ARRAS) == 108, day
    arras = one_by_id(supply).query("code_insee == @ARRAS and service in @EAJE")
    assert arras["fermeture"].between("2023-01-01", "2026-12-31").any()


@pytest.mark.parametrize(
    ("day", "low", "high"),
    [
        ("2015-12-31", 9.0, 12.0),
        ("2018-12-31", 21.0, 22.5),
        ("2020-12-31", 22.0, 23.5),
        ("2023-12-31", 24.8, 25.2),
        ("2024-12-31", 24.8, 25.3),
        ("2025-12-31", 24.8, 25.3),
        ("2026-06-30", 24.8, 25.3),
        ("2026-12-31", 24.8, 25.3),
    ],
)
def test_the_coverage_by_creches_follows_the_published_rate(
    supply: pd.DataFrame, day: str, low: float, high: float
) -> None:
    assert low <= 100 * places(supply, day, EAJE) / UNDER_THREE <= high


def test_creche_places_at_the_end_of_2023(supply: pd.DataFrame) -> None:
    assert places(supply, "2023-12-31", EAJE) == 854
    young = sum(c.under_five for c in demonstration.read_communes(RAW).values()) * 3 / 5
    assert young == pytest.approx(UNDER_THREE)


@pytest.mark.parametrize(
    ("service", "whole", "arras", "rate"),
    [
        ("assistants_maternels", 1039, 263, 30.4),
        ("prescolarisation", 325, 132, 9.5),
        ("garde_domicile", 34, 23, 1.0),
    ],
)
def test_commune_totals_add_up_to_the_published_rates(
    totals: pd.DataFrame,
    communes: dict[str, demonstration.Commune],
    service: str,
    whole: int,
    arras: int,
    rate: float,
) -> None:
    rows = totals[totals["service"] == service]
    assert sorted(rows["depuis"].unique()) == ["2021-12-31", "2022-12-31", "2023-12-31"]
    for _, dated in rows.groupby("depuis"):
        assert sorted(dated["code_insee"]) == sorted(communes)
    by_date = rows.groupby("depuis")["places"].sum()
    assert by_date.is_monotonic_decreasing
    latest = rows[rows["depuis"] == "2023-12-31"].set_index("code_insee")["places"]
    assert (latest.sum(), latest[ARRAS]) == (whole, arras)
    assert round(100 * whole / UNDER_THREE, 1) == rate
    assert rows["places"].ge(0).all()
    if service != "assistants_maternels":
        assert set(rows["effectif"]) == {""}


def test_arras_at_the_end_of_2022_is_the_published_849_places(
    supply: pd.DataFrame, totals: pd.DataFrame
) -> None:
    rows = totals[(totals["code_insee"] == ARRAS) & (totals["depuis"] == "2022-12-31")]
    assert places(supply, "2022-12-31", EAJE, ARRAS) + rows["places"].sum() == 849


def test_a_relay_worker_for_about_seventy_childminders(
    supply: pd.DataFrame, totals: pd.DataFrame, served: pd.DataFrame
) -> None:
    latest = totals.query("service == 'assistants_maternels' and depuis == '2023-12-31'")
    people = latest.set_index("code_insee")["effectif"].astype(int)
    now = open_on(supply, "2023-12-31").query("service == 'rpe'").set_index("identifiant")
    assert people.sum() / now["capacite"].sum() == pytest.approx(70, abs=1)
    for identifier, capacity in now["capacite"].items():
        codes = served.loc[served["identifiant"] == identifier, "code_insee"]
        assert people[codes].sum() / capacity == pytest.approx(70, abs=4)


def test_the_files_are_plain_text_for_any_reader() -> None:
    for name in demonstration.build(RAW):
        raw = (EMBEDDED / name).read_bytes()
        assert b"\r" not in raw
        assert not raw.startswith(b"\xef\xbb\xbf")
        table = pd.read_csv(io.BytesIO(raw), sep=";", dtype=str, keep_default_na=False)
        assert not table.apply(lambda column: column.str.match(r"[=+@-]")).any().any()
