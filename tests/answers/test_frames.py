"""The border where DuckDB becomes a table: types that no row decides."""

from __future__ import annotations

import duckdb
import pytest

from observatory.errors import VersionError
from observatory.versions.frames import frame

QUERY = """
FROM (VALUES ('a', true, 1, 1.5::DOUBLE, DATE '2026-01-01'), (NULL, NULL, NULL, NULL, NULL))
    AS t(word, flag, whole, figure, day)
"""


@pytest.mark.parametrize("where", ["true", "word IS NOT NULL", "word IS NULL", "false"])
def test_types_do_not_depend_on_the_rows(where: str) -> None:
    with duckdb.connect() as con:
        found = frame(con, f"{QUERY} WHERE {where}").dtypes.map(str).to_dict()
    assert found == {
        "word": "str",
        "flag": "boolean",
        "whole": "Int32",
        "figure": "float64",
        "day": "datetime64[us]",
    }


def test_a_column_of_empty_text_is_still_a_key() -> None:
    with duckdb.connect() as con:
        left = frame(con, "SELECT 'x' AS service, CAST(NULL AS TEXT) AS day_type, 1 AS a")
        right = frame(
            con, "FROM (VALUES ('x', NULL, 2), ('y', 'soir', 3)) AS t(service, day_type, b)"
        )
    assert left.merge(right, on=["service", "day_type"])["b"].tolist() == [2]


def test_a_version_that_lacks_what_is_asked_is_said() -> None:
    with duckdb.connect() as con, pytest.raises(VersionError, match="observatory refresh"):
        frame(con, "FROM gap_as_of(current_date, NULL, NULL)")
