"""« Et si… » without a browser: a micro-crèche asked in its form, sites that enter the scenario."""

from __future__ import annotations

import re

import pytest
from app_pages import opened, read
from rail import choose, press, run, widget
from streamlit.testing.v1 import AppTest
from told import as_typed
from what_if_links import UNANSWERED

from observatory.settings import Settings


def test_a_micro_crèche_of_the_form_is_told_with_what_its_neighbours_gain(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "et_si", monkeypatch)
    choose(app, commune="62263")
    widget(app.selectbox, "Service").select("eaje_hors_psu")
    run(app)
    press(app, "Voir ce que cela change")
    run(app)
    told = read(app)
    assert "Avec 12 places à Dainville en septembre" in told
    assert "dans les 15 minutes, ses enfants gagnent" in told
    assert "pas de bonus territoire" in told


def test_sites_that_are_found_enter_the_scenario(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "et_si", monkeypatch)
    choose(app, service="eaje", jour_regarde="2026-01-01")
    widget(app.number_input, "Places en tout").set_value(40)
    widget(app.number_input, "Sites, au plus").set_value(2)
    press(app, "Chercher où ouvrir")
    run(app)
    told = read(app)
    assert "2 sites à ouvrir" in told
    assert "aucun choix ne fait mieux" in told
    assert "Relever « Places en tout » ou « Sites, au plus »" in told
    assert "recensement de démonstration" in told
    press(app, "Mettre ces sites dans le scénario")
    run(app)
    assert "Avec les 2 changements" in read(app)


@pytest.mark.parametrize(("ou", "told"), UNANSWERED)
def test_what_cannot_be_answered_says_why_and_the_fields_stay(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch, ou: str, told: str
) -> None:
    app = opened(embedded_settings, "et_si", monkeypatch)
    choose(app, service="eaje", jour_regarde="2026-01-01", ou=ou)
    assert told in plain_words(app)
    assert widget(app.button, "Chercher où ouvrir")


def test_a_link_that_nobody_can_read_is_said_in_a_sentence(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "et_si", monkeypatch)
    choose(app, scenario="<script>")
    assert "le scénario de ce lien ne se lit pas".capitalize() in plain_words(app)
    assert widget(app.button, "Voir ce que cela change")


def plain_words(app: AppTest) -> str:
    """What the page warns of, as it is read."""
    return " ".join(re.sub(r"\\(.)", r"\1", as_typed(w.value)) for w in [*app.warning, *app.error])
