"""Services are data: every entry holds what a screen needs, and a new one is a new entry."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
import tiny
from fixtures.versions import build, make_settings
from pydantic import ValidationError

from observatory.answers.gaps import gaps, supply_by_status
from observatory.errors import RequestError
from observatory.files.gap_table import gap_table, gaps_csv
from observatory.knowledge.nomenclature import PATH, Nomenclature, nomenclature
from observatory.knowledge.question import Question

NAMES = nomenclature()
DOMAIN = {
    "eaje_psu": "0_2",
    "eaje_hors_psu": "0_2",
    "assistants_maternels": "0_2",
    "garde_domicile": "0_2",
    "prescolarisation": "0_2",
    "rpe": "assistants_maternels",
    "laep": "0_5",
    "alsh": "3_11",
    "accueil_jeunes": "11_17",
    "ludotheque": "tous",
    "centre_social": "tous",
    "espace_vie_sociale": "tous",
}
NEW = """
[service.ergotherapie]
label = "Séances d'ergothérapie"
short = "Ergothérapie"
theme = "Petite enfance"
public = "0_5"
unit = "demi-journées par an"
rate_per = 100
rate_label = "demi-journées par an pour 100 enfants de moins de 6 ans"
grain = "establishment"
norm = { value = 8, text = "8 demi-journées pour 100 enfants", source = "Pour ce test" }
definitions = ["norm", "custom"]
rate_breaks = [2, 4, 6, 8, 10]
help = "Un service de plus, sans une ligne de code."
"""


def test_every_service_of_the_domain_is_there_for_its_public() -> None:
    assert {i: NAMES.services[i].public for i in DOMAIN} == DOMAIN
    assert set(NAMES.services["accueil_0_2"].parts) == {i for i, p in DOMAIN.items() if p == "0_2"}
    assert set(NAMES.services["alsh"].day_types) == {
        "matin", "midi", "soir", "mercredi", "petites_vacances", "ete",
    }  # fmt: skip
    assert NAMES.services["alsh"].site_rule == "max"


@pytest.mark.parametrize("id_", NAMES.services)
def test_a_service_has_what_the_screens_need(id_: str) -> None:
    service = NAMES.services[id_]
    for words in (service.label, service.short, service.theme, service.unit, service.rate_label):
        assert words.strip() == words != ""
    assert service.help.endswith(".")
    assert service.rate_per > 0
    assert service.definitions
    assert service.definitions[-1] == "custom"
    assert len(set(service.definitions)) == len(service.definitions)
    assert list(service.rate_breaks) == sorted(set(service.rate_breaks))
    assert 3 <= len(service.rate_breaks) <= 7
    assert (service.grain == "composite") is bool(service.parts)
    assert ("norm" in service.definitions) is (service.norm is not None)


@pytest.mark.parametrize("id_", NAMES.definitions)
def test_a_need_definition_says_where_it_comes_from(id_: str) -> None:
    definition = NAMES.definitions[id_]
    assert definition.label
    assert definition.source
    assert (definition.kind == "share") is (definition.value is not None)
    assert (definition.kind == "reference") is (definition.level is not None)


def test_norms_and_orders_of_size_name_their_source() -> None:
    given = [n for s in NAMES.services.values() for n in (s.norm, s.context) if n]
    assert len(given) >= 2
    assert all(n.text and n.source for n in given)
    assert NAMES.definitions["potential"].value == 0.66
    assert NAMES.definitions["preference"].value == 0.64
    assert NAMES.services["rpe"].norm is not None
    assert NAMES.services["rpe"].norm.value == pytest.approx(100 / 70, abs=1e-6)


def test_thresholds_of_reliability_are_those_of_the_domain() -> None:
    by_age = [p for p in NAMES.publics.values() if p.ages]
    assert by_age
    assert {(p.suppressed_below, p.fragile_below) for p in by_age} == {(30, 200)}


def test_an_unknown_service_suggests_the_near_ones() -> None:
    for asked, near in (("alhs", "alsh"), ("crèches", "eaje"), ("relais", "rpe")):
        with pytest.raises(RequestError, match=f"Services possibles : .*{near}"):
            NAMES.service(asked)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('public = "0_5"', 'public = "0_6"'),
        ('definitions = ["norm", "custom"]', 'definitions = ["wish"]'),
        ('grain = "establishment"', 'grain = "street"'),
        ('unit = "demi-journées par an"\n', ""),
        ('theme = "Petite enfance"', 'teme = "Petite enfance"'),
        ("rate_per = 100", 'rate_per = "cent"'),
    ],
)
def test_an_entry_that_does_not_hold_together_is_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    assert old in NEW
    path = tmp_path / "nomenclature.toml"
    path.write_text(PATH.read_text(encoding="utf-8") + NEW.replace(old, new), encoding="utf-8")
    with pytest.raises((ValidationError, ValueError)):
        nomenclature(path)


def test_a_new_service_is_an_entry_and_its_rows_in_the_census(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "nomenclature.toml"
    path.write_text(PATH.read_text(encoding="utf-8") + NEW, encoding="utf-8")

    def extended() -> Nomenclature:
        return nomenclature(path)

    own = [m for n, m in sys.modules.items() if n.partition(".")[0] in ("observatory", "pipelines")]
    for module in own:
        if getattr(module, "nomenclature", None) is not nomenclature:
            continue
        monkeypatch.setattr(module, "nomenclature", extended)
    rows = (
        "P1;Séances;ergotherapie;public;Département;62001;;2.7;50.3;;50;;2020-01-01;;Enquête;2024-06-30;non\n"
        "P2;Séances;ergotherapie;public;Département;62002;;2.8;50.3;;12;;2020-01-01;;Enquête;2024-06-30;non\n"
    )
    raw_dir = tiny.write_raw(tmp_path / "raw", {"census/offre.csv": tiny.OFFER + rows})
    day = date(2023, 12, 31)
    with build(make_settings(tmp_path, raw_dir=raw_dir), tiny.ABC) as con:
        table = gaps(con, Question("ergotherapie", as_of=day, definition="norm"))
        # 600, 300 and 54 under six: 48, 24 and 4.32 half-days needed.
        assert table["need"].round(2).tolist() == [48, 24, 4.32, 76.32]
        assert table["supply"].tolist() == [50, 12, 0, 62]
        assert table["gap"].round(2).tolist() == [2, -12, -4.32, -14.32]
        assert "ergotherapie" in set(supply_by_status(con, day)["service"])
        text = gaps_csv(gap_table(con, Question("ergotherapie", as_of=day))).decode()
    assert "62002;Bourg;ergotherapie;;norm;Norme du service;300,0;24,0;12,0;-12,0;4,0;8,0;" in text
