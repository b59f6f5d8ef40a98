"""``observatory access``: a Parquet file in the order of its points, or a French sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from observatory.commands import main
from observatory.knowledge.catchment_rules import catchment_rules
from tests.scattered import scattered
from tests.told import as_typed

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``observatory access`` on made-up tables: (status, errors)."""
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(tmp_path / "cache"))
    tables = scattered(tmp_path, 1 / 20_000, offers=2)

    def ran(*more: str) -> tuple[int, str]:
        given = ["--demand", str(tables.demand), "--supply", str(tables.supply)]
        with pytest.raises(SystemExit) as stop:
            main.main(["access", *given, "--out", str(tmp_path / "acces.parquet"), *more])
        return int(stop.value.code or 0), as_typed(capsys.readouterr().err)

    return ran


def test_it_writes_one_row_per_point_and_offer_in_their_order(run: Run, tmp_path: Path) -> None:
    status, said = run()
    assert status == 0
    assert as_typed(catchment_rules().explain_minutes()) in said
    with duckdb.connect() as con:
        rows = con.execute(f"FROM '{tmp_path / 'acces.parquet'}'").fetchall()
    assert [row[:2] for row in rows] == [(p, o) for p in range(115) for o in ("o0", "o1")]
    assert sum(access > 0 for *_, access in rows) > 0
    # Nothing is left of the work: the tables, the answer, and what was noted of it.
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"demand.parquet", "supply.parquet", "acces.parquet", "cache"}


def test_a_file_of_somebody_stays(run: Run, tmp_path: Path) -> None:
    (tmp_path / "acces.parquet").write_text("mes notes")
    status, said = run()
    assert (status, (tmp_path / "acces.parquet").read_text()) == (1, "mes notes")
    assert "--force" in said
    assert run("--force")[0] == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--engine", "dask"), "moteur « dask » inconnu. Choix possibles : duckdb, spark."),
        (("--master", "spark://a:7077"), "Ajouter --engine spark."),
        (("--scheme", "apl_choix"), "concurrence entre établissements"),
        (("--minutes", "45"), "hors limites"),
        (("--supply", "absente.parquet"), "absente.parquet : ce fichier n'est pas une table"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(
    run: Run, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    status, told = run(*more)
    assert status == 1
    assert said in told
    assert not (tmp_path / "acces.parquet").exists()


def test_spark_that_is_not_installed_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    status, said = run("--engine", "spark")
    assert status == 1
    assert "Spark n'est pas installé. Installer l'option : pip install 'observatory[spark]'" in said


def test_the_product_does_not_import_spark() -> None:
    loaded = (
        "import sys, observatory.commands.access, pipelines.kernel.engines;"
        "sys.exit('pyspark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", loaded]).returncode == 0
