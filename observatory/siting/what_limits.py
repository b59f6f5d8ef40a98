"""Bounds of a choice of sites: those that cannot be held, and those that hold the choice back."""

from __future__ import annotations

import numpy as np

from observatory.errors import RequestError
from observatory.french.numbers import agreed, money, number, plural, quantity
from observatory.siting.siting_problem import Bounds, Numbers, SitingProblem


def check(problem: SitingProblem, bounds: Bounds) -> None:
    """Refuse bounds that what must be opened cannot hold, saying which one to loosen.

    Raises
    ------
    RequestError
        When one cannot be held.
    """
    must = problem.opened
    places = float(problem.smallest[must].sum())
    euros = float((problem.opening_euros + problem.place_euros * problem.smallest)[must].sum())
    asked = (
        ("sites", int(must.sum()), bounds.sites, "des sites"),
        ("places", places, bounds.places, "des places"),
        ("euros", euros, bounds.euros, "du budget"),
    )
    for unit, least, most, whose in asked:
        if most is not None and least > most:
            raise RequestError(
                f"les sites imposés demandent au moins {number(least)} {unit}, et la limite est de "
                f"{number(most)}",
                mend=f"Relever la limite {whose}, ou imposer moins de sites.",
            )
    if bounds.euros is not None and not (problem.opening_euros + problem.place_euros).any():
        raise RequestError(
            "un budget ne limite rien quand les sites et leurs places ne coûtent rien",
            mend="Donner le coût d'une place ou d'un site, ou limiter les places ou les sites.",
        )
    if bounds.whole and (np.floor(problem.largest) < np.ceil(problem.smallest)).any():
        raise RequestError(
            "un site n'a aucun nombre entier de places entre son minimum et son maximum",
            mend="Écrire des nombres entiers.",
        )
    if not must.any():
        _one_may_open(problem, bounds)


def _one_may_open(problem: SitingProblem, bounds: Bounds) -> None:
    """Refuse bounds under which no site can open, saying what the easiest one asks for."""
    least = np.maximum(problem.smallest, 1.0 if bounds.whole else 0.0)
    least = np.ceil(least) if bounds.whole else least
    euros = problem.opening_euros + problem.place_euros * least
    within = np.ones(problem.sites, dtype=bool)
    if bounds.places is not None:
        within &= least <= bounds.places
        if not within.any():
            raise RequestError(
                f"aucun site ne peut ouvrir avec {quantity(bounds.places, 'place')} : le plus "
                f"petit en a au moins {number(least.min())}",
                mend="Relever la limite des places, ou permettre de plus petits sites.",
            )
    if bounds.euros is not None and not (within & (euros <= bounds.euros)).any():
        easiest = np.flatnonzero(within)[np.argmin(euros[within])]
        raise RequestError(
            f"aucun site ne peut ouvrir avec {money(bounds.euros)} € : le moins cher en demande "
            f"{money(euros[easiest])}, pour {quantity(least[easiest], 'place')}",
            mend="Relever le budget, ou permettre de plus petits sites.",
        )


def limits(problem: SitingProblem, bounds: Bounds, places: Numbers) -> dict[str, str]:
    """What a choice that leaves something lacking comes up against, in French, by its bound.

    The bounds are places, sites, budget and largest (the size of a site).

    Parameters
    ----------
    places : (m,) array
        Places of each site of the choice.
    """
    told = {}
    held = np.sort(problem.largest[problem.drawn > 0])[::-1]
    most = held.sum() if bounds.sites is None else held[: bounds.sites].sum()
    if bounds.places is not None and bounds.places > most:
        sites = len(held) if bounds.sites is None else min(bounds.sites, len(held))
        told["largest"] = (
            f"{plural(sites, 'site')} de {quantity(held[0], 'place')} au plus "
            f"{agreed(sites, 'tient', 'tiennent')} {number(most)} des {number(bounds.places)} "
            "places demandées"
        )
    if problem.closed(places) >= problem.short.sum() - 1e-6 or not (opened := places > 0).any():
        return told
    if bounds.places is not None and places.sum() + 1 > bounds.places:
        told["places"] = f"la limite de {quantity(bounds.places, 'place')}"
    if bounds.sites is not None and opened.sum() >= bounds.sites:
        told["sites"] = f"la limite de {plural(bounds.sites, 'site')}"
    spent = problem.opening_euros[opened].sum() + (problem.place_euros * places).sum()
    if bounds.euros is not None and spent + problem.place_euros.max() > bounds.euros:
        told["budget"] = f"le budget de {money(bounds.euros)} €"
    if not told and (places[opened] >= problem.largest[opened]).all():
        told["largest"] = "la taille des sites, tous pleins"
    return told
