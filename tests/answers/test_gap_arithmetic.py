"""The arithmetic of need, supply and gap holds whatever the figures; unknown never becomes zero."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny
from fixtures.versions import kept_version, make_settings
from generated import tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from observatory.answers.gaps import gaps
from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
DAY = date(2024, 6, 30)
ONE_BY_ONE = tried(4, 60, without=[HealthCheck.function_scoped_fixture])
GROUP = ["service", "day_type", "definition"]

# The territory's own figures, as the pipeline makes them from those of its communes.
WHOLE = (
    """
    UPDATE territory_public AS w SET amount = (
        SELECT CASE WHEN count(n.amount) = (SELECT count(*) FROM perimeter) THEN sum(n.amount) END
        FROM public_count AS n SEMI JOIN perimeter USING (code) WHERE n.public = w.public)
    """,
    """
    UPDATE territory_total AS w SET places = m.places, headcount = m.headcount
    FROM (
        SELECT service,
            CASE WHEN count(places) = (SELECT count(*) FROM perimeter) THEN sum(places) END
                AS places,
            CASE WHEN count(headcount) = (SELECT count(*) FROM perimeter) THEN sum(headcount) END
                AS headcount
        FROM commune_total SEMI JOIN perimeter USING (code)
        WHERE valid_to IS NULL GROUP BY service) AS m
    WHERE m.service = w.service
    """,
)

amounts = st.none() | st.integers(0, 400).map(float) | st.floats(0, 400, width=32)
capacities = st.fixed_dictionaries(
    dict.fromkeys(("E1", "E3", "M1", "M2", "R1", "S3", "C1"), amounts)
)
totals = st.fixed_dictionaries(dict.fromkeys(("62001", "62002", "62003"), amounts))
publics = st.fixed_dictionaries(
    {c: st.none() | st.floats(0, 5_000, width=32) for c in ("62001", "62002", "62003")}
)
targets = st.floats(0, 500)


@pytest.fixture(scope="module")
def open_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    """A copy of a version that may be written."""
    folder = tmp_path_factory.mktemp("arithmetic")
    made = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    shutil.copyfile(kept_version(made, tiny.ABC), folder / "copy.duckdb")
    with duckdb.connect(str(folder / "copy.duckdb")) as con:
        yield con


Fill = Callable[..., Con]


@pytest.fixture(scope="module")
def fill(open_copy: Con) -> Fill:
    """Put drawn figures into the version."""

    def write(
        capacity: dict[str, float | None],
        places: dict[str, float | None],
        children: dict[str, float | None],
    ) -> Con:
        open_copy.execute("BEGIN")
        for id_, amount in capacity.items():
            open_copy.execute(
                "UPDATE capacity SET amount = ? WHERE establishment = ?", [amount, id_]
            )
        for code, amount in places.items():
            open_copy.execute("UPDATE commune_total SET places = ? WHERE code = ?", [amount, code])
        for code, amount in children.items():
            open_copy.execute("UPDATE public_count SET amount = ? WHERE code = ?", [amount, code])
            open_copy.execute(
                "UPDATE commune_total SET headcount = ? WHERE code = ?", [amount, code]
            )
        for statement in WHOLE:
            open_copy.execute(statement)
        open_copy.execute("COMMIT")
        return open_copy

    return write


def close(left: pd.Series, right: pd.Series) -> bool:
    """Equal to rounding, unknown where unknown."""
    a, b = left.to_numpy(float), right.to_numpy(float)
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-6, equal_nan=True))


def assert_arithmetic(table: pd.DataFrame) -> None:
    per = table["service"].map({i: s.rate_per for i, s in nomenclature().services.items()})
    assert close(table["gap"], table["supply"] - table["need"])
    communes = table[table["code"].notna()]
    assert close(communes["need"], communes["public"] * communes["target"] / per[communes.index])
    rated = table[table["rate"].notna()]
    assert close(rated["rate"] * rated["public"] / per[rated.index], rated["supply"])
    assert not np.isinf(table[["need", "supply", "gap", "rate"]].to_numpy(float)).any()


def assert_totals(table: pd.DataFrame) -> None:
    """The territory is the sum of its communes; unknown as soon as one of them is."""
    for _, group in table.groupby(GROUP, dropna=False):
        total = group[group["code"].isna()]
        communes = group[group["code"].notna()]
        assert len(total) == 1
        if communes["masked"].any():  # known of the territory, hidden of some of its communes
            continue
        for column in ("public", "need", "supply", "gap"):
            whole = communes[column].astype(float).sum(skipna=False)
            assert close(total[column], pd.Series([whole])), (column, group)


@ONE_BY_ONE
@given(capacities, totals, publics, targets)
def test_gap_need_rate_and_total_agree(
    fill: Fill,
    capacity: dict[str, float | None],
    places: dict[str, float | None],
    children: dict[str, float | None],
    target: float,
) -> None:
    table = gaps(fill(capacity, places, children), Question(as_of=DAY, custom=target))
    assert_arithmetic(table)
    assert_totals(table)


@pytest.mark.campaign
def test_they_agree_on_the_embedded_default(embedded: Con) -> None:
    for day in (date(2016, 1, 1), date(2022, 12, 31), DAY, date(2030, 1, 1)):
        table = gaps(embedded, Question(as_of=day, custom=40))
        assert len(table) == 47 * len(table[GROUP].drop_duplicates())
        assert_arithmetic(table)
        assert_totals(table)


@ONE_BY_ONE
@given(capacities, totals, publics)
def test_unknown_never_becomes_zero(
    fill: Fill,
    capacity: dict[str, float | None],
    places: dict[str, float | None],
    children: dict[str, float | None],
) -> None:
    con = fill(capacity, places, children)
    table = gaps(con, Question(as_of=DAY)).set_index(["service", "code"]).sort_index()

    def unknown(service: str, code: str, column: str) -> bool:
        return bool(table.loc[[(service, code)], column].isna().all())

    for code, count in children.items():
        for service in ("accueil_0_2", "laep", "alsh", "rpe", "centre_social"):
            for column in ("public", "need", "gap", "rate"):
                assert unknown(service, code, column) or count is not None
    offers = {
        ("eaje_psu", "62001"): ["E1"],
        ("eaje_psu", "62002"): ["E3"],
        ("eaje", "62002"): ["E3", "M1"],
        ("eaje_hors_psu", "62003"): ["M2"],
        ("centre_social", "62001"): ["C1"],
    }
    for (service, code), ids in offers.items():
        if any(capacity[i] is None for i in ids):
            assert unknown(service, code, "supply")
            assert unknown(service, code, "gap")
        else:
            known = table.loc[[(service, code)], "supply"].to_numpy(float)
            assert np.allclose(known, sum(capacity[i] or 0 for i in ids))
    for code, amount in places.items():
        assert unknown("assistants_maternels", code, "supply") is (amount is None)


@pytest.mark.campaign
@ONE_BY_ONE
@given(
    capacities,
    totals,
    publics,
    st.floats(0.125, 60, width=16),
    st.sampled_from(["E1", "M1", "S3", "R1", "C1"]),
)
def test_adding_a_place_never_lowers_a_gap(
    fill: Fill,
    capacity: dict[str, float | None],
    places: dict[str, float | None],
    children: dict[str, float | None],
    more: float,
    where: str,
) -> None:
    # The territory's own average rises with its supply: it is the one need that may grow.
    before = gaps(fill(capacity, places, children), Question(as_of=DAY, custom=30))
    known = capacity[where]
    raised = {**capacity, where: None if known is None else known + more}
    after = gaps(fill(raised, places, children), Question(as_of=DAY, custom=30))
    fixed = before["definition"] != "territory"
    assert close(before.loc[fixed, "need"], after.loc[fixed, "need"])
    change = (after["gap"] - before["gap"])[fixed]
    assert (change.isna() == before.loc[fixed, "gap"].isna()).all()
    assert (change.dropna() >= -1e-6).all()
    assert (after["supply"].isna() == before["supply"].isna()).all()


@pytest.mark.campaign
@ONE_BY_ONE
@given(publics, targets, targets)
def test_the_need_of_a_chosen_target_is_linear(
    fill: Fill, children: dict[str, float | None], one: float, other: float
) -> None:
    con = fill({}, {}, children)

    def need(target: float) -> pd.Series[float]:
        return gaps(con, Question(as_of=DAY, definition="custom", custom=target))["need"]

    assert close(need(one) + need(other), need(one + other))
    assert close(3 * need(one), need(3 * one))
    assert (need(0).dropna() == 0).all()


def test_day_types_are_never_added_up(embedded: Con) -> None:
    table = gaps(embedded, Question("alsh", as_of=DAY, definition="territory"))
    days = nomenclature().services["alsh"].day_types
    assert set(table["day_type"]) == set(days)
    by_day = table[table["code"].isna()].set_index("day_type")["supply"]
    for day in days:
        alone = gaps(embedded, Question("alsh", as_of=DAY, definition="territory", day_type=day))
        assert alone["supply"].iloc[-1] == by_day[day]


def test_services_without_places_are_in_no_total_of_places() -> None:
    services = nomenclature().services
    for service in services.values():
        parts = [services[p] for p in service.parts]
        assert {p.unit for p in parts} <= {service.unit}
        assert {p.public for p in parts} <= {service.public}
        assert {p.rate_per for p in parts} <= {service.rate_per}
        assert not any(p.parts or p.day_types for p in parts)


@pytest.mark.parametrize("target", [-1.0, float("nan"), float("inf"), 1e9])
def test_an_impossible_target_is_refused(embedded: Con, target: float) -> None:
    with pytest.raises(RequestError, match="n'est pas un nombre positif"):
        gaps(embedded, Question("eaje", as_of=DAY, custom=target))


@pytest.mark.parametrize(
    ("service", "asked", "said"),
    [
        ("creche", {}, "le service « creche » n'existe pas"),
        ("eaje", {"definition": "norm"}, "besoin « norm » inconnu"),
        ("eaje", {"day_type": "mercredi"}, "jour « mercredi » inconnu"),
        ("alsh", {"day_type": "dimanche"}, "Choix possibles : mercredi"),
        (None, {"definition": "x"}, "besoin « x » inconnu"),
    ],
)
def test_an_unknown_name_is_refused_with_the_choices(
    embedded: Con, service: str | None, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(RequestError, match=said):
        gaps(embedded, Question(service, as_of=DAY, **asked))  # type: ignore[arg-type]
