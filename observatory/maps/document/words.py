"""The words of a document around its map: head, legend, table, sources; one part a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from observatory.french.numbers import number
from observatory.maps.coloured import Coloured
from observatory.maps.legend import COUNTED, LegendRow, keys_of, legend_of
from observatory.maps.picture.marks import fill_of
from observatory.maps.signs import picture_icon, sign_of
from observatory.maps.specification import MapPaint, MapPoints
from observatory.markup import element, said

MOST_ROWS = 3000
"""Communes beyond which figures are read by pointing at the map, not in a table."""


def _part(name: str, n: int, *children: str) -> str:
    """What is shown with a measure alone; the first is in view when the file opens."""
    return element(name, *children, data_measure=str(n), hidden="" if n else None)


def head(paints: Sequence[MapPaint], territory: str, answer: str) -> list[str]:
    """Territory, title, the answer in a sentence, what each map shows."""
    parts = [
        _part("div", n, said("h1", paint.title), said("p", paint.sentence))
        for n, paint in enumerate(paints)
    ]
    first = [said("p", answer, class_="answer")] if answer else []
    switch = element("div", class_="switch", role="group", aria_label="Mesures et repères")
    return [element("header", said("p", territory, class_="place"), *parts, *first), switch]


def legend_side(views: Sequence[Coloured], points: MapPoints | None, ident: str) -> str:
    """The legend of each measure, then the signs of establishments."""
    parts = [_part("section", n, _legend(view, ident)) for n, view in enumerate(views)]
    keys = [_titled(one.title, one.counted) + _rows(one.rows, {}) for one in keys_of(points)]
    return "".join([*parts, *keys])


def _legend(view: Coloured, ident: str) -> str:
    told = legend_of(view)
    fills = {sign_of(i): fill_of(view, i, ident) for i in set(view.index)}
    fills |= {sign_of(i): c for i, c in enumerate(view.paint.classification.colours)}
    note = said("p", told.note) if told.note else ""
    return _titled(told.title, COUNTED) + _rows(told.rows, fills) + note


def _titled(title: str, counted: str) -> str:
    return element("h2", said("span", title), said("span", counted) if counted else "")


def _rows(rows: Sequence[LegendRow], fills: Mapping[str, str]) -> str:
    return element(
        "ul",
        *(
            element(
                "li",
                element(
                    "svg",
                    picture_icon(row.sign, fills.get(row.sign, "")),
                    width=24,
                    height=16,
                    aria_hidden="true",
                ),
                said("span", row.words),
                said("span", number(row.count), class_="count") if row.count is not None else "",
            )
            for row in rows
        ),
    )


def table(names: Sequence[str], views: Sequence[Coloured], measures: Sequence[str]) -> str:
    """Every figure of every measure, commune by commune, for who does not point at a map."""
    if len(names) > MOST_ROWS:
        return ""
    heads = [said("th", "Commune", scope="col")]
    heads += [said("th", name, scope="col") for name in measures]
    lines = [
        element(
            "tr",
            said("th", names[row], scope="row"),
            *(said("td", view.said(row)) for view in views),
        )
        for row in range(len(names))
    ]
    drawn = element("table", element("thead", element("tr", *heads)), element("tbody", *lines))
    summary = said("summary", "Les chiffres, commune par commune")
    return element("details", summary, element("div", drawn, class_="table"))


def foot(paints: Sequence[MapPaint], left_out: int, table: str) -> str:
    """What a reader must know of each measure, its sources, and the table."""
    beyond = [f"{number(left_out)} communes hors du cadre"] if left_out else []
    parts = [
        _part(
            "div",
            n,
            element("p", said("strong", " · ".join([*paint.notes, *beyond]))),
            said("p", paint.source),
        )
        for n, paint in enumerate(paints)
    ]
    return element("footer", *parts, table)
