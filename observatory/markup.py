"""The one builder of elements, for HTML and for SVG: what comes from data is escaped here."""

from __future__ import annotations

import re
from html import escape

# Characters that XML cannot hold, whatever is done to them.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TOGETHER = re.compile(" (?=[;:!?%»€])|(?<=«) ")
EMPTY = frozenset(["circle", "path", "rect", "line", "use", "img", "br", "hr", "input"])
"""Elements written in one piece when nothing is in them; any other has its end."""


def joined(text: str) -> str:
    """French text whose signs never begin a line: the space before « : ; ! ? % » does not break."""
    return TOGETHER.sub("\u00a0", text)


def words(text: str) -> str:
    """Text made safe inside an element or an attribute."""
    return escape(FORBIDDEN.sub("\ufffd", joined(text)))


def element(name: str, /, *children: str, **attributes: str | float | None) -> str:
    """One element; children are markup already (see `words`), attributes are escaped here.

    An attribute ``font_size`` is written ``font-size``, ``class_`` is ``class``; None is left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    if not inner and name in EMPTY:
        return f"<{name}{given}/>"
    return f"<{name}{given}>{inner}</{name}>"


def said(name: str, text: str, /, **attributes: str | float | None) -> str:
    """One element that holds a text, escaped here."""
    return element(name, words(text), **attributes)


def _value(value: str | float) -> str:
    return (
        escape(FORBIDDEN.sub("\ufffd", value))
        if isinstance(value, str)
        else f"{value:.2f}".rstrip("0").rstrip(".")
    )
