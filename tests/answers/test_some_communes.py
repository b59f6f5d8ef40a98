"""What is asked of some communes alone is what the whole territory says of them."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest
from generated import at_every_run

from observatory.answers.accessible import access_gaps
from observatory.answers.duties import duties_of_territory
from observatory.answers.gaps import gaps
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.shapes import shapes

SOME = ("62041", "62013", "62085")
DAY = date(2026, 1, 1)


@pytest.mark.parametrize("service", at_every_run(1, [None, "eaje", "alsh"]))
def test_figures_of_some_communes(embedded: duckdb.DuckDBPyConnection, service: str | None) -> None:
    question = Question(service, as_of=DAY).for_every_need()
    every = access_gaps(embedded, question)
    some = access_gaps(embedded, question, codes=SOME)
    wanted = every[every["code"].isin(SOME)].reset_index(drop=True)
    assert len(some) >= len(SOME)
    pd.testing.assert_frame_equal(some.reset_index(drop=True), wanted)


@pytest.mark.parametrize("service", at_every_run(1, [None, "eaje", "alsh"]))
def test_gaps_of_some_communes_and_of_one_need_a_service(
    embedded: duckdb.DuckDBPyConnection, service: str | None
) -> None:
    question = Question(service, as_of=DAY).for_every_need()
    every = gaps(embedded, question)
    some = gaps(embedded, question, codes=SOME)
    wanted = every[every["code"].isin(SOME)].reset_index(drop=True)
    assert set(some["code"]) == set(SOME)
    pd.testing.assert_frame_equal(some, wanted)
    needs = nomenclature().definitions_for("departement")
    chosen = gaps(embedded, question, definitions=needs)
    wanted = every[every["definition"] == every["service"].map(needs)].reset_index(drop=True)
    assert chosen["code"].isna().any()
    pd.testing.assert_frame_equal(chosen, wanted)


def test_duties_of_some_communes(embedded: duckdb.DuckDBPyConnection) -> None:
    every = duties_of_territory(embedded, DAY)
    some = duties_of_territory(embedded, DAY, SOME)
    wanted = every[every["code"].isin(SOME)].reset_index(drop=True)
    assert set(some["code"]) == set(SOME)
    pd.testing.assert_frame_equal(some, wanted)


def test_shapes_of_some_communes_keep_which_are_the_largest(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    every = shapes(embedded)
    some = every.among(SOME)
    assert some.codes == tuple(sorted(SOME))
    named = [some.codes[row] for row in some.largest]
    assert named == [every.codes[row] for row in every.largest if every.codes[row] in SOME]
    assert named[0] == "62041"
    assert every.among(("62041", "00000")).left_out == 1
