"""The BPE fills what the census ignores, never counts beside it, and shows what may be missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pytest
import tiny

from observatory.answers import bpe
from observatory.answers.gaps import establishments, gaps
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.versions import record

Con = duckdb.DuckDBPyConnection
Version = Callable[..., Con]
DAY = date(2024, 12, 31)
HEAD = "AN;NOMRS;CNOMRS;DEPCOM;TYPEQU;SIRET;CAPACITE;LAMBERT_X;LAMBERT_Y;EPSG;LONGITUDE;LATITUDE"
FILE = "bpe/bpe24_ensemble_xy.csv"


def line(code: str, type_: str, lon: float | str = "", lat: float | str = "", **more: Any) -> str:
    cells = {"year": 2024, "name": "", "siret": "", "amount": "_U", "x": "", "y": "", **more}
    return ";".join(
        str(v)
        for v in (
            cells["year"], cells["name"], "", code, type_, cells["siret"], cells["amount"],
            cells["x"], cells["y"], "2154", lon, lat,
        )
    )  # fmt: skip


def text(*lines: str) -> str:
    return "\n".join([HEAD, *lines]) + "\n"


def census_without(*services: str) -> str:
    return "".join(
        row + "\n" for row in tiny.OFFER.splitlines() if row.split(";")[2] not in services
    )


def served(*kept: str) -> str:
    return "identifiant;code_insee\n" + "".join(f"{i};62001\n" for i in kept)


def supply(con: Con, service: str) -> dict[str | None, float | None]:
    table = gaps(con, Question(service, as_of=DAY, definition="custom", custom=10))
    return {
        None if code is None or code != code else code: None if s != s else s
        for code, s in zip(table["code"], table["supply"], strict=True)
    }


@pytest.fixture
def filled(tiny_version: Version) -> Con:
    """A census without EAJE, RPE nor centre social; the BPE knows some."""
    return tiny_version(
        {
            "census/offre.csv": census_without("eaje_psu", "eaje_hors_psu", "rpe", "centre_social"),
            "census/communes_desservies.csv": served("L1"),
            FILE: text(
                line("62001", "D502", 2.70, 50.30, name="LES LUTINS", amount=30),
                line("62009", "D502", 2.71, 50.31, name="LE NID", amount=12),
                line("62002", "D509", 2.80, 50.30, name="MICRO"),
                line("62002", "D504", 2.80, 50.30, name="RELAIS ASSISTANTES MATERNELLES", amount=5),
                line("62001", "D506", 2.70, 50.30, name="CENTRE"),
                line("62001", "C201", 2.70, 50.30, name="COLLEGE"),
                line("59350", "D502", 3.06, 50.63, name="AILLEURS", amount=99),
            ),
        },
        tiny.ABC,
    )


@pytest.mark.campaign
def test_a_service_that_the_census_ignores_is_filled_with_the_capacities_given(filled: Con) -> None:
    assert supply(filled, "eaje_psu") == {"62001": 42, "62002": 0, "62003": 0, None: 42}


def test_an_unknown_capacity_is_never_zero(filled: Con) -> None:
    assert set(supply(filled, "eaje_hors_psu").values()) == {None}
    assert set(supply(filled, "eaje").values()) == {None}


def test_a_capacity_in_another_unit_is_not_taken(filled: Con) -> None:
    assert set(supply(filled, "rpe").values()) == {None}


def test_a_structure_counts_for_one(filled: Con) -> None:
    assert supply(filled, "centre_social") == {"62001": 1, "62002": 0, "62003": 0, None: 1}


def test_what_the_bpe_fills_says_that_it_undercounts(filled: Con) -> None:
    table = gaps(filled, Question(as_of=DAY))
    said = table.groupby("service")["reliability"].agg(
        lambda words: words.str.contains("offre BPE : sous-estimée").all()
    )
    assert set(said[said].index) == {
        "eaje_psu", "eaje_hors_psu", "eaje", "accueil_0_2", "rpe", "centre_social",
    }  # fmt: skip


def test_an_establishment_of_the_bpe_names_its_source_and_its_unknown_status(filled: Con) -> None:
    table = establishments(filled, DAY)
    of_bpe = table[table["id"].str.startswith("BPE-")]
    assert set(of_bpe["source"]) == {"BPE 2024"}
    assert set(of_bpe["status"]) == {"inconnu"}
    assert set(of_bpe["code"]) == {"62001", "62002"}
    assert not record.is_demonstration(filled)


@pytest.mark.campaign
def test_what_the_bpe_knows_makes_no_commune_counted_for_another_service(
    tiny_version: Version,
) -> None:
    head = tiny.OFFER.splitlines()[0] + "\n"
    eaje = "".join(r + "\n" for r in tiny.OFFER.splitlines() if r.startswith("E1;"))
    changes = {
        "census/offre.csv": head + eaje,
        "census/communes_desservies.csv": served(),
        "census/totaux_communaux.csv": tiny.TOTALS.splitlines()[0] + "\n",
        FILE: text(line("62002", "D506", 2.80, 50.30)),
    }
    con = tiny_version(changes, tiny.ABC)
    assert supply(con, "eaje_psu")["62002"] is None
    assert supply(con, "centre_social")["62002"] == 1


def test_the_census_wins_and_the_match_is_shown(tiny_version: Version) -> None:
    before = supply(tiny_version({}, tiny.ABC), "eaje_psu")
    con = tiny_version(
        {
            FILE: text(
                line("62001", "D502", 2.7005, 50.3005, name="TILLEULS", amount=99),
                line("62001", "D502", 2.7500, 50.3200, name="OUBLIEE", amount=25),
            )
        },
        tiny.ABC,
    )
    assert supply(con, "eaje_psu") == before
    table = bpe.matches(con, DAY)
    kinds = dict(zip(table["bpe_name"].dropna(), table["kind"], strict=False))
    assert kinds == {"OUBLIEE": "bpe", "TILLEULS": "matched"}
    match = table[table["kind"] == "matched"].iloc[0]
    assert match["establishment"] == "E1"
    assert match["metres"] == pytest.approx(66, abs=2)
    alone = set(table[table["kind"] == "census"]["establishment"])
    assert "E3" in alone
    assert "E2" not in alone, "closed in 2023"


@pytest.mark.campaign
def test_matches_are_one_to_one_and_the_nearest_first(tiny_version: Version) -> None:
    con = tiny_version(
        {
            FILE: text(
                line("62001", "D502", 2.7001, 50.30, name="NEAR"),
                line("62001", "D502", 2.7012, 50.30, name="FAR"),
                line("62001", "D502", 2.7030, 50.30, name="BEYOND"),
            )
        },
        tiny.ABC,
    )
    table = bpe.matches(con, DAY)
    assert set(table[table["kind"] == "matched"]["bpe_name"]) == {"NEAR"}
    assert set(table[table["kind"] == "bpe"]["bpe_name"]) == {"FAR", "BEYOND"}


@pytest.mark.campaign
def test_a_nursery_filed_under_the_other_kind_is_not_counted_twice(tiny_version: Version) -> None:
    con = tiny_version(
        {
            "census/offre.csv": census_without("eaje_hors_psu"),
            FILE: text(line("62002", "D509", 2.80, 50.30, name="LA RONDE", amount=10)),
        },
        tiny.ABC,
    )
    assert bpe.filled(con) == {}
    assert set(bpe.matches(con, DAY).query("kind == 'matched'")["establishment"]) == {"E3"}


def test_no_person_enters_through_the_bpe(tiny_version: Version) -> None:
    con = tiny_version(
        {
            FILE: text(
                line("62001", "D502", 2.70, 50.30, name="MME DURAND ASSISTANTE MATERNELLE"),
                line("62001", "D509", 2.70, 50.30, name="MAM LES PETITS PAS"),
                line("62001", "D504", 2.70, 50.30, name="RELAIS ASSISTANTS MATERNELS"),
            )
        }
    )
    assert con.execute("SELECT name FROM bpe_row").fetchall() == [("RELAIS ASSISTANTS MATERNELS",)]
    assert con.execute("SELECT sum(rows) FROM bpe_refused").fetchall() == [(2,)]


@pytest.mark.campaign
def test_lambert_93_is_read_where_degrees_are_missing(tiny_version: Version) -> None:
    # Arras' town hall, by the projection of reference.
    pyproj = pytest.importorskip("pyproj")
    to_metres = pyproj.Transformer.from_crs(4326, 2154, always_xy=True)
    x, y = to_metres.transform(2.70, 50.30)
    con = tiny_version({FILE: text(line("62001", "D502", x=f"{x:.2f}", y=f"{y:.2f}"))})
    lon, lat = con.execute("SELECT lon, lat FROM bpe_row").fetchall()[0]
    assert lon == pytest.approx(2.70, abs=1e-6)
    assert lat == pytest.approx(50.30, abs=1e-6)


@pytest.mark.campaign
def test_a_line_without_a_position_counts_and_is_not_matched(tiny_version: Version) -> None:
    con = tiny_version({FILE: text(line("62001", "D502", name="SANS POINT"))}, tiny.ABC)
    row = bpe.matches(con, DAY).iloc[0]
    assert (row["kind"], row["located"]) == ("bpe", False)


@pytest.mark.campaign
def test_the_latest_vintage_wins_and_repeated_lines_count_once(tiny_version: Version) -> None:
    same = line("62001", "D502", 2.75, 50.32, name="A", amount=10)
    con = tiny_version(
        {
            "bpe/bpe24_ensemble_xy.csv": text(same, same),
            "bpe/bpe24_pas_de_calais.csv": text(same, same),
            "bpe/bpe20_ensemble_xy.csv": text(
                line("62001", "D502", 2.76, 50.32, name="OLD", year=2020)
            ),
        }
    )
    found = con.execute("SELECT name, vintage, count(DISTINCT id) FROM bpe_row GROUP BY ALL")
    assert found.fetchall() == [("A", "2024", 2)], "two structures at one place, said by two files"


@pytest.mark.campaign
def test_the_vintage_is_in_the_name_when_the_file_has_no_year(tiny_version: Version) -> None:
    con = tiny_version({"bpe/bpe23_ensemble_xy.csv": "DEPCOM;TYPEQU\n62001;D502\n"})
    assert con.execute("SELECT vintage FROM bpe_row").fetchall() == [("2023",)]


@pytest.mark.campaign
def test_an_establishment_that_the_bpe_does_not_name_has_a_name_in_words(
    tiny_version: Version,
) -> None:
    known = [t for s in nomenclature().services.values() for t in s.bpe]
    con = tiny_version({FILE: text(*(line("62001", t, 2.70, 50.30) for t in known))})
    rows = con.execute("SELECT type, name FROM bpe_row").fetchall()
    assert {t for t, _ in rows} == set(known)
    assert dict(rows)["D502"] == "Crèche (BPE)"
    for type_, name in rows:
        assert name.endswith(" (BPE)")
        assert type_ not in name
