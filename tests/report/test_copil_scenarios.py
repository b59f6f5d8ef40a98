"""The slide of the scenarios that planners marked for the committee."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import tiny
from committee import every_text, settings_of, slides_of
from told import as_typed

from observatory.scenario import scenario_store
from observatory.scenario.scenario_change import Change, Scenario

DAY = date(2027, 9, 1)
CRECHE = Change(
    "ouvrir", DAY, service="eaje_psu", commune="62002", places=12.0, cofinance=True
)  # fmt: skip


def test_a_marked_scenario_has_its_slide_for_the_committee_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, tiny.write_raw(tmp_path / "raw"), tiny.SIREN)
    gone = Change("fermer", DAY, etablissement="E99")
    scenario_store.keep(
        settings.census_dir,
        [
            Scenario("Bourg", (CRECHE,), committee=True),
            Scenario("Perdu", (gone,), committee=True),
            Scenario("Caché", (CRECHE,)),
        ],
    )
    told = as_typed(every_text(slides_of(settings)))
    assert "Et si… : 2 scénarios à débattre" in told
    assert "Avec 12 places à Bourg en septembre 2027, l'écart local" in told
    assert "« Perdu » ne se calcule plus" in told
    assert "de 31\u202f200 à 43\u202f200 €" in told
    assert "Caché" not in told
    assert "Et si…" not in every_text(slides_of(settings, public=True))
