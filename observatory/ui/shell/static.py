"""Static files of the browser: Leaflet, the map's own code and style, the contours.

Names carry a stamp or a digest of the content, so that a file never changes under its name and
a browser may keep it. Several processes may prepare the same folder at the same time.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from observatory import disk
from observatory.errors import ObservatoryError
from observatory.french.spelling import SHORT, plain
from observatory.maps.names import largest
from observatory.ui.map.sign_file import NAME, every_sign

STATIC_URL = "app/static"  # where Streamlit serves the folder, relative to the page's base path
LEAFLET_FILES = ("leaflet.js", "leaflet.css")
OWN_FILES = {
    "observatory.ui.map": (
        "map.js", "beside.js", "canvas.js", "circles.js", "elements.js", "files.js", "legend.js",
        "linked.js", "mounted.js", "names.js", "placing.js", "playing.js", "point.js", "points.js",
        "tip.js", "view.js", "map.css",
    ),
    "observatory.ui.shell": ("loader.js",),
    "observatory.ui.controls": (
        "rail.js", "combobox.js", "head_search.js", "search.js", "rail.css",
    ),
}  # fmt: skip
"""Code and styles by package; in the browser they stand in one folder."""
KEPT_VERSIONS = 3  # geometry of former versions that open pages may still ask for
KEPT_SECONDS = 86400.0  # and whatever is younger than a day: another server may be using it
STALE_SECONDS = 3600.0  # a temporary file older than this belongs to a process that died


@dataclass(frozen=True)
class Outline:
    """The contour of one commune.

    Attributes
    ----------
    code : str
        INSEE code.
    name : str
        Name of the commune.
    geometry : str
        GeoJSON geometry as text, WGS 84, already simplified.
    population : float or None
        Inhabitants: the largest communes are always named.
    """

    code: str
    name: str
    geometry: str
    population: float | None = None


@dataclass(frozen=True)
class StaticFiles:
    """Addresses of the files, relative to the page's base path, and the order of the contours.

    Attributes
    ----------
    folder : str
        Address of Leaflet, of our own code and styles (`OWN_FILES`) and of the signs: they find
        one another there, without any message.
    geometry : str
        Address of the contours.
    communes, texts : str
        Of the communes that can be searched for, and of what the form of a page says.
    codes : tuple of str
        INSEE codes in the order of the features: colours are sent in that order.
    """

    folder: str
    geometry: str
    communes: str
    texts: str
    codes: tuple[str, ...]

    def own(self, name: str) -> str:
        """The address of a file of ours."""
        return f"{self.folder}/{name}"


def prepare(
    static_dir: Path,
    version: str,
    outlines: Sequence[Outline],
    communes: Sequence[tuple[str, ...]] | None = None,
    texts: Mapping[str, Any] | None = None,
) -> StaticFiles:
    """Put every file in place and give their addresses.

    Parameters
    ----------
    static_dir : Path
        The ``static`` folder beside the app's main file.
    version : str
        The published version, for example ``20261122T045900Z``.
    outlines : sequence of Outline
        One a commune, in any order; each code once.
    communes : sequence of tuple of str, optional
        Code, name and, where they are known, postcodes of the communes that can be searched for;
        those of the contours when absent.
    texts : mapping, optional
        What the form of a page says, whatever is chosen.

    Raises
    ------
    ObservatoryError
        When a code stands twice or there is no contour at all.
    OSError
        When the folder cannot be written.
    """
    codes = tuple(outline.code for outline in outlines)
    if not codes or len(set(codes)) != len(codes):
        raise ObservatoryError(
            "il faut un contour par commune, et un seul",
            where=f"contours de la version {version}",
            mend="Relancer « observatory refresh », qui contrôle les contours.",
        )
    static_dir.mkdir(parents=True, exist_ok=True)
    installed = resources.files("xstatic.pkg.leaflet") / "data"
    code = {name: (installed / name).read_bytes() for name in LEAFLET_FILES}
    for package, own in OWN_FILES.items():
        code |= {name: (resources.files(package) / name).read_bytes() for name in own}
    code[NAME] = _written(every_sign())
    folder = f"app-{_digest(b''.join(code.values()))}"
    for name, content in code.items():
        _write_once(static_dir / folder / name, content)

    contours = _collection(outlines).encode()
    geometry = f"geometry-{version}-{_digest(contours)}.geojson"
    _write_once(static_dir / geometry, contours)
    _keep_last(static_dir.glob("geometry-*.geojson"), geometry)
    listed = _listed(communes or [(o.code, o.name) for o in outlines]).encode()
    names = f"communes-{version}-{_digest(listed)}.json"
    _write_once(static_dir / names, listed)
    _keep_last(static_dir.glob("communes-*.json"), names)
    said = _written(texts or {"words": {}, "help": [], "lists": {}})
    words = f"texts-{_digest(said)}.json"
    _write_once(static_dir / words, said)
    _keep_last(static_dir.glob("texts-*.json"), words)
    for kind in ("app-*", "map-*"):
        _keep_last(static_dir.glob(kind), folder)
    _sweep(static_dir)
    return StaticFiles(
        folder=f"{STATIC_URL}/{folder}",
        geometry=f"{STATIC_URL}/{geometry}",
        communes=f"{STATIC_URL}/{names}",
        texts=f"{STATIC_URL}/{words}",
        codes=codes,
    )


def _collection(outlines: Iterable[Outline]) -> str:
    """A GeoJSON FeatureCollection with short properties.

    ``c`` is the code, ``n`` the name, ``r`` the rank of one of the largest communes.
    """
    every = list(outlines)
    ranks = {row: rank for rank, row in enumerate(largest([o.population for o in every]))}
    features = (
        '{"type":"Feature","properties":'
        + _written(
            {"c": o.code, "n": o.name, **({"r": ranks[row]} if row in ranks else {})}
        ).decode()
        + f',"geometry":{o.geometry}}}'
        for row, o in enumerate(every)
    )
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def _listed(communes: Iterable[tuple[str, ...]]) -> str:
    """The communes in the order of a dictionary, accents aside, and the words people shorten."""
    ordered = sorted(communes, key=lambda one: (plain(one[1]), one[0]))
    return _written({"communes": ordered, "short": SHORT}).decode()


def _written(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whose name tells its content, in one step; nothing to do when it is there."""
    if path.exists():
        return
    disk.replace_file(path, content, mode=0o644)  # a web server in front may read the folder too


def _age(path: Path) -> float:
    """Seconds since the last change; 0 for a file another process has just removed."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _keep_last(paths: Iterable[Path], current: str) -> None:
    others = sorted((path for path in paths if path.name != current), key=_age)
    for path in others[KEPT_VERSIONS:]:
        if _age(path) < KEPT_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)  # another process may be removing it too
        else:
            path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    for draft in folder.rglob(f"{disk.ASIDE}*{disk.PART}"):
        if _age(draft) > STALE_SECONDS:
            draft.unlink(missing_ok=True)
