"""The page of the coming years, and the part of a sheet that says how a figure is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from app_pages import unfolded
from rail import as_told, with_choices
from streamlit.testing.v1 import AppTest
from told import as_typed

from observatory.settings import ROOT, Settings
from observatory.ui.charts.range_years import YearRange, range_years


@pytest.fixture
def deployed(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(embedded_settings.census_dir))
    with unfolded():
        yield


def read(page: str, **choices: str) -> str:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    with_choices(app, choices)
    app.switch_page(f"observatory/ui/pages/{page}.py").run()
    assert not app.exception, app.exception
    assert not app.error, [e.value for e in app.error]
    return said_on(app)


def said_on(app: AppTest) -> str:
    bodies = "\n".join(str(block.proto.body) for block in app.get("html"))
    shown = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", bodies, flags=re.S))
    said = as_typed(shown + "\n".join(i.value for i in app.info))
    return re.sub(r"\s+", " ", said)


@pytest.mark.usefixtures("deployed")
def test_the_territory_reads_as_a_range_and_never_as_a_forecast() -> None:
    text = read("demain")
    assert "simulation, pas prévision" in text
    # 1,040 births of 2022, kept or falling by France's 2.7 % a year; 3,418 children counted.
    assert "3 418 enfants de moins de 3 ans comptés en 2023, entre 2 752 et 3 493 en 2031" in text
    assert "Naissances connues de 2022 seulement" in text
    assert "Ce que la simulation suppose" in text or "9 % des places financées" in text


@pytest.mark.usefixtures("deployed")
def test_a_masked_commune_says_so_and_gives_nothing() -> None:
    text = read("demain", commune="62290", service="assistants_maternels")
    assert "Offre masquée : ce qui manquera ne se dit pas" in text
    assert "masqué" in text


@pytest.mark.usefixtures("deployed")
def test_a_public_that_is_not_simulated_says_why() -> None:
    text = read("demain", theme="Animation de la vie sociale", service="centre_social")
    assert "la population de tous âges n'est pas simulée" in text


@pytest.mark.usefixtures("deployed")
def test_the_sheet_says_how_its_figure_is_made() -> None:
    text = read("commune", commune="62041", service="eaje", besoin="reference_dep")
    assert "2 342,7 de 0 à 4 ans × 3/5" in text
    assert "× 14,5 ÷ 100 (taux du département, 2023)" in text
    assert "Crèche collective de démonstration – Arras 1" in text
    assert "Aucune version plus ancienne n'est gardée" in text


def test_ranges_are_drawn_from_a_floor_that_is_said() -> None:
    html = range_years([YearRange(2026, (90, 95, 100), (110, 110, 110))], "places", "Besoin", "alt")
    assert "échelle commence à 88" in html
    assert "besoin de 90 à 100, offre 110" in html
    assert range_years([YearRange(2026, None, None)], "places", "Besoin", "alt") == ""


def pressed(app: AppTest, button: str, text: str = "") -> None:
    """Press a button, the ages written before it; the address is what the browser was told."""
    as_told(app)
    if text:
        app.text_area("ages_saisis").set_value(text)
    app.button(button).click().run()


@pytest.mark.usefixtures("deployed")
def test_ages_typed_in_follow_the_territory_stay_in_the_visit_and_never_tell_of_a_few() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    with_choices(app, {"service": "assistants_maternels", "date": "2026-01-01"})
    app.switch_page("observatory/ui/pages/demain.py").run()
    pressed(app, "ages_prendre", "classe;effectif\n30-34;10\n55-59;4")
    assert "moins de 5 personnes" in app.error[0].value
    pressed(app, "ages_prendre", "classe;effectif\n30-34;10\n55-59;10")
    assert not app.error
    text = said_on(app)
    assert "départ à 67 ans, ou à 64 ans, sans arrivée" in text
    assert "55-59" not in str(app.query_params)
    # In five years a fifth of those of 55 to 59 is 64, nobody is 67: 18 of 20 stay, or all of them.
    found = re.search(r"Offre, en 2031 ([\d ]+) à ([\d ]+) ", text)
    assert found
    low, high = (int(one.replace(" ", "")) for one in found.groups())
    assert low / high == pytest.approx(0.9, abs=0.001)
    assert "départ à 67 ans" not in read("demain", service="assistants_maternels")
    pressed(app, "ages_oublier")
    assert "départ à 67 ans" not in said_on(app)


@pytest.mark.usefixtures("deployed")
def test_ages_are_asked_for_the_whole_territory_and_where_they_count() -> None:
    for choices in ({"service": "eaje"}, {"service": "assistants_maternels", "commune": "62041"}):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
        with_choices(app, choices)
        app.switch_page("observatory/ui/pages/demain.py").run()
        assert not app.text_area
