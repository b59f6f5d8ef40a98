"""Any selection of communes as one territory: sums made anew, nothing masked told."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version
from generated import at_every_run

from observatory.answers.accessible import access_gaps
from observatory.answers.gaps import gaps
from observatory.answers.sums import add_up, neighbours, rank
from observatory.errors import RequestError
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
DAY = date(2026, 1, 1)
KEYS = ["service", "day_type", "definition"]
FIGURES = ["public", "need", "supply", "gap", "rate", "target"]
REACH = ["access_10", "access_15", "access_20", "access_supply", "access_gap", "access_rate"]
COUNTS = ["deficit_count", "definition_count"]
FLAGS = ["estimated", "suppressed", "fragile", "demonstration", "bpe"]


def slots(table: pd.DataFrame) -> pd.DataFrame:
    """One row per slot, in a fixed order."""
    return table.assign(day_type=table["day_type"].fillna("")).set_index(KEYS).sort_index()


def assert_same(found: pd.DataFrame, expected: pd.DataFrame, columns: list[str]) -> None:
    one, other = slots(found)[columns], slots(expected)[columns]
    pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-9)


def total_of(con: Con, codes: list[str], question: Question, **more: str) -> pd.DataFrame:
    """Some communes as one territory, for the need definition that is asked."""
    question.check()
    rows = add_up(con, gaps(con, question.for_every_need()), codes, **more)
    return rows if question.definition is None else rows[rows["definition"] == question.definition]


def every(table: pd.DataFrame) -> list[str]:
    return sorted(table["code"].dropna().unique())


def without_masked(con: Con, table: pd.DataFrame) -> pd.DataFrame:
    """The services of which no commune is masked: their total is the sum of what is shown."""
    hidden = {s for (s,) in con.execute("SELECT DISTINCT service FROM masked").fetchall()}
    touched = {"rpe", "accueil_0_2", *hidden}
    return table[~table["service"].isin(touched)]


@pytest.fixture(scope="module")
def everything(embedded: Con) -> pd.DataFrame:
    """Every service of the default, within reach too: to be read, never written."""
    return access_gaps(embedded, Question(as_of=DAY))


def test_all_the_communes_together_are_the_territory_of_the_map(
    embedded: Con, everything: pd.DataFrame
) -> None:
    table = everything
    assert_same(
        add_up(embedded, table, every(table)),
        table[table["code"].isna()],
        FIGURES + REACH + COUNTS + FLAGS + ["published_rate", "reliability"],
    )


def test_the_sum_of_the_communes_is_worked_out_not_copied_from_the_total(
    embedded: Con, everything: pd.DataFrame
) -> None:
    """Without the row of the territory to take from, the same figures come out."""
    table = without_masked(embedded, everything)
    # One more commune than is added up: the selection is not the whole any more.
    stranger = table[table["code"] == "62041"].assign(code="99999")
    found = add_up(embedded, pd.concat([table, stranger]), every(table))
    assert_same(found, table[table["code"].isna()], FIGURES + REACH + COUNTS + FLAGS)


@pytest.mark.parametrize("code", at_every_run(1, ["62041", "62004", "62290"]))
def test_one_commune_alone_is_that_commune(embedded: Con, code: str) -> None:
    table = access_gaps(embedded, Question(as_of=DAY, custom=60))
    assert_same(
        add_up(embedded, table, [code]),
        table[table["code"] == code],
        FIGURES + REACH + COUNTS + FLAGS + ["masked", "published_rate", "reliability"],
    )


def test_the_parts_of_the_territory_add_up_to_it(embedded: Con, everything: pd.DataFrame) -> None:
    table = without_masked(embedded, everything)
    codes = every(table)
    parts = [slots(add_up(embedded, table, codes[n::3])) for n in range(3)]
    whole = slots(table[table["code"].isna()])
    for column in ("public", "need", "supply", "gap", "access_supply"):
        total = sum(part[column] for part in parts)
        np.testing.assert_allclose(total, whole[column], rtol=1e-9, atol=1e-6)


def test_a_rate_is_of_the_sums_and_not_a_mean_of_rates(tiny_three: Con) -> None:
    """By hand: Aval 50 places for 300 children, Bourg 10 for 150: 60 for 450."""
    row = total_of(
        tiny_three, ["62001", "62002"], Question("eaje_psu", definition="territory", as_of=DAY)
    ).iloc[0]
    assert (row["public"], row["supply"], row["communes"]) == (450, 60, 2)
    assert row["rate"] == pytest.approx(100 * 60 / 450)
    # Clos has none of the 60 places and 27 of the 477 children: its share of the mean is theirs.
    assert row["target"] == pytest.approx(100 * 60 / 477)
    assert row["need"] == pytest.approx(450 * 60 / 477)
    assert row["estimated"]


def test_an_unknown_commune_makes_the_sum_unknown_and_is_named(tiny_four: Con) -> None:
    row = total_of(
        tiny_four, ["62001", "62004"], Question("eaje", definition="reference_nat", as_of=DAY)
    )
    assert row[["public", "need", "rate"]].isna().all(axis=None)
    assert row["public_unknown"].item() == ("Dune",)
    both = total_of(
        tiny_four, ["62001", "62003"], Question("eaje", definition="reference_nat", as_of=DAY)
    )
    assert both["supply"].isna().item()  # the capacity of Micro 2 is not known
    assert both["supply_unknown"].item() == ("Clos",)
    assert both["public"].item() == 327


def test_a_small_commune_has_no_rate_until_it_is_added_to_another(tiny_three: Con) -> None:
    alone = total_of(tiny_three, ["62003"], Question("eaje_psu", definition="territory", as_of=DAY))
    assert alone["suppressed"].item()
    assert alone["rate"].isna().item()
    two = total_of(
        tiny_three, ["62002", "62003"], Question("eaje_psu", definition="territory", as_of=DAY)
    )
    assert two["rate"].item() == pytest.approx(100 * 10 / 177)


@pytest.mark.parametrize("service", at_every_run(1, ["accueil_0_2", "assistants_maternels", "rpe"]))
def test_no_selection_tells_a_masked_figure(embedded: Con, service: str) -> None:
    """Whatever leaves one masked commune in or out is unknown: no difference can be made."""
    table = access_gaps(embedded, Question(service, as_of=DAY))
    hidden = {c for (c,) in embedded.execute("SELECT DISTINCT code FROM masked").fetchall()}
    codes = set(every(table))
    told = "public" if service == "rpe" else "supply"
    for size in range(1, len(hidden) + 1):
        for some in combinations(sorted(hidden), size):
            assert add_up(embedded, table, some)[told].isna().all()
            others = (codes - hidden) | set(some)
            if others != codes:
                assert add_up(embedded, table, others)[[told, "gap", "rate"]].isna().all(axis=None)
    left = add_up(embedded, table, codes - hidden)[told].iloc[0]
    whole = add_up(embedded, table, codes)[told].iloc[0]
    assert len(hidden) >= 2
    assert whole > left  # what is left over belongs to several communes


def test_a_selection_of_nothing_or_of_a_stranger_is_refused(embedded: Con) -> None:
    with pytest.raises(RequestError, match="aucune commune"):
        total_of(embedded, [], Question("eaje", as_of=DAY))
    with pytest.raises(RequestError, match="75056"):
        total_of(embedded, ["62041", "75056"], Question("eaje", as_of=DAY))
    with pytest.raises(RequestError, match="besoin"):
        total_of(embedded, ["62041"], Question("eaje", definition="norm", as_of=DAY))


def test_equal_figures_share_a_rank_and_the_unknown_have_none() -> None:
    table = pd.DataFrame({"gap": [3.0, -5.0, np.nan, -5.0 + 1e-12, 0.0], "rate": [1, 9, 5, 9, 2]})
    assert rank(table, "gap").tolist() == [4, 1, pd.NA, 1, 3]
    assert rank(table, "rate").tolist() == [5, 1, 3, 1, 4]


def test_neighbours_go_both_ways_and_are_never_oneself(embedded: Con) -> None:
    table = embedded.execute("FROM neighbour").df()
    there = set(zip(table["code"], table["neighbour"], strict=True))
    assert there == {(b, a) for a, b in there}
    assert not [a for a, b in there if a == b]
    assert set(table["code"]) == set(every(gaps(embedded, Question("eaje", as_of=DAY))))


def test_the_neighbours_are_added_up_without_the_commune(embedded: Con) -> None:
    codes = neighbours(embedded, ["62041"])
    assert "62041" not in codes
    asked = Question("eaje", definition="reference_nat", as_of=DAY)
    around = total_of(embedded, list(codes), asked)
    theirs = gaps(embedded, asked).set_index("code").loc[list(codes)]
    assert around["communes"].item() == len(codes)
    assert around["supply"].item() == pytest.approx(theirs["supply"].sum())
    assert around["rate"].item() == pytest.approx(
        100 * theirs["supply"].sum() / theirs["public"].sum()
    )


@pytest.mark.campaign
def test_a_commune_without_neighbour_has_none_to_add_up(tiny_version: Version) -> None:
    con = tiny_version(territory="62001")
    assert neighbours(con, ["62001"]) == ()
    with pytest.raises(RequestError, match="aucune commune"):
        add_up(con, gaps(con, Question("eaje", as_of=DAY)), neighbours(con, ["62001"]))


def test_the_tiny_territory_is_named_as_its_source_names_it(tiny_four: Con) -> None:
    row = total_of(
        tiny_four, tiny.ABC.split(","), Question("eaje", as_of=DAY), name="Trois communes"
    )
    assert set(row["name"]) == {"Trois communes"}
