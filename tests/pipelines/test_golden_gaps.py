"""Need, supply and gap of the tiny territory, each figure worked out by hand (see tiny.py).

Under three: Aval 300 (3/5 of 500), Bourg 150, Clos 27; 477 in all. None stands for unknown.
"""

from __future__ import annotations

import math
from datetime import date

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version
from generated import at_every_run

from observatory.answers.gaps import establishments, gaps, supply_by_status
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
Row = tuple[float | None, ...]
END_2023 = date(2023, 12, 31)
THREE = ("62001", "62002", "62003")


def by_place(table: pd.DataFrame, *columns: str) -> dict[str, Row]:
    """The asked columns of each commune and of the territory (``total``), unknown as None."""
    keys = table["code"].where(table["code"].notna(), "total")
    assert keys.is_unique
    rows = table[list(columns)].astype(float).to_numpy().tolist()
    return {
        key: tuple(None if pd.isna(v) else round(v, 4) for v in row)
        for key, row in zip(keys, rows, strict=True)
    }


def supply_on(con: Con, day: str, service: str, day_type: str | None = None) -> Row:
    """Supply of each commune in order of code, then of the territory."""
    table = gaps(
        con,
        Question(service, as_of=date.fromisoformat(day), definition="territory", day_type=day_type),
    )
    return tuple(row[0] for row in by_place(table, "supply").values())


# --- the publics


def test_each_public_is_the_share_of_the_bands_that_its_ages_cover(tiny_three: Con) -> None:
    # 0-5 = 0-4 + 1/5 of 5-9; 3-11 = 2/5 + 1 + 2/5; 11-17 = 4/5 of 10-14 + 3/5 of 15-19.
    by_hand = {
        "eaje": (300, 150, 27, 477),
        "laep": (600, 300, 54, 954),
        "accueil_jeunes": (700, 350, 63, 1113),
        "centre_social": (8000, 3000, 600, 11600),
        "rpe": (35, 10, 3, 48),
    }
    for service, counts in by_hand.items():
        table = gaps(tiny_three, Question(service, as_of=END_2023, definition="territory"))
        assert tuple(r[0] for r in by_place(table, "public").values()) == counts, service
    alsh = gaps(
        tiny_three, Question("alsh", as_of=END_2023, day_type="ete", definition="territory")
    )
    assert tuple(r[0] for r in by_place(alsh, "public").values()) == (900, 450, 81, 1431)


def test_only_publics_cut_out_of_wider_bands_are_marked_as_estimates(tiny_three: Con) -> None:
    table = gaps(tiny_three, Question(as_of=END_2023))
    estimated = table.groupby("service")["estimated"].agg(["min", "max"])
    assert not estimated.loc[["rpe", "centre_social", "ludotheque"]].to_numpy().any()
    assert estimated.loc[["eaje", "laep", "alsh", "accueil_jeunes"]].to_numpy().all()
    said = table["reliability"].str.contains("âges estimés")
    assert (said == table["estimated"].astype(bool)).all()


FEW = 29
"""Children under three of Dune: one too few for a rate."""


def odd(children: int = FEW) -> dict[str, str]:
    """What three tests look at each in its place.

    Bourg has narrow bands, Dune a band alone, and La Ronde no known capacity until 2024.
    """
    bands = (("62002", "Y0T2", 141), ("62002", "Y3T5", 160), ("62004", "Y0T2", children))
    rows = "".join(f"{code};COM;{band};_T;POP;A;{n};2023\n" for code, band, n in bands)
    offer = tiny.OFFER.replace(
        "E3;La Ronde;eaje_psu;prive;SARL;62002;;2.80;50.30;;10;;2022-01-01",
        "E3;La Ronde;eaje_psu;prive;SARL;62002;;2.80;50.30;;10;2024-01-01;2022-01-01",
    )
    assert offer != tiny.OFFER
    return {"rp_age/ages_rp2023.csv": tiny.AGES + rows, "census/offre.csv": offer}


def test_narrow_bands_are_preferred_and_are_no_estimate(tiny_version: Version) -> None:
    con = tiny_version(odd())
    table = gaps(con, Question("eaje", as_of=END_2023, definition="territory"))
    assert by_place(table, "public", "estimated") == {
        "62001": (300, 1),
        "62002": (141, 0),
        "62003": (27, 1),
        "62004": (FEW, 0),
        "total": (497, 1),
    }
    early = gaps(con, Question("laep", as_of=END_2023, definition="territory"))
    assert by_place(early, "public", "estimated")["62002"] == (301, 0)
    # 3-11 needs all the narrow bands: it stays with the five-year ones.
    later = gaps(con, Question("alsh", as_of=END_2023, day_type="ete", definition="territory"))
    assert by_place(later, "public", "estimated")["62002"] == (450, 1)


# --- supply as of a date


@pytest.mark.parametrize(
    ("day", "aval", "bourg"),
    [
        ("2018-08-31", 0, 0),  # the day before Les Tilleuls opens
        ("2018-09-01", 40, 0),
        ("2019-01-01", 60, 0),  # Le Nid, recorded under the old code of Aval
        ("2020-12-31", 60, 0),
        ("2021-01-01", 70, 0),  # Les Tilleuls go from 40 to 50
        ("2022-01-01", 70, 10),
        ("2023-06-30", 70, 10),
        ("2023-07-01", 50, 10),  # the first day without Le Nid
    ],
)
def test_openings_closings_and_changes_count_from_their_day(
    tiny_three: Con, day: str, aval: int, bourg: int
) -> None:
    assert supply_on(tiny_three, day, "eaje_psu") == (aval, bourg, 0, aval + bourg)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021-12-30", (None, None, None, None)),  # before the first figure
        ("2021-12-31", (120, 30, 9, 159)),
        ("2023-12-30", (120, 30, 9, 159)),
        ("2023-12-31", (105, 30, 9, 144)),
    ],
)
def test_a_commune_total_holds_until_the_next_and_is_unknown_before(
    tiny_three: Con, day: str, expected: Row
) -> None:
    assert supply_on(tiny_three, day, "assistants_maternels") == expected


def test_an_unknown_capacity_makes_the_supply_unknown_from_its_opening(tiny_three: Con) -> None:
    assert supply_on(tiny_three, "2023-12-31", "eaje_hors_psu") == (0, 12, 0, 12)
    assert supply_on(tiny_three, "2024-01-01", "eaje_hors_psu") == (0, 12, None, None)
    assert supply_on(tiny_three, "2024-01-01", "eaje") == (50, 22, None, None)


def test_a_service_of_which_the_census_says_nothing_is_unknown_everywhere(tiny_three: Con) -> None:
    for service in ("ludotheque", "accueil_jeunes", "espace_vie_sociale"):
        assert supply_on(tiny_three, "2023-12-31", service) == (None,) * 4, service
    assert supply_on(tiny_three, "2023-12-31", "alsh", "ete") == (None,) * 4
    # Where the census knows the service, a commune without any establishment has none of it.
    assert supply_on(tiny_three, "2023-12-31", "centre_social") == (1, 0, 0, 1)


def test_a_commune_absent_from_the_totals_is_unknown_and_so_is_the_whole(tiny_four: Con) -> None:
    assert supply_on(tiny_four, "2023-12-31", "garde_domicile") == (6, 0, 0, None, None)
    assert supply_on(tiny_four, "2023-12-31", "prescolarisation") == (30, 15, None, None, None)
    assert supply_on(tiny_four, "2023-12-31", "accueil_0_2") == (191, 67, None, None, None)


# --- shared establishments, shared addresses


def test_a_shared_service_is_spread_over_the_communes_it_serves(
    tiny_three: Con, tiny_four: Con
) -> None:
    # The relay of 1.5: 300 children of 450 in Aval. The other serves Dune, whose ages are
    # unknown: equal shares. The 90 hours: 600 of 900, Aval being named by its old code.
    assert supply_on(tiny_four, "2023-12-31", "rpe") == (1, 0.5, 0.25, 0.25, 2)
    assert supply_on(tiny_four, "2023-12-31", "laep") == (60, 30, 0, 0, 90)
    # A perimeter without Dune leaves its share of the relay outside.
    assert supply_on(tiny_three, "2023-12-31", "rpe") == (1, 0.5, 0.25, 1.75)


def test_declarations_at_one_address_count_for_the_greatest(tiny_three: Con) -> None:
    # max(60, 40) at the school + 20 elsewhere; the holidays: max(30, 50).
    assert supply_on(tiny_three, "2023-12-31", "alsh", "mercredi") == (80, 0, 0, 80)
    assert supply_on(tiny_three, "2023-12-31", "alsh", "petites_vacances") == (50, 0, 0, 50)
    # The greatest closes: the other one counts.
    assert supply_on(tiny_three, "2024-01-01", "alsh", "mercredi") == (60, 0, 0, 60)
    assert supply_on(tiny_three, "2021-12-31", "alsh", "mercredi") == (80, 18, 0, 98)


def test_supply_by_status_adds_up_to_the_supply(tiny_three: Con) -> None:
    table = supply_by_status(tiny_three, date(2023, 1, 1))
    psu = table[table["service"] == "eaje_psu"].set_index("status")["supply"].to_dict()
    assert psu == {"public": 50, "associatif": 20, "prive": 10}
    aval = supply_by_status(tiny_three, date(2023, 1, 1), "62001")
    assert aval[aval["service"] == "eaje_psu"].set_index("status")["supply"].to_dict() == {
        "public": 50,
        "associatif": 20,
    }
    minders = table[table["service"] == "assistants_maternels"]
    assert minders[["status", "supply"]].to_numpy().tolist() == [["total", 159]]


def test_the_points_of_the_map_are_those_open_that_day(tiny_three: Con) -> None:
    for day, there in (("2023-06-30", True), ("2023-07-01", False)):
        ids = set(establishments(tiny_three, date.fromisoformat(day))["id"])
        assert ("E2" in ids) is there
    table = establishments(tiny_three, END_2023).set_index("id")
    assert table.loc["E1", "amount"] == 50
    assert table.loc["S1", "amount"] == 60
    assert "assistants_maternels" not in set(table["service"])


# --- need, gap and rate


@pytest.mark.parametrize(
    ("definition", "aval", "bourg", "clos", "total"),
    [
        # supply 50, 22, 0: 72 in all; targets of 2023: 20, 18, 15, 25, and 100 × 72 / 477.
        ("reference_nat", (60, -10), (30, -8), (5.4, -5.4), (95.4, -23.4)),
        ("reference_reg", (54, -4), (27, -5), (4.86, -4.86), (85.86, -13.86)),
        ("reference_dep", (45, 5), (22.5, -0.5), (4.05, -4.05), (71.55, 0.45)),
        ("reference_epci", (75, -25), (37.5, -15.5), (6.75, -6.75), (119.25, -47.25)),
        ("territory", (45.283, 4.717), (22.6415, -0.6415), (4.0755, -4.0755), (72, 0)),
        ("custom", (90, -40), (45, -23), (8.1, -8.1), (143.1, -71.1)),
    ],
)
def test_need_and_gap_of_the_creches(
    tiny_three: Con, definition: str, aval: Row, bourg: Row, clos: Row, total: Row
) -> None:
    table = gaps(tiny_three, Question("eaje", as_of=END_2023, definition=definition, custom=30))
    expected = dict(zip((*THREE, "total"), (aval, bourg, clos, total), strict=True))
    assert by_place(table, "need", "gap") == expected
    # Aval is short by three definitions of four, the others by all four, the territory by three:
    # what is typed in does not count, nor the territory's own average, which only shares it out.
    tally = by_place(table, "deficit_count", "definition_count")
    assert tally == {"62001": (3, 4), "62002": (4, 4), "62003": (4, 4), "total": (3, 4)}


@pytest.mark.parametrize(
    ("definition", "need", "gap"),
    # 66 % is of the children of 3 months to 3 years: 275 of the 300 under three.
    [("theoretical", 300, -109), ("potential", 181.5, 9.5), ("preference", 192, -1)],
)
def test_need_as_a_share_of_all_the_children(
    tiny_three: Con, definition: str, need: float, gap: float
) -> None:
    # Aval offers 50 + 0 + 105 + 6 + 30 = 191.
    table = gaps(tiny_three, Question("accueil_0_2", as_of=END_2023, definition=definition))
    assert by_place(table, "supply", "need", "gap")["62001"] == (191, need, gap)


def test_the_norm_of_the_relays_is_one_full_time_for_seventy(tiny_three: Con) -> None:
    table = gaps(tiny_three, Question("rpe", as_of=END_2023, definition="norm"))
    assert by_place(table, "need", "gap")["62001"] == (0.5, 0.5)  # 35 / 70


@pytest.mark.parametrize(
    ("day", "target", "year"),
    [(2019, 18, 2021), (2021, 18, 2021), (2022, 18, 2021), (2024, 20, 2023)],
)
def test_the_reference_is_of_the_year_asked_else_of_the_nearest_before(
    tiny_three: Con, day: int, target: float, year: int
) -> None:
    table = gaps(tiny_three, Question("eaje", as_of=date(day, 6, 30), definition="reference_nat"))
    assert set(by_place(table, "target", "target_year").values()) == {(target, year)}


def test_the_published_rate_is_shown_as_published_where_there_is_one(
    tiny_three: Con, tiny_four: Con
) -> None:
    three = gaps(tiny_three, Question("accueil_0_2", as_of=END_2023, definition="potential"))
    shown = by_place(three, "published_rate", "published_year")
    assert shown["62001"] == (63, 2023)
    # « ns » is not zero, a list of communes has no published rate of its own.
    assert {shown[k] for k in ("62002", "62003", "total")} == {(None, None)}
    four = gaps(tiny_four, Question("accueil_0_2", as_of=END_2023, definition="potential"))
    assert by_place(four, "published_rate")["total"] == (70,)


# --- what cannot be said


def test_too_few_children_bear_no_rate_and_few_make_it_fragile(tiny_three: Con) -> None:
    table = gaps(tiny_three, Question("eaje", as_of=END_2023, definition="territory"))
    rates = {k: v[0] for k, v in by_place(table, "rate").items()}
    assert rates == {"62001": 16.6667, "62002": 14.6667, "62003": None, "total": 15.0943}
    words = dict(zip(by_place(table, "supply"), table["reliability"], strict=True))
    assert "effectif trop faible pour un taux" in words["62003"]
    assert "fragile" not in words["62003"]
    assert "fragile" in words["62002"]
    assert words["62001"] == words["total"] == "âges estimés"


@pytest.mark.parametrize(
    ("children", "suppressed", "fragile"),
    at_every_run(1, [(FEW, 1, 1), (200, 0, 0), (30, 0, 1), (199, 0, 1)]),
)
def test_the_two_thresholds_are_thirty_and_two_hundred(
    tiny_version: Version, children: int, suppressed: int, fragile: int
) -> None:
    con = tiny_version(odd(children))
    table = gaps(con, Question("eaje_psu", as_of=END_2023, definition="territory"))
    assert by_place(table, "suppressed", "fragile")["62004"] == (suppressed, fragile)
    assert by_place(table, "rate")["62004"] == ((None,) if suppressed else (0,))


def test_unknown_ages_leave_need_gap_and_rate_unknown_and_never_zero(tiny_four: Con) -> None:
    table = gaps(tiny_four, Question("eaje", as_of=END_2023, definition="reference_nat"))
    figures = by_place(table, "public", "need", "supply", "gap", "rate")
    assert figures["62001"] == (300, 60, 50, -10, 16.6667)
    assert figures["62004"] == (None, None, 0, None, None)
    assert figures["total"] == (None, None, 72, None, None)
    words = dict(zip(figures, table["reliability"], strict=True))
    assert "effectif inconnu" in words["62004"]
    assert "effectif inconnu" in words["total"]
    assert tuple(figures) == (*THREE, "62004", "total")
    assert by_place(table, "deficit_count", "definition_count")["62004"] == (0, 0)


def test_before_its_first_known_capacity_an_open_establishment_is_unknown(
    tiny_version: Version,
) -> None:
    con = tiny_version(odd())

    def bourg(day: date) -> float:
        rows = gaps(con, Question("eaje_psu", as_of=day, definition="territory")).set_index("code")
        return float(rows.loc["62002", "supply"])

    assert bourg(date(2021, 12, 31)) == 0
    assert math.isnan(bourg(date(2023, 6, 1)))
    assert bourg(date(2024, 1, 1)) == 10


# --- what a definition is


def test_a_share_of_other_ages_is_counted_on_those_ages(tiny_three: Con) -> None:
    """66 % of the children of 3 months to 3 years: 33 of the 36 months, 60.5 % of the under-threes.

    0-4 are 500, 250 and 45; 2.75 years of 5 are 275, 137.5 and 24.75.
    """
    table = gaps(tiny_three, Question("accueil_0_2", as_of=END_2023, definition="potential"))
    needs = tuple(0.66 * n for n in (275, 137.5, 24.75, 437.25))
    assert tuple(r[0] for r in by_place(table, "need").values()) == pytest.approx(needs)
    assert tuple(r[0] for r in by_place(table, "target").values()) == pytest.approx((60.5,) * 4)


def test_single_years_of_age_say_how_many_have_three_months(tiny_version: Version) -> None:
    """Of 100 children under one, three quarters have three months: 75 + 120 + 80."""
    ages = tiny.AGES + "".join(
        f"62001;COM;Y{age};_T;POP;A;{amount};2023\n"
        for age, amount in ((0, 100), (1, 120), (2, 80))
    )
    con = tiny_version({"rp_age/ages_rp2023.csv": ages}, territory="62001")
    table = gaps(con, Question("accueil_0_2", as_of=END_2023, definition="potential"))
    assert table["need"].tolist()[0] == pytest.approx(0.66 * 275)
    assert table["public"].tolist()[0] == 300
    assert not table["estimated"].any()
    assert set(table["public_vintage"]) == {"2023"}


def test_the_mean_of_the_territory_is_no_reason_to_call_a_commune_short(tiny_three: Con) -> None:
    for service in ("laep", "alsh", "centre_social"):
        table = gaps(tiny_three, Question(service, as_of=END_2023))
        assert (table["definition_count"] == 0).all(), service
        assert (table["deficit_count"] == 0).all(), service
    eaje = gaps(tiny_three, Question("eaje", as_of=END_2023))
    assert set(eaje["definition_count"]) == {4}
