"""The sources of a refresh: read into ``raw``, prepared in ``stg``, or taken as they were kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from observatory.knowledge.territory import TerritoryRequest
from observatory.settings import Settings
from observatory.sources.catalogue import (
    Candidate,
    Publication,
    Source,
    download,
)
from observatory.sources.inventory import unread
from pipelines import kept_source
from pipelines.load import Loaded, SourceFiles, load_source
from pipelines.macros import run_sql
from pipelines.places import write_zones


@dataclass(frozen=True)
class Fresh:
    """A source that was read, to be kept once it is prepared."""

    source: Source
    path: Path
    loaded: list[Loaded]
    said: list[str]


@dataclass
class Reading:
    """What was read of the sources.

    Attributes
    ----------
    loaded : list of Loaded
        The files in use, in the order of the sources.
    taken : set of str
        Ids of the sources whose tables a former refresh had kept.
    fresh : list of Fresh
        Those to keep.
    """

    loaded: list[Loaded] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    fresh: list[Fresh] = field(default_factory=list)


@dataclass
class Downloads:
    """Files of the publications that a refresh asks for, each asked once."""

    settings: Settings
    request: TerritoryRequest
    report: Callable[[str], None]
    found: dict[str, list[Candidate]] = field(default_factory=dict)

    def of(self, source: Source, publication: Publication) -> list[Candidate]:
        """From the cache or the network; asked already, the same."""
        if publication.id not in self.found:
            request = self.request
            self.found[publication.id] = download(
                source, publication, self.settings, request.kind, request.codes, self.report
            )
        return self.found[publication.id]

    def asked(self, source: Source) -> bool:
        """Whether a file of a source was asked for."""
        return any(p.id in self.found for p in source.publications)


def read_all(
    con: duckdb.DuckDBPyConnection,
    sources: Iterable[Source],
    settings: Settings,
    request: TerritoryRequest,
    report: Callable[[str], None],
) -> Reading:
    """Fill ``raw.*`` and say what was read; a table nobody has stays empty.

    Raises
    ------
    SourceError
        When a file of the mirror, or of the embedded snapshot, cannot be read to its end. One that
        was downloaded is reported, and the next place is tried.
    """
    reading, sources = Reading(), list(sources)
    downloads = Downloads(settings, request, report)
    write_zones(con)
    if settings.mirror:
        for line in unread(settings.mirror, {s.id for s in sources}):
            report(line)
    for source in sources:
        files = SourceFiles(source, settings)
        place = _place(files, downloads)
        if place and (kept := kept_source.take(con, source, place, report)) is not None:
            reading.loaded += kept
            reading.taken.add(source.id)
            continue
        said: list[str] = []

        def tell(line: str, said: list[str] = said) -> None:
            said.append(line)
            report(line)

        loaded = load_source(con, files, downloads.of, tell)
        reading.loaded += loaded
        if place and not (files.mirrored and not settings.offline and downloads.asked(source)):
            # What was read beside the mirror would not be in the name.
            reading.fresh.append(Fresh(source, place, loaded, said))
    return reading


def _place(files: SourceFiles, downloads: Downloads) -> Path | None:
    """Where what may be read of a source is kept, if it is at all."""
    source, settings = files.source, files.settings
    if not kept_source.may_be_kept(source):
        return None
    if files.mirrored and settings.offline:
        # What the mirror lacks is only looked for in the cache, without a word.
        downloads = replace(downloads, report=lambda line: None, found={})
    asked = settings.offline or not files.mirrored
    beside = [f for p in source.publications for f in downloads.of(source, p)] if asked else []
    given = [*files.mirrored, *beside, *files.embedded]
    return kept_source.place_of(source, settings.cache_dir, given)


def prepare_all(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Fill ``stg.*`` from what was read, and keep what another refresh would read again."""
    for file in sorted(kept_source.STAGING.glob("*.sql")):
        if file.stem not in reading.taken:
            run_sql(con, file.read_text(encoding="utf-8"), file.name)
    for one in reading.fresh:
        kept_source.keep(con, one.source, one.path, one.loaded, one.said)
