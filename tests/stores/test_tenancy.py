"""What people wrote belongs to its territory: it stays when another is in service, and returns."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from census_files import row, write
from fixtures.versions import deployed_copy

import pipelines.refresh
from observatory.commands.main import main
from observatory.commands.purge import STORES
from observatory.commands.rebuilding import rebuild
from observatory.errors import RequestError
from observatory.knowledge.territory import parse
from observatory.settings import CURRENT, Settings
from observatory.stores.tenancy import claim, key_of, owner_of, tenant_folders, tenant_of
from observatory.versions import warehouse

ARRAS, ALONE = "arras", "62041"
OWN = "Crèche du recensement propre"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([*map(str, arguments)])
    return int(caught.value.code or 0)


@pytest.fixture
def here(embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The CU d'Arras in service, and something in each of its stores but the census."""
    settings = deployed_copy(embedded_settings, tmp_path)
    for name in ("processed", "cache", "census"):
        monkeypatch.setenv(f"OBSERVATORY_{name.upper()}_DIR", str(getattr(settings, f"{name}_dir")))
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    return tmp_path


def sequences(folder: Path) -> dict[str, int]:
    """The generation in service of each store."""
    return {title: store_of(folder).head().sequence for title, store_of in STORES.items()}


def shown() -> tuple[str, set[str]]:
    """The territory in service, and the names of its establishments."""
    with warehouse.in_service(Settings.from_env()) as con:
        ((name,),) = con.execute("SELECT name FROM territory").fetchall()
        return str(name), {n for (n,) in con.execute("SELECT name FROM establishment").fetchall()}


def test_every_store_stays_with_its_territory_and_comes_back(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(here / "offre.csv", row(nom=OWN))
    assert run("census", "load", file, "--no-refresh") == 0
    root = here / "census"
    for title, store_of in STORES.items():
        if title != "Recensement":
            with store_of(root).writing() as writing:
                writing.commit("edit", {"a.toml": b"ours\n"})
    # An unread plan would stop the refresh: theirs are stores of the same kind, empty of sheets.
    before = sequences(root)
    assert set(before.values()) == {1}

    assert run("territory", "use", ALONE) == 0
    there = Settings.from_env()
    assert there.census_dir == root / "territoires" / f"communes-{ALONE}"
    assert (there.census_root, owner_of(root)) == (root, "epci-200033579")
    assert set(sequences(there.census_dir).values()) == {0}
    capsys.readouterr()
    assert run("territory", "kept") == 0
    assert f"communes-{ALONE} (en service, rien" in capsys.readouterr().out
    name, establishments = shown()
    assert name == "Arras"
    assert OWN not in establishments
    assert sequences(root) == before

    other = write(here / "autre.csv", row(nom="Crèche de la seule commune"))
    assert run("census", "load", other) == 0
    assert sequences(root) == before
    assert "Crèche de la seule commune" in shown()[1]

    assert run("refresh", "--territory", ARRAS) == 0
    back = Settings.from_env()
    assert (back.census_dir, back.tenant) == (root, "")
    assert sequences(root) == before
    name, establishments = shown()
    assert name == "Communauté urbaine d'Arras"
    assert OWN in establishments
    assert "Crèche de la seule commune" not in establishments
    assert tenant_folders(root) == [root, root / "territoires" / f"communes-{ALONE}"]


def test_a_change_that_fails_leaves_the_version_and_the_stores_in_service(here: Path) -> None:
    pointer = (here / "processed" / CURRENT).read_bytes()
    assert run("territory", "use", "999999999") == 1
    assert (here / "processed" / CURRENT).read_bytes() == pointer
    assert Settings.from_env().census_dir == here / "census"
    assert shown()[0] == "Communauté urbaine d'Arras"


def test_nothing_of_one_territory_is_built_into_the_version_of_another(here: Path) -> None:
    former = Settings.from_env()
    pointer = here / "processed" / CURRENT
    name = pointer.read_text().strip()
    pointer.write_text(f"{name}\nterritoires/communes-{ALONE}\n")
    assert warehouse.current(here / "processed") == name
    with pytest.raises(RequestError, match="le territoire en service a changé"):
        rebuild(former)


def test_a_territory_that_changes_during_a_construction_stays(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = here / "processed" / CURRENT
    changed = f"{pointer.read_text().strip()}\nterritoires/communes-{ALONE}\n"
    real = pipelines.refresh.check_against_intruder

    def meanwhile(con: duckdb.DuckDBPyConnection, kept: object) -> None:
        real(con, kept)  # type: ignore[arg-type]
        pointer.write_text(changed)

    monkeypatch.setattr(pipelines.refresh, "check_against_intruder", meanwhile)
    assert run("refresh", "--territory", ARRAS) == 0
    assert pointer.read_text() == changed


def test_the_folder_of_a_territory_is_what_it_holds_and_not_how_it_is_called(
    tmp_path: Path,
) -> None:
    assert key_of(parse(ARRAS)) == key_of(parse("200033579", "2024")) == "epci-200033579"
    assert key_of(parse("2a")) == "departement-2a"
    assert key_of(parse("france")) == "france"
    assert key_of(parse("62041,62004")) == key_of(parse("62004 62041")) != key_of(parse("62041"))
    assert tenant_of(tmp_path, parse("france")) == ""  # nobody changed territory yet
    claim(tmp_path, parse(ARRAS))
    claim(tmp_path, parse("france"))  # the first one stays
    assert tenant_of(tmp_path, parse(ARRAS)) == ""
    assert tenant_of(tmp_path, parse("france")) == "territoires/france"


@pytest.mark.parametrize("told", ["../../etc", "territoires/../x", "/tmp", "territoires/"])
def test_a_pointer_leads_nowhere_but_to_the_folder_of_a_territory(
    tmp_path: Path, told: str
) -> None:
    (tmp_path / CURRENT).write_text(f"observatory-20260101T000000Z.duckdb\n{told}\n")
    given = {"OBSERVATORY_PROCESSED_DIR": str(tmp_path), "OBSERVATORY_CENSUS_DIR": str(tmp_path)}
    assert Settings.from_env(given).census_dir == tmp_path
