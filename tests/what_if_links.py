"""Scenarios as the texts that an address holds, for the tests of pages."""

from __future__ import annotations

from datetime import date

from observatory.scenario.scenario_change import Change, Scenario
from observatory.scenario.scenario_link import to_link

CRECHE = Scenario(
    "Crèche à Dainville",
    (
        Change(
            "ouvrir", date(2027, 9, 1), service="eaje_psu", commune="62263", places=12.0,
            cofinance=True,
        ),
    ),
)  # fmt: skip
CRECHE_LINK = to_link(CRECHE)
UNANSWERED = [
    ("places:60,scheme:apl_choix", "ce qu'ils apportent ne s'additionne plus"),
    ("places:5", "Relever la limite des places, ou permettre de plus petits sites"),
    ("budget:1000", "Relever le budget"),
    ("minutes:15", "Rien ne limite le choix"),
    ("places:soixante", "ne se lit pas"),
]
"""What « Où ouvrir ? » cannot answer, as an address asks it, and the words that say why."""


def leaving(code: str, day: date) -> Scenario:
    """Childminders who leave everywhere, and more of them one commune."""
    every = Change("depart", day, part=30.0)
    own = Change("depart", day, commune=code, part=50.0)
    return Scenario("Départs", (every, own))


def leaving_link(code: str, day: date) -> str:
    """The same, as the text of an address."""
    return to_link(leaving(code, day))
