"""The census beside what the Cnaf and the BPE publish: the right day, the right words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import tiny
from streamlit.testing.v1 import AppTest

from observatory.answers.reconciliation import headlines, published_years, reconcile
from observatory.commands import main
from observatory.errors import RequestError, VersionError
from observatory.files.reconciliation_csv import reconciliation_csv
from observatory.knowledge.explanations import explain
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import ROOT, Settings

Con = duckdb.DuckDBPyConnection
Version = Callable[..., Con]


def row(table: pd.DataFrame, **keys: object) -> dict[str, Any]:
    for column, value in keys.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return {str(k): v for k, v in table.iloc[0].items()}


def test_arras_2022_has_431_eaje_places_published_and_in_the_census(embedded: Con) -> None:
    table = reconcile(embedded, 2022)
    assert headlines(table) == ["Arras, 2022 : 431 places d'EAJE publiées, 431 recensées"]
    eaje = row(table, service="eaje", code="62041")
    assert (eaje["published"], eaje["difference"], eaje["percent"]) == (431, 0, 0)
    assert set(table["service"]) == {
        "eaje_psu", "eaje_hors_psu", "eaje", "assistants_maternels", "prescolarisation",
        "garde_domicile", "accueil_0_2",
    }  # fmt: skip


def test_the_epci_is_compared_by_its_rates(embedded: Con) -> None:
    table = reconcile(embedded, 2023)
    epci = row(table, service="eaje", level="epci")
    assert (epci["measure"], epci["published"]) == ("taux", 25.0)
    assert epci["census"] == pytest.approx(25.0, abs=0.05)
    assert epci["name"] == "Communauté urbaine d'Arras"


def test_the_census_is_that_of_the_31_december_of_the_year(tiny_four: Con) -> None:
    # E1 has 50 places since 2021, E2 20 until July 2023.
    assert row(reconcile(tiny_four, 2022), service="eaje_psu")["census"] == 70
    assert row(reconcile(tiny_four, 2022), service="eaje_psu")["difference"] == 20
    assert row(reconcile(tiny_four, 2022), service="eaje")["published"] == 50, "50 PSU + 0"


def test_a_rate_is_compared_with_a_rate_where_no_place_is_published(tiny_four: Con) -> None:
    found = row(reconcile(tiny_four, 2023), service="eaje", code="62001")
    assert (found["measure"], found["published"]) == ("taux", 17)
    assert found["census"] == pytest.approx(100 * 50 / 300)


def test_an_unknown_census_gives_no_difference(tiny_four: Con) -> None:
    found = row(reconcile(tiny_four, 2023), service="eaje", level="epci")
    assert pd.isna(found["census"]), "the capacity of a nursery is unknown after 2024, ages too"
    assert pd.isna(found["difference"])
    assert "ne dit rien" in found["explanation"]


def test_a_territory_that_is_no_epci_is_not_compared_with_one(tiny_three: Con) -> None:
    assert set(reconcile(tiny_three)["level"]) == {"com"}


def test_a_service_that_the_census_does_not_know_has_no_count(tiny_version: Version) -> None:
    offer = "".join(line + "\n" for line in tiny.OFFER.splitlines() if ";eaje" not in line)
    table = reconcile(tiny_version({"census/offre.csv": offer}), 2022)
    assert table.loc[table["service"] == "eaje_psu", "establishments"].isna().all()
    written = reconciliation_csv(table[table["service"] == "eaje_psu"]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written), delimiter=";"))
    assert rows
    assert {r["etablissements_recenses"] for r in rows} == {""}


@pytest.mark.campaign
def test_what_the_bpe_fills_is_no_census(tiny_version: Version) -> None:
    offer = "".join(line + "\n" for line in tiny.OFFER.splitlines() if ";eaje" not in line)
    bpe = "AN;DEPCOM;TYPEQU;CAPACITE;LONGITUDE;LATITUDE\n2024;62001;D502;50;2.7;50.3\n"
    con = tiny_version({"census/offre.csv": offer, "bpe/bpe24.csv": bpe})
    found = row(reconcile(con, 2022), service="eaje_psu", code="62001")
    assert pd.isna(found["census"])
    assert found["bpe"] == 1
    assert pd.isna(found["establishments"]), "none was listed, and none is not said"
    assert "plus d'établissements" in found["explanation"]


@pytest.mark.campaign
def test_the_bpe_shows_communes_that_the_cnaf_does_not_publish(tiny_version: Version) -> None:
    bpe = "AN;DEPCOM;TYPEQU;LONGITUDE;LATITUDE\n2024;62002;D502;2.8;50.3\n"
    found = row(
        reconcile(tiny_version({"bpe/bpe24.csv": bpe}), 2022), code="62002", service="eaje_psu"
    )
    assert (found["measure"], found["bpe"], found["establishments"]) == ("aucune", 1, 1)
    assert found["census"] == 10
    assert "10 000 habitants" in found["explanation"]


@pytest.mark.parametrize("difference", [-30.0, 0.0, 30.0, float("nan")])
@pytest.mark.parametrize("measure", ["places", "taux"])
@pytest.mark.parametrize("demonstration", [True, False])
def test_every_difference_is_explained(
    difference: float, measure: str, demonstration: bool
) -> None:
    composite = nomenclature().services["accueil_0_2"]
    for service in ("accueil_0_2", "eaje", *composite.parts):
        said = explain(
            {
                "service": service,
                "measure": measure,
                "published": 100.0,
                "census": 100.0 + difference,
                "difference": difference,
                "bpe": float("nan"),
                "establishments": 3.0,
            },
            demonstration,
        )
        assert said.endswith("."), (service, difference)


@pytest.mark.parametrize("service", nomenclature().services["accueil_0_2"].parts)
@pytest.mark.parametrize("measure", ["places", "taux"])
def test_a_figure_that_the_census_lacks_is_explained_once(service: str, measure: str) -> None:
    unknown = dict.fromkeys(("census", "difference", "bpe", "establishments"), float("nan"))
    row = {"service": service, "measure": measure, "published": 100.0, **unknown}
    said = explain(row, demonstration=False)
    assert said.count(".") == 1, said


def test_a_year_that_is_not_published_is_refused_with_the_ones_that_are(embedded: Con) -> None:
    assert published_years(embedded) == [2022, 2023]
    with pytest.raises(RequestError, match="2022, 2023"):
        reconcile(embedded, 2019)


def test_a_version_from_before_is_refused_in_words() -> None:
    with pytest.raises(VersionError, match="observatory refresh"):
        reconcile(duckdb.connect())


def test_the_file_opens_in_a_french_spreadsheet(embedded: Con) -> None:
    content = reconciliation_csv(reconcile(embedded))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    arras = next(r for r in rows if r["mode"] == "Crèches et haltes-garderies (EAJE)")
    assert (arras["annee"], arras["publie_caf"], arras["ecart"]) == ("2022", "431,0", "0,0")
    assert not any("nan" in value.lower().split() for r in rows for value in r.values())


def run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as done:
        main.main(arguments)
    return int(str(done.value.code))


def test_the_command_says_it_and_writes_it(
    embedded_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    assert run(["census", "reconcile", "--year", "2022"]) == 0
    assert "431 places d'EAJE publiées, 431 recensées" in capsys.readouterr().out
    assert run(["census", "reconcile", "--out", str(tmp_path / "r.csv")]) == 0
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert run(["census", "reconcile", "--year", "1999"]) == 1
    assert "Années possibles" in capsys.readouterr().err


def test_the_page_opens_on_the_sentence(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    app = AppTest.from_file(
        str(ROOT / "observatory" / "ui" / "pages" / "rapprochement.py"), default_timeout=60
    )
    app.run()
    assert not app.exception
    assert "431 places d'EAJE publiées, 431 recensées" in " ".join(m.value for m in app.markdown)
