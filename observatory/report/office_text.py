"""What the two office files share: their language, their typeface, text that XML may hold."""

from __future__ import annotations

from observatory.markup import FORBIDDEN, joined

FONT = "Arial"
FRENCH = "fr-FR"


def clean(text: str) -> str:
    """Text that XML may hold, on one line, its signs not parted from their words."""
    return joined(FORBIDDEN.sub("\ufffd", text).replace("\r", " ").replace("\n", " "))
