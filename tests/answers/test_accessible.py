"""Accessible supply: the published figures, what always holds, and nothing lost in silence."""

from __future__ import annotations

import math
import shutil
import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from generated import at_every_run, tried
from hypothesis import given
from hypothesis import strategies as st

from observatory.answers import accessible, equity
from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.versions import warehouse
from pipelines.macros import write_macros
from pipelines.refresh import refresh
from tests.mart_tables import DAY, LAST_MARTS, build, reached, run_marts

RULES = catchment_rules()
SERVICE, PUBLIC = "eaje_psu", "0_2"
AUTUMN = date(2026, 10, 1)
BOTH = pd.DataFrame({"code": ["00000", "00001"]})
INHABITANTS = pd.DataFrame({"code": ["00000"], "public": "tous", "amount": [50.0]})


def world(
    children: Sequence[float],
    places: Sequence[float],
    minutes: Any = None,
    *,
    spots: Sequence[tuple[float, float]] | None = None,
    service: str = SERVICE,
    public: str = PUBLIC,
    **more: Any,
) -> duckdb.DuckDBPyConnection:
    """Communes 00000…, establishments E0…; ``minutes[i][j]`` between them, or their positions."""
    codes = [f"{n:05d}" for n in range(len(children))]
    halls = spots or [(2.0 + 0.001 * n, 50.0) for n in range(len(children))]
    con = duckdb.connect(config=warehouse.CONFIG)
    times = None
    if minutes is not None:
        rows = [
            (codes[i], f"E{j}", float(minutes[i][j]))
            for i in range(len(codes))
            for j in range(len(places))
        ]
        times = pd.DataFrame(rows, columns=["origin", "destination", "minutes"])
    facilities = more.pop(
        "establishments",
        pd.DataFrame(
            {
                "id": [f"E{j}" for j in range(len(places))],
                "service": service,
                "code": codes[0],
                "lon": 2.0,
                "lat": 50.0,
                "amount": list(places),
            }
        ),
    )
    build(
        con,
        communes=pd.DataFrame(
            {"code": codes, "lon": [h[0] for h in halls], "lat": [h[1] for h in halls]}
        ).assign(**more.pop("communes", {})),
        children=pd.concat(
            [
                pd.DataFrame({"code": codes, "public": public, "amount": list(children)}).dropna(),
                more.pop("inhabitants", None),
            ]
        ),
        establishments=facilities,
        travel_times=more.pop("travel_times", times),
        **more,
    )
    run_marts(con, *LAST_MARTS)
    write_macros(con)
    return con


def rates(
    con: duckdb.DuckDBPyConnection, rule: dict[str, float | bool], service: str = SERVICE
) -> np.ndarray:
    """Accessible places per child of each commune, in the order of their codes."""
    rates_per = nomenclature().services[service].rate_per
    return reached(con, DAY, rule, service)["access"].to_numpy(float) / rates_per


def given_to(
    con: duckdb.DuckDBPyConnection, establishment: str, *, scheme: str = "apl"
) -> pd.DataFrame:
    """The communes that the places of an establishment go to, as what is reached is made of."""
    return con.execute(
        "SELECT f.code, c.inside, f.share, f.share * f.amount AS places "
        "FROM flow_as_of(?, ?, ?) AS f JOIN commune AS c ON c.code = f.code "
        "WHERE f.establishment = ? AND f.share > 0 ORDER BY f.share DESC, f.code",
        [DAY, RULES.rule(scheme), SERVICE, establishment],
    ).df()


def distances(
    a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]]
) -> list[list[float]]:
    return [[math.dist(p, q) for q in b] for p in a]


# The published figures


def test_three_communes_by_hand_with_the_weights_of_the_apl() -> None:
    con = world([100, 50, 30], [40, 0, 6], [[0, 8, 14], [8, 0, 12], [14, 12, 0]])
    assert (100 * rates(con, RULES.rule("apl"))).round(4).tolist() == [35.2316, 11.5028, 16.7232]


def test_three_consumers_and_two_providers_under_a_gaussian() -> None:
    homes, places = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)], [(0.0, 0.0), (2.0, 0.0)]
    con = world([100] * 3, [10] * 2, distances(homes, places))
    rule = {**RULES.rule("gaussien"), "sigma": 1.0}
    assert rates(con, rule).round(6).tolist() == [0.065179, 0.069641, 0.065179]


def test_six_facilities_and_four_places_with_and_without_competition() -> None:
    """3SFCA: each weight is multiplied by its share among those of the same origin (Wan 2012).

    The published matrix holds weights of 1 to 24. Weights are at most 1 here, and the measure does
    not change when all are divided by the same number: minutes are those whose Gaussian is W / 25.
    """
    weights = np.arange(1.0, 25).reshape(4, 6)  # 6 × 4 column-major, its columns in rows
    minutes = np.sqrt(-2 * np.log(weights / 25))
    con = world([1, 2, 3, 4], [1, 2, 3, 4, 5, 6], minutes)
    assert rates(con, RULES.rule("binaire")) == pytest.approx([2.1] * 4, rel=1e-14)
    rule = {**RULES.rule("gaussien"), "sigma": 1.0, "choice": True}
    assert rates(con, rule).round(7).tolist() == [0.6686168, 1.3565093, 2.0921208, 2.8355005]


# The weights


@pytest.fixture(scope="module")
def alone() -> Iterator[duckdb.DuckDBPyConnection]:
    """One commune and its establishment: to be read."""
    with world([1], [1]) as con:
        yield con


def weights(
    con: duckdb.DuckDBPyConnection,
    minutes: Sequence[float],
    scheme: str,
    reach: float | None = None,
) -> np.ndarray:
    """Weights of travel times, as the versions compute them."""
    times = [float(m) for m in minutes]
    return con.execute(
        "SELECT weight_at(m, $rule) AS w FROM (SELECT unnest(CAST($times AS DOUBLE[])) AS m)",
        {"rule": RULES.rule(scheme, reach), "times": times},
    ).fetchnumpy()["w"]


def test_a_bound_belongs_to_the_next_step_and_the_reach_to_the_last(
    alone: duckdb.DuckDBPyConnection,
) -> None:
    minutes = [0, 4.999, 5, 9.999, 10, 15, 15.001, math.nan]
    assert weights(alone, minutes, "apl").tolist() == [1, 1, 0.3, 0.3, 0.1, 0.1, 0, 0]
    assert weights(alone, [6, 7], "apl", 20).tolist() == [1, 0.3]


@pytest.mark.parametrize("scheme", list(RULES.schemes))
@pytest.mark.parametrize("reach", at_every_run(1, [10, 15, 20]))
def test_a_scheme_weighs_as_its_formula_says(
    alone: duckdb.DuckDBPyConnection, scheme: str, reach: float
) -> None:
    minutes, chosen = np.linspace(0, 25, 501), RULES.schemes[scheme]
    scale = reach / RULES.reach.default
    if chosen.kind == "gaussian":
        expected = np.exp(-0.5 * (minutes / ((chosen.sigma or 1.0) * scale)) ** 2)
    else:
        inner = np.array(chosen.bounds[:-1]) * reach / RULES.reach.default
        expected = np.array(chosen.weights)[np.searchsorted(inner, minutes, side="right")]
    expected = np.where(minutes <= reach, expected, 0.0)
    assert weights(alone, minutes, scheme, reach) == pytest.approx(expected, abs=1e-15)


def test_the_check_of_the_refresh_weighs_by_the_default_rule(
    alone: duckdb.DuckDBPyConnection,
) -> None:
    found = alone.execute("SELECT r FROM weight_rule AS r WHERE by_default").fetchall()
    assert len(found) == 1
    assert found[0][0] | RULES.rule("apl") == found[0][0]


def test_a_reach_longer_than_the_pairs_kept_is_refused() -> None:
    with pytest.raises(RequestError, match="hors limites"):
        RULES.rule("apl", 45)
    with pytest.raises(RequestError, match="Choix possibles : apl"):
        RULES.rule("nimporte")


# What always holds

COUNTS = st.integers(1, 6)


@st.composite
def cases(
    draw: st.DrawFn, longest: float = 20.0
) -> tuple[list[float], list[float], list[list[float]]]:
    homes, places = draw(COUNTS), draw(COUNTS)
    children = draw(st.lists(st.integers(1, 500), min_size=homes, max_size=homes))
    capacities = draw(st.lists(st.integers(0, 80), min_size=places, max_size=places))
    # Odd fractions: no travel time falls on a bound, where conventions differ.
    minute = st.integers(0, int(longest * 100)).map(lambda n: n / 100 + 0.0037)
    row = st.lists(minute, min_size=places, max_size=places)
    return (
        [*map(float, children)],
        [*map(float, capacities)],
        draw(st.lists(row, min_size=homes, max_size=homes)),
    )


@pytest.mark.campaign
@tried(5, 60)
@given(cases(), st.sampled_from(list(RULES.schemes)))
def test_every_place_goes_to_a_child_when_it_has_one_in_reach(case: Any, scheme: str) -> None:
    children, places, minutes = case
    con = world(children, places, minutes)
    served = (np.array(minutes) <= 15).any(axis=0)
    total = (rates(con, RULES.rule(scheme)) * children).sum()
    assert total == pytest.approx(np.array(places)[served].sum(), rel=1e-12, abs=1e-12)
    lost = accessible.unreached(con, DAY, scheme=scheme)
    lost = lost[lost["kind"] == "no_child_in_reach"]
    assert lost["amount"].sum() == pytest.approx(np.array(places)[~served].sum())


@pytest.mark.campaign
@tried(4, 60)
@given(cases(longest=14.9))
def test_a_huge_catchment_gives_the_ratio_of_the_whole_everywhere(case: Any) -> None:
    children, places, minutes = case
    found = rates(world(children, places, minutes), RULES.rule("binaire", 30))
    assert found == pytest.approx([sum(places) / sum(children)] * len(children), rel=1e-12)


@pytest.mark.campaign
@tried(5, 60)
@given(
    cases(), st.sampled_from(["apl", "gaussien", "e2sfca"]), st.integers(0, 5), st.integers(1, 40)
)
def test_adding_places_never_lowers_any_commune(
    case: Any, scheme: str, where: int, more: int
) -> None:
    children, places, minutes = case
    rule = RULES.rule(scheme)
    before = rates(world(children, places, minutes), rule)
    places[where % len(places)] += more
    after = rates(world(children, places, minutes), rule)
    assert (after >= before - 1e-15).all()


def pysal(case: Any, scheme: str) -> np.ndarray:
    """The same question asked of PySAL ``access``."""
    children, places, minutes = case
    rule = RULES.schemes[scheme]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import Access, weights

        cost = pd.DataFrame(
            [(i, j, minutes[i][j]) for i in range(len(children)) for j in range(len(places))],
            columns=["i", "j", "t"],
        )
        asked = Access(
            demand_df=pd.DataFrame({"i": range(len(children)), "p": children}),
            demand_index="i",
            demand_value="p",
            supply_df=pd.DataFrame({"j": range(len(places)), "s": places}),
            supply_index="j",
            supply_value="s",
            cost_df=cost,
            cost_origin="i",
            cost_dest="j",
            cost_name="t",
        )
        weigh = (
            weights.gaussian(rule.sigma)
            if rule.kind == "gaussian"
            else weights.step_fn(dict(zip(rule.bounds, rule.weights, strict=True)))
        )
        method = asked.three_stage_fca if rule.choice else asked.two_stage_fca
        found = method(name="a", max_cost=15, weight_fn=weigh)["a_s"]
    return found.reindex(range(len(children))).fillna(0).to_numpy(float)


@pytest.mark.parametrize("scheme", at_every_run(1, RULES.schemes))
@tried(3, 30)
@given(case=cases(longest=14.9))
def test_pysal_access_agrees(scheme: str, case: Any) -> None:
    found = rates(world(*case), RULES.rule(scheme))
    assert found == pytest.approx(pysal(case, scheme), rel=1e-12, abs=1e-12)


@tried(3, 30)
@given(cases(), st.sampled_from(list(RULES.schemes)))
def test_what_each_establishment_brings_adds_up_to_the_rate(case: Any, scheme: str) -> None:
    children, places, minutes = case
    con = world(children, places, minutes)
    table = accessible.access(con, SERVICE, as_of=DAY, scheme=scheme)
    for code, rate in zip(table["code"], table["access_15"], strict=True):
        brought = accessible.reachable(con, code, SERVICE, as_of=DAY, scheme=scheme)
        assert brought["contribution"].sum() == pytest.approx(rate, rel=1e-12, abs=1e-12)
    for number in range(len(places)):
        shares = given_to(con, f"E{number}", scheme=scheme)["share"]
        assert shares.empty or shares.sum() == pytest.approx(1, rel=1e-12)


# Minutes


def facility(
    *rows: tuple[str, str, float | None, float | None, float | None], service: str = SERVICE
) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["id", "code", "lon", "lat", "amount"])
    return table.assign(service=service)


def test_without_a_table_minutes_are_the_straight_line_by_the_stated_figures() -> None:
    con = world(
        [10], [5], establishments=facility(("E0", "00000", 2.05, 50.03, 5)), spots=[(2.0, 50.0)]
    )
    a, b = np.radians([2.0, 50.0]), np.radians([2.05, 50.03])
    half = (
        math.sin((b[1] - a[1]) / 2) ** 2
        + math.cos(a[1]) * math.cos(b[1]) * math.sin((b[0] - a[0]) / 2) ** 2
    )
    km = 2 * 6371.0088 * math.asin(math.sqrt(half))
    found = accessible.reachable(con, "00000", SERVICE, as_of=DAY)["minutes"].tolist()
    assert found == pytest.approx([km * 1.3 / 40 * 60], rel=1e-9)
    assert "× 1,3 à 40 km/h" in RULES.explain_minutes()


@pytest.mark.parametrize("place", [(2.0, 50.0), (55.5, -21.1), (-52.3, 4.9)])
def test_the_grid_loses_no_pair_wherever_the_territory_is(place: tuple[float, float]) -> None:
    rng = np.random.default_rng(7)
    spread = rng.uniform(-0.4, 0.4, (60, 2)) + place
    halls, doors = [tuple(map(float, p)) for p in spread[:30]], spread[30:]
    rows = [(f"E{n}", "00000", float(x), float(y), 1.0) for n, (x, y) in enumerate(doors)]
    con = world([1] * 30, [1] * 30, establishments=facility(*rows), spots=halls)
    found = con.execute("SELECT count(*) FROM reach").fetchall()[0][0]
    lon, lat = np.radians(spread).T
    dlat, dlon = lat[:30, None] - lat[None, 30:], lon[:30, None] - lon[None, 30:]
    half = (
        np.sin(dlat / 2) ** 2
        + np.cos(lat[:30, None]) * np.cos(lat[None, 30:]) * np.sin(dlon / 2) ** 2
    )
    minutes = 2 * 6371.0088 * np.arcsin(np.sqrt(half)) * 1.3 / 40 * 60
    assert found == (minutes <= RULES.travel.max_minutes).sum() > 30


def test_travel_times_are_directed_from_home_to_the_establishment() -> None:
    times = pd.DataFrame(
        [
            ("00000", "00001", 4.0),
            ("00001", "00000", 12.0),
            ("00000", "00000", 0.0),
            ("00001", "00001", 0.0),
        ],
        columns=["origin", "destination", "minutes"],
    )
    con = world(
        [10, 10], [5], establishments=facility(("E0", "00001", 2.0, 50.0, 5)), travel_times=times
    )
    assert accessible.reachable(con, "00000", SERVICE, as_of=DAY)["minutes"].tolist() == [4.0]


def test_an_establishment_named_in_the_table_is_worth_more_than_its_commune() -> None:
    times = pd.DataFrame(
        [("00000", "00000", 3.0), ("00000", "E1", 9.0)],
        columns=["origin", "destination", "minutes"],
    )
    places = facility(("E0", "00000", 2.0, 50.0, 5), ("E1", "00000", 2.0, 50.0, 7))
    con = world([10], [5, 7], establishments=places, travel_times=times)
    assert accessible.reachable(con, "00000", SERVICE, as_of=DAY)["minutes"].tolist() == [3.0, 9.0]


def test_unsnapped_travel_times_are_counted_and_reported() -> None:
    times = pd.DataFrame(
        [
            ("00000", "00000", 2.0),
            ("00001", "00000", None),
            ("99999", "00000", 5.0),
            ("00000", "E9", 5.0),
        ],
        columns=["origin", "destination", "minutes"],
    )
    con = world(
        [10, 10], [5], establishments=facility(("E0", "00000", 2.0, 50.0, 5)), travel_times=times
    )
    found = accessible.unreached(con, DAY)
    kinds = dict(zip(found["kind"], found["id"], strict=True))
    assert kinds == {
        "travel_pair_unsnapped": "00001 → 00000",
        "travel_origin_unknown": "99999",
        "travel_destination_unknown": "E9",
        "travel_origin_missing": "00001",
    }
    # A commune that the table never times is measured in a straight line, not dropped.
    assert len(accessible.reachable(con, "00001", SERVICE, as_of=DAY)) == 1


def test_a_pair_that_the_table_leaves_out_is_out_of_reach() -> None:
    times = pd.DataFrame(
        [("00000", "00000", 2.0), ("00001", "00001", 2.0)],
        columns=["origin", "destination", "minutes"],
    )
    con = world(
        [10, 10],
        [5],
        establishments=facility(("E0", "00000", 2.0, 50.0, 5), ("E1", "00001", 2.0, 50.0, 5)),
        travel_times=times,
    )
    assert accessible.reachable(con, "00001", SERVICE, as_of=DAY)["establishment"].tolist() == [
        "E1"
    ]


# Where demand and supply stand


def test_children_can_stand_at_weighted_points() -> None:
    points = pd.DataFrame(
        {
            "id": ["bourg", "hameau"],
            "code": "00000",
            "lon": [2.0, 2.11],
            "lat": 50.0,
            "weight": [30.0, 10.0],
        }
    )
    con = world([100], [20], demand_points=points)
    assert rates(con, RULES.rule("apl")).tolist() == pytest.approx([20 * 0.75 / 75])
    # Three quarters of the children are at the door, the others 15.4 minutes away.
    near = accessible.nearest(con, DAY).set_index("service")["nearest_minutes"]
    assert near[SERVICE] == near["eaje"] == pytest.approx(15.3 / 4, abs=0.1)


def test_a_demand_point_without_place_is_reported_and_its_commune_keeps_its_town_hall() -> None:
    points = pd.DataFrame(
        {"id": ["perdu"], "code": "00000", "lon": [None], "lat": [50.0], "weight": [1.0]}
    )
    con = world([100], [20], demand_points=points)
    assert rates(con, RULES.rule("apl")).tolist() == pytest.approx([0.2])
    assert accessible.unreached(con, DAY)["kind"].tolist() == ["demand_point_rejected"]


def test_an_establishment_without_position_counts_at_the_town_hall_and_is_reported() -> None:
    con = world([100], [20], establishments=facility(("E0", "00000", None, None, 20)))
    assert rates(con, RULES.rule("apl")).tolist() == pytest.approx([0.2])
    report = accessible.unreached(con, DAY)
    assert report[["kind", "id", "amount"]].values.tolist() == [["place_at_town_hall", "E0", 20.0]]
    assert report["reason"].notna().all()


def test_a_commune_without_town_hall_has_no_rate_and_is_reported() -> None:
    con = world([100, 50], [20], communes={"lon": [2.0, None]})
    table = accessible.access_gaps(
        con, Question(SERVICE, as_of=DAY, definition="custom", custom=10)
    )
    lost = table[table["code"] == "00001"]
    assert lost["access_15"].isna().all()
    assert table["access_supply"].isna().tolist() == [False, True, True]
    assert "commune_nowhere" in accessible.unreached(con, DAY)["kind"].tolist()


def test_unknown_places_make_the_communes_in_reach_unknown_never_zero() -> None:
    places = facility(
        ("E0", "00000", 2.0, 50.0, None),
        ("E1", "00000", 2.0, 50.0, 5),
        ("E2", "00001", 3.0, 50.0, 5),
    )
    con = world([10, 10], [0], establishments=places, spots=[(2.0, 50.0), (3.0, 50.0)])
    found = rates(con, RULES.rule("apl"))
    assert math.isnan(found[0])
    assert found[1] == pytest.approx(0.5)
    assert "places_unknown" in accessible.unreached(con, DAY)["kind"].tolist()


def test_a_place_in_reach_of_children_not_known_is_named_without_what_it_brings() -> None:
    con = world([math.nan, 50], [20, 6])
    found = accessible.reachable(con, "00000", SERVICE, as_of=DAY)
    assert found["establishment"].tolist() == ["E0", "E1"]
    assert found["contribution"].isna().all()
    assert found["share"].isna().all()
    alone = accessible.reachable(world([math.nan], [20]), "00000", SERVICE, as_of=DAY)
    assert alone["amount"].tolist() == [20]
    assert alone["contribution"].isna().all(), "nobody draws there is not what is known"


def test_children_outside_the_perimeter_share_the_places_near_its_border() -> None:
    # The census stands for both communes: there is no place in the second one.
    con = world([100, 100], [20], communes={"inside": [True, False]}, covered=BOTH)
    table = accessible.access(con, SERVICE, as_of=DAY)
    assert table["code"].tolist() == ["00000"]
    assert table["access_15"].tolist() == pytest.approx([10])
    gone = given_to(con, "E0")
    assert gone[["code", "inside", "places"]].values.tolist() == [
        ["00000", True, 10.0],
        ["00001", False, 10.0],
    ]


def test_children_whose_own_supply_is_unknown_compete_for_no_place_of_the_perimeter() -> None:
    """Counting them without what they have at home would only lower the figures of the border."""
    con = world([100, 100], [20], communes={"inside": [True, False]})
    table = accessible.access(con, SERVICE, as_of=DAY)
    assert table["access_15"].tolist() == pytest.approx([20])
    assert given_to(con, "E0")[["code", "places"]].values.tolist() == [["00000", 20.0]]
    # Half of the people in reach live where nothing is known.
    assert table["beyond"].tolist() == pytest.approx([0.5])
    choice = reached(con, DAY, RULES.rule("apl_choix"), SERVICE).set_index("code")["access"]
    assert choice["00000"] == pytest.approx(20.0)


@pytest.mark.parametrize("scheme", ["apl", "apl_choix"])
def test_the_children_outside_compete_from_the_day_their_total_is_known(scheme: str) -> None:
    totals = total(["00000", "00001"], [10.0, 0.0], [date(2020, 1, 1), date(2026, 6, 1)])
    con = world([100, 100], [1], communes={"inside": [True, False]}, totals=totals)
    rule = RULES.rule(scheme)
    found = [
        reached(con, day, rule, "assistants_maternels")["access"].tolist()
        for day in (date(2026, 5, 31), date(2026, 6, 1))
    ]
    assert found[0] == [pytest.approx(10.0), pytest.approx(float("nan"), nan_ok=True)]
    assert found[1] == [pytest.approx(5.0), pytest.approx(5.0)]


def total(codes: list[str], places: list[float], since: list[date]) -> pd.DataFrame:
    return pd.DataFrame({"code": codes, "places": places, "valid_from": since}).assign(
        service="assistants_maternels", headcount=9.0
    )


def test_without_a_total_in_force_that_day_accessible_supply_is_unknown_never_zero() -> None:
    codes, start = ["00000", "00001", "00002"], date(2021, 1, 1)
    totals = total(codes, [240.0, 27.0, 60.0], [start, date(2025, 1, 1), start])
    # The third one is out of reach of the two others.
    spots = [(2.0, 50.0), (2.02, 50.0), (3.0, 50.0)]
    con = world([100, 100, 100], [1], totals=totals, spots=spots)

    def asked(day: date) -> pd.DataFrame:
        table = accessible.access_gaps(
            con,
            Question("assistants_maternels", as_of=day, definition="custom", custom=30),
        )
        return table[table["code"].notna()].set_index("code")

    before = asked(date(2016, 6, 30))
    assert (
        before[["supply", "gap", "access_15", "access_supply", "access_gap"]].isna().all(axis=None)
    )
    assert (before["access_definition_count"] == 0).all()
    assert before["beyond"].tolist() == [1.0, 1.0, 1.0]
    between = asked(date(2024, 6, 1))
    assert between["access_15"].isna().tolist() == [False, True, False]
    # What depends on the missing total is marked with how much does.
    assert between["beyond"].tolist() == pytest.approx([0.5, 0.5, 0.0])
    after = asked(date(2025, 1, 1))
    assert after["access_15"].notna().all()
    assert after["beyond"].tolist() == [0.0, 0.0, 0.0]


def test_before_the_census_begins_every_supply_is_unknown() -> None:
    con = world([100, 100], [20, 5])
    con.execute("UPDATE establishment SET opened = NULL WHERE id = 'E1'")
    con.execute("UPDATE capacity SET valid_from = DATE '1900-01-01' WHERE establishment = 'E1'")
    eve, first = date(2019, 12, 31), date(2020, 1, 1)
    run_again(con)
    for day, known in ((eve, False), (first, True)):
        table = accessible.access_gaps(con, Question(SERVICE, as_of=day, definition="custom"))
        for column in ("supply", "access_15"):
            assert table[column].notna().tolist() == [known] * 3, (day, column)


def run_again(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("DROP TABLE known_offer")
    run_marts(con, "known_offer")


def test_what_lies_beyond_the_border_weighs_by_its_minutes() -> None:
    """Two minutes from the door 30 people, twelve minutes away 200: 30 + 0,1 × 200 of 50 + 50."""
    rings = pd.DataFrame({"code": "00000", "minutes": [2.5, 11.5], "people": [30.0, 200.0]})
    con = world([100], [20], rings=rings, inhabitants=INHABITANTS)
    table = accessible.access(con, SERVICE, as_of=DAY)
    assert table["beyond"].tolist() == pytest.approx([50 / 100])
    assert accessible.access_gaps(con, Question(SERVICE, as_of=DAY))["beyond"].notna().all()


def test_communes_near_unknown_surroundings_are_marked() -> None:
    lon = [2.0, 2.5, 2.05]
    con = world([100, 100, math.nan], [20], communes={"lon": lon, "inside": [True, True, False]})
    table = accessible.access(con, SERVICE, as_of=DAY)
    assert table["edge"].tolist() == [True, False]
    assert table["edge_missing"].tolist()[0] == "âges et offre"


def test_without_any_surroundings_the_outline_says_who_is_on_the_edge() -> None:
    border = pd.DataFrame({"code": ["00000", "00001"], "metres": [2000.0, 9000.0]})
    con = world([100, 100], [20], border=border)
    assert accessible.access(con, SERVICE, as_of=DAY)["edge"].tolist() == [True, False]


def test_totals_by_commune_stand_at_the_town_hall_and_are_told_together() -> None:
    totals = pd.DataFrame(
        {
            "code": ["00000", "00001"],
            "service": "assistants_maternels",
            "headcount": [2.0, 1.0],
            "places": [6.0, 3.0],
        }
    )
    con = world([30, 30], [1], totals=totals)
    assert rates(con, RULES.rule("binaire"), "assistants_maternels").tolist() == pytest.approx(
        [0.15] * 2
    )
    told = accessible.reachable(con, "00000", "assistants_maternels", as_of=DAY)
    assert told[["establishment", "place", "amount"]].isna().values.tolist() == [
        [True, True, False]
    ]


def test_masked_totals_are_shared_by_children_and_never_read_one_by_one() -> None:
    totals = pd.DataFrame(
        {
            "code": ["00000", "00001", "00002"],
            "service": "assistants_maternels",
            "headcount": [5.0, 1.0, 2.0],
            "places": [15.0, 2.0, 7.0],
            "masked": [False, True, True],
        }
    )
    con = world([50, 20, 10], [1], totals=totals)
    rows = "SELECT amount, estimated FROM supply_at(?) WHERE service = 'assistants_maternels'"
    found = con.execute(f"{rows} ORDER BY site", [DAY]).fetchall()
    assert found == [(15.0, False), (6.0, True), (3.0, True)]
    kinds = accessible.unreached(con, DAY)["kind"].tolist()
    assert kinds.count("total_estimated") == 2
    assert rates(con, RULES.rule("binaire"), "assistants_maternels").sum() > 0


def test_a_rate_asked_at_a_date_follows_the_capacities_of_that_day() -> None:
    con = world([100], [20])
    con.execute("UPDATE capacity SET valid_to = DATE '2026-06-01'")
    assert rates(con, RULES.rule("apl")).tolist() == pytest.approx([0.2])
    later = reached(con, date(2026, 6, 1), RULES.rule("apl"), SERVICE)
    assert later["access"].tolist() == [0.0]


# On the embedded territory


@pytest.fixture(scope="module")
def arras(embedded_settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of these tests alone: one of them puts a table of its own before another."""
    with warehouse.open_current(embedded_settings.processed_dir) as con:
        yield con


@pytest.fixture(scope="module")
def by_reference(arras: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The gaps of crèches by the rate of France: to be read."""
    return accessible.access_gaps(arras, Question("eaje", as_of=AUTUMN, definition="reference_nat"))


def here(folder: Path, mirror: Path | None = None) -> Settings:
    return Settings(
        processed_dir=folder / "processed", cache_dir=folder / "cache", mirror=mirror, offline=True
    )


@pytest.mark.campaign
def test_the_gap_table_puts_both_supplies_side_by_side(arras: duckdb.DuckDBPyConnection) -> None:
    table = accessible.access_gaps(
        arras, Question("eaje", as_of=AUTUMN, definition="reference_nat")
    )
    inside, whole = table[table["code"].notna()], table[table["code"].isna()].iloc[0]
    assert len(inside) == 46
    # Every establishment of the perimeter has children in reach, and only they are known.
    assert whole["access_supply"] == pytest.approx(whole["supply"], rel=1e-12)
    assert inside["access_supply"].sum() == pytest.approx(whole["access_supply"], rel=1e-12)
    assert (inside["access_gap"] - (inside["access_supply"] - inside["need"])).abs().max() < 1e-9
    # Four references at three reaches: the mean of the territory is no need.
    assert set(inside["access_definition_count"]) == {12}
    assert (inside["access_deficit_count"] <= 12).all()
    assert inside["edge"].all()
    # The mark is everybody's, what it weighs is not: the centre depends on little else.
    assert inside["beyond"].between(0, 1).all()
    assert inside.set_index("code")["beyond"]["62041"] < inside["beyond"].quantile(0.2)


def test_deserts_are_told_for_creches_alone_and_not_for_a_handful_of_children(
    arras: duckdb.DuckDBPyConnection,
) -> None:
    table = accessible.access_gaps(arras, Question(as_of=AUTUMN))
    told = table[table["desert_mitchell"].notna()]
    assert set(told["service"]) == {"eaje"}
    assert (told["public"] >= 30).all()
    low = told["access_rate"] < 100 / 3
    assert (told["desert_mitchell"].astype(bool) == low).all()


def test_an_accessible_rate_is_borne_by_all_who_live_in_reach(
    arras: duckdb.DuckDBPyConnection, by_reference: pd.DataFrame
) -> None:
    """A village of twelve children beside a town has a rate; alone in its reach it has none."""
    inside = by_reference[by_reference["code"].notna()]
    few = inside[inside["suppressed"] & inside["access_15"].notna()]
    assert len(few) > 5
    assert few["rate"].isna().all()
    assert few["access_rate"].tolist() == few["access_15"].tolist()
    arras.execute("CREATE TEMP TABLE around AS SELECT * FROM around WHERE place = code")
    try:
        near = accessible.access_gaps(arras, Question("eaje", as_of=AUTUMN))
    finally:
        arras.execute("DROP TABLE temp.around")
    near = near[near["code"].isin(few["code"])]
    assert near["access_suppressed"].all()
    assert near["access_rate"].isna().all()


def test_a_relay_is_reached_through_the_communes_it_serves(
    arras: duckdb.DuckDBPyConnection,
) -> None:
    table = accessible.access_gaps(arras, Question("rpe", as_of=AUTUMN))
    assert table["access_15"].isna().all()
    served = arras.execute(
        "SELECT a.code, a.establishment FROM allocation AS a "
        "JOIN establishment AS e ON e.id = a.establishment "
        "WHERE e.service = 'rpe' ORDER BY ALL LIMIT 1"
    ).fetchall()[0]
    told = accessible.reachable(arras, served[0], "rpe", as_of=AUTUMN)
    assert served[1] in told["establishment"].tolist()
    shares = arras.execute(
        "SELECT sum(share) FROM served_as_of(?, 'rpe') WHERE establishment = ?", [AUTUMN, served[1]]
    ).fetchall()
    assert shares[0][0] == pytest.approx(1)


@pytest.mark.campaign
def test_a_table_of_travel_times_dropped_in_the_mirror_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "mirror" / "travel_time"
    folder.mkdir(parents=True)
    (folder / "temps_2026.csv").write_text(
        "origin,destination,minutes\n62041,62041,3\n62004,62041,7\n62037,62041,\n"
    )
    points = tmp_path / "mirror" / "demand_points"
    points.mkdir()
    (points / "hameaux.csv").write_text(
        "code_insee;longitude;latitude;poids\n62041;2.77;50.29;3\n62041;2.75;50.28;1\n"
    )
    refresh(here(tmp_path, tmp_path / "mirror"), parse("arras"), lambda line: None)
    con = warehouse.open_current(tmp_path / "processed")
    told = accessible.reachable(con, "62004", "eaje_psu", as_of=AUTUMN)
    assert (told.loc[told["place"] == "62041", "minutes"] == 7).all()
    assert con.execute(
        "SELECT count(*), sum(share) FROM demand_point WHERE code = '62041'"
    ).fetchall() == [(2, 1.0)]
    kinds = accessible.unreached(con, AUTUMN)["kind"].value_counts()
    assert kinds["travel_pair_unsnapped"] == 1
    assert kinds["travel_origin_missing"] == 44
    con.close()
    shutil.rmtree(tmp_path / "processed")


# Statements about the whole


def test_gini_and_theil_of_known_cases() -> None:
    same, one = np.array([2.0, 2.0]), np.array([1.0, 3.0])
    assert equity.gini(same, one) == pytest.approx(0)
    assert equity.theil(same, one) == pytest.approx(0)
    # All the supply for a quarter of the children: Gini 3/4, Theil ln 4.
    some = np.array([0.0, 4.0]), np.array([3.0, 1.0])
    assert equity.gini(*some) == pytest.approx(0.75)
    assert equity.theil(*some) == pytest.approx(math.log(4))
    assert math.isnan(equity.gini(np.array([0.0]), np.array([1.0])))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=8))
def test_gini_is_half_the_mean_difference_over_the_mean(rows: list[tuple[int, int]]) -> None:
    values, weights = (np.array(c, dtype=float) for c in zip(*rows, strict=True))
    mean = (values * weights).sum() / weights.sum()
    apart = np.abs(values[:, None] - values[None, :]) * weights[:, None] * weights[None, :]
    if mean > 0:
        expected = apart.sum() / weights.sum() ** 2 / (2 * mean)
        assert equity.gini(values, weights) == pytest.approx(expected, abs=1e-12)


def test_the_statements_weigh_communes_by_their_children(by_reference: pd.DataFrame) -> None:
    table = by_reference
    told = equity.equity(table)
    inside = table[table["code"].notna()]
    # Under half a place, a gap is a balance.
    short = inside.loc[inside["access_gap"] < 1e-9 - 0.5, "public"].sum()
    assert told.below_reference == pytest.approx(short / inside["public"].sum())
    assert told.left_out == 0
    # Theil's index, which weighs the communes without anything, falls once neighbours count.
    assert told.theil < equity.equity(table, "supply").theil
    ten = equity.worst(table)
    assert len(ten) == 10
    assert ten["access_gap"].is_monotonic_increasing
    assert (ten["public"] > 30).all()


def test_what_children_reach_is_unknown_where_nobody_knows_how_many_they_are(
    tiny_four: duckdb.DuckDBPyConnection,
) -> None:
    """Dune has no published age: its children reach an unknown share, not none."""
    asked = Question("eaje_psu", as_of=date(2023, 12, 31), definition="territory")
    table = accessible.access_gaps(tiny_four, asked).set_index("code")
    columns = [*(f"access_{m:g}" for m in RULES.reach.sensitivity), "access_supply", "access_gap"]
    assert table.loc["62004", columns].isna().all()
    assert table.loc["62001", "access_15"] > 0
