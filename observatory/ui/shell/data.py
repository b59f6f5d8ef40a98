"""The version in service and its answers, opened once and cached for every visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from observatory.answers import accessible, deployment, gaps, profile, sums, targets
from observatory.answers import comparables as comparable_rule
from observatory.answers import duties as duty_rules
from observatory.answers import period as convention_period
from observatory.answers import priorities as priority_rule
from observatory.answers import silent_services as silent
from observatory.answers.comparables import Comparables
from observatory.answers.period import Period
from observatory.answers.public_actions import public_actions
from observatory.census.standing import Degraded, why_degraded
from observatory.files import side_by_side
from observatory.french import dates
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.measures import MEASURES
from observatory.maps.shapes import Shapes
from observatory.maps.shapes import shapes as read_shapes
from observatory.plan import followed_plan
from observatory.plan.followed_plan import FollowedPlan
from observatory.plan.indicator_standing import standing_today
from observatory.plan.observation import FiguresOf
from observatory.plan.plan_communes import KnownCommunes, known_communes
from observatory.settings import Settings
from observatory.ui.controls.texts import every_text
from observatory.ui.shell.kept import remembered
from observatory.ui.shell.static import Outline, StaticFiles, prepare
from observatory.versions import record, warehouse

MEGABYTES = 500
"""The most memory that the database of a version takes: only questions on France need more."""


@dataclass(frozen=True)
class Version:
    """A published version, as the pages name it."""

    name: str
    path: str

    @property
    def stamp(self) -> str:
        """The part of the name that dates it."""
        return self.name.removeprefix("observatory-").removesuffix(".duckdb")


def version_in_service() -> Version:
    """The version that ``CURRENT`` names now: a refresh shows at the next run of a page.

    Raises
    ------
    VersionError
        When nothing was published yet.
    """
    folder = Settings.from_env().processed_dir
    name = warehouse.current(folder)
    return Version(name, str(folder / name))


@st.cache_resource(max_entries=3, show_spinner=False)
def _shared(path: str) -> duckdb.DuckDBPyConnection:
    return warehouse.connect(Path(path), warehouse.within(MEGABYTES))


def cursor(version: Version) -> duckdb.DuckDBPyConnection:
    """This run's own cursor on the shared read-only connection."""
    return _shared(version.path).cursor()


@st.cache_resource(max_entries=3, show_spinner=False)
def static_files(version: Version) -> StaticFiles:
    """The contours and scripts that the browser fetches once."""
    rows = (
        cursor(version)
        .execute(
            "SELECT code, name, geojson, population FROM contour JOIN commune USING (code) "
            "ORDER BY code"
        )
        .fetchall()
    )
    facts = commune_facts(version)
    posts = gaps.postcodes(cursor(version))
    communes = [
        (code, name, *([posts[code]] if code in posts else []))
        for code, name in zip(facts["code"], facts["name"], strict=True)
    ]
    outlines = [Outline(*r) for r in rows]
    return prepare(Settings.from_env().static_dir, version.stamp, outlines, communes, every_text())


@dataclass(frozen=True, eq=False)
class Ground:
    """What every page of a version stands on; shared between sessions: to be read, never changed.

    Attributes
    ----------
    communes : dict
        Name by INSEE code, in the order of the names.
    voted : frozenset of str
        Services for which the territory voted a target.
    known : callable
        Gives the services of which the supply is known somewhere today.
    groups : dict
        Services by theme of the convention; empty where it says none.
    measured : callable
        Gives the measures that have a figure somewhere, for a service and a type of day.
    days : list of date
        The days that a line of dates stops at.
    files : StaticFiles
        What the browser fetches once.
    """

    communes: dict[str, str]
    voted: frozenset[str]
    known: Callable[[], frozenset[str]]
    groups: dict[str, tuple[str, ...]]
    measured: Callable[[str, str | None], list[str]]
    days: list[date]
    files: StaticFiles


@lru_cache(maxsize=8)
def ground(version: Version, today: date) -> Ground:
    """What the pages of a version stand on, on a day."""
    facts, times = commune_facts(version), period(version, today)
    return Ground(
        dict(zip(facts["code"], facts["name"], strict=True)),
        voted_services(version),
        partial(known_today, version),
        convention_period.groups(cursor(version)),
        partial(known_measures, version, day=today),
        deployment.steps(times.first, times.last),
        static_files(version),
    )


@st.cache_data(max_entries=8, show_spinner=False)
def info(version: Version) -> dict[str, Any]:
    """What the version says of itself."""
    return record.info(cursor(version))


def degraded() -> Degraded | None:
    """Why what is shown is not what it should be; looked at each time, never cached."""
    settings, version = Settings.from_env(), version_in_service()
    return why_degraded(settings, info(version)["census"])


@st.cache_data(max_entries=8, show_spinner=False)
def voted_services(version: Version) -> frozenset[str]:
    """Services for which the territory voted a target, some day."""
    return frozenset(targets.targets(cursor(version))["service"])


@lru_cache(maxsize=8)
def known_services(version: Version, day: date) -> frozenset[str]:
    """Services of which the supply of one commune at least is known on a day."""
    return gaps.known_services(cursor(version), day)


@st.cache_data(max_entries=8, show_spinner=False)
def silent_services(version: Version, *, publics: bool = True) -> frozenset[str]:
    """Services of which the version tells nothing (`answers.silent_services`)."""
    return silent.silent_services(cursor(version), publics=publics)


def known_today(version: Version) -> frozenset[str]:
    """Services of which the supply of one commune at least is known today."""
    return known_services(version, dates.today())


@lru_cache(maxsize=400)
def known_measures(version: Version, service: str, day_type: str | None, day: date) -> list[str]:
    """Measures of the commune's own that have a figure somewhere, by the usual need; in order."""
    usual = nomenclature().definition_for(service)
    table = gap_table(version, Question(service, day_type, usual, as_of=day).for_every_need())
    rows = table[table["code"].notna() & (table["definition"] == usual)]
    return [
        id_ for id_, m in MEASURES.items() if not m.reach and bool(rows[m.column].notna().any())
    ]


@st.cache_data(max_entries=8, show_spinner=False)
def moved_contours(version: Version) -> frozenset[str]:
    """Communes whose contour is drawn away from its true place."""
    return record.moved_contours(cursor(version))


@st.cache_data(max_entries=8, show_spinner=False)
def convention(version: Version) -> dict[str, Any] | None:
    """The convention that the version carries."""
    return convention_period.convention(cursor(version))


@st.cache_data(max_entries=8, show_spinner=False)
def period(version: Version, today: date) -> Period:
    """The period to follow by default: the convention's, else the last three years."""
    return convention_period.period(cursor(version), today)


@remembered()
def gap_table(version: Version, question: Question) -> pd.DataFrame:
    """The gap table of a question: one row per commune, and the territory's."""
    return gaps.gaps(cursor(version), question)


@remembered("Offre accessible en cours de calcul…")
def access_table(version: Version, question: Question) -> pd.DataFrame:
    """The gap table with, beside the local supply, the supply that children reach."""
    return accessible.access_gaps(cursor(version), question)


@remembered()
def reachable(version: Version, code: str, service: str, as_of: date) -> pd.DataFrame:
    """What the children of a commune reach for a service, nearest first."""
    return accessible.reachable(cursor(version), code, service, as_of=as_of)


@remembered()
def unreached(version: Version, as_of: date) -> pd.DataFrame:
    """What the accessible supply leaves out or guesses on a day, one row per case."""
    return accessible.unreached(cursor(version), as_of)


@remembered()
def establishments(version: Version, as_of: date) -> pd.DataFrame:
    """Establishments open on a day."""
    return gaps.establishments(cursor(version), as_of)


@remembered()
def supply_by_status(version: Version, as_of: date, code: str | None) -> pd.DataFrame:
    """Supply by service, day type and status, of a commune or of the territory."""
    return gaps.supply_by_status(cursor(version), as_of, code)


@st.cache_data(max_entries=8, show_spinner=False)
def commune_facts(version: Version) -> pd.DataFrame:
    """One row per commune of the perimeter, by name."""
    return gaps.commune_facts(cursor(version))


@remembered()
def levels(version: Version, code: str, service: str, as_of: date) -> pd.DataFrame:
    """What is published of a commune, its territory, its département and France."""
    return profile.levels(cursor(version), code, service, as_of=as_of)


@remembered()
def at_a_glance(version: Version, code: str, as_of: date, definition: str | None) -> pd.DataFrame:
    """Every service of one commune, one row per offer."""
    return profile.at_a_glance(cursor(version), code, as_of=as_of, definition=definition)


@remembered()
def trends(version: Version, code: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Births, children under three and population of a commune, one row per year."""
    con = cursor(version)
    return (
        profile.births(con, code),
        profile.under_three(con, code),
        profile.population(con, code),
    )


@remembered()
def duties(version: Version, code: str, on: date) -> pd.DataFrame:
    """What the law asks of a commune as organising authority, one row per competence."""
    return duty_rules.duties(cursor(version), code, on)


@remembered("Mouvements en cours de calcul…")
def deployed(version: Version, first: date, last: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places at the steps of a period, and the movements from its first day to its last."""
    days = deployment.steps(first, last)
    return deployment.places(cursor(version), days), movements(version, first, last)


@remembered()
def movements(version: Version, first: date, last: date) -> pd.DataFrame:
    """What opened, closed or changed capacity over a period."""
    return deployment.movements(cursor(version), first, last)


@remembered("Tous les services en cours de calcul…")
def every_service(version: Version, as_of: date, definition: str | None) -> pd.DataFrame:
    """Every service in every commune, each with one need definition."""
    return side_by_side.every_service(cursor(version), as_of, definition)


@st.cache_resource(max_entries=3, show_spinner=False)
def shapes(version: Version) -> Shapes:
    """The contours to draw pictures of the map from."""
    return read_shapes(cursor(version))


@st.cache_data(max_entries=200, show_spinner=False)
def neighbours(version: Version, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The communes that border some others."""
    return sums.neighbours(cursor(version), codes)


@remembered()
def plan_communes(version: Version) -> KnownCommunes:
    """The communes that an action may name."""
    return known_communes(cursor(version))


@remembered()
def public_plan(version: Version) -> FollowedPlan:
    """The part of the action plan that anyone may read."""
    return followed_plan.public_plan(cursor(version))


@remembered("Indicateurs du plan en cours de calcul…")
def public_indicators(version: Version, today: date) -> pd.DataFrame:
    """The indicators of that part, from their baseline to their target, on a day."""
    plan = public_plan(version)
    return standing_today(FiguresOf(cursor(version)), plan.tables, plan.register, today)


@remembered("Priorités en cours de calcul…")
def ranked(version: Version, day: date, before: date) -> pd.DataFrame:
    """Every known shortfall, the most pressing first."""
    return priority_rule.priorities(cursor(version), day, before)


@remembered()
def unranked(version: Version, day: date) -> Mapping[str, int]:
    """How many cases have no rank, by reason."""
    return priority_rule.unranked(cursor(version), day)


@remembered()
def own_epci(version: Version) -> list[tuple[str, str]]:
    """SIREN and name of the EPCI that the territory is, or that its communes are in."""
    return comparable_rule.own_epci(cursor(version))


@remembered()
def comparables(version: Version, siren: str) -> Comparables | None:
    """The EPCI that resemble one; None where there are too few to compare."""
    return comparable_rule.comparables(cursor(version), siren)


@remembered()
def planned(version: Version, code: str) -> pd.DataFrame:
    """The public actions that concern a commune, by name or as part of the territory."""
    return public_actions(cursor(version), code)
