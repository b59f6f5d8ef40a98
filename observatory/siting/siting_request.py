"""A question of siting as one gives it, and its answer ready to be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pandas as pd

from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.question import Question
from observatory.siting.candidate_sites import SiteDefaults
from observatory.siting.program import Progress
from observatory.siting.siting_in_words import PlaceCost, Siting
from observatory.siting.siting_problem import Bounds
from observatory.siting.stability import variants
from observatory.siting.territory_siting import second_opinions, sites_for, territory_siting


@dataclass(frozen=True)
class SitingRequest:
    """What is asked: a service, bounds, what a site may be, and how minutes weigh.

    Attributes
    ----------
    question : Question
        Settled, of one service.
    smallest, largest : float
        Places of a site, at least and at most.
    opening_euros : float
        Cost of a site, whatever its size.
    place_euros : float or None
        Cost of a place; the published one when absent.
    seconds : float
        Time of each solve at most.
    """

    question: Question
    bounds: Bounds
    smallest: float = 10
    largest: float = 60
    opening_euros: float = 0.0
    place_euros: float | None = None
    minutes: float | None = None
    scheme: str = DEFAULT_SCHEME
    seconds: float = 60.0

    def defaults(self, published: PlaceCost | None) -> SiteDefaults:
        """What a candidate site is that says nothing of itself."""
        usual = published.low if published else 0.0
        cost = usual if self.place_euros is None else self.place_euros
        return SiteDefaults(self.smallest, self.largest, self.opening_euros, cost)


def answer_siting(
    con: duckdb.DuckDBPyConnection,
    asked: SitingRequest,
    offered: pd.DataFrame,
    published: PlaceCost | None,
    *,
    opinions: bool = False,
    stability: bool = False,
    progress: Progress | None = None,
    tell_variant: Callable[[str], None] | None = None,
) -> Siting:
    """Choose the sites of a territory among those that are offered.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open on a version.
    offered : DataFrame
        Of ``candidate_sites``.
    published : PlaceCost or None
        The published cost of a place of the service, for the sites that say none.
    opinions, stability : bool
        Whether the second opinions and the variants are asked for too.
    progress, tell_variant : callable, optional
        Told of each better choice, and of each variant before it is solved.

    Raises
    ------
    RequestError
        When the question cannot be answered, or its bounds cannot be held: the one to loosen.
    """
    question, bounds, scheme = asked.question, asked.bounds, asked.scheme
    reach = catchment_rules().reach.default if asked.minutes is None else asked.minutes
    seconds = asked.seconds
    if opinions and bounds.sites is None:
        raise RequestError("combien de sites comparer ?", mend="Donner un nombre de sites.")
    problem = territory_siting(con, question, offered, scheme=scheme, minutes=reach)
    found, opened, gained = sites_for(problem, bounds, seconds=seconds, progress=progress)
    others = (
        second_opinions(con, question, offered, bounds.sites, minutes=reach, seconds=seconds)
        if opinions and bounds.sites is not None
        else None
    )
    changed = (
        variants(
            con, question, offered, bounds, scheme=scheme, minutes=reach, seconds=seconds,
            progress=tell_variant,
        )
        if stability
        else None
    )  # fmt: skip
    taken = published is not None and (offered["place_euros"] == published.low).any()
    return Siting(
        question, problem, bounds, found, opened, gained, reach, scheme,
        published if taken and asked.place_euros is None else None, others, changed,
    )  # fmt: skip


def check_request(
    asked: SitingRequest, published: PlaceCost | None, asked_by: dict[str, str]
) -> None:
    """Refuse what no version could answer.

    Parameters
    ----------
    asked_by : dict
        How one gives each thing, in the words of who reads; see ``siting_in_words.in_parts``.

    Raises
    ------
    RequestError
        With what to give in its place.
    """
    by, bounds = asked_by, asked.bounds
    if asked.smallest > asked.largest:
        raise RequestError(
            f"un site aurait au moins {asked.smallest:g} places et au plus {asked.largest:g}",
            mend=f"Corriger {by['smallest']} ou {by['largest']}.",
        )
    if bounds.places is None and bounds.sites is None and bounds.euros is None:
        raise RequestError(
            "rien ne limite le choix",
            mend=f"Donner {by['places']}, {by['sites']} ou {by['budget']}.",
        )
    unpriced = asked.place_euros is None and published is None and not asked.opening_euros
    if bounds.euros is not None and unpriced:
        raise RequestError(
            "aucun coût publié n'est connu pour une place de ce service",
            mend=f"Donner {by['place_euros']} ou {by['opening_euros']} avec {by['budget']}.",
        )
