"""Territories found by their names, short or in full, their communes, postcodes and codes."""

from __future__ import annotations

import duckdb
import pytest
import tiny

from observatory.answers.known_territories import found_territories, known_epci, why_none
from observatory.knowledge.territory import parse


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("petit pays", tiny.SIREN),
        ("Communauté de communes du Petit Pays", tiny.SIREN),
        ("PAYS", tiny.SIREN),
        ("dune", tiny.SIREN),  # by its commune
        ("62003", tiny.SIREN),
        ("62170", tiny.SIREN),  # the postcode of two of them
        (tiny.SIREN, tiny.SIREN),
        ("pas de calais", "62"),
        ("France", "france"),
        ("CU d'Arras", None),
        ("rive de gier", "rive-de-gier"),
        ("communauté urbaine d'arras", "200033579"),
        ("?!", None),
    ],
)
def test_what_is_typed_finds_the_territory_first(
    tiny_more: duckdb.DuckDBPyConnection, words: str, first: str | None
) -> None:
    found = [one.asked for one in found_territories(tiny_more, words)]
    assert (found[0] if found else None) == first
    for asked in found:
        parse(asked)  # each may be asked for as it stands


def test_a_commune_is_offered_by_its_epci_then_alone(tiny_more: duckdb.DuckDBPyConnection) -> None:
    told = {o.asked: o.label for o in found_territories(tiny_more, "clos")}
    assert told == {
        tiny.SIREN: "CC du Petit Pays, par sa commune Clos",
        "62003": "Clos (62003), la commune seule",
    }
    assert known_epci(tiny_more) == 1


def test_a_postcode_that_no_file_could_tell_is_said_to_be_so(
    tiny_three: duckdb.DuckDBPyConnection, tiny_more: duckdb.DuckDBPyConnection
) -> None:
    assert "« codes_postaux » d'un miroir" in why_none(tiny_three, " 99999")
    assert why_none(tiny_more, "99999") == why_none(tiny_three, "nulle part")
