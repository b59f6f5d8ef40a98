"""A text between quotes, where a statement of SQL takes no parameter."""

from __future__ import annotations

from pathlib import Path


def sql_text(text: str | Path) -> str:
    """A text, or a path, as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"
