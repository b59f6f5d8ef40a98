# ruff: noqa: E501 (files as they are)
"""Files laid out as their producers publish them, small: what comes in, and how it is counted."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyproj
import pytest
import tiny
import xlsxwriter
from fixtures.versions import build, make_settings
from generated import at_every_run

from observatory.knowledge.territory import parse
from observatory.versions import warehouse
from pipelines.refresh import refresh

Con = duckdb.DuckDBPyConnection
Version = Callable[..., Con]
NO_CAF = {"caf/rates_2023.csv": None, "caf/places_2022.csv": None}


def rates(con: Con, level: str = "com") -> dict[tuple[str, int, str], float]:
    rows = con.execute(
        "SELECT code, year, service, rate FROM published_rate WHERE level = ?", [level]
    ).fetchall()
    return {(code, year, service): rate for code, year, service, rate in rows}


# --- the Caf


@pytest.mark.campaign
def test_field_names_and_labels_are_the_same_publication(tiny_version: Version) -> None:
    con = tiny_version(
        NO_CAF
        | {
            "caf/a.csv": "annee;numregi;nomregi;txcouv_reg;txcouv_eaje_reg\n2023-01-01;32;HDF;59,5;16,6\n",
            "caf/b.csv": "Date référence;Numéro commune;Nom commune;Numéro EPCI;Taux de couv EAJE - ensemble;Taux de couv global\n2023-12-31;62001;Aval;200000001;17,5;63,1\n2023-12-31;62002;Bourg;200000001;XX%;XX%\n",
            "caf/c.csv": "Date référence;Numéro EPCI;Nom EPCI;Taux de couv global\n31/12/2023;200000001;CC;70\n",
            "caf/d.csv": "annee;numcom;txcouv_com\n2022;COM62;12\n2022;XXXXX;13\n",
            "caf/TAUXCOUV2021.csv": "NUM_COM;NOM_COM;NUM_EPCI;tauxcouv_com;tauxcouv_epci\n62003;CLOS;200000001;41,7;70\n",
            "caf/TAUXCOUV2020.csv": "NUM_COM;NOM_COM;NUM_EPCI;TAUXCOUV_COMM;TAUXCOUV_EPCI\n62003;CLOS;200000001;40,2;70\n",
            "caf/1.csv": "annee;numcom;txcouv_com\n2021;62002;50\n2022;62002;51\n",
            "caf/2.csv": "annee;numcom;txcouv_com\n2022;62002;52,5\n",
            "caf/e.csv": "annee;numepci;nomepci;pl_eaje_epci;tot_offre_epci\n2023;200000001;CC;100;XXX\n2022;200000001;CC;90;300\n",
        }
    )
    assert rates(con, "reg") == {("32", 2023, "accueil_0_2"): 59.5, ("32", 2023, "eaje"): 16.6}
    assert rates(con, "epci") == {("200000001", 2023, "accueil_0_2"): 70}
    assert rates(con) == {
        ("62001", 2023, "accueil_0_2"): 63.1,
        ("62001", 2023, "eaje"): 17.5,
        ("62002", 2021, "accueil_0_2"): 50,
        ("62002", 2022, "accueil_0_2"): 52.5,  # the current set, not the series from 2021
        ("62003", 2020, "accueil_0_2"): 40.2,
        ("62003", 2021, "accueil_0_2"): 41.7,
    }
    found = con.execute(
        "SELECT year, service, places FROM published_area_places WHERE level = 'epci' ORDER BY ALL"
    ).fetchall()
    assert found == [(2022, "accueil_0_2", 300), (2022, "eaje", 90), (2023, "eaje", 100)]


# --- codes that changed


def test_what_changed_of_a_code_is_carried_added_or_unknown(tiny_version: Version) -> None:
    moves = tiny.MOVEMENTS + (
        "50,2024-01-01,COM,62012,Bourg,COM,62002\n"
        "32,2023-01-01,COM,62013,Clos-Bas,COM,62003\n"
        "21,2024-01-01,COM,62004,Dune,COM,62014\n"
    )
    lines = (
        ("2022", "62012", "53,3", "344"),
        ("2022", "62003", "40", "10"),
        ("2022", "62013", "60", "20"),
        ("2021", "62003", "41", "11"),
        ("2022", "62004", "30", "5"),
    )
    rate = "annee;numcom;txcouv_com\n" + "".join(f"{a};{b};{c}\n" for a, b, c, _ in lines)
    places = "annee;numcom;tot_offre_com\n" + "".join(f"{a};{b};{d}\n" for a, b, _, d in lines)
    changes = {"cog/v_mvt_commune_2026.csv": moves, "caf/taux.csv": rate, "caf/places.csv": places}
    con = tiny_version(NO_CAF | changes)
    assert rates(con) == {("62002", 2022, "accueil_0_2"): 53.3}
    found = con.execute("SELECT code, year, places FROM published_places ORDER BY ALL").fetchall()
    # A new code alone is carried; merged communes are added where both are told (not in 2021);
    # the figure of a commune split since is not that of what is left.
    assert found == [("62002", 2022, 344), ("62003", 2022, 30)]


# --- a whole and its parts


ARM = tiny.COMMUNES + "ARM,62091,32,62,Aval 1er,62001\nARM,62092,32,62,Aval 2e,62001\n"
HEAD = "GEO;GEO_OBJECT;AGE;SEX;RP_MEASURE;OBS_STATUS;OBS_VALUE;TIME_PERIOD\n"


def small(con: Con, code: str) -> list[tuple[float, bool]]:
    return con.execute(
        "SELECT amount, estimated FROM public_count WHERE code = ? AND public = '0_2'", [code]
    ).fetchall()


def ages(kinds: tuple[str, ...], sexes: tuple[str, ...]) -> str:
    rows = (("62001", "COM", 300), ("62091", "ARM", 120), ("62092", "ARM", 180))
    return HEAD + "".join(
        f"{code};{kind};Y0T2;{sex};POP;A;{amount / (1 if sex == '_T' else 2)};2023\n"
        for code, kind, amount in rows
        if kind in kinds
        for sex in sexes
    )


@pytest.mark.parametrize(
    ("kinds", "sexes"),
    at_every_run(
        1,
        [
            (("COM", "ARM"), ("_T", "F", "M")),
            (("ARM",), ("F", "M")),
            (("COM", "ARM"), ("F", "M")),
            (("ARM",), ("_T", "F", "M")),
            (("COM",), ("_T", "F", "M")),
            (("COM",), ("F", "M")),
        ],
    ),
)
def test_a_commune_and_its_arrondissements_count_once(
    tiny_version: Version, kinds: tuple[str, ...], sexes: tuple[str, ...]
) -> None:
    people = tiny.POPULATIONS.replace("7000", "8000").replace("62009;Vieux-Lieu;1 000\n", "")
    con = tiny_version(
        {
            "cog/v_commune_2026.csv": ARM,
            "rp_age/ages_rp2023.csv": ages(kinds, sexes),
            "popref/donnees_communes_rp2023.csv": people
            + "62091;Aval 1er;3 000\n62092;Aval 2e;5 000\n",
        }
    )
    assert small(con, "62001") == [(300, False)]
    found = con.execute("SELECT population FROM commune WHERE code = '62001'").fetchall()
    assert found == [(8_000,)]


@pytest.mark.campaign
def test_single_years_of_age_are_used_before_bands_and_k_is_unknown(tiny_version: Version) -> None:
    years = "".join(f"62002;COM;Y{a};_T;POP;A;{50 + a};2023\n" for a in range(3))
    bands = "62002;COM;Y0T4;_T;POP;A;999;2023\n62002;COM;_T;_T;POP;A;3000;2023\n"
    elsewhere = "62003;COM;Y0T2;_T;POP;K;77;2023\n"
    con = tiny_version({"rp_age/ages_rp2023.csv": HEAD + years + bands + elsewhere})
    assert small(con, "62002") == [(153, False)]
    assert small(con, "62003") == []


@pytest.mark.campaign
def test_the_bands_are_checked_with_the_total_of_both_sexes_too(tmp_path: Path) -> None:
    bad = HEAD + "62002;COM;_T;_T;POP;A;9000;2023\n"
    said = tiny.told_by(tiny.refused(tmp_path, {"rp_age/ages_rp2023.csv": bad}), "age_parts")
    assert "62002" in said


# --- names without a year, other encodings, long forms


@pytest.mark.campaign
def test_what_a_file_does_not_say_of_its_year_is_told(tmp_path: Path) -> None:
    raw = tiny.write_raw(tmp_path / "raw", {"popref/donnees_communes_rp2023.csv": None})
    archive = tmp_path / "mirror" / "popref" / "ensemble.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("donnees_communes.csv", tiny.POPULATIONS)
        file.writestr("lisez-moi.doc", "texte")
    lines: list[str] = []
    settings = make_settings(tmp_path, raw_dir=raw, mirror=archive.parent.parent)
    name = refresh(settings, parse(tiny.SIREN), lines.append)
    with warehouse.connect(settings.processed_dir / name) as con:
        found = con.execute("SELECT DISTINCT population_vintage FROM commune").fetchall()
    assert found == [("2023",)]
    assert any("donnees_communes.csv : rien n'y dit son millésime, 2023" in line for line in lines)
    assert "ensemble.zip : lisez-moi.doc, dans l'archive, n'est pas lu" in lines
    assert not list((settings.cache_dir / "popref").rglob("*.csv")), "nothing unpacked is left"


@pytest.mark.campaign
def test_filosofi_2021_and_births_in_long_form_are_read(tiny_version: Version) -> None:
    births = (
        "EC_MEASURE;FREQ;GEO;GEO_OBJECT;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n"
        "LVB;A;62001;COM;A;2024;88\nDTH;A;62002;COM;A;2024;9\n"
        "LVB;M;62002;COM;A;2024;4\nLVB;A;62002;COM;A;2024;40\nLVB;A;62;DEP;A;2024;9000\n"
    )
    con = tiny_version(
        {
            "filosofi/cc_filosofi_2021_COM.csv": "CODGEO;LIBGEO;NBMENFISC21;NBPERSMENFISC21;MED21;TP6021\n62001;Aval;2;5;21500;14\n62003;Clos;;;s;s\n",
            "naissances/DS_ETAT_CIVIL_NAIS_COMMUNES_data.csv": births,
        }
    )
    incomes = con.execute(
        "SELECT code, median_income_eur, income_vintage FROM commune WHERE income_vintage <> '' ORDER BY 1"
    ).fetchall()
    assert incomes == [("62001", 21_500, "2021"), ("62003", None, "2021")]
    found = con.execute("SELECT code, births FROM birth WHERE year = 2024 ORDER BY 1").fetchall()
    assert found == [("62001", 88), ("62002", 40)]


@pytest.mark.campaign
def test_the_dgcl_is_read_in_its_encoding_and_its_second_file_corrects(tmp_path: Path) -> None:
    raw = tiny.write_raw(tmp_path / "raw", {"dgcl/epcicom2025.csv": None})
    folder = raw / "dgcl" / "embedded"
    folder.mkdir(exist_ok=True)
    text = tiny.MEMBERS.replace("Petit Pays", "Petit Pays réuni")
    (folder / "epcicom2025.csv").write_bytes(text.encode("iso-8859-1"))
    kept = [row for row in text.splitlines() if ";62004;" not in row]
    with xlsxwriter.Workbook(folder / "epcicom2025-2.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(kept):
            sheet.write_row(number, 0, row.replace("12000", "11600").split(";"))
    with build(make_settings(tmp_path, raw_dir=raw), tiny.SIREN) as con:
        found = con.execute("SELECT name, communes, membership_vintage FROM territory").fetchall()
    assert found == [("CC du Petit Pays réuni", 3, "2025")]


# --- the BPE


BPE = "AN;NOMRS;DEPCOM;TYPEQU;CAPACITE;INDIC_CAPA;LAMBERT_X;LAMBERT_Y;LONGITUDE;LATITUDE;QUALITE_XY;EPSG;QUALITE_GEOLOC;TR_DIST_PRECISION\n"


@pytest.mark.campaign
def test_a_random_point_is_no_position_and_a_capacity_must_be_one(tiny_version: Version) -> None:
    con = tiny_version(
        {
            "bpe/BPE25.csv": BPE
            + "2025;SURE;62001;D502;30;1;;;2.70;50.30;B;2154;11;< 100\n"
            + "2025;HASARD;62001;D502;0;0;;;2.71;50.30;M;2154;33;_Z\n"
            + "2025;RUE;62001;D502;12;0;;;2.72;50.30;A;2154;22;[100 - 500[\n"
            + "2025;PACIFIQUE;62001;D502;12;1;;;-149.5;-17.5;B;2154;11;< 100\n"
            + "2025;VOISINE;62001;D502;12;1;;;3.9;50.30;B;2154;11;< 100\n"
        }
    )
    rows = con.execute("SELECT name, amount, lon, within_500_m FROM bpe_row ORDER BY 1").fetchall()
    assert rows == [
        ("HASARD", None, None, False),
        ("PACIFIQUE", 12, None, False),
        ("RUE", None, 2.72, True),
        ("SURE", 30, 2.70, False),
        ("VOISINE", 12, None, False),
    ]


ISLANDS = (
    ("97411", 55.45, -20.88, 2975),
    ("97105", -61.73, 16.0, 5490),
    ("97302", -52.33, 4.93, 2972),
    ("97611", 45.2276, -12.7806, 4471),
)


@pytest.mark.campaign
def test_overseas_metres_without_epsg_are_in_their_own_projection(tmp_path: Path) -> None:
    lines, communes = "AN;DEPCOM;LAMBERT_X;LAMBERT_Y;QUALITE_XY;TYPEQU\n", tiny.COMMUNES
    for code, lon, lat, epsg in ISLANDS:
        x, y = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
        lines += f"2021;{code};{x:.2f};{y:.2f};Bonne;D502\n".replace(".", ",")
        communes += f"COM,{code},04,{code[:3]},Île {code},\n"
    changes = {"cog/v_commune_2026.csv": communes, "bpe/bpe21_ensemble_xy.csv": lines}
    raw = tiny.write_raw(tmp_path / "raw", changes)
    codes = ",".join(i[0] for i in ISLANDS)
    with build(make_settings(tmp_path, raw_dir=raw), codes) as con:
        found = con.execute("SELECT code, lon, lat FROM bpe_row").fetchall()
    assert sorted(found) == [
        (code, pytest.approx(lon, abs=1e-6), pytest.approx(lat, abs=1e-6))
        for code, lon, lat, _ in sorted(ISLANDS)
    ]
