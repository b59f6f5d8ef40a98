"""Drafts of the census and of the plan without a browser: what waits, what is refused, as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_pages import at_the_machine, drawn, opened, read
from census_files import checked, row
from fixtures.versions import deployed_copy
from hostile_texts import TITLE
from plan_files import action, book
from rail import choose, press, run, widget

from observatory.census import census_store
from observatory.census.census_check import census_after
from observatory.plan import plan_store
from observatory.plan.plan_check import check
from observatory.settings import Settings


@pytest.fixture
def settings(embedded_settings: Settings, tmp_path: Path) -> Settings:
    return deployed_copy(embedded_settings, tmp_path / "place")


@pytest.fixture(autouse=True)
def planner_here() -> Iterator[None]:
    with at_the_machine():
        yield


def test_a_change_waits_for_its_day_then_for_its_reason(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checked(tmp_path, row(identifiant="A1", nom="Les Petits <b>Pas</b>", capacite="40"))
    census_store.write(settings.census_dir, census_after({}, found, False))
    first = census_store.census_store(settings.census_dir).read()[1]
    app = opened(settings, "modifier", monkeypatch)
    widget(app.selectbox, "Établissement").select("A1")
    run(app)
    widget(app.text_input, "À partir du").input("31/04/2026")
    widget(app.text_input, "Capacité").input("48")
    press(app, "Ajouter au brouillon")
    assert "est pas un jour du calendrier" in app.error[0].value
    assert "Brouillon" not in [h.value for h in app.header]
    widget(app.text_input, "À partir du").input("01/09/2026")
    press(app, "Ajouter au brouillon")
    run(app)
    assert "Brouillon" in [h.value for h in app.header]
    assert "capacité 48, depuis le 1er septembre 2026" in read(app)
    press(app, "Publier")
    assert "Dire pourquoi" in app.error[0].value
    assert census_store.census_store(settings.census_dir).read()[1] == first


def test_a_hostile_title_of_the_plan_is_text_wherever_it_is_edited(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = check([book(tmp_path / "plan.xlsx", actions=[action(titre=TITLE)])])
    assert plan_store.load(settings.census_dir, plan)
    app = opened(settings, "plan", monkeypatch)
    choose(app, action="A1", modifier="1")
    press(app, "Retirer du plan")
    run(app)
    assert "Brouillon" in [h.value for h in app.header]
    places = [(kind, text) for kind, text in drawn(app) if "Forum" in text]
    assert {kind for kind, _ in places} >= {"Html", "Markdown"}
    for kind, text in places:
        assert "<b>" not in text, text
        assert kind == "Html" or ("**" not in text and "](" not in text), text
