"""Siting put to a version: what it foretells is what the version answers once it is built."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny
from fixtures.versions import Con, Version
from generated import at_every_run

from observatory.answers.accessible import access
from observatory.answers.gaps import gaps
from observatory.errors import RequestError
from observatory.knowledge.question import Question
from observatory.siting.candidate_sites import (
    SiteDefaults,
    read_sites,
    site_contract,
    town_halls,
)
from observatory.siting.siting_problem import Bounds
from observatory.siting.stability import stays, variants
from observatory.siting.territory_siting import (
    TerritorySiting,
    second_opinions,
    sites_for,
    territory_siting,
)
from observatory.workbook.template import write_files

DAY = date(2026, 1, 1)
QUESTION = Question("eaje_psu", as_of=DAY, definition="territory")
CUSTOM = Question("eaje_psu", as_of=DAY, definition="custom", custom=60)


def asked(con: Con, question: Question = CUSTOM, **more: float) -> TerritorySiting:
    given = SiteDefaults(smallest=5, largest=20)
    return territory_siting(con, question, town_halls(con, given), minutes=more.get("minutes"))


@pytest.mark.parametrize("minutes", at_every_run(1, [10, 15, 20]))
def test_what_is_foretold_is_what_the_version_answers_once_it_is_built(
    tiny_version: Version, minutes: int
) -> None:
    before = asked(tiny_version(), minutes=minutes)
    places = np.where(before.sites["id"] == "62002", 12.0, 0.0)
    row = "N1;Neuf;eaje_psu;public;Ville;62002;;2.80;50.30;;12;;2020-01-01;;Essai;2024-06-30;non\n"
    built = tiny_version({"census/offre.csv": tiny.OFFER + row})
    found = access(built, "eaje_psu", as_of=DAY).set_index("code")[f"access_{minutes}"] / 100
    foretold = before.communes["access"] + before.problem.gained(places)
    known = before.communes[before.communes["access"].notna()]
    assert len(known) >= 3
    for n, code in known["code"].items():
        assert foretold[n] == pytest.approx(found[code], rel=1e-9), code


TRAVEL = """origine;destination;minutes
62001;62001;2
62001;62002;17
62001;62003;9
62002;62001;4
62002;62002;1
62003;62003;3
62003;62002;14
"""
"""One way is not the other; Clos does not reach Aval, nor Bourg Clos; nobody tells of Dune."""


@pytest.mark.campaign
@pytest.mark.parametrize("minutes", at_every_run(1, [20, 15, 10]))
def test_by_the_table_of_travel_times_too_it_is_what_the_version_answers(
    tiny_version: Version, minutes: int
) -> None:
    roads = {"travel_time/temps_2026.csv": TRAVEL}
    con = tiny_version(roads)
    before = asked(con, minutes=minutes)
    assert before.timed == 3  # Dune is the fourth town hall
    straight = asked(tiny_version(), minutes=minutes)
    assert straight.timed == 0
    places = np.where(before.sites["id"] == "62002", 12.0, 0.0)
    foretold = before.communes["access"] + before.problem.gained(places)
    row = "N1;Neuf;eaje_psu;public;Ville;62002;;2.80;50.30;;12;;2020-01-01;;Essai;2024-06-30;non\n"
    built = tiny_version({**roads, "census/offre.csv": tiny.OFFER + row})
    found = access(built, "eaje_psu", as_of=DAY).set_index("code")[f"access_{minutes}"] / 100
    for n, code in before.communes.loc[before.communes["access"].notna(), "code"].items():
        assert foretold[n] == pytest.approx(found[code], rel=1e-9), code
    # In a straight line Bourg is near Aval; by the table seventeen minutes, and Clos from it never.
    reached = set(zip(before.problem.origin, before.problem.site, strict=True))
    place = dict(zip(before.communes["code"], before.communes.index, strict=True))
    rank = dict(zip(before.sites["id"], range(len(before.sites)), strict=True))
    assert ((place["62001"], rank["62002"]) in reached) is (minutes == 20)
    assert (place["62002"], rank["62003"]) not in reached
    assert (place["62003"], rank["62001"]) not in reached


def test_a_site_of_a_file_keeps_its_straight_line_whatever_it_is_called(
    tiny_version: Version,
) -> None:
    con = tiny_version({"travel_time/temps_2026.csv": TRAVEL})
    moved = town_halls(con, SiteDefaults()).assign(lat=50.28)
    assert territory_siting(con, CUSTOM, moved).timed == 0


def test_a_commune_whose_children_are_unknown_is_named_and_left_out(tiny_four: Con) -> None:
    found = asked(tiny_four)
    assert found.left_out == ("Dune",)
    best, opened, gained = sites_for(found, Bounds(places=15, sites=2))
    assert best.distance == 0
    assert opened["places"].sum() <= 15
    assert "62004" not in set(gained["code"])
    # A child of Clos who gains, gains somewhere: the places shared out are all of those opened.
    assert gained["gained"].sum() == pytest.approx(opened["places"].sum())
    assert ((gained["short"] - gained["still_short"]) <= gained["gained"] + 1e-9).all()
    closed = (gained["short"] - gained["still_short"]).sum()
    assert closed == pytest.approx(best.closed)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Question("rpe", as_of=DAY), "ce service n'a pas de lieu que les familles rejoignent"),
        (Question("assistants_maternels", as_of=DAY), "n'a pas de lieu"),
    ],
)
def test_a_service_that_nobody_travels_to_is_refused(
    tiny_four: Con, question: Question, told: str
) -> None:
    with pytest.raises(RequestError, match=told):
        asked(tiny_four, question)


def test_weights_that_move_with_the_sites_are_refused_with_a_reason(tiny_four: Con) -> None:
    sites = town_halls(tiny_four, SiteDefaults())
    with pytest.raises(RequestError, match="ses poids changent avec les sites eux-mêmes"):
        territory_siting(tiny_four, QUESTION, sites, scheme="apl_choix")
    with pytest.raises(RequestError, match="le temps d'accès de 12 minutes n'est pas suivi"):
        territory_siting(tiny_four, QUESTION, sites, minutes=12)
    with pytest.raises(RequestError, match="aucune commune n'a un besoin et une offre connus"):
        territory_siting(tiny_four, Question("eaje_psu", as_of=date(1990, 1, 1)), sites)


def test_where_no_need_is_known_the_census_is_not_asked_for(tiny_version: Version) -> None:
    con = tiny_version({}, "62004")
    with pytest.raises(RequestError) as refused:
        territory_siting(con, Question("eaje_psu", as_of=DAY), town_halls(con, SiteDefaults()))
    assert "Aucun besoin n'y est connu" in str(refused.value)
    assert "Charger le recensement" not in str(refused.value)


def test_crèches_of_both_kinds_are_judged_together(tiny_four: Con) -> None:
    # Since 2024 Clos has a micro-crèche of unknown size: nothing is known there of both together.
    asked_of = Question("eaje", as_of=DAY, definition="custom", custom=60)
    assert "Clos" in asked(tiny_four, asked_of).left_out
    before = asked(tiny_four, replace(asked_of, as_of=date(2023, 1, 1)))
    assert before.left_out == ("Dune",)


def test_two_other_opinions_are_those_worked_out_by_hand(tiny_three: Con) -> None:
    # Children under three: Aval 300, Bourg 150, Clos 27. One site: from Aval, the largest, all are
    # the nearest in all; whatever the site, those who have it at home have it within one minute.
    halls = town_halls(tiny_three, SiteDefaults())
    nearest, within = second_opinions(tiny_three, CUSTOM, halls, 1, minutes=1)
    assert nearest["name"].tolist() == within["name"].tolist() == ["Aval"]
    assert within["told"].tolist() == pytest.approx([300])
    every, _ = second_opinions(tiny_three, CUSTOM, halls, 9)
    assert (len(every), every["told"].max()) == (len(halls), pytest.approx(0))


def test_a_site_that_stays_is_counted_in_each_question_changed(tiny_three: Con) -> None:
    halls = town_halls(tiny_three, SiteDefaults(smallest=5, largest=20))
    told: list[str] = []
    found = variants(
        tiny_three, CUSTOM, halls, Bounds(places=5), scheme="apl", minutes=15, progress=told.append
    )
    by_label = {one.label: one for one in found}
    assert told == list(by_label)
    assert {"10 minutes", "20 minutes", "Tout ou rien"} <= set(told)
    assert not {"15 minutes", "Paliers de l'APL (1 ; 0,3 ; 0,1)", "Objectif choisi"} & set(told)
    for label, minutes in (("10 minutes", 10.0), ("20 minutes", 20.0)):
        opened = sites_for(
            territory_siting(tiny_three, CUSTOM, halls, minutes=minutes), Bounds(places=5)
        )[1]
        assert by_label[label].sites == tuple(opened["id"])
    answered = [one for one in found if one.sites is not None]
    assert all(one.why for one in found if one.sites is None)
    every = stays(halls["id"], found)
    assert sum(every.values()) == sum(len(one.sites or ()) for one in answered)


def test_the_gap_of_the_territory_goes_with_what_lacks_within_reach(tiny_three: Con) -> None:
    found = asked(tiny_three)
    every = gaps(tiny_three, CUSTOM)
    whole = every[every["code"].isna()]["gap"].iloc[0]
    assert found.local_gap == pytest.approx(whole, nan_ok=True)


def test_sites_of_a_file_are_read_with_their_defaults(tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(
        "identifiant;nom;longitude;latitude;places_min;places_max;cout_ouverture;cout_place;impose\n"
        "S1;École;2,70;50,30;12;;1 000;;oui\n"
        "S2;Gare;2.80;50.25;;40;;30000;\n",
        encoding="utf-8",
    )
    found = read_sites([file], SiteDefaults(10, 60, 5.0, 7.0))
    expected = pd.DataFrame(
        {
            "id": ["S1", "S2"],
            "name": ["École", "Gare"],
            "lon": [2.7, 2.8],
            "lat": [50.3, 50.25],
            "smallest": [12.0, 10.0],
            "largest": [60.0, 40.0],
            "opening_euros": [1000.0, 5.0],
            "place_euros": [7.0, 30000.0],
            "opened": [True, False],
        }
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("S1;École;;50.30;;;;;", "Longitude|longitude"),
        ("S1;École;2.7;50.3;30;20;;;", "le maximum est sous le minimum"),
        ("S1;École;2.7;50.3;-1;;;;", "pas un nombre plausible"),
        ("S1;;2.7;50.3;;;;;", "nom"),
        ("S1;École;50.3;2.7;;;;;", "inversées"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    file = tmp_path / "sites.csv"
    heading = ";".join(c.name for c in site_contract().sheets[0].columns)
    file.write_text(f"{heading}\n{row}\n", encoding="utf-8")
    with pytest.raises(RequestError, match=told) as caught:
        read_sites([file], SiteDefaults())
    assert "sites.csv" in str(caught.value)


def test_the_template_is_read_back(tmp_path: Path) -> None:
    out = tmp_path / "sites.csv"
    write_files(site_contract(), out)
    with pytest.raises(RequestError, match="aucun site"):
        read_sites([out], SiteDefaults())
