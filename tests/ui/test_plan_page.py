"""The pages of the plan: what a planner reads, and what anyone does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import PropertyMock, patch

import pytest
import tiny
from app_pages import at_the_machine, opened, read, unfolded
from fixtures.versions import Con, deployed_copy, make_settings, publish_first
from plan_files import action as an_action
from plan_files import book
from plan_files import bound as a_bound
from rail import choose, options
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from observatory.plan import plan_store
from observatory.plan.indicator_binding import Binding
from observatory.plan.observation import Observed, observe
from observatory.plan.plan_check import check
from observatory.settings import Settings
from observatory.ui.plan import kept_figures
from observatory.ui.shell.kept import kept

PILOT = "Chargée de coopération Ctg"


def test_anyone_reads_what_is_public_and_no_function(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "plan", monkeypatch)
    text = read(app)
    assert "Développer les places de crèche" in text
    assert "Exemple de démonstration" in text
    assert "En cours, en retard" in text
    assert "Lecture des planificateurs" not in text
    choose(app, action="EF-2")
    assert "Réduire l'écart entre l'offre et le besoin." in read(app)
    assert PILOT not in read(app)


@pytest.fixture(name="at_the_machine")
def planner_here() -> Iterator[None]:
    with at_the_machine():
        yield


def test_a_planner_reads_all_of_it(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch, at_the_machine: None
) -> None:
    app = opened(embedded_settings, "plan", monkeypatch)
    assert "Lecture des planificateurs" in read(app)
    choose(app, action="EF-2")
    assert PILOT in read(app)


def curves(app: AppTest) -> list[str]:
    bodies = "".join(str(block.proto.body) for block in app.get("html"))
    return re.findall(r'<figure class="obs-course">.*?</figure>', bodies, flags=re.S)


def test_each_indicator_has_its_curve_for_anyone_and_the_register_is_for_planners(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch, at_the_machine: None
) -> None:
    app = opened(embedded_settings, "plan", monkeypatch)
    places, young = curves(app)
    assert "relevé, 31/12/2024 : 854" in places  # between the baseline and the last value
    assert "cible, 31/12/2026 : 900" in places
    assert 'class="line"' in young
    choose(app, action="EF-2")
    assert len(curves(app)) == 1
    with patch.object(ContextProxy, "headers", new_callable=PropertyMock, return_value={}):
        public = curves(opened(embedded_settings, "plan", monkeypatch))
    assert len(public) == 2
    assert "854" not in public[0]


@pytest.mark.campaign
def test_a_choice_computes_no_bound_figure_again(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch, at_the_machine: None
) -> None:
    kept().made.clear()
    asked = []

    def counted(con: Con, bound: Binding, day: date) -> Observed:
        asked.append((bound, day))
        return observe(con, bound, day)

    monkeypatch.setattr(kept_figures, "observe", counted)
    app = opened(embedded_settings, "plan", monkeypatch)
    assert asked
    choose(app, action="EF-2")
    choose(app, etat="retard")
    assert len(asked) == len(set(asked))


def test_the_actions_are_chosen_by_axis_and_by_state(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "plan", monkeypatch)
    assert list(options(app, "etat").values())[:2] == ["Toutes", "En retard"]
    choose(app, etat="retard")
    text = read(app)
    assert "Soutenir les lieux de vie sociale" in text
    assert "Inclusion numérique" not in text


def test_without_a_plan_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_settings(tmp_path)
    settings = replace(settings, raw_dir=tiny.write_raw(tmp_path / "raw"))
    publish_first(settings, tiny.SIREN)
    assert "n'a pas encore montré de plan" in read(opened(settings, "plan", monkeypatch))


def test_the_order_of_the_figures_tells_its_rule_and_what_has_no_rank(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "priorites", monkeypatch)
    text = read(app)
    assert "Sans réponse : les places qui manquent" in text
    assert "cas masqués" in text
    assert "Le comité n'a pas donné le sien" in text


def test_the_order_of_the_committee_stands_beside_it_for_planners_until_it_is_public(
    embedded_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_the_machine: None,
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    order = {"rang": 1, "services": "eaje", "communes": "62041", "raison": "Deux <b>ferment</b>.",
             "instance": "Comité de pilotage", "decide_le": "2026-06-18"}  # fmt: skip
    checked = check([book(tmp_path / "plan.xlsx", actions=[an_action()], priorites=[order])])
    assert checked.errors == []
    assert plan_store.load(settings.census_dir, checked)
    text = read(opened(settings, "priorites", monkeypatch))
    assert "Deux <b>ferment</b>." in text  # as it is written, never as an element
    assert "Comité de pilotage, le 18/06/2026" in text
    with patch.object(ContextProxy, "headers", new_callable=PropertyMock, return_value={}):
        assert "Le comité n'a pas donné le sien" in read(opened(settings, "priorites", monkeypatch))


def test_the_sheet_of_a_commune_lists_what_the_plan_foresees_for_it(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(embedded_settings, "commune", monkeypatch)
    choose(app, commune="62041")
    text = read(app)
    assert "Ce que prévoit le plan d'actions" in text
    assert "Développer les places de crèche" in text
    assert PILOT not in text


def test_the_figure_that_an_action_follows_says_how_it_is_made_on_each_of_its_days(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unfolded():
        app = opened(embedded_settings, "plan", monkeypatch)
        choose(app, action="EF-2")
    text = re.sub(r"\s+", " ", read(app))
    start, today, aim = text.split("chaque chiffre, son calcul et sa source")[1:]
    assert "842 places" in start
    assert "Crèche collective de démonstration – Arras 1" not in start
    assert "646 + 214 860 places" in today
    assert "Crèche collective de démonstration – Arras 1, Arras 42 places" in today
    assert "860 places" in aim
    assert "La cible, 900, est celle que le plan a votée" in aim
    assert "taux de la France" not in text  # an offer rests on no need
    assert [s.value.partition(",")[0] for s in app.subheader][:3] == [
        "Au départ",
        "Aujourd'hui",
        "Le jour de la cible",
    ]


def test_a_masked_figure_that_an_action_follows_is_said_to_be_and_its_sum_is_not_told(
    embedded_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_the_machine: None,
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    indicator = a_bound(
        service="assistants_maternels", mesure="offre", communes="62290", cible="10"
    )
    checked = check([book(tmp_path / "plan.xlsx", actions=[an_action()], indicateurs=[indicator])])
    assert checked.errors == []
    assert plan_store.load(settings.census_dir, checked)
    with unfolded():
        app = opened(settings, "plan", monkeypatch)
        choose(app, action="A1")
    text = re.sub(r"\s+", " ", read(app))
    (*_, today, aim) = text.split("chaque chiffre, son calcul et sa source")
    assert "Offre — masqué" in today
    assert "secret" in today
    assert "Offre — masqué" in aim
