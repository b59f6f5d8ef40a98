"""Services, publics, need definitions and norms; from ``nomenclature.toml``."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import Field, model_validator

from observatory.errors import RequestError
from observatory.french import vocabulary
from observatory.french.spelling import plain
from observatory.knowledge.entry import KnowledgeEntry

TYPED = ("custom", "voted")
"""Definitions of one service at a time: what is typed in, what was voted."""
EVERY_AGE = 120
"""An age that nobody passes."""
PATH = Path(__file__).with_name("nomenclature.toml")


class Public(KnowledgeEntry):
    """Whom a service is for; ``ages`` is [first age, first age beyond), empty when not an age.

    Attributes
    ----------
    schooled : bool
        Those who go to school in the commune, wherever they live.
    people : str
        What they are called in few words: « enfants », « foyers (hors MSA) ».
    counted_in : str
        What is counted: ``personnes``, ``foyers``.
    source : str
        The source that counts them, ``folder`` or ``folder.publication``; empty for the ages, and
        for what the census counts.
    credit : str
        How that source is named under a figure.
    note : str
        What limits the count, for every page that shows it.
    """

    label: str
    noun: str
    ages: tuple[float, ...]
    suppressed_below: int
    fragile_below: int
    schooled: bool = False
    people: str = "enfants"
    counted_in: str = "personnes"
    source: str = ""
    credit: str = ""
    note: str = ""

    @property
    def everybody(self) -> bool:
        """Whether every inhabitant is one of them."""
        return bool(self.ages) and self.ages[0] == 0 and self.ages[1] >= EVERY_AGE

    @property
    def published(self) -> bool:
        """Whether a publication counts them, by neither age nor census: its credit goes with it."""
        return bool(self.credit)


class Definition(KnowledgeEntry):
    """One way to say how much is needed: a target rate and where it comes from.

    ``public`` is the one that the target is a share of, the service's own when absent.
    """

    label: str
    kind: Literal["share", "reference", "territory", "voted", "norm", "custom"]
    source: str
    value: float | None = None
    level: Literal["nat", "reg", "dep", "epci"] | None = None
    public: str | None = None

    @property
    def counted(self) -> bool:
        """Whether it is among the definitions that may call a commune short."""
        return self.kind not in ("territory", "custom")

    @property
    def counting(self) -> str:
        """What is said after its name in a list of those that count; nothing where it does."""
        return "" if self.counted else f", {vocabulary.NOT_COUNTED}"

    @property
    def shares_out(self) -> bool:
        """Whether it spreads what there is: no need, and no headline for its gap."""
        return self.kind == "territory"


class Norm(KnowledgeEntry):
    """A norm or an order of magnitude, with its source; ``value`` in the service's rate."""

    text: str
    source: str
    value: float | None = None


class Feed(KnowledgeEntry):
    """Where the rows of a service may be taken from, when no source is read for it.

    ``columns``: column of the census → published heading, as far as the headings are known.
    """

    producer: str
    dataset: str
    licence: str
    page: str
    columns: Mapping[str, str] = Field(default_factory=dict)


class Service(KnowledgeEntry):
    """A service, its public, its unit, and the need definitions that make sense for it."""

    label: str
    short: str
    theme: str
    public: str
    unit: str
    rate_label: str
    grain: Literal["establishment", "commune", "composite"]
    definitions: tuple[str, ...]
    help: str
    rate_breaks: tuple[float, ...]
    rate_per: int = 100
    decimals: int = 0
    parts: tuple[str, ...] = ()
    menu: str = ""  # people's words; the short name in their place
    sought: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()  # words that people use; offered, never taken without asking
    called: tuple[str, str] = ("établissement", "établissements")  # one of them, several
    day_types: tuple[str, ...] = ()
    day_publics: Mapping[str, str] = Field(default_factory=dict)  # where a type of day has its own
    site_rule: Literal["sum", "max"] = "sum"
    allocate_by: str = ""
    masked_below: int = 0
    catchment: bool = True
    bpe: tuple[str, ...] = ()
    bpe_label: str = ""
    bpe_counts: Literal["capacity", "one", "unknown"] = "unknown"
    whole: bool = True
    usual_max: float | None = None
    norm: Norm | None = None
    context: Norm | None = None
    amount: str = "Offre"  # what its amounts are
    feed: Feed | None = None

    @property
    def listed(self) -> str:
        """Its name in a menu."""
        return self.menu or self.short

    @property
    def findable(self) -> tuple[str, ...]:
        """Every word that finds it, the names that screens give it first."""
        return (self.listed, self.short, self.label, *self.sought, *self.spoken)


class Breaks(KnowledgeEntry):
    """Where the classes of a map begin, by unit; those of a gap are mirrored below zero.

    ``persons``: units that are classed as persons.
    """

    persons: frozenset[str]
    gap: dict[str, tuple[float, ...]]
    count: dict[str, tuple[float, ...]]


class Nomenclature(KnowledgeEntry):
    """The whole nomenclature; every name used in an entry is defined in another."""

    publics: dict[str, Public] = Field(alias="public")
    age_bands: dict[str, tuple[str, ...]]
    breaks: Breaks
    day_types: dict[str, str] = Field(alias="day_type")
    definitions: dict[str, Definition] = Field(alias="definition")
    services: dict[str, Service] = Field(alias="service")

    @model_validator(mode="after")
    def _names_are_defined(self) -> Nomenclature:
        if lost := {d.public for d in self.definitions.values()} - {None} - set(self.publics):
            raise ValueError(f"definitions: unknown {sorted(map(str, lost))}")
        for id_, service in self.services.items():
            wanted: list[tuple[set[str], Iterable[str]]] = [
                ({service.public, service.allocate_by} - {""}, self.publics),
                (set(service.day_publics.values()), self.publics),
                (set(service.day_publics), service.day_types),
                (set(service.parts), self.services),
                (set(service.day_types), self.day_types),
                (set(service.definitions), self.definitions),
            ]
            for names, known in wanted:
                if unknown := names - set(known):
                    raise ValueError(f"{id_}: unknown {sorted(unknown)}")
        return self

    def service(self, id_: str) -> Service:
        """The service of that id.

        Raises
        ------
        RequestError
            When there is none; near ids are suggested.
        """
        if id_ not in self.services:
            near = [i for i, s in self.services.items() if plain(id_) in plain(s.label)]
            near = near or difflib.get_close_matches(id_, self.services, n=3, cutoff=0.6)
            raise RequestError(
                f"le service « {id_} » n'existe pas dans la nomenclature",
                mend=f"Services possibles : {', '.join(near or self.services)}.",
            )
        return self.services[id_]

    def by_theme(self, groups: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        """Services by theme: those of a convention, then what they leave, under its own theme.

        Parameters
        ----------
        groups : mapping
            Services by theme of the convention; each counts in the first that names it.
        """
        found: dict[str, list[str]] = {}
        placed: set[str] = set()
        for label, services in groups.items():
            new = [s for s in services if s in self.services and s not in placed]
            placed.update(new)
            if new:
                found[label] = new
        for id_, service in self.services.items():
            if id_ not in placed:
                found.setdefault(service.theme, []).append(id_)
        return {label: tuple(services) for label, services in found.items()}

    @property
    def least_public(self) -> int:
        """Fewer people than this bear no rate; the same for every public counted by age."""
        return max(public.suppressed_below for public in self.publics.values())

    def definition_for(self, service: str, asked: str | None = None) -> str:
        """The need definition of a service: the one asked where it has it, else its own first one.

        A target typed in for one service says nothing of the others: ``custom`` is never taken.

        Raises
        ------
        RequestError
            When there is no such service.
        """
        own = self.service(service).definitions
        return asked if asked is not None and asked in own and asked not in TYPED else own[0]

    def definitions_for(self, asked: str | None = None) -> dict[str, str]:
        """``definition_for`` of every service, by its id."""
        return {service: self.definition_for(service, asked) for service in self.services}

    def offers(self) -> list[tuple[str, str | None]]:
        """Every (service, day type) that is measured by itself; day types are never added up."""
        return [
            (id_, day)
            for id_, service in self.services.items()
            for day in (service.day_types or (None,))
        ]

    def public_of(self, service: str, day_type: str | None = None) -> str:
        """Id of the public of a service, on a type of day."""
        entry = self.services[service]
        return entry.day_publics.get(day_type or "", entry.public)

    def publics_of(self, table: pd.DataFrame) -> pd.Series[str]:
        """Id of the public of each row of a table, by its ``service`` and ``day_type``."""
        named = {f"{s}/{d or ''}": self.public_of(s, d) for s, d in self.offers()}
        return (table["service"] + "/" + table["day_type"].fillna("")).map(named)

    def decimals_of(self, services: pd.Series[Any]) -> pd.Series[int]:
        """Decimals that each of those services shows, row by row."""
        return services.map({i: s.decimals for i, s in self.services.items()})

    def _years(self, part: str | None, whole: str) -> float | None:
        """How much of the ages of a public another one covers; None where ages say nothing."""
        ages = [self.publics[p].ages for p in (part, whole) if p is not None]
        if len(ages) < 2 or not all(ages):
            return None
        return (ages[0][1] - ages[0][0]) / (ages[1][1] - ages[1][0])

    def tables(self) -> dict[str, pd.DataFrame]:
        """The nomenclature as the tables that the pipeline joins with."""
        services = self.services.items()
        return {
            "service": pd.DataFrame(
                [
                    dict(
                        id=i,
                        rank=n,
                        label=s.label,
                        short=s.short,
                        theme=s.theme,
                        public=s.public,
                        unit=s.unit,
                        rate_per=s.rate_per,
                        rate_label=s.rate_label,
                        grain=s.grain,
                        site_rule=s.site_rule,
                        allocate_by=s.allocate_by or s.public,
                        masked_below=s.masked_below,
                        catchment=s.catchment,
                        decimals=s.decimals,
                    )
                    for n, (i, s) in enumerate(services)
                ]
            ),
            "service_part": pd.DataFrame(
                [dict(service=i, part=p) for i, s in services for p in (s.parts or (i,))]
            ),
            "service_bpe": pd.DataFrame(
                [
                    dict(service=i, type=t, counts=s.bpe_counts, label=s.bpe_label or s.short)
                    for i, s in services
                    for t in s.bpe
                ],
                columns=["service", "type", "counts", "label"],
            ),
            "offer": pd.DataFrame(
                [dict(service=s, day_type=d, public=self.public_of(s, d)) for s, d in self.offers()]
            ),
            "definition": pd.DataFrame(
                [
                    dict(
                        service=i,
                        definition=d,
                        rank=n,
                        kind=(k := self.definitions[d]).kind,
                        level=k.level,
                        source=k.source,
                        public=k.public,
                        years=self._years(k.public, s.public),
                        counted=k.counted,
                        fixed_target=k.value * s.rate_per
                        if k.value is not None
                        else (s.norm.value if k.kind == "norm" and s.norm else None),
                    )
                    for i, s in services
                    for n, d in enumerate(s.definitions)
                ]
            ),
            "public": pd.DataFrame(
                [
                    dict(
                        id=i,
                        first_age=p.ages[0] if p.ages else None,
                        next_age=p.ages[1] if p.ages else None,
                        suppressed_below=p.suppressed_below,
                        fragile_below=p.fragile_below,
                        schooled=p.schooled,
                    )
                    for i, p in self.publics.items()
                ]
            ),
            "age_band": pd.DataFrame(
                [
                    dict(system=system, rank=n, band=band)
                    for n, (system, bands) in enumerate(self.age_bands.items())
                    for band in bands
                ]
            ),
        }


@cache
def nomenclature(path: Path = PATH) -> Nomenclature:
    """Read and check the nomenclature (once per file)."""
    return Nomenclature.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
