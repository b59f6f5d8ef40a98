"""Accessible supply of Parquet tables, by DuckDB on one machine or by Spark on several.

Both run the same statements. The weighed pairs are kept once, and read twice: for the children who
draw from each site, then for what each point reaches.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb

from observatory.errors import ObservatoryError, RequestError
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, Catchment, catchment_rules
from observatory.versions.sql_text import sql_text
from pipelines.kernel.kernel_tables import KernelTables, opened, write_rule
from pipelines.kernel.statements import statements

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Engine = Literal["duckdb", "spark"]
KEPT = "weight"  # the table that is read twice
RULE = "rule"
PARTS_PER_CORE = 4
LOCAL = "local[*]"
NO_SPARK = "Installer l'option : pip install 'observatory[spark]', et Java 17."


@contextmanager
def accessible_supply(
    tables: KernelTables,
    beside: Path,
    *,
    engine: Engine = "duckdb",
    master: str = LOCAL,
    scheme: str = DEFAULT_SCHEME,
    reach: float | None = None,
    rules: Catchment | None = None,
) -> Iterator[Path]:
    """Compute ``access``; give a Parquet file of it, which lasts as long as the context.

    Parameters
    ----------
    tables : KernelTables
        Demand, supply, and travel times if there are any.
    beside : Path
        A folder to work in, which every machine of a cluster sees under this name.
    engine : {"duckdb", "spark"}
        What runs the statements.
    master : str
        Of Spark: ``local[*]``, or the ``spark://`` address of a standalone master.
    scheme, reach : str, float
        How minutes weigh, up to how many.
    rules : Catchment, optional
        In place of those of ``catchment.toml``.

    Yields
    ------
    Path
        One row per point × offer, in their order: ``point``, ``offer``, ``access``: accessible
        places per child; null is unknown.

    Raises
    ------
    SourceError
        When a table is not what it should be.
    RequestError
        When the scheme or the reach is refused, or Spark is not installed.
    ObservatoryError
        When Spark could not end the work.
    """
    with tempfile.TemporaryDirectory(prefix=".observatory-acces-", dir=beside) as name:
        scratch, out = Path(name).resolve(), Path(name).resolve() / "acces.parquet"
        con = opened(tables, scratch)
        try:
            rule = scratch / "rule.parquet"
            write_rule(con, tables, rules or catchment_rules(), scheme, reach, rule)
            steps = statements(tables.travel is not None)
            if engine == "spark":
                _by_spark({**tables.files, RULE: rule}, steps, master, scratch / "access")
                con.execute(
                    f"CREATE VIEW access AS FROM read_parquet({sql_text(scratch / 'access')}"
                    " || '/*.parquet')"
                )
            else:
                _by_duckdb(con, steps)
            con.execute(
                "COPY (SELECT point, offer, access FROM access ORDER BY point, offer) "
                f"TO {sql_text(out)} (FORMAT parquet)"
            )
        finally:
            con.close()
        yield out


def _by_duckdb(con: duckdb.DuckDBPyConnection, steps: dict[str, str]) -> None:
    for name, select in steps.items():
        con.execute(f"CREATE {'TEMP TABLE' if name == KEPT else 'VIEW'} {name} AS {select}")


def _by_spark(files: dict[str, Path], steps: dict[str, str], master: str, out: Path) -> None:
    """Run the statements on Spark, and write their answer as a folder of Parquet files."""
    try:
        from pyspark import StorageLevel  # an extra of its own
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise RequestError("Spark n'est pas installé", mend=NO_SPARK) from error
    try:
        spark: SparkSession = (
            SparkSession.builder.master(master)
            .appName("observatory access")
            .config("spark.ui.enabled", "false")
            .getOrCreate()
        )
    except Exception as error:  # the driver's own process: no Java, no master
        raise ObservatoryError(f"Spark n'a pas démarré ({_first(error)})", mend=NO_SPARK) from error
    try:
        spark.sparkContext.setLogLevel("ERROR")
        parts = PARTS_PER_CORE * spark.sparkContext.defaultParallelism
        for name, path in files.items():
            read = spark.read.parquet(path.resolve().as_uri())
            # A small file is read as one part, and one core alone would find all of its pairs.
            spread = read if name == RULE else read.repartition(parts)
            spread.createOrReplaceTempView(name)
        for name, select in steps.items():
            made = spark.sql(select)
            if name == KEPT:
                made = made.persist(StorageLevel.MEMORY_AND_DISK)
            made.createOrReplaceTempView(name)
        spark.table("access").write.parquet(out.as_uri())
    except PySparkException as error:
        raise ObservatoryError(f"Spark n'a pas fini le calcul ({_first(error)})") from error
    finally:
        spark.stop()


def _first(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
