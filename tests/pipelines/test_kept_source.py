"""A published source is read once: what was kept of it makes the same version, or is read again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tiny
from fixtures.versions import make_settings

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.sources.catalogue import files_in_folder, read_sources
from pipelines import kept_source, reading
from pipelines.load import SourceFiles
from pipelines.refresh import refresh

KEPT = {"caf", "cog", "dgcl", "filosofi", "naissances", "popref", "rp_age"}
OF_THE_RUN = {"version", "version_step"}
"""Tables that say when, and under what name."""


@dataclass(frozen=True)
class World:
    """The tiny territory, some of its files in a mirror, and the version first made of them."""

    settings: Settings
    first: tuple[dict[str, list[Any]], list[str]]
    kept: Path

    def file(self) -> Path:
        return self.settings.raw_dir / "popref" / "embedded" / "donnees_communes_rp2023.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("kept")
    raw = tiny.write_raw(folder / "raw")
    for source in ("cog", "dgcl"):
        (folder / "mirror").mkdir(exist_ok=True)
        (raw / source / "embedded").rename(folder / "mirror" / source)
    (folder / "mirror" / "cog" / "autre.csv").write_text("rien;de;connu\n1;2;3\n")
    settings = make_settings(folder, raw_dir=raw, mirror=folder / "mirror")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_source, "HEAVY_BYTES", 0)
        first = built(settings)
        shutil.copytree(settings.cache_dir, folder / "as kept")
        yield World(settings, first, folder / "as kept")


@pytest.fixture
def world(made: World) -> Iterator[World]:
    """The same, before each test: what is kept, and the files."""
    content = made.file().read_text()
    yield made
    made.file().write_text(content)
    shutil.rmtree(made.settings.cache_dir)
    shutil.copytree(made.kept, made.settings.cache_dir)


def built(settings: Settings) -> tuple[dict[str, list[Any]], list[str]]:
    """The tables of a new version, but those of the run, and what the refresh said."""
    said: list[str] = []
    name = refresh(settings, parse(tiny.SIREN), said.append)
    with duckdb.connect(str(settings.processed_dir / name), read_only=True) as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        rows = {t: con.execute(f"FROM {t}").fetchall() for (t,) in tables if t not in OF_THE_RUN}
    return rows, [line for line in said if not re.match(r"\s*[\d,]+ s  ", line)]


def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the sources that are read from now on."""
    ids: list[str] = []
    load = reading.load_source

    def noted(con: Any, files: SourceFiles, *more: Any) -> Any:
        ids.append(files.source.id)
        return load(con, files, *more)

    monkeypatch.setattr(reading, "load_source", noted)
    return ids


def kept_files(settings: Settings, source: str = "*") -> list[Path]:
    return sorted(settings.cache_dir.glob(f"{source}/*.duckdb"))


def test_what_is_kept_makes_the_same_version_and_says_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any("autre.csv" in line for line in world.first[1])
    assert {p.parent.name for p in kept_files(world.settings)} == KEPT
    ids = read_again(monkeypatch)
    assert built(world.settings) == world.first
    assert not KEPT & set(ids)
    assert "census" in ids


def test_a_file_that_changes_is_read_again_it_alone_and_a_few_former_ones_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.file().write_text(world.file().read_text().replace("Dune;400", "Dune;409"))
    (own,) = kept_files(world.settings, "popref")
    for n in range(3 + kept_source.FORMER):
        shutil.copyfile(own, own.with_name(f"former{n}.duckdb"))
    ids = read_again(monkeypatch)
    rows, _ = built(world.settings)
    assert KEPT & set(ids) == {"popref"}
    assert 409 in {value for row in rows["commune"] for value in row}
    assert len(kept_files(world.settings, "popref")) == 1 + kept_source.FORMER


def test_kept_files_that_cannot_be_read_are_made_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_database, cut, another = kept_files(world.settings)[:3]
    no_database.write_bytes(b"nothing")
    cut.write_bytes(cut.read_bytes()[:9000])
    another.unlink()
    duckdb.connect(str(another)).close()
    ids = read_again(monkeypatch)
    assert built(world.settings) == world.first
    assert KEPT & set(ids) == {p.parent.name for p in (no_database, cut, another)}
    assert all(p.stat().st_size > 20_000 for p in (no_database, cut, another))


def test_where_nothing_can_be_kept_the_version_is_the_same(world: World) -> None:
    for path in kept_files(world.settings):
        path.unlink()
        path.mkdir()  # no file can take its place
    assert built(world.settings) == world.first
    assert not list(world.settings.cache_dir.rglob("tmp*"))


def test_a_light_source_is_not_kept_and_other_code_reads_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = read_sources(world.settings.raw_dir)["popref"]
    files = files_in_folder(source, world.file().parent, "embedded")
    place = kept_source.place_of(source, world.settings.cache_dir, files)
    assert [place] == kept_files(world.settings, "popref")
    monkeypatch.setattr(kept_source, "_reader", lambda: b"another")
    assert kept_source.place_of(source, world.settings.cache_dir, files) not in (None, place)
    monkeypatch.setattr(kept_source, "HEAVY_BYTES", 1_000_000)
    assert kept_source.place_of(source, world.settings.cache_dir, files) is None


def test_only_published_sources_prepared_from_their_own_rows_are_kept() -> None:
    found = {s.id: s for s in read_sources(ROOT / "data" / "raw").values()}
    assert {i for i, s in found.items() if kept_source.may_be_kept(s)} == KEPT
    macros = set(re.findall(r"MACRO stg\.(\w+)", (kept_source.STAGING / "_macros.sql").read_text()))
    for id_ in KEPT:
        sql = (kept_source.STAGING / f"{id_}.sql").read_text()
        own = set(re.findall(r"MACRO stg\.(\w+)", sql)) | set(
            kept_source.prepared_tables(found[id_])
        )
        assert set(re.findall(r"raw\.(\w+)", sql)) <= {p.table for p in found[id_].publications}
        assert set(re.findall(r"stg\.(\w+)", sql)) <= macros | own
