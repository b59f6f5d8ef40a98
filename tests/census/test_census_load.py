"""A load: the store, its copies, the command line, and the version that follows."""

from __future__ import annotations

import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from census_files import row, total, write
from fixtures.versions import put_in_service

from observatory.answers import gaps
from observatory.census import census_store, loading
from observatory.census.commune_codes import Communes
from observatory.commands.main import main
from observatory.errors import CheckError
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse, presets, written
from observatory.settings import Settings
from observatory.stores import former
from observatory.stores.generation import StoreError
from observatory.versions import record, warehouse
from pipelines.refresh import refresh


def quiet(line: str) -> None:
    """Report to nobody."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own for everything that the command line writes."""
    for name in ("processed", "cache", "census"):
        monkeypatch.setenv(f"OBSERVATORY_{name.upper()}_DIR", str(tmp_path / name))
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    return tmp_path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["census", *map(str, arguments)])
    return int(caught.value.code or 0)


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Files of the generation in service, with the time of their writing."""
    head = census_store.census_store(folder).head()
    paths = [head.folder / name for name in head.names()] if head.folder else []
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in paths}


def test_loading_the_same_file_twice_changes_nothing(here: Path) -> None:
    path = write(here / "offre.csv", row(), row(identifiant="B", nom="Autre"))
    assert run("load", path, "--no-refresh") == 0
    first = state(here / "census")
    assert run("load", path, "--no-refresh") == 0
    assert state(here / "census") == first
    assert len(census_store.census_store(here / "census").history()) == 1


def test_every_census_loaded_is_kept_and_one_can_go_back(tmp_path: Path) -> None:
    settings = Settings(processed_dir=tmp_path / "p", census_dir=tmp_path / "census")
    for n in range(13):
        path = write(tmp_path / "offre.csv", row(capacite=str(n + 1)))
        assert loading.load_files([path], settings, quiet).changed == ["offre.csv"]
    census = census_store.census_store(tmp_path / "census")
    assert [e.sequence for e in census.history()] == list(range(1, 14))
    assert {e.why for e in census.history()} == {"offre.csv"}
    copies = sorted((tmp_path / "census").glob("gen-*/offre.csv"))
    assert ";12;" in copies[-2].read_text("utf-8")
    assert ";13;" in copies[-1].read_text("utf-8")
    loading.load_files([copies[2]], settings, quiet)  # one can go back by loading
    assert census_store.read(tmp_path / "census")["offre"][0][10] == "3"
    census.restore(5)  # or by restoring
    assert census.read()[1]["offre.csv"] == copies[4].read_bytes()


def test_nothing_is_replaced_when_every_row_is_set_aside(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("load", write(here / "offre.csv", row()), "--no-refresh")
    first = state(here / "census")
    assert run("load", write(here / "offre.csv", row(capacite="vingt")), "--no-refresh") == 1
    assert state(here / "census") == first
    said = capsys.readouterr().out
    assert "1 ligne lue, 0 acceptée, 1 mise de côté dans offre_a_corriger.csv." in said
    assert "Aucune ligne acceptée : le recensement en place n'a pas changé." in said


def test_a_load_that_was_stopped_is_finished_by_the_next_reader(tmp_path: Path) -> None:
    (tmp_path / "offre.csv").write_text("identifiant\nold\n", "utf-8")
    ready = tmp_path / former.PREPARED
    ready.mkdir()
    (ready / "offre.csv").write_text("identifiant\nnew\n", "utf-8")
    assert census_store.read(tmp_path)["offre"][0][0] == "new"
    assert not ready.exists()


def test_loads_at_once_that_complete_the_census_lose_no_row(tmp_path: Path) -> None:
    settings = Settings(processed_dir=tmp_path / "p", census_dir=tmp_path / "census")
    (tmp_path / ".chargement").touch()  # the lock of the former layout hinders nobody

    def load(n: int) -> list[str]:
        path = write(tmp_path / f"{n}.csv", row(identifiant=f"A{n:02d}", nom=f"Crèche {n}"))
        return loading.load_files([path], settings, quiet, complete=True).changed

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(load, range(32))) == [["offre.csv"]] * 32
    rows = census_store.read(tmp_path / "census")["offre"]
    assert sorted(r[0] for r in rows) == [f"A{n:02d}" for n in range(32)]


def test_a_load_while_the_store_is_held_is_refused_with_a_sentence(tmp_path: Path) -> None:
    census = census_store.census_store(tmp_path)
    with (
        census.writing(),
        pytest.raises(StoreError, match="un autre chargement est en cours"),
        replace(census, wait_seconds=0.1).writing(),
    ):
        raise AssertionError
    assert census_store.write(tmp_path, {"offre": []}) == ["offre.csv"]


def test_a_census_of_the_former_layout_is_taken_in_by_the_first_load(tmp_path: Path) -> None:
    settings = Settings(processed_dir=tmp_path / "p", census_dir=tmp_path / "census")
    loading.load_files([write(tmp_path / "o.csv", row())], settings, quiet)
    content = census_store.census_store(settings.census_dir).read()[1]["offre.csv"]
    shutil.rmtree(settings.census_dir)
    settings.census_dir.mkdir()
    (settings.census_dir / "offre.csv").write_bytes(content)
    assert census_store.read(settings.census_dir)["offre"][0][0] == "ARRAS-01"
    other = write(tmp_path / "b.csv", row(identifiant="B", nom="Autre"))
    loading.load_files([other], settings, quiet, complete=True)
    assert [r[0] for r in census_store.read(settings.census_dir)["offre"]] == ["ARRAS-01", "B"]
    census = census_store.census_store(settings.census_dir)
    assert [e.kind for e in census.history()] == ["former", "complete"]
    census.undo()
    assert census.read()[1] == {"offre.csv": content}


@pytest.mark.parametrize("content", [b"", b"id;nom\nA;B\n"])
def test_a_file_of_the_former_layout_that_is_no_census_is_not_taken_in(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "offre.csv").write_bytes(content.replace(b"nom", b"libelle"))
    settings = Settings(processed_dir=tmp_path / "p", census_dir=tmp_path)
    with pytest.raises(StoreError, match="illisible"):
        loading.load_files([write(tmp_path / "in" / "o.csv", row())], settings, quiet)
    assert (tmp_path / "offre.csv").exists()


def test_another_load_that_came_after_a_failed_one_is_left_alone(
    here: Path,
    embedded_settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings.from_env()
    put_in_service(embedded_settings, settings)
    other = write(here / "other.csv", row(capacite="44"))

    def fail(*_: object) -> str:
        loading.load_files([other], settings, quiet)
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.refresh.refresh", fail)
    assert run("load", write(here / "first.csv", row())) == 130
    assert "il reste en place" in capsys.readouterr().err
    assert census_store.read(settings.census_dir)["offre"][0][10] == "44"


def test_a_load_that_is_terminated_is_taken_back_like_one_that_is_interrupted(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_env()
    (settings.processed_dir).mkdir()
    duckdb.connect(str(settings.processed_dir / (name := warehouse.new_name()))).close()
    (settings.processed_dir / warehouse.CURRENT).write_text(name)

    def stopped(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("observatory.commands.census.is_published", lambda _: False)
    monkeypatch.setattr("observatory.census.loading.known_communes", lambda _: Communes())
    monkeypatch.setattr("observatory.census.loading._perimeter", lambda _: [])
    monkeypatch.setattr("pipelines.refresh.refresh", stopped)
    assert run("load", write(here / "o.csv", row())) == 130
    assert "Le recensement en place n'a pas changé." in capsys.readouterr().err
    assert state(here / "census") == {}
    kinds = [e.kind for e in census_store.census_store(here / "census").history()]
    assert kinds == ["load", "compensate"]


def test_the_journal_is_read_undone_and_audited_from_the_command_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("undo") == 1
    for capacity in ("20", "21"):
        path = write(here / "offre.csv", row(capacite=capacity))
        assert run("load", path, "--no-refresh", "--who", "planificateur", "--why", "essai") == 0
    assert run("undo", "--why", "erreur de saisie") == 0
    assert census_store.read(here / "census")["offre"][0][10] == "20"
    assert run("restore", "2") == 0
    assert census_store.read(here / "census")["offre"][0][10] == "21"
    capsys.readouterr()
    assert run("history") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [" · ".join(line.split(" · ")[2:]) for line in lines] == [
        "chargement · planificateur · essai",
        "chargement · planificateur · essai",
        "annulation · erreur de saisie",
        "restauration",
    ]
    assert lines[-1].startswith("*    4 · ")
    assert run("audit") == 0
    (here / "census" / "gen-000001" / "offre.csv").write_text("x")
    assert run("audit") == 1
    assert "n'est plus celui qui a été écrit" in capsys.readouterr().out


def test_a_store_that_is_damaged_is_said(tmp_path: Path) -> None:
    (tmp_path / "offre.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StoreError, match="le recensement en place est illisible"):
        census_store.read(tmp_path)


def test_exit_statuses_and_messages(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = write(here / "a.csv", row()), write(here / "b.csv", row(capacite="vingt"))
    assert run("check", good) == 0
    assert run("check", bad) == 1
    assert run("check", here / "absent.csv") == 1
    assert run("check") == 2
    assert run("check", good, "--inconnu") == 2
    assert run("export", "--out", here / "e.csv") == 1
    out, err = capsys.readouterr()
    assert "b.csv, ligne 2, colonne « capacite » : « vingt » n'est pas un nombre de places." in out
    assert "1 ligne lue, 1 acceptée, 0 mise de côté." in out
    assert "absent.csv : le fichier n'existe pas." in err
    assert "aucun recensement n'est chargé" in err
    assert not (here / "census").exists()
    assert (here / "b_a_corriger.csv").exists()


def test_a_long_list_of_problems_is_cut_unless_all_is_asked(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(here / "a.csv", *[row(identifiant=f"A{n}", capacite="x") for n in range(150)])
    run("check", path)
    said = capsys.readouterr().out
    assert said.count("colonne « capacite »") == 100
    assert "… et 50 autres, aussi dans a_a_corriger.csv (--all pour tout afficher)." in said
    run("check", path, "--all")
    assert capsys.readouterr().out.count("colonne « capacite »") == 150


def test_template_export_and_load_go_round(here: Path) -> None:
    assert run("template", "--out", here / "offre.xlsx") == 0
    served = write(here / "s.csv", {"identifiant": "ARRAS-01", "code_insee": "62099"})
    files = [write(here / "o.csv", row(nom="=1+1")), served, write(here / "t.csv", total())]
    assert run("load", *files, "--no-refresh") == 0
    first = state(here / "census")
    for name in ("e.xlsx", "e.csv"):
        assert run("export", "--out", here / name) == 0
        beside = sorted(here.glob("e*.csv")) if name == "e.csv" else [here / name]
        assert run("load", *beside, "--no-refresh") == 0
        assert state(here / "census") == first


def test_a_real_census_takes_the_place_of_the_demonstration(
    here: Path, embedded_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_env()
    put_in_service(embedded_settings, settings)
    first = warehouse.current(settings.processed_dir)
    files = [
        write(
            here / "o.csv",
            row(longitude="2.77689", latitude="50.29004"),
            row(identifiant="B", nom="# Sans point", longitude="", latitude="", adresse=""),
            row(identifiant="C", nom="Ailleurs", longitude="3.2", latitude="50.29", adresse=""),
        ),
        write(here / "t.csv", total(), total(code_insee="62099")),
    ]
    assert run("load", *files) == 0
    assert warehouse.current(settings.processed_dir) > first
    con = warehouse.open_current(settings.processed_dir)
    try:
        found = con.execute(
            "SELECT id, name, position, lon FROM establishment ORDER BY id"
        ).fetchall()
        hall = con.execute("SELECT lon FROM commune WHERE code = '62041'").fetchone()
        assert not record.is_demonstration(con)
        assert record.request(con).territory == "arras"
        origins = {s["origin"] for s in record.info(con)["sources"] if s["id"] == "census"}
    finally:
        con.close()
    assert hall is not None
    assert found == [
        ("ARRAS-01", "Crèche Les Lutins", "exact", 2.77689),
        ("B", "# Sans point", "approximate", hall[0]),
        ("C", "Ailleurs", "approximate", hall[0]),
    ]
    assert origins == {"local"}
    assert "le point est à" in capsys.readouterr().out
    second = warehouse.current(settings.processed_dir)
    assert run("load", *files) == 0  # the same census: no new version
    assert warehouse.current(settings.processed_dir) == second


def test_a_load_whose_version_cannot_be_built_is_undone(
    here: Path,
    embedded_settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings.from_env()
    put_in_service(embedded_settings, settings)
    version = warehouse.current(settings.processed_dir)
    broken = CheckError("un contrôle a échoué")

    def fail(*_: object) -> str:
        raise broken

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.refresh.refresh", fail)
        assert run("load", write(here / "first.csv", row())) == 1
    assert state(here / "census") == {}
    assert run("load", write(here / "o.csv", row())) == 0
    first = {name: content for name, (content, _) in state(here / "census").items()}
    version = warehouse.current(settings.processed_dir)
    capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setattr("pipelines.refresh.refresh", fail)
        files = [write(here / "p.csv", row(capacite="33")), write(here / "t.csv", total())]
        assert run("load", *files) == 1
    out, err = capsys.readouterr()
    assert "le recensement en place n'a pas changé : un contrôle a échoué" in err
    assert "Recensement remplacé" not in out
    assert {name: content for name, (content, _) in state(here / "census").items()} == first
    assert loading.is_published(settings)
    assert warehouse.current(settings.processed_dir) == version


@pytest.mark.campaign
def test_the_communes_that_no_row_names_are_counted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_env()
    refresh(settings, parse("62041,62099,62004"), quiet)
    said = (
        "communes du territoire que le fichier ne nomme pas seront tenues pour sans établissement"
    )
    path, all_but_one = write(here / "o.csv", row()), write(here / "t.csv", total())
    for command in ("check", "load"):
        assert run(command, path) == 0
        assert f"les 2 {said}" in capsys.readouterr().out
    served = write(here / "s.csv", {"identifiant": "ARRAS-01", "code_insee": "62099"})
    assert run("check", path, served, all_but_one) == 0
    assert "la commune du territoire que le fichier ne nomme pas sera" in capsys.readouterr().out


def test_supply_follows_the_dated_history(here: Path, embedded_settings: Settings) -> None:
    from datetime import date

    settings = Settings.from_env()
    put_in_service(embedded_settings, settings)
    history = {"ouverture": "2020-01-01", "fermeture": "2026-01-01"}
    path = write(
        here / "o.csv",
        row(capacite="20", **history),
        row(capacite="26", depuis="2024-09-01", **history),
    )
    assert run("load", path) == 0
    con = warehouse.open_current(settings.processed_dir)
    try:
        for day, places in (
            (date(2020, 1, 1), 20), (date(2024, 8, 31), 20),
            (date(2024, 9, 1), 26), (date(2025, 12, 31), 26), (date(2026, 1, 1), 0),
        ):  # fmt: skip
            table = gaps.gaps(con, Question("eaje_psu", as_of=day))
            assert table.loc[table["code"] == "62041", "supply"].iloc[0] == places
        # Before its first day, the census says nothing: unknown, not none.
        table = gaps.gaps(con, Question("eaje_psu", as_of=date(2019, 12, 31)))
        assert table["supply"].isna().all()
    finally:
        con.close()


def test_codes_are_judged_by_the_version_in_service(
    here: Path, embedded_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in_service(embedded_settings, Settings.from_env())
    away = {"longitude": "", "latitude": ""}
    rows = [row(code_insee="62014", **away), row(identifiant="B", code_insee="59350", **away)]
    assert run("check", write(here / "o.csv", *rows)) == 1
    said = capsys.readouterr().out
    assert "« 62014 » n'est le code d'aucune commune connue. Codes proches : " in said
    assert "1 ligne hors du territoire, gardée : 59350." in said


def test_a_territory_is_written_as_it_is_read() -> None:
    for text in (*presets(), "200033579", "62041,62099", "62", "france"):
        assert parse(written(parse(text))) == parse(text)
