"""A refresh says which rows of the census lie outside the territory, so that none vanishes."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings
from generated import at_every_run

from observatory.knowledge.territory import parse
from pipelines.refresh import refresh

STRAYS = "".join(
    f"X{n};Ailleurs {n};eaje_psu;public;Ville;{code};;;;;20;;2019-01-01;;Enquête;2024-06-30;non\n"
    for n, code in enumerate(["62002", "62002", "62003", "62004", "62009", "62001"])
)
HEAD = tiny.OFFER.splitlines()[0] + "\n"


def said_of(folder: Path, territory: str, offer: str) -> list[str]:
    lines: list[str] = []
    changes = {
        "census/offre.csv": offer,
        "census/communes_desservies.csv": None,
        "census/totaux_communaux.csv": None,
    }
    raw_dir = tiny.write_raw(folder / "raw", changes)
    refresh(make_settings(folder, raw_dir=raw_dir), parse(territory), lines.append)
    return [line.replace("\u00a0", " ") for line in lines if "hors du territoire" in line]


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("territory", "said"),
    at_every_run(
        1,
        [
            # 62009 is Aval (62001) today.
            (
                "62001",
                "4 lignes du recensement sont hors du territoire, sans y être montrées : "
                "62002 (Bourg), 62003 (Clos), 62004 (Dune)",
            ),
            (
                tiny.ABC,
                "1 ligne du recensement est hors du territoire, sans y être montrée : 62004 (Dune)",
            ),
        ],
    ),
)
def test_rows_outside_the_territory_are_counted_and_named(
    tmp_path: Path, territory: str, said: str
) -> None:
    assert said_of(tmp_path, territory, HEAD + STRAYS) == [said]


@pytest.mark.campaign
def test_a_whole_census_and_a_demonstration_say_nothing(tmp_path: Path) -> None:
    assert said_of(tmp_path / "whole", tiny.SIREN, HEAD + STRAYS) == []
    demonstration = HEAD + STRAYS.replace(";non\n", ";oui\n")
    assert said_of(tmp_path / "demonstration", "62001", demonstration) == []
