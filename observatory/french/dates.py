"""Dates and moments as French readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from observatory.french.vocabulary import UNKNOWN

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


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
    """Write a moment to the minute: ``22 novembre 2026 à 08 h 12 (UTC)``.

    Parameters
    ----------
    value : datetime
        With its time zone; it is written in universal time.
    """
    at = value.astimezone(UTC)
    return f"{long_date(at)} à {at.hour:02d}\u00a0h\u00a0{at.minute:02d} (UTC)"


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
