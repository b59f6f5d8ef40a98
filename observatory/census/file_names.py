"""Names of a planner's own files: kept in the journal, bounded, without a path."""

from __future__ import annotations

import re
from collections.abc import Iterable

from observatory.french.numbers import plural

LONGEST_NAME, MOST_NAMES = 80, 5  # of the files that a line of the journal names


def told_files(names: Iterable[str]) -> str:
    """Names of files as the journal keeps them: a few, each of a bounded length."""
    known = [n if len(n) <= LONGEST_NAME else f"{n[: LONGEST_NAME - 9]}…{n[-8:]}" for n in names]
    more = len(known) - MOST_NAMES
    others = f" et {plural(more, 'autre')}" if more > 0 else ""
    return ", ".join(known[:MOST_NAMES]) + others


def own_file_name(name: str) -> str:
    """What a browser calls a file, as the name of a file of ours: no path, no sign that is odd."""
    last = re.split(r"[/\\]", name)[-1]
    bare = " ".join(re.sub(r"[^\w .()'-]", " ", last).split()).lstrip(". -") or "liste"
    stem, dot, suffix = bare.rpartition(".")
    if not dot or len(suffix) > 8:
        return bare[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - 1 - len(suffix)]}.{suffix.lower()}"
