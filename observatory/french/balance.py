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
