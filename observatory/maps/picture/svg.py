"""Words of a picture: at a place, in lines that fit; no external reference."""

from __future__ import annotations

from observatory.markup import element, words

# Typst carries this typeface; others draw the page's own serif, about as wide.
FONTS = "'Libertinus Serif', 'Liberation Serif', 'Times New Roman', serif"
# Advance widths of that typeface, in em, by kind of character: enough to break lines.
NARROW = frozenset("iljtfrI.,;:'’|!()[]/ \u00a0\u202f-")
WIDE = frozenset("mwMWŒœ—%@")
BOLD = 1.08


def label(text: str, x: float, y: float, size: float, **attributes: str | float | None) -> str:
    """Words at a place."""
    return element("text", words(text), x=x, y=y, font_size=size, **attributes)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, in the unit of its size; rather too much than too little."""
    em = 0.0
    for letter in text:
        if letter in NARROW:
            em += 0.31
        elif letter in WIDE:
            em += 0.86
        elif letter.isupper():
            em += 0.68
        elif ord(letter) > 0x2E7F:
            em += 1.0
        else:
            em += 0.5
    return em * size * (BOLD if bold else 1.0)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines that fit a width; a word that is too long is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while len(line) > 1 and width_of(line, size, bold=bold) > width:
            cut = len(line) - 1
            while cut > 1 and width_of(line[:cut], size, bold=bold) > width:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines
