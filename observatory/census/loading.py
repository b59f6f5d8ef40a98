"""Load of a census: check, placing on the map, storage, and whether a new version is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from observatory.census import census_store
from observatory.census.census_check import census_after, check, tells_supply
from observatory.census.commune_codes import Communes, communes_of_version
from observatory.census.file_names import told_files
from observatory.census.geocoder import place_by_address
from observatory.census.sheets import census_contract
from observatory.errors import VersionError
from observatory.french.numbers import plural
from observatory.knowledge.convention import FILE_NAME
from observatory.secrecy import register as registers
from observatory.settings import Settings
from observatory.stores.generation import Kind, sums
from observatory.versions import warehouse
from observatory.workbook.contract import Contract
from observatory.workbook.mapping import HeadingMapping, mapping_file
from observatory.workbook.raw import MEGABYTE, FileLimits
from observatory.workbook.results import Checked
from observatory.workbook.stored import Tables

SOURCE = "census"  # the source's folder in data/raw, and its id in a version


@dataclass(frozen=True)
class Load:
    """What a load did.

    Attributes
    ----------
    complete : bool
        The files completed the census in place; otherwise they replaced its sheets.
    changed : list of str
        Files of the store that changed; empty when the census was already that one.
    generation : int or None
        The generation that it made; None when it made none.
    """

    checked: Checked
    complete: bool
    changed: list[str]
    generation: int | None = None


def limits_of(settings: Settings) -> FileLimits:
    """How large a census file may be, as the operator decided."""
    return FileLimits(max_bytes=int(settings.census_max_mb * MEGABYTE))


def known_communes(settings: Settings) -> Communes:
    """The communes of the version in service; none known when there is no version."""
    try:
        with warehouse.in_service(settings) as con:
            return communes_of_version(con)
    except VersionError:
        return Communes()


def remembered_contract(settings: Settings) -> Contract:
    """The contract of the census, with the headings and words that were confirmed before.

    Raises
    ------
    WorkbookError, StoreError
        When what is remembered cannot be read.
    """
    _, contents = census_store.census_store(settings.census_dir).read()
    return _whole(None, contents, settings).applied(census_contract())


def check_files(
    files: Sequence[Path],
    settings: Settings,
    *,
    complete: bool | None = None,
    names: Sequence[str] = (),
    mapping: HeadingMapping | None = None,
) -> Checked:
    """Check files against the version in service and the census in place; nothing is written.

    What was confirmed before of headings and words holds, under the mapping given.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    """
    _, contents = census_store.census_store(settings.census_dir).read()
    return check(
        files,
        known_communes(settings),
        kept=census_store.tables_of(contents, settings.census_dir),
        complete=complete,
        limits=limits_of(settings),
        names=names,
        mapping=_whole(mapping, contents, settings),
    )


def load_files(
    files: Sequence[Path],
    settings: Settings,
    report: Callable[[str], None],
    *,
    complete: bool | None = None,
    names: Sequence[str] = (),
    who: str = "",
    why: str = "",
    mapping: HeadingMapping | None = None,
) -> Load:
    """Check files and put the accepted rows in the store.

    Each sheet that has accepted rows replaces the one in place; files of corrected rows complete it
    instead. The geocoder is asked only when the operator gave its address and is not offline. The
    store is held only to merge and write; when another load ended meanwhile, the files are checked
    again against what it left. A mapping that was given is remembered with the census.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    StoreError
        When the store cannot be read or written.
    """
    communes = known_communes(settings)
    kept_in = census_store.census_store(settings.census_dir)

    def sorted_rows(kept: Tables) -> Checked:
        checked = check(
            files,
            communes,
            kept=kept,
            complete=complete,
            limits=limits_of(settings),
            names=names,
            mapping=whole,
        )
        if settings.geocoder_url and not settings.offline:
            placed = place_by_address(
                checked.rows("offre"), communes, settings.geocoder_url, settings.cache_dir, report
            )
            if placed:
                many = plural(placed, "établissement placé", "établissements placés")
                report(f"géocodage : {many}")
        return checked

    _, contents = kept_in.read()
    kept = census_store.tables_of(contents, settings.census_dir)
    whole = _whole(mapping, contents, settings)
    checked = sorted_rows(kept)
    if not checked.accepted:
        return Load(checked, checked.complete, [])
    with kept_in.writing() as writing:
        if writing.files != contents:  # another load ended meanwhile: this one comes after it
            kept = census_store.tables_of(writing.files, settings.census_dir)
            whole = _whole(mapping, writing.files, settings)
            checked = sorted_rows(kept)
        after = census_after(kept, checked, checked.complete)
        files_after = {**writing.files, **census_store.files_of(after)}
        if mapping is not None:
            files_after[census_store.MAPPING] = mapping_file(whole.lasting())
        if tells_supply(checked) and (codes := _perimeter(settings)):
            files_after[census_store.VOUCHED] = census_store.vouched_file(codes)
        changed = [
            name
            for name in census_store.files_of(after)
            if writing.files.get(name, b"") != files_after[name]
        ]
        before = writing.state
        kind: Kind = "complete" if checked.complete else "load"
        made = writing.commit(kind, files_after, who, why or told_files(p.name for p in files))
    _say_removed(kept, after, checked, report)
    return Load(checked, checked.complete, changed, made.sequence if made != before else None)


def is_published(settings: Settings) -> bool:
    """Whether the version in service was built from the census in place."""
    _, contents = census_store.census_store(settings.census_dir).read()
    beside = (census_store.VOUCHED, census_store.MAPPING, FILE_NAME)
    in_place = {(name, sha) for name, sha in sums(contents).items() if name not in beside}
    register = registers.read(settings.census_dir)
    try:
        with warehouse.in_service(settings) as con:
            ((version,),) = con.execute("SELECT version FROM version").fetchall()
            found = con.execute(
                "SELECT file, sha256 FROM version_source WHERE id = ?", [SOURCE]
            ).fetchall()
    except VersionError:
        return False
    sealed = in_place
    if register:
        sealed = {
            (name, register.sealed(f"{version}|{sha}" if name == census_store.TOTALS else sha))
            for name, sha in in_place
        }
    used = {(str(file), str(sha)) for file, sha in found if file != census_store.VOUCHED}
    return used in (in_place, sealed)  # a census without totals has nothing to seal


def _whole(
    mapping: HeadingMapping | None, contents: Mapping[str, bytes], settings: Settings
) -> HeadingMapping:
    """A mapping laid over the one that the census remembers."""
    remembered = census_store.mapping_of(contents, settings.census_dir)
    return mapping.over(remembered) if mapping else remembered


def _perimeter(settings: Settings) -> list[str]:
    """The communes that the census vouches for: those of the territory in service.

    Without them, a commune that no row names would be unknown instead of having no establishment.
    """
    try:
        with warehouse.in_service(settings) as con:
            return [c for (c,) in con.execute("SELECT code FROM perimeter ORDER BY 1").fetchall()]
    except VersionError:
        return []


def _say_removed(
    kept: Tables, after: Tables, checked: Checked, report: Callable[[str], None]
) -> None:
    """Say what a load takes away without a word of it being in the files."""
    served = "communes_desservies"
    if checked.rows(served):
        return
    gone = len(kept.get(served, [])) - len(after.get(served, []))
    if gone:
        report(
            f"{plural(gone, 'commune desservie retirée', 'communes desservies retirées')} : "
            "leur établissement n'est plus au recensement"
        )
