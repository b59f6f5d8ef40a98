"""Spark gives the rows of DuckDB, at three sizes and on a cluster that loses a worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipelines.kernel.kernel_tables import KernelTables
from tests.scattered import scattered
from tests.spark_cluster import Cluster, cluster, wait_for

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("spark")]
SECONDS = 900
VICTIM = 0


def asked(tables: KernelTables, out: Path, *more: str) -> list[str]:
    given = ["access", "--demand", str(tables.demand), "--supply", str(tables.supply)]
    return [*given, "--out", str(out), *more]


def ran(tables: KernelTables, out: Path, *more: str) -> pd.DataFrame:
    command = [sys.executable, "-m", "observatory.commands.main", *asked(tables, out, *more)]
    env = {**os.environ, "OBSERVATORY_CACHE_DIR": str(out.parent / "cache")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return read(out)


def read(path: Path) -> pd.DataFrame:
    with duckdb.connect() as con:
        return con.execute(f"FROM '{path}'").df()


def check_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one[["point", "offer"]], other[["point", "offer"]])
    assert one["access"].isna().equals(other["access"].isna())
    ours, theirs = one["access"].dropna().to_numpy(), other["access"].dropna().to_numpy()
    assert 0 < len(ours) < len(one)
    assert np.all(np.abs(ours - theirs) <= 1e-9 * np.abs(ours))


@pytest.mark.parametrize(
    ("part", "scheme"), [(1 / 5000, "apl"), (1 / 1000, "gaussien"), (1 / 300, "e2sfca")]
)
def test_both_engines_give_the_same_rows(tmp_path: Path, part: float, scheme: str) -> None:
    tables = scattered(tmp_path, part, offers=2, unknown=0.001)
    given = ("--scheme", scheme)
    ours = ran(tables, tmp_path / "duckdb.parquet", *given)
    theirs = ran(tables, tmp_path / "spark.parquet", *given, "--engine", "spark")
    assert len(ours) == 2 * round(2_300_000 * part)
    check_same(ours, theirs)


def test_a_cluster_that_loses_a_worker_ends_with_the_same_rows(tmp_path: Path) -> None:
    """Two workers under a standalone master; one is killed when it has done part of the work."""
    tables = scattered(tmp_path, 1 / 500, offers=2, unknown=0.001)
    ours = ran(tables, tmp_path / "duckdb.parquet")
    out = tmp_path / "spark.parquet"
    with cluster(tmp_path / "cluster", workers=2) as two:
        asking = asked(tables, out, "--engine", "spark", "--master", two.master)
        with two.command(*asking) as job:
            try:
                wait_for(lambda: job.poll() is not None or is_at_work(two), SECONDS)
                assert job.poll() is None, "the job ended before a worker was killed"
                lost = victim(two)
                two.kill_worker(VICTIM)
                said, _ = job.communicate(timeout=SECONDS)
            finally:
                job.kill()
        assert job.returncode == 0, said
        assert lost in {event["Executor ID"] for event in two.events("ExecutorRemoved")}
        after = [event["Task Info"]["Executor ID"] for event in two.events("TaskEnd")]
        assert set(after) - {lost}
    check_same(ours, read(out))


def victim(ran_on: Cluster) -> str:
    """The executor of the worker that is killed; empty before it has one."""
    folder = ran_on.folder / f"work{VICTIM}"
    return next((path.name for path in folder.glob("app-*/*")), "")


def is_at_work(ran_on: Cluster) -> bool:
    """Whether the victim ended a task of a stage that was cut in several."""
    many = {
        event["Stage Info"]["Stage ID"]
        for event in ran_on.events("StageSubmitted")
        if event["Stage Info"]["Number of Tasks"] > 1
    }
    ended = [event for event in ran_on.events("TaskEnd") if event["Stage ID"] in many]
    return victim(ran_on) in {event["Task Info"]["Executor ID"] for event in ended}
