"""Which sites of a choice stay when the reach, the weights or the need change, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

import duckdb
import pandas as pd

from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import CUSTOM, Question
from observatory.siting.siting_problem import Bounds
from observatory.siting.territory_siting import sites_for, territory_siting


@dataclass(frozen=True)
class Variant:
    """The same question, one of its choices changed.

    Attributes
    ----------
    label : str
        What changed, in French.
    sites : tuple of str or None
        Ids of the sites that it opens; None when it cannot be answered, and ``why`` says so.
    """

    label: str
    sites: tuple[str, ...] | None
    why: str = ""


def variants(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    sites: pd.DataFrame,
    bounds: Bounds,
    *,
    scheme: str,
    minutes: float,
    seconds: float = 60.0,
    progress: Callable[[str], None] | None = None,
) -> list[Variant]:
    """Choose again under every other reach, weight scheme and need definition, one at a time.

    Parameters
    ----------
    question, sites, scheme, minutes
        As for ``territory_siting``.
    bounds, seconds
        As for ``best_sites``, for each.
    progress : callable, optional
        Told of each variant before it is solved.
    """
    found = []
    for label, asked, weights, reach in _changed(question.settled(), scheme, minutes):
        if progress is not None:
            progress(label)
        try:
            problem = territory_siting(con, asked, sites, scheme=weights, minutes=reach)
            _, opened, _ = sites_for(problem, bounds, seconds=seconds)
        except RequestError as error:
            found.append(Variant(label, None, str(error)))
        else:
            found.append(Variant(label, tuple(opened["id"])))
    return found


def stays(sites: Collection[str], found: Collection[Variant]) -> dict[str, int]:
    """In how many of the variants answered each site is opened too."""
    return {id_: sum(id_ in (one.sites or ()) for one in found) for id_ in sites}


def _changed(
    question: Question, scheme: str, minutes: float
) -> Iterator[tuple[str, Question, str, float]]:
    """Each variant: what changed, the question, its scheme and its reach."""
    rules, names = catchment_rules(), nomenclature()
    for reach in rules.reach.sensitivity:
        if reach != minutes:
            yield f"{reach:g} minutes", question, scheme, reach
    for id_, other in rules.schemes.items():
        if id_ != scheme and not other.choice:
            yield other.label, question, id_, minutes
    for definition in names.service(str(question.service)).definitions:
        if definition not in (CUSTOM, question.definition):
            asked = replace(question, definition=definition, custom=None)
            yield names.definitions[definition].label, asked, scheme, minutes
