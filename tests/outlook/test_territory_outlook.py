"""The coming years of the tiny territory, worked out by hand.

Ages of 2023, by single year: Aval 100 a year under three, 90 from three on; Bourg 50 and 45; Clos
9 and 9. Births 2020 to 2024 are given below; the retention is the children of 0 to 2 years of 2023
for one birth of 2020, 2021 and 2022.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny
from generated import OF_EACH_KIND, in_campaign

from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.outlook_rules import OutlookRules, outlook_rules
from observatory.knowledge.question import Question
from observatory.outlook.age_pyramid import pyramid_of, read_pyramid, still_there
from observatory.outlook.coming_children import (
    WHOLE,
    births_trend,
    coming_births,
    coming_children,
    known_children,
    retention_of,
)
from observatory.outlook.coming_supply import coming_supply, remaining
from observatory.outlook.outlook_sentence import outlook_sentences, turning_words
from observatory.outlook.territory_outlook import territory_outlook, turning

Con = duckdb.DuckDBPyConnection
Version = Callable[..., Con]
DAY = date(2024, 7, 1)
AVAL, BOURG, CLOS = "62001", "62002", "62003"
YOUNG = {"62001": (100, 90), "62002": (50, 45), "62003": (9, 9)}
AGES = tiny.AGES.splitlines()[0] + "\n" + "".join(
    f"{code};COM;Y{age};_T;POP;A;{under if age < 3 else over};2023\n"
    for code, (under, over) in YOUNG.items()
    for age in range(20)
)  # fmt: skip
BIRTHS = {
    "62001": {2020: 80, 2021: 100, 2022: 120, 2023: 100, 2024: 110},
    "62002": {2020: 60, 2021: 50, 2022: 50, 2023: 40, 2024: 40},
    "62003": {2020: 10, 2021: 10, 2022: 10, 2023: 10, 2024: 10},
}
HEAD = "insee_com,commune,commune_type,lat,lng,superficie_km2,naissances_{year}\n"
PLACE = {"62001": "50.30,2.70,10", "62002": "50.30,2.80,8", "62003": "50.25,2.70,6"}


def births(year: int) -> str:
    lines = [f"{code},Commune,COM,{PLACE[code]},{count[year]}\n" for code, count in BIRTHS.items()]
    return HEAD.format(year=year) + "".join(lines)


FILES = {
    "rp_age/ages_rp2023.csv": AGES,
    "naissances/communes_2022.csv": births(2022),
    **{f"naissances/communes_{y}.csv": births(y) for y in (2020, 2021, 2023, 2024)},
}


@pytest.fixture
def three(tiny_version: Version) -> Con:
    return tiny_version(FILES, tiny.ABC)


@pytest.fixture
def certain() -> OutlookRules:
    """The rules without chance: the golden figures are those of the formulas alone."""
    rules = outlook_rules()
    return rules.model_copy(update={"chance": rules.chance.model_copy(update={"deviations": 0.0})})


def at(table: pd.DataFrame, code: str, year: int) -> list[float]:
    row = table[(table["code"] == code) & (table["year"] == year)].iloc[0]
    return [float(row[side]) for side in ("low", "mid", "high")]


def test_children_under_three_are_births_times_retention(three: Con, certain: OutlookRules) -> None:
    known = known_children(three)
    kept = retention_of(known, certain)
    # Aval: 300 children for 80 + 100 + 120 births: 1. Bourg has 160 births, fewer than 200: the
    # territory's stands in, 477 children for 490 births.
    assert kept.loc[AVAL, "mid"] == pytest.approx(1)
    assert kept.loc[BOURG, "own"] == pytest.approx(150 / 160)
    assert kept.loc[BOURG, "mid"] == pytest.approx(477 / 490)
    assert kept.loc[WHOLE, "years"] == 3
    table = coming_children(known, (0, 3), [2025], certain)
    # On 1 January 2025: births of 2022, 2023 and 2024, all known. Aval 330 × 1, down to × 477/490.
    assert at(table, AVAL, 2025) == pytest.approx([330 * 477 / 490, 330, 330])
    assert at(table, BOURG, 2025) == pytest.approx([130 * 477 / 490] * 3)
    assert at(table, WHOLE, 2025) == pytest.approx([490 * 477 / 490] * 3)


def test_births_to_come_are_kept_or_follow_the_trend(three: Con, certain: OutlookRules) -> None:
    known = known_children(three)
    # Five years are known, not two spans of three: the trend is France's, 645/663.
    assert births_trend(known, certain) == (pytest.approx(645 / 663), False)
    born = coming_births(known, 2026, certain)
    # Aval: mean of 2022 to 2024 is 110; 2026 is two years after the last known one.
    low = 110 * (645 / 663) ** 2
    found = [born[side].loc[AVAL, 2026] for side in ("low", "mid", "high")]
    assert found == pytest.approx([low, (low + 110) / 2, 110])


def test_chance_widens_the_band_for_births_to_come_alone(three: Con) -> None:
    known = known_children(three)
    # 2026: births of 2023 (10), 2024 (10), known, and of 2025, 10 kept, to come: 30 × 477/490,
    # of which 10 × 477/490 may move by 1.2816 times its root.
    kept = 477 / 490
    table = coming_children(known, (0, 3), [2026])
    assert at(table, CLOS, 2026)[2] == pytest.approx(30 * kept + 1.2816 * (10 * kept) ** 0.5)


def test_older_children_are_those_counted_aged_by_as_many_years(
    three: Con, certain: OutlookRules
) -> None:
    known = known_children(three)
    # 11 to 17 in 2029 were 5 to 11 in 2023: 7 × 90 in Aval.
    assert at(coming_children(known, (11, 18), [2029], certain), AVAL, 2029) == [630.0] * 3
    # 3 to 11 in 2025 were 1 to 9: two years of 100, seven of 90.
    assert at(coming_children(known, (3, 12), [2025], certain), AVAL, 2025) == [830.0] * 3
    # 3 to 11 in 2027: those of −1 to 7 in 2023: births of 2023 (100 × 1), 300 under three, 5 × 90.
    middle = at(coming_children(known, (3, 12), [2027], certain), AVAL, 2027)[1]
    assert middle == pytest.approx(100 + 300 + 450)


def test_what_is_unknown_stays_so(tiny_version: Version) -> None:
    con = tiny_version({"naissances/communes_2022.csv": tiny.FACTS}, tiny.SIREN)
    known = known_children(con)
    table = coming_children(known, (0, 3), [2025])
    # Dune has no births: neither it nor the sum is known.
    assert table[table["code"].isin(["62004", WHOLE])]["mid"].isna().all()
    outlook = territory_outlook(con, Question("eaje", definition="reference_dep", as_of=DAY))
    assert outlook.of(None)["need_mid"].iloc[1:].isna().all()
    service = nomenclature().services["eaje"]
    said = " ".join(outlook_sentences(outlook, None, service, "enfants"))
    assert "ne se simule pas" in said
    silent = territory_outlook(con, Question("centre_social", as_of=DAY))
    assert silent.silent
    assert silent.of(AVAL)["need_mid"].iloc[1:].isna().all()


def test_every_service_looks_ahead_or_says_why_not(three: Con) -> None:
    """A public counted by a publication, as households are, has no ages to follow."""
    silent = {}
    services = nomenclature().services
    by_publication = ("insertion", "france_services", "centre_social")
    for id_ in services if in_campaign() else (*OF_EACH_KIND, *by_publication):
        service = services[id_]
        outlook = territory_outlook(three, Question(id_, as_of=DAY))
        assert outlook_sentences(outlook, None, service, "personnes")
        silent[id_] = outlook.silent
    assert "publication" in silent["insertion"]
    assert "publication" in silent["france_services"]
    assert "tous âges" in silent["centre_social"]
    assert not silent["eaje"]


def test_assistants_maternels_leave_by_a_range() -> None:
    # 9.7 − 7.9 % a year at best, 24 % in five years at worst.
    left = remaining(5)
    assert left["high"] == pytest.approx(0.982**5)
    assert left["low"] == pytest.approx(0.76)
    assert left["low"] < left["mid"] < left["high"]
    assert set(remaining(0).values()) == {1.0}


def test_or_by_the_ages_of_the_territory() -> None:
    classes = pyramid_of("classe;effectif\n50-59;40\n60-64;10\n")
    # In 5 years, at 64: those of 59 to 63 reach it: 1 year of 10 of the first, 4 of 5 of the other.
    assert still_there(classes, 5, 64) == pytest.approx((40 * 0.9 + 10 * 0.2) / 50)
    # At 67: those of 62 to 66: 3 years of 5 of the second class.
    assert remaining(5, classes)["high"] == pytest.approx((40 + 10 * 0.4) / 50)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("classe;effectif\n60-64;4\n", "moins de 5"),
        ("classe;effectif\n60-64;six\n", "pas une classe"),
        ("age;nombre\n60-64;6\n", "colonnes"),
        ("classe;effectif\n50-59;6\n55-64;6\n", "recouvrent"),
        ("", "colonnes"),
    ],
)
def test_a_pyramid_that_cannot_be_read_ends_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        pyramid_of(text)


def test_a_pyramid_that_is_not_there_ends_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="ne peut pas être lue"):
        read_pyramid(tmp_path / "none.csv")


NEW = "N1;Neuf;eaje_psu;public;Ville;62001;;2.70;50.30;;30;;2026-03-01;;Enquête;2024-06-30;non\n"
GONE = (
    NEW.replace("N1;Neuf", "F1;Fini")
    .replace(";62001;;2.70;", ";62002;;2.80;")
    .replace(";30;;2026-03-01;;", ";8;;2019-01-01;2025-06-01;")
)


@pytest.fixture
def moving(tiny_version: Version) -> Con:
    """A crèche opens in Aval, one closes in Bourg; Clos has two assistants maternels."""
    totals = tiny.TOTALS.replace("62003;assistants_maternels;3;9", "62003;assistants_maternels;2;7")
    offer = tiny.OFFER + NEW + GONE
    changes = {"census/offre.csv": offer, "census/totaux_communaux.csv": totals}
    return tiny_version({**FILES, **changes}, tiny.ABC)


def test_openings_and_closings_of_the_census_count_and_may_never_open(moving: Con) -> None:
    table = coming_supply(moving, "eaje_psu", None, DAY, [2025, 2026, 2027])
    # Bourg: 10 and 8 today; 8 close in 2025.
    assert at(table, BOURG, 2025) == [18.0] * 3
    assert at(table, BOURG, 2026) == [10.0] * 3
    # Aval: 50 today; 30 open in March 2026, 9 % of which may never do.
    assert at(table, AVAL, 2026) == [50.0] * 3
    assert at(table, AVAL, 2027) == pytest.approx([50 + 30 * 0.91, 80, 80])


def test_need_against_supply_and_the_year_it_turns(moving: Con, certain: OutlookRules) -> None:
    question = Question("eaje_psu", definition="custom", custom=20, as_of=DAY)
    outlook = territory_outlook(moving, question, rules=certain)
    rows = outlook.of(AVAL)
    # 20 places of 100 children: 300 counted in 2023, so 60 for 50; 330 in 2025, 66; 80 places from
    # 2027.
    assert rows["year"].tolist() == [2023, 2024, 2025, 2026, 2027, 2028, 2029]
    assert rows["gap_mid"].iloc[0] == pytest.approx(50 - 60)
    assert rows["gap_mid"].iloc[2] == pytest.approx(50 - 66)
    # 2027: births of 2024 (110), 2025 and 2026 (110 each, or less): at most 66 of 77.3 places.
    assert rows["gap_low"].iloc[4] == pytest.approx(77.3 - 66)
    assert turning(rows, 0) == {"low": 2027, "mid": 2027, "high": 2027}
    assert turning_words(rows, 0) == "2027"
    service = nomenclature().services["eaje_psu"]
    said = " ".join(outlook_sentences(outlook, AVAL, service, "enfants de moins de 3 ans"))
    assert "simulation, pas prévision" in said
    assert "L'offre couvrirait le besoin en 2027." in said


def test_what_was_counted_bears_its_year_and_is_aged_to_the_year_asked(
    three: Con, certain: OutlookRules
) -> None:
    question = Question("eaje_psu", definition="custom", custom=20, as_of=DAY)
    outlook = territory_outlook(three, question, rules=certain)
    rows = outlook.of(AVAL).set_index("year")
    assert outlook.counted == 2023
    # Counted in 2023: 300. On 1 January 2024: births of 2021, 2022 and 2023, 320 × 1, down to
    # × 477/490, against the 50 places of the day asked.
    assert rows.loc[2023, ["public_low", "public_mid", "public_high"]].tolist() == [300.0] * 3
    aged = rows.loc[2024, ["public_low", "public_mid", "public_high"]].tolist()
    assert aged == pytest.approx([320 * 477 / 490, 320, 320])
    assert rows.loc[2024, "gap_low"] == pytest.approx(50 - 64)
    service = nomenclature().services["eaje_psu"]
    said = " ".join(outlook_sentences(outlook, AVAL, service, "enfants de moins de 3 ans"))
    assert "300 enfants de moins de 3 ans comptés en 2023" in said
    assert "Aujourd'hui, pour les enfants comptés en 2023, il\u00a0manque\u00a010" in said


def test_no_year_falls_by_more_than_what_leaves_and_what_comes(three: Con) -> None:
    # 3 to 11, counted in 2023: 810 in Aval, 90 of which leave each year for the 100 who turn three.
    outlook = territory_outlook(three, Question("alsh", as_of=DAY))
    years = outlook.of(AVAL).set_index("year")["public_mid"]
    assert years.loc[[2023, 2024, 2025, 2026]].tolist() == pytest.approx([810, 820, 830, 840])


def test_a_count_of_the_very_year_is_not_said_twice(three: Con) -> None:
    outlook = territory_outlook(three, Question("eaje_psu", as_of=date(2023, 7, 1)))
    assert outlook.counted is None
    assert outlook.of(None)["year"].tolist() == [2023, 2024, 2025, 2026, 2027, 2028]
    # Assistants maternels are counted each year: the first row is the day asked.
    outlook = territory_outlook(three, Question("assistants_maternels", as_of=DAY))
    assert outlook.counted is None or outlook.of(None)["year"].iloc[0] == 2023


def test_a_masked_supply_is_not_followed(moving: Con) -> None:
    outlook = territory_outlook(moving, Question("assistants_maternels", as_of=DAY))
    rows = outlook.of(CLOS)
    assert rows["supply_mid"].isna().all()
    assert rows["masked"].all()
    service = nomenclature().services["assistants_maternels"]
    assert "masquée" in " ".join(outlook_sentences(outlook, CLOS, service, "enfants"))


def test_a_sharing_out_is_no_need_and_nothing_lacks_by_it(three: Con) -> None:
    question = Question("eaje_psu", definition="territory", as_of=DAY)
    outlook = territory_outlook(three, question)
    service = nomenclature().services["eaje_psu"]
    said = " ".join(outlook_sentences(outlook, None, service, "enfants de moins de 3 ans"))
    assert "une répartition et pas un besoin" in said
    assert "manque" not in said
