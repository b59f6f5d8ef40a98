"""The form of a page as data: what is offered, what an address says, what cannot be read."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.knowledge.nomenclature import nomenclature
from observatory.ui.controls.form import Form
from observatory.ui.controls.rail import ask_service, ask_view
from observatory.ui.controls.visit import Visit

COMMUNES = {"62041": "Arras", "62320": "Étrun", "62764": "Saint-Nicolas"}
FIRST, LAST = date(2015, 1, 1), date(2030, 12, 31)
TEXT = st.text(alphabet=string.printable + "éÉ«»\u200b\x00", max_size=40)


def whole(chosen: dict[str, str]) -> Form:
    """Every question of the map, asked of an address."""
    form = Form(chosen, set(chosen))
    ask_view(form, COMMUNES)
    return form


def test_an_address_names_what_is_not_usual_and_always_the_service() -> None:
    form = whole({"service": "eaje", "mesure": "taux", "commune": "62320"})
    assert form.address == {"service": "eaje", "mesure": "taux", "commune": "62320"}
    assert whole({}).address == {"service": next(iter(nomenclature().services))}


@given(st.dictionaries(st.sampled_from(["theme", "service", "mesure", "besoin", "date", "objectif",
                                        "jour", "commune"]), TEXT))  # fmt: skip
def test_whatever_an_address_says_the_form_answers_and_its_own_address_says_the_same(
    chosen: dict[str, str],
) -> None:
    form = whole(chosen)
    again = whole(form.address)
    assert again.unread == []
    assert again.address == form.address
    assert [c.value for c in again.controls] == [c.value for c in form.controls]
    for control in form.controls:
        assert control.kind != "menu" or control.value in dict(control.options)


@pytest.mark.parametrize("service", nomenclature().services)
def test_every_service_is_found_by_its_identifier_its_name_or_without_accents(service: str) -> None:
    named = nomenclature().services[service]
    for told in (service, named.short, named.label, named.short.upper()):
        form = Form({"service": told}, {"service"})
        found, _ = ask_service(form)
        assert nomenclature().services[found].short == named.short
        assert form.unread == []
        theme = form.asked("theme")
        assert theme is not None
        assert theme.value == named.theme


def test_a_link_of_before_opens_by_its_words() -> None:
    old = {
        "theme": "Petite enfance",
        "service": "EAJE",
        "mesure": "Places pour 100 enfants",
        "commune": "Étrun (62320)",
    }
    assert whole(old).address == {"service": "eaje", "mesure": "taux", "commune": "62320"}
    assert whole(old).unread == []


def test_what_cannot_be_read_is_said_and_the_usual_choice_is_shown() -> None:
    bad = {"service": "eaje", "mesure": "bidon", "date": "2024-13-45", "commune": "75056"}
    form = whole(bad)
    assert form.address == {"service": "eaje"}
    said = " ".join(form.unread)
    for text, label in (("bidon", "Mesure"), ("2024-13-45", "Date de l'offre")):
        assert f"« {text} » n'est pas un choix possible pour « {label} »" in said
    assert "« 75056 » n'est pas une commune du territoire" in said


def test_a_choice_that_another_made_impossible_is_left_without_a_word() -> None:
    form = Form({"service": "laep", "mesure": "taux_publie"})  # chosen by hand, not by a link
    ask_view(form, COMMUNES)
    assert form.unread == []
    assert form.address == {"service": "laep"}


def test_a_link_that_lasts_tells_the_day() -> None:
    form = whole({"service": "eaje"})
    day = form.asked("date")
    assert day is not None
    assert form.lasting == {"service": "eaje", "date": day.value}


def test_a_theme_leaves_its_services_free() -> None:
    visit = Visit(chosen={"service": "eaje"})
    theme = next(s.theme for s in nomenclature().services.values() if s.theme != "Petite enfance")
    visit.pick("theme", theme)
    form = Form(visit.chosen)
    service, _ = ask_service(form)
    assert nomenclature().services[service].theme == theme


@given(st.lists(st.sampled_from([*COMMUNES, "75056", "", "arras"]), max_size=6))
def test_several_communes_are_read_once_each_or_not_at_all(codes: list[str]) -> None:
    form = Form({"communes": ",".join(codes)}, {"communes"})
    found = form.communes("Communes", COMMUNES, "communes")
    known = [c for c in codes if c]
    if set(known) <= COMMUNES.keys():
        assert found == list(dict.fromkeys(known))
    else:
        assert found == []
        assert form.unread


@given(st.dates(), TEXT)
def test_a_day_is_within_its_limits(usual: date, text: str) -> None:
    form = Form({"date": text}, {"date"})
    assert FIRST <= form.day("Date", "date", usual, FIRST, LAST) <= LAST
