"""``observatory travel build``: from a file of roads to the minutes that a version counts with."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.versions import Con, quiet

from observatory.answers.minutes_in_use import minutes_in_words
from observatory.commands import main
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.road_rules import road_rules
from observatory.knowledge.territory import parse
from observatory.roads.road_file import read_ways
from observatory.roads.road_graph import quickest, road_graph
from observatory.settings import ROOT, Settings
from observatory.versions import record, warehouse
from pipelines.refresh import refresh

pytestmark = pytest.mark.roads
MONACO = ROOT.parent / "shared" / "oracles" / "osm" / "monaco.osm.gz"
Run = Callable[..., tuple[int, str, str]]
WEST, EAST, SOUTH, NORTH = 2.66, 2.86, 50.23, 50.36
"""The grid of roads that is drawn over the territory: some communes stand beside it."""
STEP = 0.005


@pytest.fixture(autouse=True)
def _extra() -> None:
    for name in ("osmium", "scipy"):
        try:
            __import__(name)
        except ImportError:
            required = os.environ.get("OBSERVATORY_REQUIRE_ROADS") == "1"
            (pytest.fail if required else pytest.skip)(f"{name} is not installed")


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    """A grid of streets as OpenStreetMap writes them; those that go north are one-way, by turns."""
    wide, high = round((EAST - WEST) / STEP) + 1, round((NORTH - SOUTH) / STEP) + 1
    lines = ['<?xml version="1.0"?><osm version="0.6">']
    lines += [
        f'<node id="{y * wide + x + 1}" lon="{WEST + x * STEP:.6f}" lat="{SOUTH + y * STEP:.6f}"/>'
        for y in range(high)
        for x in range(wide)
    ]
    rows = [[y * wide + x + 1 for x in range(wide)] for y in range(high)]
    for n, nodes in enumerate([*rows, *map(list, zip(*rows, strict=True))]):
        way = "" if n < high else f'<tag k="oneway" v="{("-1", "yes")[n % 2]}"/>'
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        lines.append(f'<way id="{n + 1}">{refs}<tag k="highway" v="tertiary"/>{way}</way>')
    path = tmp_path / "rues.osm"
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str],
    embedded_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Run ``observatory travel build`` on the embedded default: (status, output, errors)."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main.main(["travel", "build", *arguments])
        out, said = capfd.readouterr()
        return int(str(stop.value.code)), out, said

    return ran


def test_a_table_built_from_roads_is_read_by_the_refresh_and_told(
    run: Run, grid: Path, tmp_path: Path, embedded: Con, settings: Settings
) -> None:
    folder = tmp_path / "mirror" / "roads"
    folder.mkdir(parents=True)
    out = folder / "temps-2026.csv"
    status, told, _ = run("--osm", str(grid), "--out", str(out))
    assert status == 0
    assert "trajets en voiture d'au plus 30 min, de 46 origines" in told
    assert "tertiary 50" in told
    assert "m d'une route" in told
    assert "vol d'oiseau seulement" in told

    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert list(rows[0]) == ["origine", "destination", "minutes_en_voiture", "metres"]
    longest = catchment_rules().travel.max_minutes
    for row in rows:  # every street of the grid is of one class
        minutes, metres = float(row["minutes_en_voiture"].replace(",", ".")), int(row["metres"])
        assert minutes <= longest
        assert minutes == pytest.approx(metres / 1000 / 50 * 60, abs=0.01)
    there = {(r["origine"], r["destination"]): r["minutes_en_voiture"] for r in rows}
    assert any(there.get((b, a)) not in (None, m) for (a, b), m in there.items())

    inside = {
        code
        for code, lon, lat in embedded.execute("SELECT code, lon, lat FROM commune").fetchall()
        if WEST <= lon <= EAST and SOUTH <= lat <= NORTH
    }
    assert inside <= {r["origine"] for r in rows}
    far = {code for code, lat in embedded.execute(
        "SELECT code, lat FROM commune WHERE lat < ? OR lat > ?", [SOUTH - 0.02, NORTH + 0.02]
    ).fetchall()}  # fmt: skip
    assert far.isdisjoint(r["origine"] for r in rows)

    name = refresh(replace(settings, mirror=tmp_path / "mirror"), parse("arras"), quiet)
    with warehouse.connect(settings.processed_dir / name) as con:
        said = minutes_in_words(record.info(con))
        assert said.startswith("Temps de trajet en voiture par la route (2026)")
        assert "Là où ils ne disent rien : temps estimés : distance à vol d'oiseau" in said
        measured, straight = con.execute(
            "SELECT count(*) FILTER (measured), count(*) FILTER (NOT measured) FROM reach"
        ).fetchall()[0]
        assert measured > 1000
        assert straight < measured
    assert minutes_in_words(record.info(embedded)) == catchment_rules().explain_minutes()


def test_speeds_that_are_halved_double_the_minutes(run: Run, grid: Path, tmp_path: Path) -> None:
    text = (ROOT / "observatory" / "knowledge" / "roads.toml").read_text(encoding="utf-8")
    own = tmp_path / "vitesses.toml"
    own.write_text(text.replace("tertiary = 50", "tertiary = 25"), encoding="utf-8")
    found = []
    for more in ([], ["--speeds", str(own)]):
        status, _, _ = run("--osm", str(grid), "--out", str(tmp_path / "t.csv"), *more)
        assert status == 0
        with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=";")
            next(rows)
            found.append({(r[0], r[1]): float(r[2].replace(",", ".")) for r in rows})
    usual, slow = found
    assert len(slow) < len(usual)
    assert [slow[pair] for pair in slow] == pytest.approx(
        [2 * usual[pair] for pair in slow], abs=0.03
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.osm.pbf", None, "introuvable"),
        ("cassé.osm.pbf", b"not a file of roads", "ne peut pas être lu jusqu'au bout"),
        ("vide.osm", b'<osm version="0.6"></osm>', "aucune route ouverte en voiture"),
    ],
)
def test_a_file_without_roads_is_one_sentence(
    run: Run, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    status, _, error = run("--osm", str(path))
    assert (status, error.count("\n")) == (1, 1)
    assert said in error
    assert not list(tmp_path.glob("*.csv"))


def test_roads_of_elsewhere_are_refused(run: Run, grid: Path) -> None:
    grid.write_text(grid.read_text().replace('lat="50', 'lat="40'))
    status, _, error = run("--osm", str(grid))
    assert status == 1
    assert "aucune mairie du territoire n'est près d'une route" in error


def test_a_real_town_is_as_far_as_a_routing_engine_says() -> None:
    if not MONACO.exists():
        required = os.environ.get("OBSERVATORY_REQUIRE_MIRROR") == "1"
        (pytest.fail if required else pytest.skip)("no roads of Monaco")
    rules = road_rules()
    lon, lat = np.array([7.418737, 7.436566]), np.array([43.727687, 43.74958])
    metres = {}
    for mode in rules.modes:
        # At one speed everywhere the quickest way is the shortest, and its minutes are by hand.
        stated = rules.mode(mode)
        even = stated.model_copy(
            update={"kmh": dict.fromkeys(stated.kmh, 30.0), "posted_limits": False}
        )
        for told in (even, stated):
            graph = road_graph(read_ways(MONACO, told), lon, lat, rules)
            (found,) = quickest(graph, np.arange(2), np.arange(2), 120)
            kmh = found.metres[[0, 1], [1, 0]] / found.minutes[[0, 1], [1, 0]] * 0.06
            if told is even:
                assert kmh == pytest.approx(30)
            else:
                assert (kmh > min(stated.kmh.values()) * 0.999).all()
                assert (kmh < max(stated.kmh.values()) * 1.001).all()
        metres[mode] = found.metres
    assert metres["car"][0, 1] == pytest.approx(3587.6, rel=0.02)
    assert metres["car"][1, 0] > 1.05 * metres["car"][0, 1]  # one-way streets
    assert metres["walk"][0, 1] == pytest.approx(metres["walk"][1, 0])
    assert math.isfinite(metres["bike"].sum())
