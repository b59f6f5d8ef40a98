"""What a visitor asks of « Où ouvrir ? »: a short text of the address, and the fields that make it.

The service, the need and the day are those of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import streamlit as st

from observatory.errors import RequestError
from observatory.french.numbers import is_known
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.question import Question
from observatory.siting.siting_problem import Bounds
from observatory.siting.siting_request import SitingRequest

KEY = "ou"
LONGEST = 300
SOLVES = 3
"""Solved one after the other within the time that is given."""
MOST = {"seconds": 60.0, "sites": 100.0}
"""What a visitor may ask at most, of what is not places or euros."""
MOST_OF_ALL = 1e9
FIELDS = {
    "places": "« Places en tout »",
    "sites": "« Sites, au plus »",
    "budget": "« Budget »",
    "smallest": "« Places d'un site, au moins »",
    "largest": "« Places d'un site, au plus »",
    "place_euros": "« Coût d'une place »",
    "opening_euros": "« Coût d'un site »",
}
"""How each bound and cost is given on the page."""
UNREAD = RequestError(
    "la question de ce lien sur les lieux à ouvrir ne se lit pas",
    mend="Remplir les champs de « Où ouvrir ? ».",
)


@dataclass(frozen=True)
class SitesAsked:
    """Bounds, sizes and costs, reach in minutes, weights of the minutes, seconds of work in all."""

    places: float | None = None
    sites: float | None = None
    budget: float | None = None
    smallest: float | None = 10
    largest: float | None = 60
    place_euros: float | None = None
    opening_euros: float | None = 0
    minutes: float | None = None
    scheme: str = DEFAULT_SCHEME
    seconds: float | None = 30

    @property
    def text(self) -> str:
        """What differs from the usual, for the address."""
        told = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and value != field.default:
                told.append(f"{field.name}:{value if isinstance(value, str) else f'{value:.12g}'}")
        return ",".join(told)

    def request(self, question: Question) -> SitingRequest:
        """The same, asked of a version."""
        return SitingRequest(
            question.settled(),
            Bounds(self.places, None if self.sites is None else int(self.sites), self.budget),
            self.smallest or 0.0,
            self.largest or 0.0,
            self.opening_euros or 0.0,
            self.place_euros,
            self.minutes,
            self.scheme,
            (self.seconds or MOST["seconds"]) / SOLVES,
        )


USUAL = SitesAsked(places=60, sites=4)
"""What the fields show to who asked nothing yet."""


def sites_of(text: str) -> SitesAsked:
    """What such a text asks.

    Raises
    ------
    RequestError
        When it is none, or asks for more than a field takes.
    """
    found: dict[str, float | str] = {}
    names = {field.name for field in fields(SitesAsked)}
    for one in text.split(","):
        name, _, value = one.partition(":")
        if name not in names or name in found or len(value) > LONGEST:
            raise UNREAD
        if name == "scheme":
            if value not in catchment_rules().schemes:
                raise UNREAD
            found[name] = value
            continue
        try:
            amount = float(value)
        except ValueError:
            raise UNREAD from None
        if not is_known(amount) or not 0 <= amount <= MOST.get(name, MOST_OF_ALL):
            raise UNREAD
        found[name] = amount
    return replace(SitesAsked(), **found)  # type: ignore[arg-type]


def ask_sites(known: SitesAsked) -> SitesAsked | None:
    """The fields; what they hold once it is asked for."""
    rules = catchment_rules()

    def amount(
        name: str, label: str, least: int = 0, help_: str | None = None, empty: str | None = None
    ) -> int | None:
        most, value = int(MOST.get(name, MOST_OF_ALL)), getattr(known, name)
        whole = None if value is None else max(int(value), least)
        # Named by what it begins with: another link fills it anew.
        key = f"ou_{name}_{whole}"
        return st.number_input(label, least, most, whole, key=key, help=help_, placeholder=empty)

    with st.form("ou_formulaire", border=False):
        # Row by row, so that a phone, which stacks them, shows them in this order.
        first, second, third = st.columns(3)
        with first:
            places = amount("places", "Places en tout", 1)
        with second:
            sites = amount("sites", "Sites, au plus", 1)
        with third:
            budget = amount("budget", "Budget, en euros", empty="Sans limite")
        first, second, third = st.columns(3)
        with first:
            smallest = amount("smallest", "Places d'un site, au moins")
        with second:
            largest = amount("largest", "Places d'un site, au plus", 1)
        with third:
            minutes: float = st.selectbox(
                "Temps d'accès",
                rules.reach.sensitivity,
                index=list(rules.reach.sensitivity).index(_reach(known)),
                format_func=lambda m: f"{m:g} minutes",
                key=f"ou_minutes_{known.minutes}",
            )
        first, second, third = st.columns(3)
        with first:
            place = amount(
                "place_euros",
                "Coût d'une place, en euros",
                empty="Le coût publié",
                help_="Vide : le coût moyen publié d'une place créée, avec sa source.",
            )
        with second:
            opening = amount("opening_euros", "Coût d'un site, en euros")
        with third:
            scheme: str = st.selectbox(
                "Poids des minutes",
                list(rules.schemes),
                index=list(rules.schemes).index(known.scheme),
                format_func=lambda s: rules.schemes[s].label,
                key=f"ou_scheme_{known.scheme}",
            )
        seconds = amount(
            "seconds",
            "Secondes de calcul, au plus",
            3,
            help_="Au-delà, la meilleure réponse trouvée est donnée, et ce qui la sépare de la "
            "meilleure possible.",
        )
        asked = st.form_submit_button("Chercher où ouvrir", type="primary")
    if not asked:
        return None
    return SitesAsked(
        places, sites, budget, smallest, largest, place, opening, minutes, scheme, seconds
    )


def _reach(known: SitesAsked) -> float:
    reach = catchment_rules().reach
    return known.minutes if known.minutes in reach.sensitivity else reach.default
