"""« Où ouvrir ? » as an address tells it, and a search that answers or says why not."""

from __future__ import annotations

from datetime import date

import pytest
from fixtures.versions import Con

from observatory.errors import RequestError
from observatory.knowledge.question import Question
from observatory.siting.candidate_sites import town_halls
from observatory.siting.siting_in_words import in_parts
from observatory.siting.siting_request import answer_siting, check_request
from observatory.ui.scenario.sites_asked import FIELDS, SOLVES, USUAL, SitesAsked, sites_of

DAY = date(2026, 1, 1)
CRECHES = Question("eaje", as_of=DAY)


@pytest.mark.parametrize(
    "asked",
    [
        USUAL,
        SitesAsked(budget=1_234_567),
        SitesAsked(20, 1, 500_000, 8, 24, 30_000, 1_000, 10, "e2sfca", 12),
        SitesAsked(places=60, smallest=0),
    ],
)
def test_what_is_asked_is_read_back_from_its_text(asked: SitesAsked) -> None:
    assert sites_of(asked.text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "places", "places:", "places:soixante", "places:nan", "places:inf", "places:-1",
        "places:1e12", "seconds:61", "sites:4,sites:5", "scheme:<script>", "wrong:1", ",",
        "places:60;sites:4",
    ],
)  # fmt: skip
def test_a_text_that_asks_nothing_readable_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RequestError, match="ne se lit pas"):
        sites_of(text)


def test_the_seconds_that_are_told_are_those_of_all_the_solves() -> None:
    assert SitesAsked(places=60, seconds=30).request(CRECHES).seconds * SOLVES == 30


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (SitesAsked(), "« Places en tout », « Sites, au plus » ou « Budget »"),
        (SitesAsked(places=60, smallest=30, largest=20), "« Places d'un site, au moins »"),
        (SitesAsked(budget=500_000), "« Coût d'une place » ou « Coût d'un site »"),
    ],
)
def test_what_no_version_answers_is_refused_in_the_words_of_the_page(
    asked: SitesAsked, told: str
) -> None:
    with pytest.raises(RequestError) as refused:
        check_request(asked.request(CRECHES), None, FIELDS)
    assert told in str(refused.value)


def test_the_bound_that_holds_the_answer_back_is_named_as_its_field_is(tiny_four: Con) -> None:
    request = SitesAsked(places=12, sites=1, place_euros=1_000).request(CRECHES)
    offered = town_halls(tiny_four, request.defaults(None))
    parts = in_parts(answer_siting(tiny_four, request, offered, None), FIELDS)
    said = "\n".join(line for part in parts for line in (part.head, *part.items, *part.after))
    assert "--" not in said
    assert "faute d'un autre" not in said  # a cost was given
    assert "site à ouvrir" in said


def test_where_nothing_lacks_it_is_the_first_thing_said(tiny_four: Con) -> None:
    enough = Question("eaje", definition="custom", custom=0.01, as_of=DAY)
    request = SitesAsked(places=12).request(enough)
    offered = town_halls(tiny_four, request.defaults(None))
    _, verdict, *_ = in_parts(answer_siting(tiny_four, request, offered, None), FIELDS)
    assert verdict.head.startswith("Il ne manque aucune place")
