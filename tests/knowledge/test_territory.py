"""A territory is read as a person types it; what is unknown is a clear error that suggests."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from observatory.errors import RequestError
from observatory.knowledge.departement import departements
from observatory.knowledge.territory import (
    DEFAULT,
    Territory,
    TerritoryRequest,
    parse,
    presets,
    resolve,
)

Con = duckdb.DuckDBPyConnection
COMMUNES = (
    ("62041", "Arras", "62"),
    ("62004", "Achicourt", "62"),
    ("2A004", "Ajaccio", "2A"),
    ("97101", "Les Abymes", "971"),
    ("97411", "Saint-Denis", "974"),
    ("75056", "Paris", "75"),
)
CARRY = (("62999", "Ancien-Lieu", "62041"), ("75101", "Paris 1er", "75056"))
MEMBERS = (
    ("200033579", "CU d'Arras", "62041", "2025"),
    ("200033579", "CU d'Arras", "62004", "2025"),
    ("200033579", "CU d'Arras", "62999", "2024"),
)


@pytest.fixture(scope="module")
def con() -> Iterator[Con]:
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS stg")
        con.execute("CREATE TABLE stg.commune (code TEXT, name TEXT, dep TEXT)")
        con.execute("CREATE TABLE stg.part_commune AS SELECT '75101' AS code, '75056' AS parent")
        con.execute("CREATE TABLE carry (code_old TEXT, name_old TEXT, code TEXT)")
        con.execute(
            "CREATE TABLE stg.membership (siren TEXT, epci_name TEXT, code TEXT, vintage TEXT)"
        )
        con.executemany("INSERT INTO stg.commune VALUES (?, ?, ?)", COMMUNES)
        con.executemany("INSERT INTO carry VALUES (?, ?, ?)", CARRY)
        con.executemany("INSERT INTO stg.membership VALUES (?, ?, ?, ?)", MEMBERS)
        yield con


@pytest.fixture
def country(con: Con) -> Iterator[Con]:
    """As many communes as France has, for a moment."""
    con.execute(
        "INSERT INTO stg.commune "
        "SELECT format('F{:05}', n), 'Ailleurs', 'F' FROM range(35_000) AS _(n)"
    )
    yield con
    con.execute("DELETE FROM stg.commune WHERE dep = 'F'")


def found(con: Con, text: str, membership: str | None = None) -> Territory:
    return resolve(con, parse(text, membership))


# --- as a person types it


def test_the_four_territories_to_serve_have_a_name() -> None:
    assert DEFAULT == "arras"
    assert {k: (r.kind, r.codes) for k, r in presets().items()} == {
        "arras": ("epci", ("200033579",)),
        "latitude-nord-gironde": ("epci", ("243301181",)),
        "grand-montauban": ("epci", ("248200099",)),
        "rive-de-gier": ("communes", ("42186",)),
    }


@pytest.mark.parametrize(
    ("text", "kind", "codes"),
    [
        ("arras", "epci", ("200033579",)),
        ("  Arras ", "epci", ("200033579",)),
        ("communauté urbaine d'arras", "epci", ("200033579",)),
        ("CA du Grand Montauban", "epci", ("248200099",)),
        ("Rive de Gier", "communes", ("42186",)),
        ("248200099", "epci", ("248200099",)),
        ("62041", "communes", ("62041",)),
        ("62041,62004", "communes", ("62041", "62004")),
        ("62041, 62004;62041\n01004", "communes", ("62041", "62004", "01004")),
        ("2a004", "communes", ("2A004",)),
        ("97101", "communes", ("97101",)),
        ("62", "departement", ("62",)),
        ("01", "departement", ("01",)),
        ("2A", "departement", ("2A",)),
        ("2b", "departement", ("2B",)),
        ("971", "departement", ("971",)),
        ("974", "departement", ("974",)),
        ("976", "departement", ("976",)),
        ("france", "france", ()),
        ("France", "france", ()),
    ],
)
def test_each_way_to_name_a_territory(text: str, kind: str, codes: tuple[str, ...]) -> None:
    request = parse(text)
    assert (request.kind, request.codes, request.membership) == (kind, codes, None)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("aras", "arras"),
        ("montauban", "grand-montauban"),
        ("CU Arras", "arras"),
        ("latitude nord", "latitude-nord-gironde"),
        ("rive de giers", "rive-de-gier"),
    ],
)
def test_a_name_that_is_nearly_right_is_suggested(text: str, suggested: str) -> None:
    with pytest.raises(RequestError, match=r"Vouliez-vous dire : [^?]*" + suggested):
        parse(text)


@pytest.mark.parametrize(
    "text", ["", " ", ",", "96", "00", "979", "6204", "620411", "20003357", "?;--"]
)
def test_what_is_no_territory_says_what_would_be_one(text: str) -> None:
    with pytest.raises(RequestError, match="n'est pas connu") as failure:
        parse(text)
    assert "le SIREN d'un EPCI, des codes INSEE" in str(failure.value)
    assert isinstance(failure.value, ValueError)


def test_the_wrong_code_of_a_list_is_named() -> None:
    with pytest.raises(RequestError, match="« 6204X » n'a pas la forme d'un code INSEE"):
        parse("62041,6204x,62004")


@pytest.mark.parametrize("membership", ["24", "2O24", "20244", "1824", ""])
def test_a_membership_is_a_year(membership: str) -> None:
    with pytest.raises(RequestError, match="n'est pas une année"):
        parse("arras", membership)


# --- in the files at hand


def test_an_epci_is_its_latest_membership_or_that_of_a_year(con: Con) -> None:
    latest = found(con, "200033579")
    assert latest == Territory("CU d'Arras", "epci", "200033579", "2025", ("62004", "62041"))
    assert found(con, "arras").name == "Communauté urbaine d'Arras"
    before = found(con, "arras", "2024")
    # The code of that year is carried to the commune of today.
    assert (before.membership_vintage, before.communes) == ("2024", ("62041",))


def test_a_vintage_that_no_file_has_says_which_there_are(con: Con) -> None:
    with pytest.raises(RequestError, match=r"Millésimes disponibles : 2025, 2024\."):
        found(con, "arras", "2019")


def test_an_unknown_epci_suggests_the_near_ones(con: Con) -> None:
    with pytest.raises(RequestError, match=r"Codes proches : 200033579 \(CU d'Arras\)"):
        found(con, "200033570")
    with pytest.raises(RequestError, match="indiquer un miroir"):
        found(con, "111111111")


def test_communes_are_named_and_old_codes_are_carried(con: Con) -> None:
    both = found(con, "62999,62041,62004")
    assert both.communes == ("62004", "62041")
    assert both.name == "Arras, Achicourt"
    assert both.note.startswith(
        "62999 (Ancien-Lieu) fait aujourd'hui partie de la commune Arras (62041)"
    )
    assert found(con, "97411").name == "Saint-Denis"


def test_unknown_communes_are_all_named(con: Con) -> None:
    with pytest.raises(RequestError, match="code de commune inconnu : 62042, 99999") as failure:
        found(con, "62042,62041,99999")
    assert "62041 (Arras)" in str(failure.value)


def test_a_mirror_is_advised_to_who_has_none_alone(
    con: Con, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RequestError, match="indiquer un miroir"):
        found(con, "99999")
    monkeypatch.setattr("observatory.knowledge.territory.MANY", 2)  # the files of a country
    with pytest.raises(RequestError, match="Vérifier ce code") as failure:
        found(con, "99999")
    assert "miroir" not in str(failure.value)


@pytest.mark.parametrize(
    ("text", "communes", "name"),
    [
        ("62", ("62004", "62041"), "Pas-de-Calais (62)"),
        ("2A", ("2A004",), "Corse-du-Sud (2A)"),
        ("971", ("97101",), "Guadeloupe (971)"),
        ("974", ("97411",), "La Réunion (974)"),
    ],
)
def test_a_departement_is_its_communes_and_bears_its_name(
    country: Con, text: str, communes: tuple[str, ...], name: str
) -> None:
    territory = found(country, text)
    assert (territory.communes, territory.name) == (communes, name)
    assert not territory.note


def test_an_extract_is_not_named_after_the_whole(con: Con) -> None:
    part, all_ = found(con, "62"), found(con, "france")
    assert part.name == f"{len(part.communes)} communes du département 62 (Pas-de-Calais)"
    assert "Pas-de-Calais (62) n'est pas entier" in part.note
    assert all_.name == f"{len(COMMUNES)} communes de France"
    for one in (part, all_):
        assert f"la liste des communes n'en tient que {len(COMMUNES)}" in one.note
        assert "n'est pas entier" in one.note


def test_every_departement_that_can_be_asked_has_a_name() -> None:
    asked = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B"]
    asked += [str(n) for n in range(971, 979)]
    assert set(departements()) == set(asked)
    assert len(set(departements().values())) == len(asked)


def test_an_empty_departement_is_an_error(con: Con) -> None:
    with pytest.raises(RequestError, match=r"dans le département 33 \(Gironde\)"):
        found(con, "33")


def test_france_is_every_commune(country: Con) -> None:
    territory = found(country, "france")
    assert set(territory.communes) > {c for c, _, _ in COMMUNES}
    assert territory.name == "France"


def test_a_request_may_be_made_without_text(con: Con) -> None:
    named = TerritoryRequest("communes", ("62041",), "Chez nous")
    assert resolve(con, named).name == "Chez nous"


def test_an_arrondissement_is_refused_and_its_commune_named(con: Con) -> None:
    with pytest.raises(RequestError) as refusal:
        found(con, "75101")
    assert "75101 est un arrondissement de Paris (75056)" in str(refusal.value)


def test_two_codes_of_one_commune_are_named_once(con: Con) -> None:
    assert found(con, "62041,62999").name == "Arras"
    assert found(con, "62041").note == ""
