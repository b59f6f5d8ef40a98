"""The préfectures, for postcodes that no table tells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("prefectures.toml")


@cache
def prefectures() -> Mapping[str, str]:
    """INSEE code of each préfecture that has its département's round postcode, by département."""
    found: Mapping[str, str] = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return found
