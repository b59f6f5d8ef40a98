"""Settings of a run: paths and ``OBSERVATORY_*`` variables, frozen."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from observatory.errors import RequestError

ROOT = Path(__file__).resolve().parent.parent
CURRENT = "CURRENT"
"""The pointer to the version in service, in the folder of the versions."""
TENANT = re.compile(r"territoires/[a-z0-9-]+")
TRUE_WORDS = frozenset({"1", "true", "yes", "oui", "on"})
ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+")  # printable ASCII, one @

ORIGIN = re.compile(
    r"https://[a-z0-9.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?", re.IGNORECASE
)


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
        What people wrote of the territory in service: the folder ``OBSERVATORY_CENSUS_DIR``, or
        the one of that territory in it (``stores/tenancy.py``).
    tenant : str
        The way to the latter from the former; empty where they are the same.
    census_max_mb : float
        Largest census file accepted, in megabytes (``OBSERVATORY_CENSUS_MAX_MB``).
    geocoder_url : str or None
        Batch geocoder that may place addresses (``OBSERVATORY_GEOCODER_URL``); None: never asked.
    tiles_url : str or None
        Template of the background tiles of the maps, asked by the visitor's browser
        (``OBSERVATORY_TILES_URL``); None: no tile is asked for.
    tiles_attribution : str
        Who made them, as the maps show it (``OBSERVATORY_TILES_ATTRIBUTION``).
    embed_origins : tuple of str
        Sites that may show a map inside their pages (``OBSERVATORY_EMBED_ORIGINS``, separated by
        spaces, as the proxy's policy writes them); none by default.
    open_data_url : str or None
        Where the open data are served, as a harvester reaches them (``OBSERVATORY_OPEN_DATA_URL``:
        the site's address and ``/donnees/``); None: they are not served.
    static_dir : Path
        What the app serves as plain files: Leaflet and the contours.
    mirror : Path or None
        A folder of published files, asked before anything else (``OBSERVATORY_MIRROR``).
    offline : bool
        Never open a connection (``OBSERVATORY_OFFLINE``).
    public : bool
        The app stands behind a proxy: coming from this machine gives no role
        (``OBSERVATORY_PUBLIC``).
    planners : frozenset of str
        E-mail addresses of the accounts that may change the data, in lower case
        (``OBSERVATORY_PLANNERS``, separated by commas).
    trusted_emails : bool
        The provider never says whether an address is verified, and the operator vouches that it
        verifies them all (``OBSERVATORY_TRUSTED_EMAILS``).
    planner_claim : tuple of str or None
        A claim of the identity provider and the value that gives the same role
        (``OBSERVATORY_PLANNER_CLAIM``, for example ``groups=planificateurs``).
    contact : str or None
        Who answers about accessibility and data, as the pages show it (``OBSERVATORY_CONTACT``).
    """

    raw_dir: Path = ROOT / "data" / "raw"
    processed_dir: Path = ROOT / "data" / "processed"
    cache_dir: Path = ROOT / "data" / "cache"
    static_dir: Path = ROOT / "static"
    mirror: Path | None = None
    offline: bool = False
    census_dir: Path = ROOT / "data" / "census"
    tenant: str = ""
    census_max_mb: float = 60.0
    geocoder_url: str | None = None
    tiles_url: str | None = None
    tiles_attribution: str = ""
    embed_origins: tuple[str, ...] = ()
    public: bool = False
    planners: frozenset[str] = frozenset()
    trusted_emails: bool = False
    planner_claim: tuple[str, str] | None = None
    contact: str | None = None
    open_data_url: str | None = None

    @property
    def census_root(self) -> Path:
        """The folder that holds what people wrote of every territory."""
        return self.census_dir.parents[1] if self.tenant else self.census_dir

    def of_tenant(self, tenant: str) -> Settings:
        """The same settings, for what people wrote of another territory."""
        return replace(self, census_dir=self.census_root / tenant, tenant=tenant)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from environment variables; an empty variable counts as absent."""
        env = os.environ if environ is None else environ
        # A page asks several times at each choice: what is written the same is read once.
        found = _read(tuple((k, v) for k, v in env.items() if k.startswith("OBSERVATORY_")))
        tenant = tenant_in_service(found.processed_dir)
        return found.of_tenant(tenant) if tenant else found

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Settings:
        """The settings that some variables tell, whatever version is in service."""
        mirror = env.get("OBSERVATORY_MIRROR")
        largest = env.get("OBSERVATORY_CENSUS_MAX_MB", "").replace(",", ".")
        return cls(
            processed_dir=Path(env.get("OBSERVATORY_PROCESSED_DIR") or cls.processed_dir),
            census_dir=Path(env.get("OBSERVATORY_CENSUS_DIR") or cls.census_dir),
            cache_dir=Path(env.get("OBSERVATORY_CACHE_DIR") or cls.cache_dir),
            mirror=Path(mirror) if mirror else None,
            offline=env.get("OBSERVATORY_OFFLINE", "").strip().lower() in TRUE_WORDS,
            census_max_mb=_megabytes(largest) if largest else cls.census_max_mb,
            geocoder_url=env.get("OBSERVATORY_GEOCODER_URL") or None,
            tiles_url=_tiles(env),
            tiles_attribution=env.get("OBSERVATORY_TILES_ATTRIBUTION", "").strip(),
            embed_origins=_origins(env.get("OBSERVATORY_EMBED_ORIGINS", "")),
            public=env.get("OBSERVATORY_PUBLIC", "").strip().lower() in TRUE_WORDS,
            planners=_addresses(env.get("OBSERVATORY_PLANNERS", "")),
            trusted_emails=env.get("OBSERVATORY_TRUSTED_EMAILS", "").strip().lower() in TRUE_WORDS,
            planner_claim=_claim(env.get("OBSERVATORY_PLANNER_CLAIM", "")),
            contact=env.get("OBSERVATORY_CONTACT", "").strip() or None,
            open_data_url=_open_data(env.get("OBSERVATORY_OPEN_DATA_URL", "").strip()),
        )


def tenant_in_service(processed_dir: Path) -> str:
    """The folder of what people wrote that goes with the version in service; empty for the root.

    It stands on the second line of the pointer, so that both are switched in one atomic step.
    """
    try:
        lines = (processed_dir / CURRENT).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    told = lines[1].strip() if len(lines) > 1 else ""
    return told if TENANT.fullmatch(told) else ""


@lru_cache(maxsize=16)
def _read(written: tuple[tuple[str, str], ...]) -> Settings:
    return Settings.of(dict(written))


def _addresses(text: str) -> frozenset[str]:
    """Whole addresses only: a domain would give the role to whoever gets an account there."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in found if not ADDRESS.fullmatch(part)]
    if wrong:
        raise RequestError(
            f"« {wrong[0]} » n'est pas une adresse électronique entière",
            where="OBSERVATORY_PLANNERS",
            mend="Écrire chaque adresse en entier, séparées par des virgules.",
        )
    return frozenset(part.lower() for part in found)


def _claim(text: str) -> tuple[str, str] | None:
    name, _, value = (part.strip() for part in text.partition("="))
    if not name and not value:
        return None
    if not name or not value:
        raise RequestError(
            f"« {text} » n'est pas de la forme attribut=valeur",
            where="OBSERVATORY_PLANNER_CLAIM",
            mend="Écrire par exemple groups=planificateurs.",
        )
    return name, value


def _tiles(env: Mapping[str, str]) -> str | None:
    """A template that a browser may ask: encrypted, of this machine, or of the app's own site."""
    url = env.get("OBSERVATORY_TILES_URL", "").strip()
    if not url:
        return None
    allowed = re.match(r"https://[\w.-]+[:/]|http://(localhost|127\.0\.0\.1)[:/]|/(?!/)", url)
    if not allowed or not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise RequestError(
            f"« {url} » n'est pas une adresse de tuiles",
            where="OBSERVATORY_TILES_URL",
            mend="Écrire une adresse en https://, ou un chemin du même site, avec {z}, {x} et "
            "{y} : par exemple https://tuiles.exemple.fr/{z}/{x}/{y}.png.",
        )
    if not env.get("OBSERVATORY_TILES_ATTRIBUTION", "").strip():
        raise RequestError(
            "le fond de carte est donné sans dire de qui il est",
            where="OBSERVATORY_TILES_ATTRIBUTION",
            mend="Écrire les auteurs des tuiles, par exemple « © IGN ».",
        )
    return url


def _origins(text: str) -> tuple[str, ...]:
    """Whole origins, as a browser compares them: a path or a bare word would allow nobody."""
    found = tuple(text.split())
    wrong = [part for part in found if not ORIGIN.fullmatch(part)]
    if wrong:
        raise RequestError(
            f"« {wrong[0]} » n'est pas l'origine d'un site",
            where="OBSERVATORY_EMBED_ORIGINS",
            mend="Écrire chaque site par https:// et son nom, sans chemin, séparés par des "
            "espaces : par exemple https://www.ville.example.",
        )
    return found


def _open_data(url: str) -> str | None:
    """A whole address that ends where the files are served: a harvester follows no other."""
    if url and not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w.~%-]+)*/donnees/?", url):
        raise RequestError(
            f"« {url} » n'est pas l'adresse des données ouvertes",
            where="OBSERVATORY_OPEN_DATA_URL",
            mend="Écrire l'adresse du site suivie de /donnees/, par exemple "
            "https://observatoire.ville.example/donnees/.",
        )
    return url or None


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
