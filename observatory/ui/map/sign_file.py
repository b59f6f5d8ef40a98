"""The file of signs: what the map draws and says whatever the question, fetched once."""

from __future__ import annotations

from observatory.french import vocabulary
from observatory.french.spelling import capital
from observatory.maps import bivariate, circles, classes, signs, symbols
from observatory.maps.coloured import MISSING
from observatory.maps.legend import COUNTED
from observatory.markup import element
from observatory.ui.messages import SignsMessage

NAME = "signs.json"
PATTERNS = {signs.UNKNOWN: "unknown", signs.MASKED: "masked", signs.SMALL: "small"}
"""How the style names each pattern."""
COLOURS = tuple(
    dict.fromkeys(
        (
            *classes.REDS,
            classes.BALANCE,
            *classes.BLUES,
            *(colour for palette in classes.YLGNBU.values() for colour in palette),
            *bivariate.STEVENS,
        )
    )
)
"""Every colour of a class: a message says which by its place."""
SYMBOL_RADIUS = 10
"""Half the width of the symbols of the file; the browser scales them."""
WORDS = {
    "image": "{title}. {sentence} Le tableau sous la carte donne les mêmes chiffres.",
    "map": "Carte : {title}",
    "keyboard": "Carte : flèches pour déplacer, + et \u2212 pour zoomer",
    "legend": "Légende",
    "legendOf": "Légende : {title}",
    "legendBody": "Classes et signes",
    "counted": COUNTED,
    "circles": "Aire des cercles : {words}",
    "noCircle": "Aucune valeur à montrer.",
    "north": "Nord en haut",
    "zoomIn": "Agrandir",
    "zoomOut": "Réduire",
    "wheel": "Maintenir Ctrl et tourner la molette pour zoomer",
    "fingers": "Déplacer la carte avec deux doigts",
    "tiles": "Fond : {attribution}",
    "selected": "Commune sélectionnée : {name}, {figure}.",
    "points": "Établissements : flèches pour passer de l'un à l'autre, Entrée pour sa commune",
    "count": "Établissements : {count}",
    "lacksMost": "Où il manque le plus",
    "lacksNone": "Aucune commune ne manque d'offre pour cette définition du besoin.",
    "days": "Avancer la date de l'offre",
    "daysMean": "Les établissements paraissent et disparaissent sur la carte à leur date "
    "d'ouverture et de fermeture. Au-dessus de la ligne, les ouvertures ; au-dessous, les "
    "fermetures.",
    "play": "Lecture",
    "pause": "Pause",
    "next": "Date suivante",
    "countAt": "{name}, établissements : {count}",
}
"""What the map says by itself, ``{…}`` standing for what it is about."""
LINES = {
    signs.UNKNOWN: "Aucune donnée publiée ni recensée.",
    signs.MASKED: f"{capital(vocabulary.RELIABILITY['masked'])}.",
    signs.SMALL: f"{capital(classes.small_words())} : pas de classe.",
}
"""What a tooltip says of a commune without a class."""


def every_sign() -> SignsMessage:
    """What the browser draws and says, whatever the question."""
    return {
        "patterns": _svg(
            signs.patterns("observatory-", PATTERNS), width=0, height=0, style="position:absolute"
        ),
        "icons": _icons(),
        "shapes": {
            shape: symbols.symbol_path(shape, 0, 0, SYMBOL_RADIUS) for shape in symbols.SHAPES
        },
        "colours": list(COLOURS),
        "inks": [signs.ink_on(colour) for colour in COLOURS],
        "fills": {
            **{f"status-{status}": fill for status, fill in symbols.FILLS.items()},
            "status-none": symbols.NO_STATUS,
            "edge": symbols.EDGE,
            "known": circles.GROUND,
            "short": circles.SHORT,
            "more": circles.MORE,
            "amount": circles.AMOUNT,
        },
        "lines": LINES,
        "missing": MISSING,
        "words": WORDS,
    }


def _svg(*children: str, **attributes: str | float) -> str:
    return element(
        "svg", *children, xmlns="http://www.w3.org/2000/svg", aria_hidden="true", **attributes
    )


def _icons() -> dict[str, str]:
    """Each sign of a legend, in 24 × 16 pixels; its fill is that of its class in the style."""
    told = {
        name: _svg(
            signs.swatch(class_=kind),
            class_="swatch",
            viewBox="0 0 24 16",
            preserveAspectRatio="none",
        )
        for name, kind in (
            *((str(n), f"k{n}") for n in range(signs.CLASSES)),
            *((sign, sign) for sign in (*signs.PATTERNS, signs.GROUND)),
        )
    }
    for sign, side in SIDES.items():
        round_ = element("circle", cx=12, cy=8, r=6.5, class_=f"circle {side}")
        told[sign] = _svg(round_, class_="swatch", viewBox="0 0 24 16")
    for shape in symbols.SHAPES:
        told[signs.shape_sign(shape)] = _symbol(shape, "none")
    for status in symbols.FILLS:
        told[signs.status_sign(status)] = _symbol("circle", status)
    return told


SIDES = {signs.SHORT: "short", signs.MORE: "more", signs.AMOUNT: "amount"}
"""Class of a circle in the style, by its sign."""


def _symbol(shape: str, status: str) -> str:
    return _svg(
        signs.symbol(shape, class_="halo"),
        signs.symbol(shape, class_=f"point {status}"),
        class_="icon",
        width=24,
        height=20,
        viewBox="0 -2 24 20",
    )
