"""The order of the shortfalls follows its stated rule, and leaves out what nobody knows."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Con, Version

from observatory.answers.gaps import gaps
from observatory.answers.priorities import priorities, ranked_services, unranked
from observatory.files.priorities_csv import HEADINGS, priorities_csv
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question

DAY, BEFORE = date(2026, 1, 1), date(2025, 1, 1)


@pytest.fixture(scope="module")
def ranked(embedded: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return priorities(embedded, DAY, BEFORE)


def test_a_service_is_ranked_once_and_none_that_only_shares_out() -> None:
    names, found = nomenclature(), ranked_services()
    assert "eaje" in found  # its parts have no need of their own
    assert "accueil_0_2" not in found  # all of its parts are ranked, two of them in « eaje »
    leaves = [leaf for s in found for leaf in (names.services[s].parts or (s,))]
    assert len(leaves) == len(set(leaves))
    assert not any(names.definitions[need].shares_out for need in found.values())


def test_the_order_is_that_of_the_rule_worked_out_apart(
    embedded: duckdb.DuckDBPyConnection, ranked: pd.DataFrame
) -> None:
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert ranked["weight"].is_monotonic_decreasing
    services = nomenclature().services
    every = {s: gaps(embedded, Question(s, as_of=DAY)) for s in set(ranked["service"])}
    for row in ranked.to_dict("records"):
        rows = every[row["service"]]
        rows = rows[(rows["definition"] == row["definition"]) & (rows["code"] == row["code"])]
        assert len(rows) == 1  # no service with types of day has a rank here
        own = rows.iloc[0]
        lack = own["need"] - own["supply"]
        share = lack / own["need"]
        persons = lack if services[row["service"]].unit == "places" else own["public"] * share
        assert row["left_without"] == pytest.approx(persons)
        sure = own["deficit_count"] / own["definition_count"]
        assert row["weight"] == pytest.approx(persons * sure)
        assert 0 < row["public_share"] <= 1
    before = gaps(embedded, Question("eaje", as_of=BEFORE))
    one = ranked[ranked["service"] == "eaje"].iloc[0]
    kept = before[(before["definition"] == one["definition"]) & (before["code"] == one["code"])]
    assert one["gap_before"] == pytest.approx(kept["gap"].iloc[0])


def test_what_is_masked_or_unknown_has_no_rank_and_is_counted(
    embedded: duckdb.DuckDBPyConnection, ranked: pd.DataFrame
) -> None:
    every = gaps(embedded, Question(as_of=DAY), definitions=ranked_services())
    silent = every[every["code"].notna() & every["gap"].isna()]
    assert silent["masked"].any()
    keys = set(zip(silent["code"], silent["service"], strict=True))
    assert not keys & set(zip(ranked["code"], ranked["service"], strict=True))
    assert sum(unranked(embedded, DAY).values()) == len(silent)


def test_the_file_holds_the_order_and_its_rule(ranked: pd.DataFrame) -> None:
    lines = priorities_csv(ranked.head(3), "la règle").decode("utf-8-sig").split("\r\n")
    assert lines[0].split(";") == list(HEADINGS)
    assert lines[1].split(";")[0] == "1"
    assert lines[1].endswith("la règle")
    assert not lines[2].endswith("la règle")


def test_where_nothing_is_known_there_is_an_order_of_nothing(
    tiny_version: Version, tiny_three: Con
) -> None:
    none = tiny_version(tiny.NO_CENSUS, tiny.ABC)
    day = date(2026, 1, 1)
    found, known = priorities(none, day, day), priorities(tiny_three, day, day)
    assert found.empty
    assert len(known)
    numbers = [c for c in known if pd.api.types.is_numeric_dtype(known[c])]
    assert {c: str(found[c].dtype) for c in numbers} == {c: str(known[c].dtype) for c in numbers}
