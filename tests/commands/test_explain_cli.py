"""``observatory explain``: the steps of a figure on a terminal and for a program."""

from __future__ import annotations

import json

import pytest

from observatory.settings import Settings
from tests.commands.test_cli import run_command

Capture = pytest.CaptureFixture[bytes]


@pytest.fixture
def service_of_arras(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    monkeypatch.setenv("COLUMNS", "400")


EAJE = ("explain", "--service", "eaje", "--as-of", "2026-11-27")


@pytest.mark.usefixtures("service_of_arras")
def test_a_figure_is_told_with_its_sum_its_source_and_its_establishments(
    capfdbinary: Capture,
) -> None:
    ran = run_command(capfdbinary, *EAJE, "--commune", "62041", "--definition", "reference_dep")
    told = ran.out.replace("\u202f", " ").replace("\u00a0", " ")
    assert ran.status == 0
    # 2 342.7 children of 0 to 4 years in the census, the published 14.5 places of the département.
    assert "2 342,7 de 0 à 4 ans × 3/5" in told
    assert "× 14,5 ÷ 100 (taux du département, 2023)" in told
    assert "Micro-crèche de démonstration – Arras 1, Arras : 12 places" in told
    assert "estimation" in told
    assert "Aucune version plus ancienne" in told


@pytest.mark.usefixtures("service_of_arras")
def test_a_program_reads_null_and_the_reason_of_what_is_masked(capfdbinary: Capture) -> None:
    ran = run_command(
        capfdbinary, "explain", "--service", "assistants_maternels", "--commune", "62290",
        "--as-of", "2026-11-27", "--format", "json",
    )  # fmt: skip
    record = json.loads(ran.out)
    supply = next(s for s in record["steps"] if s["figure"] == "supply")
    assert (supply["state"], supply["value"], supply["terms"], supply["parts"]) == (
        "masked", None, [], [],
    )  # fmt: skip
    assert record["name"] == "Écurie"


@pytest.mark.usefixtures("service_of_arras")
def test_an_unknown_service_and_a_commune_elsewhere_end_in_a_sentence(
    capfdbinary: Capture,
) -> None:
    ran = run_command(capfdbinary, *EAJE, "--commune", "75056")
    assert (ran.status, "75056" in ran.said) == (1, True)
    ran = run_command(capfdbinary, "explain", "--service", "creche")
    assert ran.status == 1
    assert "Services possibles" in ran.said
