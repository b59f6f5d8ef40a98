"""A table described as data.gouv.fr validates it: Table Schema, of the Frictionless standards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.files.columns import FileColumn

STANDARD = "https://frictionlessdata.io/schemas/table-schema.json"
TYPES = {"string": "string", "decimal": "number", "integer": "integer", "date": "date"}
"""Type of a field by its CSVW datatype."""


def table_schema(
    name: str, title: str, description: str, table: Mapping[str, FileColumn]
) -> dict[str, Any]:
    """The fields of a CSV file in the international dialect; an empty cell is unknown."""
    return {
        "$schema": STANDARD,
        "name": name,
        "title": title,
        "description": description,
        "fields": [
            {
                "name": column.heading,
                "description": column.meaning,
                "type": TYPES[column.type],
                **({"unit": column.unit} if column.unit else {}),
            }
            for column in table.values()
        ],
        "missingValues": [""],
    }
