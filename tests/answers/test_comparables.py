"""Comparable territories: by demand alone, on what is known for both, the nearest first."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version

from observatory.answers.comparables import comparables, nearest_of, own_epci
from observatory.answers.comparables_in_words import known_on, moves, value, why
from observatory.knowledge.comparable_rules import comparable_rules

Con = duckdb.DuckDBPyConnection
VARIABLES = list(comparable_rules().variable)
UNKNOWN = dict.fromkeys(VARIABLES, math.nan)
FEW = comparable_rules().model_copy(update={"least_known": 2, "least_variables": 2, "count": 2})


def table(rows: list[tuple[str, dict[str, float]]]) -> pd.DataFrame:
    """Profiles: what is not given is unknown."""
    return pd.DataFrame(
        [
            {"siren": siren, "name": siren, "dep": "62", **UNKNOWN, **given}
            for siren, given in rows
        ]
    )  # fmt: skip


HAND = table(
    [
        ("A", {"share_under3": 1.0, "largest_commune": 10.0}),
        ("B", {"share_under3": 2.0, "largest_commune": 40.0}),
        ("C", {"share_under3": 4.0, "largest_commune": 10.0}),
        ("D", {"share_under3": 5.0, "largest_commune": 40.0}),
    ]
)
"""Mean share 3, variance (4 + 1 + 1 + 4) / 4 = 2.5; weights 15 either side of 25."""


def test_a_distance_worked_out_by_hand() -> None:
    found = nearest_of(HAND, "A", FEW)
    assert found is not None
    share, weight = 1 / math.sqrt(2.5), 30 / 15  # of one point, of thirty points
    by_hand = {
        "C": math.sqrt((3 * share) ** 2 / 2),  # 1.342
        "B": math.sqrt((share**2 + weight**2) / 2),  # 1.483
    }
    assert [one.name for one in found.nearest] == ["C", "B"]
    assert {o.name: o.distance for o in found.nearest} == pytest.approx(by_hand)
    assert found.nearest[1].apart == pytest.approx({"share_under3": share, "largest_commune": 2.0})


def test_the_order_moves_as_said_when_a_variable_is_dropped() -> None:
    found = nearest_of(HAND, "A", FEW)
    assert found is not None
    # By the share alone B, C, D; by the weight alone C, then B and D at the same distance.
    c, b = found.nearest
    assert (b.without["largest_commune"], c.without["largest_commune"]) == (1, 2)
    assert (c.without["share_under3"], b.without["share_under3"]) == (1, 2)
    assert found.entering == {"share_under3": (), "largest_commune": ()}
    assert dict(moves(found))["poids de la commune la plus peuplée"] == "C : rang 2, B : rang 1"
    assert dict(moves(found))["part des 0–2 ans"] == "le même ordre"


def test_what_is_unknown_of_one_does_not_count_and_is_said() -> None:
    more = table(
        [*((r["siren"], {v: r[v] for v in VARIABLES}) for r in HAND.to_dict("records")),
         ("E", {"share_under3": 1.0})]
    )  # fmt: skip
    wide = FEW.model_copy(update={"least_variables": 1})
    found = nearest_of(more, "A", wide)
    assert found is not None
    assert (found.nearest[0].name, found.nearest[0].distance) == ("E", 0.0)
    assert set(found.nearest[0].apart) == {"share_under3"}
    assert value(found.nearest[0], "largest_commune") == "—"
    # By two variables at least, E is no one's neighbour.
    assert [o.name for o in nearest_of(more, "A", FEW).nearest] == ["C", "B"]  # type: ignore[union-attr]
    assert "population (inconnue pour ce territoire)" in known_on(found)


def test_a_variable_known_of_too_few_has_no_scale() -> None:
    found = nearest_of(HAND.assign(income=[1.0, 2.0, np.nan, np.nan]), "A", FEW.model_copy(
        update={"least_known": 3}
    ))  # fmt: skip
    assert found is not None
    assert "income" not in found.used
    assert "revenu médian (connue pour trop peu d'EPCI)" in known_on(found)
    assert nearest_of(HAND, "A", FEW.model_copy(update={"least_known": 5})) is None


def test_why_names_what_is_close_then_what_is_widest_apart() -> None:
    found = nearest_of(HAND, "A", FEW)
    assert found is not None
    # C: the same weight, three points of share more, that is 1.9 standard deviations.
    assert why(found.nearest[0]) == (
        "proche par poids de la commune la plus peuplée ; part des 0–2 ans : plus haut."
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_are_those_of_another_library(seed: int) -> None:
    # Two seconds of reading, that the other processes of a run need not spend.
    from sklearn.neighbors import NearestNeighbors
    from sklearn.preprocessing import StandardScaler

    draw = np.random.default_rng(seed)
    drawn = {v: draw.lognormal(3, 1, 200) for v in VARIABLES}
    rows = pd.DataFrame({"siren": [f"{n:09}" for n in range(200)], "dep": "62", **drawn})
    found = nearest_of(rows.assign(name=rows["siren"]), "000000007")
    assert found is not None
    rules = comparable_rules()
    scaled = StandardScaler().fit_transform(
        np.column_stack([np.log(drawn[v]) if rules.variable[v].logarithm else drawn[v]
                         for v in VARIABLES])
    )  # fmt: skip
    apart, places = NearestNeighbors(n_neighbors=6).fit(scaled).kneighbors(scaled[7:8])
    assert [int(o.siren) for o in found.nearest] == places[0][1:].tolist()
    assert [o.distance for o in found.nearest] == pytest.approx(apart[0][1:] / math.sqrt(6))


def test_nothing_of_the_offer_is_among_the_variables() -> None:
    assert VARIABLES == [
        "population", "density", "share_under3", "births_trend", "income", "largest_commune",
    ]  # fmt: skip


def test_the_embedded_files_compare_nobody(embedded: Con) -> None:
    assert own_epci(embedded) == [("200033579", "CU d'Arras")]
    assert comparables(embedded) is None


# --- the profile of an EPCI


def profile(con: Con) -> dict[str, Any]:
    (row,) = con.execute("FROM place_profile").df().to_dict("records")
    return {str(k): v for k, v in row.items()}


def test_a_profile_is_unknown_where_a_commune_is(tiny_four: Con) -> None:
    found = profile(tiny_four)
    # 8,000 + 3,000 + 600 + 400 inhabitants on 10 + 8 + 6 + 5 km².
    assert (found["population"], found["density"]) == (12_000, pytest.approx(12_000 / 29))
    assert found["largest_commune"] == pytest.approx(100 * 8_000 / 12_000)
    assert pd.isna(found["share_under3"])  # nobody tells the ages of Dune
    assert pd.isna(found["births_trend"])
    assert pd.isna(found["income"])


AGES = tiny.AGES + "".join(f"62004;COM;Y{n};_T;POP;A;4;2023\n" for n in (0, 1, 2))
INCOMES = "CODGEO;Q219\n62001;20000\n62002;22000\n62003;25000\n"  # Dune's is not published
YEARS = "GEO;GEO_OBJECT;EC_MEASURE;FREQ;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n" + "".join(
    f"{code};COM;LVB;A;A;{year};{births}\n"
    for code, each in (("62001", (100, 100, 100, 90, 90, 90)), ("62002", (20,) * 6),
                       ("62003", (5,) * 6), ("62004", (5,) * 6))
    for year, births in zip(range(2019, 2025), each, strict=True)
)  # fmt: skip


def test_a_profile_worked_out_by_hand(tiny_version: Version) -> None:
    found = profile(
        tiny_version(
            {
                "rp_age/ages_rp2023.csv": AGES,
                "filosofi/FILO2019_DISP_COM.csv": INCOMES,
                "naissances/naissances_2019_2024.csv": YEARS,
                "naissances/communes_2022.csv": tiny.FACTS.replace("naissances_2022", "autre"),
            }
        )
    )
    # Three fifths of 500 + 250 + 45 children under five, and the twelve of Dune.
    assert found["share_under3"] == pytest.approx(100 * (0.6 * 795 + 12) / 12_000)
    assert found["share_estimated"]
    # 130 births a year, then 120.
    assert found["births_trend"] == pytest.approx(100 * (120 / 130 - 1))
    # 97 % of inhabitants.
    assert found["income"] == pytest.approx(
        (20_000 * 8_000 + 22_000 * 3_000 + 25_000 * 600) / 11_600
    )
