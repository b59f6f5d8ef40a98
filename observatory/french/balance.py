"""What a gap says, in words: what is missing, what there is beyond the need, or a balance.

Files keep the signed figure for machines; nobody reads « −79 places manquantes ».
"""

from __future__ import annotations

from observatory.french.numbers import UNKNOWN, agreed, number, rounded
from observatory.french.spelling import capital

LACK = "Manque"
"""How a column of gaps is called; its cells say which way."""
LACKING = "il manque"
MORE = "de plus"
BEYOND = f"{MORE} que le besoin"
BALANCED = "équilibre"


def singular(unit: str) -> str:
    """A unit of the nomenclature for one: « place », « heure par an », « ETP »."""
    first, *rest = unit.split(" ", 1)
    return " ".join([first.removesuffix("s"), *rest])


FEMININE = frozenset({"place", "heure", "structure", "demande"})
"""The units of the nomenclature that are feminine, for one."""


def none_of(unit: str) -> str:
    """Nothing of a unit: « aucune place », « aucun ETP »."""
    noun = singular(unit).split(" ")[0]
    return f"aucun{'e' if noun in FEMININE else ''}\u00a0{noun}"


def _whole_or_not(value: float, decimals: int) -> str:
    """A number as it is spoken: « 2 », not « 2,0 »."""
    exact = rounded(value, decimals) or 0.0
    return number(exact, 0 if exact.is_integer() else decimals)


def span(low: float, high: float, unit: str, decimals: int = 0) -> str:
    """Amounts from one to another: « de 12 à 190 places », « 12 places » where they read alike.

    Parameters
    ----------
    low, high : float
        Known, neither below zero, in that order.
    """
    least, most = (_whole_or_not(one, decimals) for one in (low, high))
    noun = agreed(rounded(high, decimals) or 0.0, singular(unit), unit)
    if least == most:
        return f"{most}\u00a0{noun}"
    if not rounded(low, decimals):
        return f"jusqu'à {most}\u00a0{noun}"
    return f"de {least} à {most}\u00a0{noun}"


def balance(value: float | None, unit: str = "", decimals: int = 0) -> str:
    """A gap in a sentence: « il manque 79 places », « 12 places de plus que le besoin ».

    Parameters
    ----------
    value : float or None
        Supply − need; ``inconnu`` when it is unknown. What would read as zero is a balance.
    unit : str
        The unit in the plural; empty where it is said elsewhere.
    decimals : int
        Decimals shown.
    """
    amount = rounded(value, decimals)
    if amount is None:
        return UNKNOWN
    if not amount:
        return BALANCED
    noun = agreed(amount, singular(unit), unit) if unit else ""
    figure = f"{number(abs(amount), decimals)}\u00a0{noun}".rstrip("\u00a0")
    kept = LACKING.replace(" ", "\u00a0")
    return f"{kept}\u00a0{figure}" if amount < 0 else f"{figure} {BEYOND}"


def cell(value: float | None, decimals: int = 0) -> str:
    """A gap under a heading that says its unit: « il manque 79 », « 12 de plus », « équilibre »."""
    # Its words hold together: a narrow column would part them.
    together = f" {MORE}".replace(" ", "\u00a0")
    return balance(value, decimals=decimals).replace(f" {BEYOND}", together)


def figure(value: float | None, unit: str, decimals: int = 0) -> tuple[str, str, str]:
    """A gap as a key figure: its label, its figure, its unit: « Il manque », « 79 », « places »."""
    amount = rounded(value, decimals)
    if not amount:
        return LACK, BALANCED if amount is not None else UNKNOWN, ""
    label = LACKING if amount < 0 else BEYOND
    noun = agreed(amount, singular(unit), unit)
    return capital(label), number(abs(amount), decimals), noun


def moved(value: float | None, decimals: int = 0) -> str:
    """How a gap moved: « gain de 3 », « perte de 3 », « inchangé »."""
    amount = rounded(value, decimals)
    if amount is None:
        return UNKNOWN
    if not amount:
        return "inchangé"
    return f"{'gain' if amount > 0 else 'perte'} de {number(abs(amount), decimals)}"
