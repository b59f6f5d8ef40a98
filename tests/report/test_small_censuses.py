"""A census of one kind of service only: its sheets and its atlas are printed all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from generated import at_every_run
from pypdf import PdfReader

from observatory.commands.main import main

HEADINGS = "identifiant;nom;service;statut;code_insee;capacite"
CENSUSES = {
    "one nursery, no day type": [f"{HEADINGS}", "A1;Les Lutins;eaje_psu;public;62041;20"],
    "forty nurseries of one commune": [
        f"{HEADINGS};ouverture",
        *(f"E{n};Crèche {n};eaje_psu;public;62041;20;2019-09-02" for n in range(40)),
    ],
}


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(a) for a in arguments])
    return int(caught.value.code or 0)


# The whole atlas of each census is for the campaign: ``test_report`` prints one at every run.
PRINTED = {
    "sheet.pdf": ("commune", "62041"),
    "two.pdf": ("atlas", "--commune", "62041", "--commune", "62013", "--service", "eaje"),
}
WHOLE = {"atlas.pdf": ("atlas",)}


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("census", "asked"), at_every_run(1, [(c, a) for a in (PRINTED, WHOLE) for c in CENSUSES])
)
def test_a_census_without_types_of_day_is_printed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    census: str,
    asked: dict[str, tuple[str, ...]],
) -> None:
    for name in ("processed", "cache", "census"):
        monkeypatch.setenv(f"OBSERVATORY_{name.upper()}_DIR", str(tmp_path / name))
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    offer = tmp_path / "offre.csv"
    offer.write_text("\n".join(CENSUSES[census]) + "\n", encoding="utf-8")
    assert run("census", "load", offer) == 0
    assert run("refresh", "--territory", "arras") == 0
    for name, words in asked.items():
        assert run("report", *words, "--out", tmp_path / name) == 0
        assert "Arras" in (PdfReader(tmp_path / name).pages[0].extract_text() or "")
