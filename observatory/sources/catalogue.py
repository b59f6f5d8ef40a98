"""Catalogue of sources: ``data/raw/*/source.toml``, and where each file is found today.

A source is a folder; a publication is one kind of file in it, known by its columns and not by its
name, so that another département or another year dropped into a mirror needs no change here.
This module finds files; what is inside them is the pipeline's business.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from observatory.disk import readable
from observatory.errors import SourceError
from observatory.settings import Settings
from observatory.sources.download import fetch
from observatory.sources.transfer import sha256_of

Origin = Literal["local", "mirror", "cache", "network", "embedded"]
TABLES = (".csv", ".zip", ".xlsx", ".parquet")
GEOMETRIES = (".geojson", ".json", ".gpkg")
ENCODINGS = ("utf-8", "iso-8859-1")


@dataclass(frozen=True)
class Publication:
    """One kind of file of a source.

    Attributes
    ----------
    columns, optional : Mapping[str, str]
        Our name of a column → a regular expression for the published heading. A named group in the
        expression becomes a column of its own (the year that stands in a heading), but for
        ``vintage``, which tells the file's own when its name does not.
    without : tuple of str
        Expressions for headings that make the file another publication's.
    only : Mapping[str, str]
        Our name of a column → a regular expression of the values worth reading: of a file that says
        much else, the other rows are left out.
    encoding : str
        Of a CSV that is not UTF-8: one of ``ENCODINGS``.
    vintage_name, vintage_column : str
        Where the vintage is read: in the file's name, or as the greatest value of a column.
    vintage : str
        What the published address holds today, when neither name nor content tells it.
    unused : str
        Why a known kind of file is not read, in French.
    address : Mapping[str, str or list of str]
        Published address by kind of territory (``epci``, ``departement``, ``communes``) or
        ``default``; ``{code}`` stands for the territory's codes, one download each.
    """

    source: str
    name: str
    table: str
    columns: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ";"
    encoding: str = "utf-8"
    vintage_name: str = ""
    vintage_column: str = ""
    vintage: str = ""
    unused: str = ""
    size_mb: float | None = None
    sha256: str | None = None
    address: Mapping[str, str | list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an encoding that nothing here can read, and a pattern that is none."""
        if self.encoding not in ENCODINGS:
            raise ValueError(f"encodage inconnu : {self.encoding}")
        columns = (*self.columns.values(), *self.optional.values())
        for pattern in (*columns, *self.without, *self.only.values(), self.vintage_name):
            try:
                re.compile(pattern)
            except re.error as error:
                where = f"publication « {self.name} »"
                raise ValueError(f"{where}, motif illisible : « {pattern} »") from error

    @property
    def id(self) -> str:
        """``source.publication``, for messages."""
        return f"{self.source}.{self.name}"

    def match(self, headings: list[str]) -> dict[str, list[str]] | None:
        """Published headings of each of our columns, or None when a required one is missing.

        Several headings of one column are kept when a named group tells them apart (a year each);
        else the first is taken.
        """
        if any(re.fullmatch(w, h) for w in self.without for h in headings):
            return None
        found: dict[str, list[str]] = {}
        for ours, pattern in {**self.columns, **self.optional}.items():
            hits = list(dict.fromkeys(h for h in headings if re.fullmatch(pattern, h)))
            if hits:
                found[ours] = hits if re.compile(pattern).groupindex else hits[:1]
            elif ours in self.columns:
                return None
        return found

    def missing(self, headings: list[str]) -> list[str]:
        """Published names of the required columns that a file lacks."""
        patterns = self.columns.values()
        return [p for p in patterns if not any(re.fullmatch(p, h) for h in headings)]


@dataclass(frozen=True)
class Source:
    """One producer's dataset, as described in its ``source.toml``."""

    id: str
    producer: str
    dataset: str
    licence: str
    page: str
    definition: str
    kind: str
    publications: tuple[Publication, ...]
    folder: Path
    local: bool = False  # the operator's own files, when there are any, replace every other


@dataclass(frozen=True)
class Candidate:
    """A file that may belong to a source, and where it came from."""

    source: Source
    path: Path
    origin: Origin
    sha256: str
    url: str = ""


def read_sources(raw_dir: Path) -> dict[str, Source]:
    """Read every ``source.toml``, by source id (the folder's name).

    Raises
    ------
    SourceError
        When a file is missing, is not TOML, or lacks a key.
    """
    sources: dict[str, Source] = {}
    for path in sorted(raw_dir.glob("*/source.toml")):
        id_ = path.parent.name
        try:
            raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
            publications = tuple(
                Publication(source=id_, name=name, **fields)
                for name, fields in raw.pop("publication").items()
            )
            sources[id_] = Source(
                id=id_,
                kind=raw.pop("kind", ""),
                folder=path.parent,
                publications=publications,
                **raw,
            )
        except (ValueError, KeyError, TypeError) as error:  # TOML and UTF-8 errors are ValueErrors
            raise SourceError(
                f"la description de la source ne peut pas être lue ({error})",
                where=str(path),
                mend="Comparer avec une autre source du même dossier.",
            ) from error
    if not sources:
        raise SourceError("aucune source décrite", where=str(raw_dir))
    return sources


def files_in_folder(source: Source, folder: Path, origin: Origin) -> list[Candidate]:
    """Every file of a folder that could be one of the source's, in the order of their names.

    Raises
    ------
    SourceError
        When a name is not in UTF-8: nothing could open the file under it.
    """
    if not folder.is_dir():
        return []
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in TABLES + GEOMETRIES and path.is_file() and path.name[0] != "."
    ]
    for path in found:
        if readable(path.name) != path.name:
            raise SourceError(
                "le nom de ce fichier n'est pas en UTF-8",
                where=readable(str(path)),
                mend="Le renommer, sans accents par exemple, puis relancer.",
            )
    return [Candidate(source, path, origin, sha256_of(path)) for path in found]


def addresses(publication: Publication, kind: str, codes: tuple[str, ...]) -> list[str]:
    """Addresses to ask for a territory, the lightest that the producer offers."""
    given = publication.address.get(kind) or publication.address.get("default") or []
    templates = [given] if isinstance(given, str) else given
    return [
        address
        for template in templates
        for address in (
            [template.format(code=code) for code in codes] if "{code}" in template else [template]
        )
    ]


def download(
    source: Source,
    publication: Publication,
    settings: Settings,
    kind: str,
    codes: tuple[str, ...],
    report: Callable[[str], None],
) -> list[Candidate]:
    """Files of a publication from the cache or its published addresses; what fails is reported."""
    found = []
    for url in addresses(publication, kind, codes):
        if not settings.offline and publication.size_mb:
            report(f"{publication.id} : environ {publication.size_mb:g} Mo à télécharger")
        try:
            got = fetch(
                url,
                settings.cache_dir / source.id,
                offline=settings.offline,
                sha256=publication.sha256,
                report=report,
            )
        except SourceError as error:
            if not settings.offline:
                report(f"{publication.id} : {error}")
            continue
        if got.note:
            report(f"{publication.id} : {got.note}")
        found.append(Candidate(source, got.path, got.origin, got.sha256, url))
    return found
