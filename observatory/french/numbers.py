"""Numbers and quantities in French, without a system locale."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from observatory.french.vocabulary import UNKNOWN as UNKNOWN

NARROW_SPACE = "\u202f"
MINUS = "\u2212"


def is_known(value: float | None) -> bool:
    """Tell whether a value is a number: neither None, nor NaN, nor infinite."""
    return value is not None and math.isfinite(value)


def rounded(value: float | None, decimals: int = 0) -> float | None:
    """Round half away from zero, as people do by hand; None when the value is unknown.

    Parameters
    ----------
    value : float or None
        NaN, infinite and None all mean unknown.
    decimals : int
        Decimals kept.
    """
    if value is None or not math.isfinite(value):
        return None
    scaled = abs(value) * 10.0**decimals
    if abs(scaled % 1 - 0.5) > 1e-6 or scaled > 1e9:  # far from a half: every method agrees
        result = round(float(value), decimals)
    else:  # the shortest decimal writing of the float, so that 0.45 is rounded as it reads
        step = Decimal(1).scaleb(-decimals)
        result = float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP))
    return result or 0.0  # never −0


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number: ``1 234,5``; ``inconnu`` when it is unknown.

    Parameters
    ----------
    value : float or None
        The number.
    decimals : int
        Decimals shown, always all of them.
    signed : bool
        Put ``+`` before what is above zero (nothing before zero itself).
    """
    exact = rounded(value, decimals)
    if exact is None:
        return UNKNOWN
    digits = f"{abs(exact):,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    return sign + digits


def gap(value: float | None, decimals: int = 0) -> str:
    """Write a gap, with its sign: ``−12``, ``+8``, ``0``."""
    return number(value, decimals, signed=True)


def rate(value: float | None) -> str:
    """Write a rate with one decimal: ``58,6``."""
    return number(value, 1)


def short_number(value: float) -> str:
    """Write a bound of a class with as few decimals as it needs: ``0,25``, ``1 000``."""
    decimals = 0
    while decimals < 4 and rounded(value, decimals) != rounded(value, 6):
        decimals += 1
    return number(value, decimals)


def money(value: float | None) -> str:
    """Write an amount of money, its cents where there are any: ``12 500``, ``7 500,50``."""
    return number(value, 0 if rounded(value, 2) == rounded(value) else 2)


def euros(value: float | None) -> str:
    """Write an amount of money with its unit: ``7 500,50 €``; ``inconnu`` alone when it is."""
    return f"{money(value)}\u00a0€" if is_known(value) else UNKNOWN


def agreed(count: float, one: str, many: str = "") -> str:
    """The noun that goes with a count; the plural begins at two in French.

    Parameters
    ----------
    one, many : str
        The singular, and the plural when it is not the singular and an s.
    """
    return one if abs(count) < 2 else many or one + "s"


def plural(count: int, one: str, many: str = "") -> str:
    """A count and its noun in a sentence: « 1 ligne », « 1 234 lignes »."""
    return f"{number(count)} {agreed(count, one, many)}"


def quantity(value: float | None, one: str, many: str = "", decimals: int = 0) -> str:
    """Write a number with its unit, never apart from it.

    Parameters
    ----------
    value : float or None
        The number; ``inconnu`` alone when it is unknown.
    one, many : str
        The unit, as for ``agreed``.
    decimals : int
        Decimals shown.
    """
    exact = rounded(value, decimals)
    if exact is None:
        return UNKNOWN
    unit = agreed(exact, one, many)
    return f"{number(exact, decimals)}\u00a0{unit}".rstrip("\u00a0")


def ordinal(place: int) -> str:
    """A rank among communes, which are feminine: « 1re », « 2e »."""
    return "1re" if place == 1 else f"{number(place)}e"
