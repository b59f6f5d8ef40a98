"""Load a census: check it, place it, put it in the store, and say whether a version must follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from observatory.census import store
from observatory.census.checking import check
from observatory.census.commune_codes import Communes, communes_of_version
from observatory.census.geocoder import place_by_address
from observatory.census.problems import plural
from observatory.census.raw import MEGABYTE, FileLimits
from observatory.census.results import Checked
from observatory.census.sheets import sheets
from observatory.errors import VersionError
from observatory.secrecy import register as registers
from observatory.settings import Settings
from observatory.sources.catalogue import sha256_of
from observatory.versions import warehouse

VOUCHED = "communes_recensees.csv"  # beside the store: the communes the census speaks for
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
    """

    checked: Checked
    complete: bool
    changed: list[str]


def limits_of(settings: Settings) -> FileLimits:
    """How large a census file may be, as the operator decided."""
    return FileLimits(max_bytes=int(settings.census_max_mb * MEGABYTE))


def known_communes(settings: Settings) -> Communes:
    """The communes of the version in service; none known when there is no version."""
    try:
        con = warehouse.open_current(settings.processed_dir)
    except VersionError:
        return Communes()
    try:
        return communes_of_version(con)
    finally:
        con.close()


def check_files(
    files: Sequence[Path],
    settings: Settings,
    *,
    complete: bool | None = None,
    names: Sequence[str] = (),
) -> Checked:
    """Check files against the version in service and the census in place; nothing is written.

    Raises
    ------
    CensusError
        When a file as a whole cannot be read.
    """
    return check(
        files,
        known_communes(settings),
        kept=store.read(settings.census_dir),
        complete=complete,
        limits=limits_of(settings),
        names=names,
    )


def load_files(
    files: Sequence[Path],
    settings: Settings,
    report: Callable[[str], None],
    *,
    complete: bool | None = None,
    names: Sequence[str] = (),
) -> Load:
    """Check files and put the accepted rows in the store.

    Each sheet that has accepted rows replaces the one in place; files of corrected rows complete it
    instead. The geocoder is asked only when the operator gave its address and is not offline.

    Raises
    ------
    CensusError
        When a file as a whole cannot be read, or the store cannot be written.
    """
    communes = known_communes(settings)
    kept = store.read(settings.census_dir)
    checked = check(
        files, communes, kept=kept, complete=complete, limits=limits_of(settings), names=names
    )
    completes = any(t.to_mend for t in checked.tables) if complete is None else complete
    if settings.geocoder_url and not settings.offline:
        placed = place_by_address(
            checked.rows("offre"), communes, settings.geocoder_url, settings.cache_dir, report
        )
        if placed:
            report(f"géocodage : {plural(placed, 'établissement placé', 'établissements placés')}")
    after = store.merged(kept, checked, completes)
    _say_removed(kept, after, checked, report)
    changed = store.write(settings.census_dir, after) if checked.accepted else []
    if checked.tells_supply:
        _vouch(settings)
    return Load(checked, completes, changed)


def is_published(settings: Settings) -> bool:
    """Whether the version in service was built from the census in place."""
    register = registers.read(settings.census_dir)
    digest = register.sealed if register else str
    in_place = {
        (path.name, digest(sha256_of(path)))
        for s in sheets()
        if (path := settings.census_dir / f"{s.name}.csv").exists()
    }
    try:
        con = warehouse.open_current(settings.processed_dir)
    except VersionError:
        return False
    try:
        found = con.execute(
            "SELECT file, sha256 FROM version_source WHERE id = ?", [SOURCE]
        ).fetchall()
    finally:
        con.close()
    return in_place == {(str(file), str(sha)) for file, sha in found if file != VOUCHED}


def _vouch(settings: Settings) -> None:
    """Write which communes the census vouches for: those of the territory in service.

    Without it, a commune that no row names would be unknown instead of having no establishment.
    """
    try:
        con = warehouse.open_current(settings.processed_dir)
    except VersionError:
        return
    try:
        codes = [c for (c,) in con.execute("SELECT code FROM perimeter ORDER BY 1").fetchall()]
    finally:
        con.close()
    path = settings.census_dir / VOUCHED
    text = "".join(f"{line}\n" for line in ("commune_recensee", *codes))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        draft = path.with_name(f".{path.name}.draft")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)


def _say_removed(
    kept: store.Tables, after: store.Tables, checked: Checked, report: Callable[[str], None]
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
