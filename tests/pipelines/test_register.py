"""The register of masks stands beside the generations, and follows what is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import tiny
from fixtures.versions import deployed_copy, make_settings, publish_first, quiet

import pipelines.refresh
from observatory.answers.gaps import gaps
from observatory.census.loading import is_published
from observatory.errors import CheckError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.report import table_cells
from observatory.secrecy import register as registers
from observatory.secrecy.register import Register
from observatory.settings import Settings
from observatory.stores.audit import audit
from observatory.stores.store import Store
from observatory.versions import warehouse
from pipelines.refresh import refresh

AM = "assistants_maternels"
SMALL = ("62003", AM)
TOTALS = tiny.TOTALS.replace(f"62003;{AM};3;9", f"62003;{AM};2;6")
GROWN = tiny.TOTALS.replace(f"62003;{AM};3;9", f"62003;{AM};9;27")


@pytest.fixture
def settings(tiny_settings: Settings) -> Settings:
    return tiny_settings


def load(settings: Settings, totals: str) -> None:
    files = {"offre.csv": tiny.OFFER.encode(), "totaux_communaux.csv": totals.encode()}
    with Store(settings.census_dir).writing() as writing:
        writing.commit("load", files)


def register(settings: Settings) -> Register:
    found = registers.read(settings.census_dir)
    assert found is not None
    return found


def build(settings: Settings) -> str:
    return refresh(settings, parse(tiny.SIREN), quiet)


def of_totals(folder: Path, totals: str) -> Settings:
    made = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    load(made, totals)
    build(made)
    return made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return of_totals(tmp_path_factory.mktemp("small"), TOTALS)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return of_totals(tmp_path_factory.mktemp("grown"), GROWN)


def masked(settings: Settings) -> set[tuple[str, str]]:
    with warehouse.in_service(settings) as con:
        return set(con.execute("SELECT code, service FROM masked").fetchall())


def test_a_mask_survives_the_generations_and_is_none_of_their_files(
    small: Settings, tmp_path: Path
) -> None:
    settings = deployed_copy(small, tmp_path)
    load(settings, GROWN)
    build(settings)
    assert SMALL in masked(settings)
    Store(settings.census_dir).undo()
    assert SMALL in register(settings).cells("primary")
    kept = Store(settings.census_dir)
    assert audit(kept) == []
    assert registers.FILE not in kept.head().names()
    assert not list(settings.census_dir.glob(f"gen-*/{registers.FILE}"))


def test_the_census_in_place_is_recognised_under_its_sealed_digest(
    small: Settings, tmp_path: Path
) -> None:
    settings = deployed_copy(small, tmp_path)
    assert is_published(settings)
    with warehouse.in_service(settings) as con:
        told = {s for (s,) in con.execute("SELECT sha256 FROM version_source").fetchall()}
    entry = Store(settings.census_dir).head().entry
    assert entry is not None
    assert told.isdisjoint(entry.sha256.values())
    load(settings, GROWN)
    assert not is_published(settings)


@pytest.mark.campaign
def test_a_refused_version_leaves_the_register_as_it_was(
    grown: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deployed_copy(grown, tmp_path)
    before = register(settings)
    load(settings, TOTALS)

    def refuse(*_: object) -> None:
        raise CheckError("refusée")

    monkeypatch.setattr(pipelines.refresh, "check_against_intruder", refuse)
    with pytest.raises(CheckError):
        build(settings)
    assert register(settings) == before


def test_no_version_is_in_service_before_its_masks_are_in_the_register(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, TOTALS)

    def stopped(*_: object) -> None:
        raise OSError("disque plein")

    with monkeypatch.context() as patch:
        patch.setattr(warehouse, "publish", stopped)
        with pytest.raises(OSError, match="disque plein"):
            build(settings)
    kept = register(settings)
    build(settings)
    assert register(settings) == kept, "what was decided stands: the next version masks the same"


@pytest.mark.campaign
def test_a_mask_lifted_during_a_build_is_not_put_back_by_it(
    small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deployed_copy(small, tmp_path)
    load(settings, GROWN)
    checks, folder, lifts = pipelines.refresh.run_checks, settings.census_dir, iter([True, False])

    def slow(*arguments: object) -> list[tuple[str, str]]:
        if next(lifts):
            registers.write(folder, register(settings).lift(*SMALL))
        return checks(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipelines.refresh, "run_checks", slow)
    build(settings)
    assert SMALL not in register(settings).cells("primary", "companion")
    assert SMALL in register(settings).lifted_cells
    assert SMALL not in masked(settings)


@pytest.mark.campaign
def test_a_census_loaded_during_a_build_decides_the_masks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, TOTALS)
    checks, loads = pipelines.refresh.run_checks, iter([True, False])

    def slow(*arguments: object) -> list[tuple[str, str]]:
        if next(loads):
            load(settings, GROWN)
        return checks(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipelines.refresh, "run_checks", slow)
    build(settings)
    assert SMALL not in register(settings).cells("primary"), "it was never published"
    assert len(warehouse.versions(settings.processed_dir)) == 1


@pytest.mark.campaign
def test_without_a_census_nothing_is_written_where_one_would_be(settings: Settings) -> None:
    build(settings)
    assert not settings.census_dir.exists()


@pytest.mark.campaign
def test_without_a_census_unchanged_figures_keep_their_masks(settings: Settings) -> None:
    totals = settings.raw_dir / "census" / "embedded" / "totaux_communaux.csv"
    totals.write_text(TOTALS, encoding="utf-8")
    publish_first(settings, tiny.SIREN)
    before = masked(settings)
    assert SMALL in before
    build(settings)
    assert masked(settings) == before
    assert not settings.census_dir.exists()


@pytest.mark.campaign
def test_a_load_says_what_a_version_already_told(grown: Settings, tmp_path: Path) -> None:
    settings = deployed_copy(grown, tmp_path)
    first = warehouse.current(settings.processed_dir)
    load(settings, TOTALS)
    lines: list[str] = []
    refresh(settings, parse(tiny.SIREN), lines.append)
    (said,) = [line for line in lines if line.startswith("Secret, assistants maternels :")]
    assert "montré par une version déjà publiée" in said
    assert "62003" in said
    assert first in said
    assert not any(figure in said for figure in (" 9 ", " 27 "))


@pytest.mark.campaign
def test_a_hidden_total_is_masked_not_unknown(settings: Settings) -> None:
    load(settings, tiny.TOTALS.replace(f"62003;{AM};3;9", f"62003;{AM};0;0"))
    refresh(settings, parse(tiny.ABC), quiet)
    load(settings, tiny.TOTALS.replace(f"62003;{AM};3;9", f"62003;{AM};1;4"))
    refresh(settings, parse(tiny.ABC), quiet)
    with warehouse.in_service(settings) as con:
        withheld = con.execute("SELECT service FROM masked WHERE code IS NULL").fetchall()
        rows = gaps(con, Question(AM, as_of=date(2024, 6, 1)))
    assert withheld == [(AM,)]
    total = rows[rows["code"].isna()].iloc[0]
    assert total["masked"]
    assert "masqué : secret statistique" in total["reliability"]
    assert table_cells.amount(total, "supply", nomenclature().service(AM)) == "masqué"
