"""What the catalogue says of itself and of its datasets, from ``catalog.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from observatory.files.columns import FileColumn


@dataclass(frozen=True)
class DatasetWords:
    """What a dataset says of itself."""

    title: str
    description: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class CatalogWords:
    """What a catalogue says of itself.

    Attributes
    ----------
    licence, language, theme, frequency, publisher_type : str
        Addresses, of the European controlled vocabularies but for the licence.
    dataset : mapping
        By its id, in the order of the catalogue.
    column : mapping
        The place of an establishment: ``lon`` and ``lat``.
    """

    title: str
    description: str
    keywords: tuple[str, ...]
    licence: str
    licence_label: str
    language: str
    theme: str
    theme_label: str
    frequency: str
    publisher_type: str
    dataset: Mapping[str, DatasetWords]
    column: Mapping[str, FileColumn]


@cache
def catalog_words() -> CatalogWords:
    """The words of ``catalog.toml``."""
    said = tomllib.loads(Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8"))
    datasets = {
        name: DatasetWords(**{**one, "keywords": tuple(one["keywords"])})
        for name, one in said.pop("dataset").items()
    }
    places = {name: FileColumn(**one) for name, one in said.pop("column").items()}
    said["keywords"] = tuple(said["keywords"])
    return CatalogWords(dataset=datasets, column=places, **said)
