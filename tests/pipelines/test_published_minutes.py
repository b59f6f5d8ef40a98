"""Insee's minutes to the nearest equipment: what is made of its lines, without a refresh."""

from __future__ import annotations

import re

import pytest
from published_rows import run_published

from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import Settings
from observatory.sources.catalogue import read_sources

HEADING = "code;type;minutes;people;square;x;y"
COMMUNES = "62001 62002 62003 2A004 75056 97411"
MOVED = {"62009": "62001", "75101": "75056", "75102": "75056"}
# Two squares of Aval, and one of an old commune that is Aval today.
SQUARES = """62001;D502;4;10;a;;
62001;D502;8;1;b;;
62009;D502;9;30;c;;
62001;D509;2;10;a;;
62001;D509;20;1;b;;
62009;D509;12;30;c;;
62002;D502;3,5;4;;1;2
62002;D509;2;4;;1;2
62002;B101;1;4;;1;2"""


def told(files: dict[str, str] | str) -> dict[tuple[str, str], float]:
    """Minutes by commune and service."""
    given = {"donnees_2025_reg32.csv": files} if isinstance(files, str) else files
    con = run_published(
        "equipment_minutes",
        "equipment_minutes",
        {name: f"{HEADING}\n{lines}" for name, lines in given.items()},
        communes=COMMUNES,
        carried=MOVED,
    )
    rows = con.execute("SELECT code, service, minutes FROM published_minutes").fetchall()
    return {(code, service): minutes for code, service, minutes in rows}


def test_the_median_is_that_of_the_inhabitants_and_the_nearest_is_found_square_by_square() -> None:
    # Of 41 inhabitants, the half falls among the 30 of the old commune. Of both types: 2, 8 and 9.
    assert told(SQUARES) == {
        ("62001", "eaje_psu"): 9,
        ("62001", "eaje_hors_psu"): 12,
        ("62001", "eaje"): 9,
        ("62002", "eaje_psu"): 3.5,
        ("62002", "eaje_hors_psu"): 2,
        ("62002", "eaje"): 2,
    }


@pytest.mark.parametrize(
    ("lines", "minutes"),
    [
        (["4;;;;", "10;;;;", "8;;;;"], 8),
        (["4;;;;", "8;;;;"], 6),  # between the two
        (["4;;;;"], 4),  # one row per commune
        (["4;;;;", ";;;;", "ns;;;;"], 4),  # unknown is no minute
        (["4;100;;;", "8;;;;", "9;1;;;"], 8),  # inhabitants of some alone weigh nothing
        (["4;0;;;", "8;0;;;", "9;0;;;"], 8),
        (["4;5;a;;", "4;5;a;;", "8;6;b;;"], 8),  # a square that is there twice counts once
        (["-1;;;;"], None),
    ],
)
def test_rows_weigh_what_is_known_of_all_of_them(lines: list[str], minutes: float | None) -> None:
    found = told("\n".join(f"62001;D502;{line}" for line in lines))
    assert found.get(("62001", "eaje_psu")) == minutes


def test_types_without_squares_are_summed_up_apart() -> None:
    # Crèches: 4 and 20, median 12; micro-crèches: 14 and 6, median 10. Row by row nothing is known.
    lines = ("D502;4", "D502;20", "D509;14", "D509;6")
    assert told("\n".join(f"62001;{line};;;;" for line in lines))[("62001", "eaje")] == 10


def test_a_service_of_which_a_type_is_missing_is_not_told() -> None:
    # Neither crèches with micro-crèches, nor the schools of three types, nor the whole of 0-2.
    assert told("62001;D502;4;;;;\n62001;C108;1;;;;") == {("62001", "eaje_psu"): 4}


def test_the_newest_file_that_tells_a_commune_is_the_one() -> None:
    files = {
        "donnees_2025_reg32.parquet": "62001;D502;4;;;;",
        "donnees-2024-reg32.parquet": "62001;D502;40;;;;\n62002;D502;6;;;;",
    }
    assert told(files) == {("62001", "eaje_psu"): 4, ("62002", "eaje_psu"): 6}


def test_codes_of_everywhere_find_their_commune_of_today() -> None:
    lines = ("2a004;D502;5", "75101;D502;2", "75102;D502;4", "97411;D502;7", "62009;D502;8")
    assert told("\n".join(f"{line};;;;" for line in (*lines, "1001;D502;1"))) == {
        ("2A004", "eaje_psu"): 5,
        ("75056", "eaje_psu"): 3,
        ("97411", "eaje_psu"): 7,
        ("62001", "eaje_psu"): 8,
    }


def test_every_type_that_a_service_counts_is_read() -> None:
    for publication in read_sources(Settings().raw_dir)["equipment_minutes"].publications:
        for service in nomenclature().services.values():
            for type_ in service.bpe:
                assert re.fullmatch(publication.only["type"], type_), (publication.name, type_)
