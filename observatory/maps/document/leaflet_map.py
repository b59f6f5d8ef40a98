"""The folium map of a document: Leaflet from the installed package, and layers of our own."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import folium
from branca.element import Figure, MacroElement
from folium.map import Layer, LayerControl
from folium.template import Template

from observatory.markup import element, said, words

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the document itself forbids: to ask anything of anyone."""
PICTURE = re.compile(r"url\((images/[\w.-]+)\)")


class OfflineMap(folium.Map):
    """A map that asks nothing of any host: its scripts and styles are written into the file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(tiles=None, **options)
        self.default_js = []
        self.default_css = []


class GroundElement(MacroElement):
    """The contours and names, written once for every layer."""

    _template = Template(
        "{% macro script(this, kwargs) %}const ground = {{ this.told }};{% endmacro %}"
    )

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.told = script_json(told)


class OwnLayer(Layer):
    """A layer that a function of ``document.js`` makes.

    Parameters
    ----------
    name : str
        What it is called where layers are switched.
    call : str
        The function and what it is given, as JavaScript.
    overlay : bool
        Whether it lies over the measures, switched on its own.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "const {{ this.get_name() }} = mapDocument.{{ this.call }};"
        "{% endmacro %}"
    )

    def __init__(self, name: str, call: str, *, overlay: bool, show: bool) -> None:
        super().__init__(name=name, overlay=overlay, show=show)
        self._name = "layer"
        self.call = call


class LinkElement(MacroElement):
    """What follows the measure in view."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "mapDocument.link({{ this._parent.get_name() }}, {{ this.control }}, [{{ this.layers }}]);"
        "{% endmacro %}"
    )

    def __init__(self, control: LayerControl, layers: Sequence[Layer]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.control = control.get_name()
        self.layers = ", ".join(layer.get_name() for layer in layers)


def script_json(told: object) -> str:
    """JSON that may stand in a script of folium: nothing in it ends the script or is a template.

    What folium renders is read as a template again: a name that holds « {{ » would be run.
    """
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&%#\u2028\u2029":  # none of them stands outside a string
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.replace("{{", "\\u007b\\u007b")  # an object begins with « {" »


def document(
    drawn: OfflineMap, *, title: str, before: Sequence[str], beside: Sequence[str], after: str
) -> str:
    """The whole file.

    Parameters
    ----------
    title : str
        Of the window, as text.
    before, beside, after : str
        Markup above the map, at its side, below.
    """
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    figure.render()
    place, script = figure.html.render().strip(), figure.script.render()
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{words(POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
    )
    styles = element("style", _leaflet("leaflet.css"), _own("document.css"))
    scripts = (_leaflet("leaflet.js"), _own("document.js"), script)
    main = element("main", place, element("aside", *beside), class_="main")
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="fr">\n<head>',
            head,
            said("title", title),
            styles,
            "</head>\n<body>",
            *before,
            main,
            after,
            *(element("script", one) for one in scripts),
            "</body>\n</html>\n",
        ]
    )


def map_of(
    ground: Mapping[str, Any],
    measures: Sequence[tuple[str, Mapping[str, Any]]],
    establishments: Sequence[Mapping[str, Any]],
    bounds: Sequence[Sequence[float]],
) -> OfflineMap:
    """The map with its layers; the same question gives the same bytes.

    Parameters
    ----------
    ground : mapping
        Contours, names, places: a ``Ground`` of ``document.js``.
    measures : sequence of (str, mapping)
        What each measure is called, and a ``Measure`` of ``document.js``.
    establishments : sequence of mapping
        ``Establishment`` of ``document.js``; empty for a map without them.
    bounds : pair of (latitude, longitude)
        South-west and north-east corners.
    """
    drawn = OfflineMap(zoom_control=False, attribution_control=False, zoom_snap=0.25, min_zoom=2)
    drawn.fit_bounds(bounds, padding=(12, 12))
    drawn.add_child(GroundElement(ground))
    layers = [
        OwnLayer(name, f"measure(ground, {script_json(told)})", overlay=False, show=n == 0)
        for n, (name, told) in enumerate(measures)
    ]
    over = [OwnLayer("Noms des communes", "names(ground)", overlay=True, show=True)]
    if establishments:
        call = f"establishments(ground, {script_json(establishments)})"
        over.append(OwnLayer("Établissements", call, overlay=True, show=True))
    for layer in (*layers, *over):
        drawn.add_child(layer)
    drawn.add_child(control := LayerControl(collapsed=False))
    for n, part in enumerate((drawn, *drawn._children.values())):
        part._id = str(n)
    drawn.add_child(LinkElement(control, layers))
    return drawn


def _own(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _leaflet(name: str) -> str:
    """A file of Leaflet as it is installed, its pictures written in, its source map left out."""
    folder = resources.files("xstatic.pkg.leaflet") / "data"
    text = (folder / name).read_text(encoding="utf-8")

    def written_in(found: re.Match[str]) -> str:
        picture = base64.b64encode((folder / found.group(1)).read_bytes()).decode()
        return f"url(data:image/png;base64,{picture})"

    return PICTURE.sub(written_in, re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text))
