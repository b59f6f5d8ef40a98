"""The names of downloaded files: the territory first, then what it is, its day last."""

from __future__ import annotations

from observatory.french.spelling import plain
from observatory.ui.shell import data
from observatory.ui.shell.data import Version

LONGEST = 40  # characters of a territory's name, cut between two words


def download_name(version: Version, name: str) -> str:
    """A file's name after that of its territory.

    Parameters
    ----------
    name : str
        What the file is and its day, with its ending: ``atlas-2026-01-01.pdf``.
    """
    return f"{_place(str(data.info(version)['territory']['name']))}{name}"


def _place(territory: str) -> str:
    """« Communauté urbaine d'Arras » is ``communaute-urbaine-d-arras-``."""
    kept = ""
    for word in plain(territory).split():
        if kept and len(kept) + len(word) > LONGEST:
            break
        kept += f"{word[:LONGEST]}-"
    return kept
