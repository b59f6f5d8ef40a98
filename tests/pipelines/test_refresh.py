"""A refresh publishes a whole version or nothing: the one in service is never half replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import tiny
from fixtures.versions import make_settings, publish_first, quiet
from generated import at_every_run

import pipelines.refresh
from observatory.errors import ObservatoryError, RequestError, SourceError, VersionError
from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.versions import record, record_tables, warehouse
from pipelines.refresh import refresh

STEPS = (
    "read_sources",
    "_write_territory",
    "run_checks",
    "_record",
    "read_all",
    "_run",
    "resolve",
    "_write_nomenclature",
    "build_outlines",
)


class PulledThePlugError(Exception):
    """What no code of the product expects."""


def files(settings: Settings) -> dict[str, bytes]:
    """Every file of the folder of versions, hidden ones included."""
    return {p.name: p.read_bytes() for p in settings.processed_dir.iterdir()}


def in_service(settings: Settings) -> str:
    """Pretend that a version is in service: what counts is that nothing touches it."""
    name = warehouse.new_name()
    built = warehouse.build_path(settings.processed_dir, name)
    built.write_bytes(b"a version")
    warehouse.publish(settings.processed_dir, name, built)
    return name


def refresh_tiny(settings: Settings) -> str:
    return refresh(settings, parse(tiny.SIREN), quiet)


# --- a refresh that goes well


def test_the_embedded_default_is_published_with_all_that_it_says_of_itself(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    info = record.info(embedded)
    assert (info["territory"]["communes"], info["territory"]["population"]) == (46, 109_884)
    checks = sorted(p.stem for p in (ROOT / "pipelines" / "checks").glob("*.sql"))
    assert sorted(info["checks"]["passed"]) == checks
    assert {s["origin"] for s in info["sources"]} == {"embedded"}
    assert all(len(s["sha256"]) == 64 and s["rows"] > 0 for s in info["sources"])
    assert info["counts"]["contour"] == 46
    assert info["contours"] == "schematic"
    assert info["demonstration"] is True


@pytest.mark.campaign
def test_the_time_of_each_step_is_said_and_recorded(tiny_settings: Settings) -> None:
    lines: list[str] = []
    name = refresh(tiny_settings, parse(tiny.SIREN), lines.append)
    with warehouse.connect(tiny_settings.processed_dir / name) as con:
        steps = record.info(con)["steps"]
    assert len(steps) >= 7
    for step, seconds in steps.items():
        assert seconds >= 0
        assert sum(line.endswith(f" s  {step}") for line in lines) == 1
    assert "en tout" in lines[-1]


@pytest.mark.campaign
def test_the_version_in_service_is_read_while_a_new_one_replaces_it(
    tiny_settings: Settings,
) -> None:
    old = publish_first(tiny_settings, tiny.SIREN)
    with warehouse.open_current(tiny_settings.processed_dir) as con:
        new = refresh_tiny(tiny_settings)
        assert con.execute("SELECT version FROM version").fetchall() == [(old,)]
    assert new > old
    assert warehouse.current(tiny_settings.processed_dir) == new
    assert set(files(tiny_settings)) == {old, new, "CURRENT"}


def test_only_the_last_versions_are_kept(tiny_settings: Settings) -> None:
    names = [in_service(tiny_settings) for _ in range(warehouse.KEPT_VERSIONS + 1)]
    names.append(refresh_tiny(tiny_settings))
    kept = warehouse.versions(tiny_settings.processed_dir)
    assert kept == names[-warehouse.KEPT_VERSIONS :]
    assert warehouse.current(tiny_settings.processed_dir) == names[-1]


def test_a_version_published_by_a_late_clock_is_not_swept_by_its_own_publication(
    tmp_path: Path,
) -> None:
    for year in range(2030, 2030 + warehouse.KEPT_VERSIONS):
        (tmp_path / warehouse.new_name(datetime(year, 1, 1, tzinfo=UTC))).touch()
    name = warehouse.new_name(datetime(2020, 1, 1, tzinfo=UTC))
    built = warehouse.build_path(tmp_path, name)
    built.touch()
    warehouse.publish(tmp_path, name, built)
    assert warehouse.current(tmp_path) == name


def test_old_codes_are_carried_and_each_one_is_reported(
    tiny_four: duckdb.DuckDBPyConnection,
) -> None:
    carried = record_tables.carried(tiny_four)
    assert set(carried["source"]) == {"popref", "rp_age", "census"}
    assert set(zip(carried["code_old"], carried["code"], strict=True)) == {("62009", "62001")}
    people = "SELECT population FROM commune WHERE code = '62001'"
    assert tiny_four.execute(people).fetchall() == [(8000,)]


# --- a refresh that fails


@pytest.mark.parametrize("step", at_every_run(2, STEPS))
def test_a_failure_at_any_step_leaves_the_published_version_alone(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    in_service(tiny_settings)
    before = files(tiny_settings)

    def fail(*args: object, **kwargs: object) -> None:
        raise PulledThePlugError

    monkeypatch.setattr(pipelines.refresh, step, fail)
    with pytest.raises(PulledThePlugError):
        refresh_tiny(tiny_settings)
    assert files(tiny_settings) == before


def test_a_failure_while_publishing_leaves_the_old_version_in_service(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish_first(tiny_settings, tiny.SIREN)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((OSError, ObservatoryError)):
        refresh_tiny(tiny_settings)
    assert warehouse.current(tiny_settings.processed_dir) == old
    warehouse.open_current(tiny_settings.processed_dir).close()


def test_a_first_refresh_that_fails_leaves_nothing(tiny_settings: Settings) -> None:
    with pytest.raises(RequestError):
        refresh(tiny_settings, parse("243301181"), quiet)
    assert files(tiny_settings) == {}
    with pytest.raises(VersionError, match="aucune version publiée"):
        warehouse.current(tiny_settings.processed_dir)


SLOW = """
import sys, time
import pipelines.refresh
from observatory.settings import Settings
from observatory.knowledge.territory import parse
from pathlib import Path

def wait(*args):
    print("building", flush=True)
    time.sleep(60)

pipelines.refresh.run_checks = wait
raw, processed, cache = map(Path, sys.argv[1:])
settings = Settings(raw_dir=raw, processed_dir=processed, cache_dir=cache, offline=True)
pipelines.refresh.refresh(settings, parse("200000001"), lambda line: None)
"""


@pytest.mark.campaign
def test_a_refresh_killed_at_work_leaves_the_published_version_alone(
    tiny_settings: Settings,
) -> None:
    old = publish_first(tiny_settings, tiny.SIREN)
    before = files(tiny_settings)
    folders = (tiny_settings.raw_dir, tiny_settings.processed_dir, tiny_settings.cache_dir)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *map(str, folders)], stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"building\n"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    left = {n: b for n, b in files(tiny_settings).items() if n not in before}
    assert all(".building" in name and name.startswith(".") for name in left)
    assert {n: b for n, b in files(tiny_settings).items() if n in before} == before
    assert warehouse.current(tiny_settings.processed_dir) == old
    assert warehouse.versions(tiny_settings.processed_dir) == [old]
    # What it left is swept once nobody can be at work on it any more; the next refresh is whole.
    hours_ago = time.time() - 7_200
    for name in left:
        os.utime(tiny_settings.processed_dir / name, (hours_ago, hours_ago))
    new = refresh_tiny(tiny_settings)
    assert set(files(tiny_settings)) == {old, new, "CURRENT"}


@pytest.mark.campaign
def test_an_older_answer_never_goes_into_service_over_a_newer_one(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[str] = []
    checks = pipelines.refresh.run_checks

    def overtaken(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
        monkeypatch.setattr(pipelines.refresh, "run_checks", checks)
        later.append(refresh_tiny(tiny_settings))
        return checks(con)

    monkeypatch.setattr(pipelines.refresh, "run_checks", overtaken)
    said: list[str] = []
    assert refresh(tiny_settings, parse(tiny.SIREN), said.append) == later[0]
    assert warehouse.current(tiny_settings.processed_dir) == later[0]
    assert any("commencée après celle-ci" in line for line in said)
    # A clock that was set back hinders nothing: nobody published meanwhile.
    monkeypatch.setattr(warehouse, "new_name", lambda: "observatory-20200101T000000Z.duckdb")
    assert refresh_tiny(tiny_settings) == "observatory-20200101T000000Z.duckdb"
    assert warehouse.current(tiny_settings.processed_dir) == "observatory-20200101T000000Z.duckdb"


@pytest.mark.campaign
def test_what_another_refresh_is_building_now_is_not_swept(tiny_settings: Settings) -> None:
    other = warehouse.build_path(tiny_settings.processed_dir, warehouse.new_name())
    other.touch()
    refresh_tiny(tiny_settings)
    assert other.exists()


# --- what stands in the place of the version


@pytest.mark.parametrize("text", [b"", b"observatory-x.duckdb", b"../secret", b"\xff\xfe"])
def test_a_damaged_pointer_is_one_clear_error(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "CURRENT").write_bytes(text)
    with pytest.raises(VersionError, match="la version en service est introuvable"):
        warehouse.current(tmp_path)


def test_a_version_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    name = warehouse.new_name()
    (tmp_path / name).write_text("code;taux\n" * 2_000)
    (tmp_path / "CURRENT").write_text(name)
    with pytest.raises(VersionError, match="ne peut pas être ouverte") as caught:
        warehouse.open_current(tmp_path)
    assert str(tmp_path) not in str(caught.value)  # a visitor reads it


def test_a_version_cannot_be_written_by_its_readers(tiny_four: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        tiny_four.execute("DELETE FROM commune")


def test_a_file_that_cannot_be_read_stops_the_refresh_and_is_named(tmp_path: Path) -> None:
    torn = tiny.POPULATIONS + '62005;"Sans fin;12\n'
    raw_dir = tiny.write_raw(tmp_path / "raw", {"popref/donnees_communes_rp2023.csv": torn})
    with pytest.raises(SourceError, match=r"donnees_communes_rp2023\.csv") as failure:
        refresh(make_settings(tmp_path, raw_dir=raw_dir), parse(tiny.SIREN), quiet)
    assert "n'a pas pu être lu jusqu'au bout" in str(failure.value)


@pytest.mark.campaign
def test_a_version_that_is_damaged_in_the_middle_is_one_clear_error(
    tiny_settings: Settings,
) -> None:
    path = tiny_settings.processed_dir / publish_first(tiny_settings, tiny.SIREN)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with (
        pytest.raises(VersionError, match=r"abîmée|incomplet"),
        warehouse.in_service(tiny_settings) as con,
    ):
        record.info(con)
    refresh_tiny(tiny_settings)  # what is in service is replaced all the same
    with warehouse.in_service(tiny_settings) as con:
        assert record.info(con)


def test_a_version_that_lacks_a_table_is_one_clear_error(tiny_settings: Settings) -> None:
    path = tiny_settings.processed_dir / publish_first(tiny_settings, tiny.SIREN)
    with duckdb.connect(str(path)) as con:
        con.execute("DROP TABLE contour")
    with (
        pytest.raises(VersionError, match="avant une évolution du calcul"),
        warehouse.in_service(tiny_settings) as con,
    ):
        record.info(con)


@pytest.mark.campaign
def test_what_a_killed_duckdb_spilled_hinders_no_later_refresh(tiny_settings: Settings) -> None:
    folder = tiny_settings.processed_dir
    old = folder / ".observatory-20200101T000000Z.duckdb.building.tmp"
    reader = folder / "observatory-20200101T000000Z.duckdb.tmp"
    at_work = folder / ".observatory-20200102T000000Z.duckdb.building.tmp"
    ahead = (
        folder / ".observatory-20300101T000000Z.duckdb.building"
    )  # before the clock was set back
    for spill in (old, reader, at_work):
        spill.mkdir(parents=True)
        (spill / "duckdb_temp_storage.tmp").write_bytes(b"spilled")
    ahead.touch()
    day = 86_400
    for path, moved in ((old, -day), (reader, -day), (ahead, day)):
        for one in (*path.rglob("*"), path):
            os.utime(one, (one.stat().st_mtime + moved,) * 2)
    os.utime(at_work, (1, 1))  # its folder is old, what it holds is not
    refresh_tiny(tiny_settings)
    assert (old.exists(), reader.exists(), at_work.exists(), ahead.exists()) == (
        False, False, True, False,
    )  # fmt: skip
