"""The establishments of a version as the rows of a file, an assistant maternel never among them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from observatory.answers import gaps
from observatory.files.columns import FileColumn, read_columns
from observatory.french import vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions.frames import frame


@cache
def establishment_columns() -> dict[str, FileColumn]:
    """The columns of a file of establishments (``establishments.toml``), but for their place."""
    return read_columns(Path(__file__).with_name("establishments.toml"))


def establishment_rows(
    con: duckdb.DuckDBPyConnection,
    services: Collection[str],
    codes: Collection[str],
    as_of: date,
) -> pd.DataFrame:
    """The establishments of some services and communes, open on a day.

    Parameters
    ----------
    services : collection of str
        A service made of others stands for these; one that is known by commune only is that of
        private persons, and gives no row.
    codes : collection of str
        INSEE codes.

    Returns
    -------
    DataFrame
        One row per establishment: the columns of ``establishments.toml`` by our name, in words,
        with ``lon`` and ``lat`` (WGS84, degrees).
    """
    named = nomenclature().services
    wanted = {part for s in services for part in named[s].parts or (s,)}
    wanted = {s for s in wanted if named[s].grain == "establishment"}
    found = gaps.establishments(con, as_of)
    found = found[found["service"].isin(wanted) & found["code"].isin(list(codes))]
    positions = frame(con, "SELECT id, position FROM establishment")
    found = found.merge(positions, on="id", how="left").reset_index(drop=True)
    return found.assign(
        status=found["status"].map(vocabulary.EVERY_STATUS),
        unit=found["service"].map({i: s.unit for i, s in named.items()}),
        position=found["position"].map(vocabulary.POSITIONS),
        demonstration=found["demonstration"].map(vocabulary.YES_NO),
        atypical=_yes_no(found["atypical"]),
        disability=_yes_no(found["disability"]),
        as_of=as_of,
    )


def _yes_no(told: pd.Series[Any]) -> list[str]:
    """What is told, in words; nobody's word is « inconnu »."""
    return [vocabulary.yes_no(None if pd.isna(v) else bool(v)) for v in told]
