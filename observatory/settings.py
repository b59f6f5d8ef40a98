"""Where things are and what the operator decided: ``OBSERVATORY_*`` and defaults, frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import RequestError

ROOT = Path(__file__).resolve().parent.parent
TRUE_WORDS = frozenset({"1", "true", "yes", "oui", "on"})


@dataclass(frozen=True)
class Settings:
    """Settings of one run.

    Attributes
    ----------
    raw_dir : Path
        The sources: one folder each, with ``source.toml`` and its embedded snapshot.
    processed_dir : Path
        The published versions and ``CURRENT`` (``OBSERVATORY_PROCESSED_DIR``).
    cache_dir : Path
        Downloaded files (``OBSERVATORY_CACHE_DIR``).
    census_dir : Path
        The territory's own census, kept by ``observatory census`` (``OBSERVATORY_CENSUS_DIR``).
    census_max_mb : float
        Largest census file accepted, in megabytes (``OBSERVATORY_CENSUS_MAX_MB``).
    geocoder_url : str or None
        Batch geocoder that may place addresses (``OBSERVATORY_GEOCODER_URL``); None: never asked.
    static_dir : Path
        What the app serves as plain files: Leaflet and the contours.
    mirror : Path or None
        A folder of published files, asked before anything else (``OBSERVATORY_MIRROR``).
    offline : bool
        Never open a connection (``OBSERVATORY_OFFLINE``).
    """

    raw_dir: Path = ROOT / "data" / "raw"
    processed_dir: Path = ROOT / "data" / "processed"
    cache_dir: Path = ROOT / "data" / "cache"
    static_dir: Path = ROOT / "static"
    mirror: Path | None = None
    offline: bool = False
    census_dir: Path = ROOT / "data" / "census"
    census_max_mb: float = 60.0
    geocoder_url: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from environment variables; an empty variable counts as absent."""
        env = os.environ if environ is None else environ
        mirror = env.get("OBSERVATORY_MIRROR")
        largest = env.get("OBSERVATORY_CENSUS_MAX_MB", "").replace(",", ".")
        return cls(
            processed_dir=Path(env.get("OBSERVATORY_PROCESSED_DIR") or cls.processed_dir),
            cache_dir=Path(env.get("OBSERVATORY_CACHE_DIR") or cls.cache_dir),
            mirror=Path(mirror) if mirror else None,
            offline=env.get("OBSERVATORY_OFFLINE", "").strip().lower() in TRUE_WORDS,
            census_dir=Path(env.get("OBSERVATORY_CENSUS_DIR") or cls.census_dir),
            census_max_mb=_megabytes(largest) if largest else cls.census_max_mb,
            geocoder_url=env.get("OBSERVATORY_GEOCODER_URL") or None,
        )


def _megabytes(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 10_000:
        raise RequestError(
            f"« {text} » n'est pas une taille en mégaoctets",
            where="OBSERVATORY_CENSUS_MAX_MB",
            mend="Écrire un nombre, par exemple 60.",
        )
    return found
