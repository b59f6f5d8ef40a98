"""A census that was there is never taken for none, and the last one loaded is the one published."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from fixtures.versions import deployed_copy, make_settings, publish_first, quiet
from generated import at_every_run

import pipelines.refresh
from observatory.errors import ObservatoryError, SourceError
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.stores.store import Store
from observatory.versions import warehouse
from pipelines.refresh import refresh


@pytest.fixture
def settings(tiny_settings: Settings) -> Settings:
    return tiny_settings


def load(settings: Settings, **changes: str) -> int:
    files = {"offre.csv": tiny.OFFER, "totaux_communaux.csv": tiny.TOTALS, **changes}
    with Store(settings.census_dir).writing() as writing:
        return writing.commit("load", {n: c.encode() for n, c in files.items()}).sequence


def build(settings: Settings) -> str:
    return refresh(settings, parse(tiny.SIREN), quiet)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A version of a census that was loaded."""
    folder = tmp_path_factory.mktemp("loaded")
    made = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    load(made)
    build(made)
    return made


def used(settings: Settings) -> tuple[int, str]:
    """The generation that the version in service was built from, and one name in it."""
    with warehouse.in_service(settings) as con:
        sequence = con.execute("SELECT sequence FROM version_generation").fetchall()[0][0]
        name = con.execute("SELECT name FROM establishment WHERE id = 'E1'").fetchall()[0][0]
    return int(sequence), str(name)


def refused(settings: Settings) -> str:
    """What a refused refresh says; the version in service stays."""
    before = warehouse.current(settings.processed_dir)
    with pytest.raises((SourceError, StoreError)) as caught:
        build(settings)
    assert warehouse.current(settings.processed_dir) == before
    return str(caught.value)


@pytest.mark.campaign
def test_a_version_records_the_generation_it_was_built_from(settings: Settings) -> None:
    publish_first(settings, tiny.SIREN)
    assert used(settings)[0] == 0
    assert load(settings) == 1
    build(settings)
    assert used(settings) == (1, "Les Tilleuls")


@pytest.mark.campaign
def test_the_demonstration_never_takes_the_place_of_a_census_that_is_gone(
    loaded: Settings, tmp_path: Path
) -> None:
    settings = deployed_copy(loaded, tmp_path)
    shutil.move(settings.census_dir, settings.census_dir.with_name("elsewhere"))
    told = refused(settings)
    assert "le recensement de la version en service (offre.csv, totaux_communaux.csv)" in told
    settings.census_dir.mkdir()
    assert "n'est plus là" in refused(settings), "an empty folder is one that is not mounted"
    shutil.rmtree(settings.census_dir)
    shutil.move(settings.census_dir.with_name("elsewhere"), settings.census_dir)
    build(settings)
    (settings.census_dir / "HEAD").unlink()
    assert "HEAD manque" in refused(settings)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("spoil", "told"),
    at_every_run(
        1,
        [
            (lambda text: text.replace("nom;", "libelle;"), "la colonne « nom » manque"),
            (lambda text: "", "offre.csv : le fichier est vide."),
            (lambda text: "a;b\n1;2\n", "ce ne sont pas les colonnes du recensement"),
        ],
    ),
)
def test_a_file_put_in_the_folder_that_is_no_census_stops_the_refresh(
    settings: Settings, spoil: Callable[[str], str], told: str
) -> None:
    publish_first(settings, tiny.SIREN)
    settings.census_dir.mkdir()
    (settings.census_dir / "offre.csv").write_text(spoil(tiny.OFFER))
    assert told in refused(settings)
    (settings.census_dir / "offre.csv").write_text(tiny.OFFER.replace("Les Tilleuls", "Le Bois"))
    build(settings)
    assert used(settings) == (0, "Le Bois")


@pytest.mark.campaign
def test_a_census_undone_to_nothing_is_a_decision_and_not_a_loss(
    loaded: Settings, tmp_path: Path
) -> None:
    settings = deployed_copy(loaded, tmp_path)
    Store(settings.census_dir).undo(why="essai")
    build(settings)
    assert used(settings)[0] == 2


def test_a_census_loaded_meanwhile_is_the_one_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings)
    checks, loads = pipelines.refresh.run_checks, iter([True, False])

    def slow(*arguments: object) -> list[tuple[str, str]]:
        if next(loads):
            load(settings, **{"offre.csv": tiny.OFFER.replace("Les Tilleuls", "Le Bois")})
        return checks(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipelines.refresh, "run_checks", slow)
    said: list[str] = []
    refresh(settings, parse(tiny.SIREN), said.append)
    assert used(settings) == (2, "Le Bois")
    assert "le recensement a changé pendant la construction : elle recommence" in said
    assert len(warehouse.versions(settings.processed_dir)) == 1, "the other one was never published"


@pytest.mark.campaign
def test_a_census_that_changes_without_end_publishes_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.refresh, "ATTEMPTS", 2)
    capacities = iter(range(9))

    def record(*_: object) -> None:
        load(settings, **{"offre.csv": tiny.OFFER.replace("Tilleuls", f"T{next(capacities)}")})

    monkeypatch.setattr(pipelines.refresh, "record_generation", record)
    with pytest.raises(ObservatoryError, match="change plus vite"):
        build(settings)
    assert warehouse.versions(settings.processed_dir) == []
    assert list(settings.processed_dir.iterdir()) == []
