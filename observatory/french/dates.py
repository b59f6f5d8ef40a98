"""Dates and times in French."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from observatory.french.vocabulary import UNKNOWN

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


def today(now: datetime | None = None) -> date:
    """The day it is in Paris, whatever the clock of the server.

    Parameters
    ----------
    now : datetime, optional
        A moment with its time zone; this very moment when absent.
    """
    return (now or datetime.now(PARIS)).astimezone(PARIS).date()


def short_date(value: date) -> str:
    """Write a date in figures: ``22/11/2026``."""
    return f"{value:%d/%m/%Y}"


def day_and_month(value: date) -> str:
    """Write a day of a year that is said elsewhere: ``22/11``."""
    return f"{value:%d/%m}"


def short_month(value: date) -> str:
    """Write the month of a date, abridged: ``nov.``."""
    return SHORT_MONTHS[value.month - 1]


def long_moment(value: datetime) -> str:
    """Write a moment to the minute: ``22 novembre 2026 à 09 h 12 (heure de Paris)``.

    Parameters
    ----------
    value : datetime
        With its time zone; it is written in the time of Paris.
    """
    at = value.astimezone(PARIS)
    return f"{long_date(at)} à {at.hour:02d}\u00a0h\u00a0{at.minute:02d} (heure de Paris)"


def long_date(value: date | str | None) -> str:
    """Write a date in full: ``22 novembre 2026``, ``1er janvier 2025``.

    Parameters
    ----------
    value : date, str or None
        A date, a date and time, or a text in ISO form; ``inconnu`` when None or empty.

    Raises
    ------
    ValueError
        When the text is not a date in ISO form.
    """
    if value is None or value == "":
        return UNKNOWN
    day = datetime.fromisoformat(value) if isinstance(value, str) else value
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal} {MONTHS[day.month - 1]} {day.year}"


def long_month(value: str) -> str:
    """Write a month in full: ``2022-11`` is ``novembre 2022``."""
    return long_date(f"{value}-01").partition(" ")[2]
