"""What is asked of a choice of sites: whom to serve, where one may build, within which bounds.

With fixed candidate sites the accessible supply of the two-step floating catchment (Luo and Wang,
2003) is linear in the places added: a site ``j`` of ``s_j`` places gives each child in its reach
``w_ij s_j / D_j``, where ``D_j = Σ_i w_ij P_i``. Of its places, ``w_ij P_i / D_j`` go to place
``i``. These shares add up to one: the total gained is the same wherever one builds; only the
shortfall that it closes differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from observatory.errors import RequestError

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Bounds:
    """What a choice may not pass.

    Attributes
    ----------
    places : float or None
        Places to share out between the sites, at most; None is as many as the sites can hold.
    sites : int or None
        Sites that may be opened, at most.
    euros : float or None
        Budget of the openings and of their places.
    whole : bool
        Whether places are counted one by one.
    """

    places: float | None = None
    sites: int | None = None
    euros: float | None = None
    whole: bool = True


@dataclass(frozen=True)
class SitingProblem:
    """Demand places (n), candidate sites (m) and the pairs in reach (e).

    Attributes
    ----------
    children : (n,) array
        Children of each demand place, 0 or more.
    enough : (n,) array
        Places per child from which nothing lacks there (T_i).
    reached : (n,) array
        Places per child reached today (A0_i): existing facilities stay.
    counted : (n,) array of bool
        Whether what lacks there is known, and counted; the others share the places all the same.
    origin, site, weight : (e,) arrays
        Pairs of a demand place and a site, by their ranks, and the weight of the minutes between
        them, above 0 and at most 1. A pair that is left out is out of reach.
    smallest, largest : (m,) arrays
        Places of a site once it is opened, at least and at most.
    opening_euros, place_euros : (m,) arrays
        Cost of a site, whatever its size, and of each of its places.
    opened : (m,) array of bool
        Sites that must be opened.

    Raises
    ------
    RequestError
        When a figure is missing, negative, or when a site's bounds cross.
    """

    children: Numbers
    enough: Numbers
    reached: Numbers
    counted: npt.NDArray[np.bool_]
    origin: Indices
    site: Indices
    weight: Numbers
    smallest: Numbers
    largest: Numbers
    opening_euros: Numbers
    place_euros: Numbers
    opened: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        told = {
            "les enfants": self.children,
            "le besoin": self.enough,
            "l'offre accessible": self.reached,
            "les poids": self.weight,
            "les places au moins": self.smallest,
            "les places au plus": self.largest,
            "le coût d'ouverture": self.opening_euros,
            "le coût d'une place": self.place_euros,
        }
        for name, values in told.items():
            if not np.isfinite(values).all() or (values < 0).any():
                raise RequestError(
                    f"{name} : une valeur manque, ou est négative",
                    mend="Compléter le fichier des sites, ou retirer la ligne.",
                )
        if (crossed := self.smallest > self.largest).any():
            raise RequestError(
                f"site {int(np.flatnonzero(crossed)[0]) + 1} : il aurait au moins "
                f"{self.smallest[crossed][0]:g} places et au plus {self.largest[crossed][0]:g}",
                mend="Écrire un minimum qui ne dépasse pas le maximum.",
            )

    @property
    def sites(self) -> int:
        """How many candidates there are."""
        return len(self.smallest)

    @cached_property
    def drawn(self) -> Numbers:
        """(m,) weighted children of each site (D_j); 0 where no child is in reach."""
        return np.bincount(
            self.site, self.weight * self.children[self.origin], minlength=self.sites
        ).astype(np.float64)

    @cached_property
    def share(self) -> Numbers:
        """(e,) of a site's places, the share that goes to the children of a demand place."""
        drawn = self.drawn[self.site]
        shared = self.weight * self.children[self.origin]
        return np.divide(shared, drawn, out=np.zeros_like(shared), where=drawn > 0)

    @cached_property
    def short(self) -> Numbers:
        """(n,) places that lack today in each demand place; 0 where it is not counted."""
        lacking = self.children * np.maximum(self.enough - self.reached, 0.0)
        return np.where(self.counted, lacking, 0.0)

    def gained(self, places: Numbers) -> Numbers:
        """(n,) places per child gained, for the places (m,) of each site."""
        drawn = self.drawn[self.site]
        given = np.divide(
            self.weight * places[self.site], drawn, out=np.zeros_like(drawn), where=drawn > 0
        )
        return np.bincount(self.origin, given, minlength=len(self.children)).astype(np.float64)

    def closed(self, places: Numbers) -> float:
        """Of the places that lack today, how many the places (m,) of each site would bring."""
        return float(np.minimum(self.children * self.gained(places), self.short).sum())
