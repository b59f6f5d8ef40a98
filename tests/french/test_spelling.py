"""What joins a name to « de »: the COG says it, the first letters where it does not."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
from fixtures.versions import Con, Version

from observatory.answers.gaps import commune_facts
from observatory.french.spelling import of
from observatory.settings import ROOT


@pytest.mark.parametrize(
    ("name", "tncc", "written"),
    [
        ("Saint-Omer", "0", "de Saint-Omer"),
        ("Hautes-Duyes", "0", "de Hautes-Duyes"),
        ("Hénin-Beaumont", "1", "d'Hénin-Beaumont"),
        ("Y", "1", "d'Y"),
        ("Œuf-en-Ternois", "1", "d'Œuf-en-Ternois"),
        ("Le Mans", "2", "du Mans"),
        ("La Réunion", "3", "de La Réunion"),
        ("Les Arcs", "4", "des Arcs"),
        ("L'Haÿ-les-Roses", "5", "de L'Haÿ-les-Roses"),
        ("Aux Marais", "6", "des Marais"),
        ("Los Masos", "8", "de Los Masos"),
    ],
)
def test_the_type_of_name_of_the_cog_joins_a_name_to_de(name: str, tncc: str, written: str) -> None:
    assert of(name, tncc) == written


@pytest.mark.parametrize("unknown", [None, "", float("nan"), "9"])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Arras", "d'Arras"),
        ("Étaples", "d'Étaples"),
        ("Hénin-Beaumont", "d'Hénin-Beaumont"),
        ("Le Mans", "du Mans"),
        ("Les Arcs", "des Arcs"),
        ("La Réunion", "de La Réunion"),
        ("Lens", "de Lens"),
        ("Lesquin", "de Lesquin"),
    ],
)
def test_without_a_type_of_name_the_first_letters_decide(
    name: str, written: str, unknown: object
) -> None:
    assert of(name, unknown) == written


def _types(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from ((r["LIBELLE"], r["TNCC"]) for r in csv.DictReader(lines))


def test_every_embedded_commune_has_its_type_of_name() -> None:
    embedded = dict(_types(ROOT / "data/raw/cog/embedded/v_commune_2026.csv"))
    assert len(embedded) == 46
    assert set(embedded.values()) <= set("012345678")
    assert embedded["Arras"] == "1"


def test_a_version_carries_the_type_of_name_where_the_cog_has_it(tiny_more: Con) -> None:
    assert commune_facts(tiny_more)["tncc"].tolist() == ["1", "1", "1", "1"]


@pytest.mark.campaign
def test_a_version_without_the_type_of_name_is_read(tiny_version: Version) -> None:
    con = tiny_version({}, tiny.ABC)  # this COG has no such column
    assert commune_facts(con)["tncc"].isna().all()
    con.execute("CREATE TEMP TABLE commune AS SELECT * EXCLUDE (tncc) FROM commune")
    assert commune_facts(con)["tncc"].isna().all()  # as a version older than the column
