"""The tests leave out most of DuckDB's optimizers: what they compute is what the product computes.

See ``tests/fixtures/machine.py``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tiny
from fixtures.versions import Con, build, kept_version, make_settings

from observatory.versions import warehouse

OF_THE_BUILD = {"version", "version_step"}
"""What is told of the build itself."""


def tables(con: Con) -> dict[str, list[str]]:
    """Every table of a version, its rows as text, in no order."""
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    return {
        name: sorted(map(str, con.execute(f'SELECT * FROM "{name}"').fetchall()))
        for (name,) in names
    }


def differing(folder: Path, territory: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tables whose rows a build with every optimizer gives otherwise."""
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    with warehouse.connect(kept_version(settings, territory)) as con:
        few = tables(con)
    monkeypatch.delitem(warehouse.CONFIG, "disabled_optimizers", raising=False)
    with build(replace(settings, processed_dir=folder / "whole"), territory) as con:
        assert con.execute("SELECT current_setting('disabled_optimizers')").fetchone() == ("",)
        every = tables(con)
    assert few.keys() == every.keys()
    return [n for n in few if n not in OF_THE_BUILD and few[n] != every[n]]


def test_a_version_built_with_every_optimizer_has_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert differing(tmp_path, tiny.SIREN, monkeypatch) == []
