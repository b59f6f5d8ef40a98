"""Whom a service is for on a day: pupils where they are told, assistants maternels in force.

The tiny territory (see tiny.py): 3 to 11 years Aval 900, Bourg 450, Clos 81; its census tells
supply from 2015 on.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version

from observatory.answers.accessible import access_gaps
from observatory.answers.gaps import gaps, public_of_row
from observatory.answers.sums import add_up
from observatory.french.vocabulary import RESIDENTS
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
END_2023 = date(2023, 12, 31)
HEADING = "code_insee;eleves;depuis;source;date_source;demonstration\n"
PUPILS = (
    HEADING
    + "".join(
        f"{code};{amount};2022-09-01;Enquête;2022-10-01;non\n"
        for code, amount in (("62001", 820), ("62009", 80), ("62002", 500))
    )
    + "62001;860;2023-09-01;Enquête;2023-10-01;non\n62003;0;2022-09-01;Enquête;2022-10-01;non\n"
)


@pytest.fixture
def schooled(tiny_version: Version) -> Con:
    evening = (
        "S6;Garderie;alsh;public;Ville;62001;;2.70;50.30;soir;60;;2015-01-01;;E;2024-06-30;non\n"
    )
    changes = {"census/eleves.csv": PUPILS, "census/offre.csv": tiny.OFFER + evening}
    return tiny_version(changes, tiny.ABC)


def of_day(con: Con, day: date, day_type: str, custom: float = 10) -> pd.DataFrame:
    asked = Question("alsh", as_of=day, definition="custom", custom=custom, day_type=day_type)
    return gaps(con, asked).set_index(gaps(con, asked)["code"].fillna("total"))


def test_evenings_are_for_the_pupils_of_the_commune_and_wednesdays_for_who_lives_there(
    schooled: Con,
) -> None:
    evening, wednesday = (of_day(schooled, END_2023, d) for d in ("soir", "mercredi"))
    # Aval 860 from September 2023: its old commune's row counts no more beside its own.
    assert evening["public"].to_dict() == {"62001": 860, "62002": 500, "62003": 0, "total": 1360}
    assert wednesday["public"].to_dict() == {"62001": 900, "62002": 450, "62003": 81, "total": 1431}
    assert public_of_row(evening.loc["62001"]).label == "Élèves de 3 à 11 ans"
    assert public_of_row(wednesday.loc["62001"]).label == "Enfants de 3 à 11 ans"
    assert not evening["resident"].any()


def test_a_commune_without_a_school_is_not_in_deficit(schooled: Con) -> None:
    clos = of_day(schooled, END_2023, "soir").loc["62003"]
    assert (clos["need"], clos["supply"], clos["gap"]) == (0, 0, 0)
    assert pd.isna(clos["rate"])


@pytest.mark.campaign
def test_old_communes_add_up_until_todays_tells_its_own(tiny_version: Version) -> None:
    rows = "62009;80;2015-09-01;E;;non\n62001;700;2015-09-01;E;;non\n62001;790;2016-09-01;E;;non\n"
    con = tiny_version({"census/eleves.csv": HEADING + rows}, tiny.ABC)
    told = "SELECT year(valid_from), amount FROM schooled WHERE code = '62001' ORDER BY 1"
    assert con.execute(told).fetchall() == [(2015, 780.0), (2016, 790.0)]


def test_pupils_follow_the_school_year(schooled: Con) -> None:
    before = of_day(schooled, date(2023, 8, 31), "soir")
    assert before.loc["62001", "public"] == 820
    assert before["public_vintage"].tolist() == ["2022"] * 4
    # Before the first school year told, those who live there stand in, and it is said.
    early = of_day(schooled, date(2022, 8, 31), "soir")
    assert early.loc["62001", "public"] == 900
    assert early["resident"].all()
    assert early["reliability"].str.contains(RESIDENTS).all()
    assert public_of_row(early.loc["62001"]).label == "Enfants de 3 à 11 ans"


@pytest.mark.campaign
def test_without_pupils_the_residents_stand_in_and_it_is_said(tiny_three: Con) -> None:
    evening = of_day(tiny_three, END_2023, "soir")
    assert evening["resident"].all()
    assert evening["reliability"].str.contains(RESIDENTS).all()
    assert not of_day(tiny_three, END_2023, "mercredi")["resident"].any()


@pytest.mark.campaign
def test_a_commune_that_the_sheet_of_pupils_leaves_out_is_unknown(tiny_version: Version) -> None:
    told = HEADING + "62001;820;2022-09-01;Enquête;2022-10-01;non\n"
    con = tiny_version({"census/eleves.csv": told}, tiny.ABC)
    evening = of_day(con, END_2023, "soir")
    assert evening["public"].iloc[0] == 820
    assert evening["public"].iloc[1:].isna().all()
    assert evening["need"].iloc[1:].isna().all()


def test_after_school_a_child_reaches_no_other_place_than_its_school(schooled: Con) -> None:
    table = access_gaps(schooled, Question("alsh", as_of=END_2023))
    at_school = table["day_type"].isin(["matin", "midi", "soir"])
    assert (
        table.loc[at_school, ["access_supply", "access_rate", "access_gap"]].isna().all(axis=None)
    )
    assert table.loc[~at_school & table["supply"].notna(), "access_supply"].notna().any()


def test_the_headcount_of_the_relay_follows_the_date(tiny_three: Con) -> None:
    asked = [
        gaps(tiny_three, Question("rpe", as_of=day, definition="norm"))
        for day in (date(2021, 12, 30), date(2022, 6, 30), END_2023)
    ]
    # Unknown before the first total, 40 from the end of 2021, 35 from the end of 2023.
    assert [t.set_index("code")["public"]["62001"] for t in asked][1:] == [40, 35]
    assert asked[0]["public"].isna().all()
    assert asked[0]["need"].isna().all()
    assert [t["public"].iloc[-1] for t in asked][1:] == [53, 48]


def test_a_composite_supply_says_which_part_is_unknown(tiny_three: Con) -> None:
    table = gaps(tiny_three, Question("accueil_0_2", as_of=END_2023, definition="potential"))
    parts = table.set_index(table["code"].fillna("total"))["unknown_parts"]
    # The end of 2023: Clos does not know its pre-school places; the crèche of 2024 is not open yet.
    assert parts["62003"] == "prescolarisation"
    assert parts["total"] == "prescolarisation"
    assert pd.isna(parts["62001"])
    clos = table[table["code"] == "62003"].iloc[0]
    assert "offre inconnue (préscolarisation)" in clos["reliability"]
    both = add_up(tiny_three, table, ["62001", "62003"]).iloc[0]
    assert "offre inconnue (préscolarisation)" in both["reliability"]
