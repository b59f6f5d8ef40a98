"""Pages of each service: a map and a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from observatory.answers.gaps import public_of_row
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import VOTED
from observatory.maps.classes import small_words
from observatory.maps.measures import MEASURES, measures_of
from observatory.maps.picture.rendering import map_svg
from observatory.maps.places import points_among
from observatory.maps.specification import MapPaint
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.report import table_cells
from observatory.report.document import Block, heading, note, paragraph, picture, table
from observatory.report.facts import Facts, first_day, offer_label, service_of

MAP_WIDTH = 800.0
PUBLIC = "enfants"
"""The measure of a map that shows the public alone."""
NAMES_IN_TABLE = 1200
"""Communes beyond which the table of a service is left to the spreadsheet."""


def service_pages(reading: Facts, service_id: str) -> list[Block]:
    """A service: its map, what it says, the figures of each commune."""
    service, rows = service_of(service_id), reading.rows(service_id)
    paint = paint_of(reading, service_id)
    total = reading.total(service_id)
    title = offer_label(service_id)
    blocks = [
        heading(2, title, keeps=3),
        paragraph(paint.sentence.removeprefix(f"{service.label}. ")),  # the heading says it
        picture(
            picture_of(reading, service_id, paint),
            alternative(paint),
        ),
        note(f"{service.help} {_norm(service_id)}".strip()),
    ]
    if len(service.day_types) > 1:
        blocks.append(_by_day(reading, service_id))
        if len(rows) <= NAMES_IN_TABLE:
            blocks += _communes_by_day(reading, service_id)
        if nomenclature().definitions[reading.definition(service_id)].shares_out:
            return blocks
    if len(rows) > NAMES_IN_TABLE:
        blocks.append(
            paragraph(
                f"{numbers.number(len(rows))} communes : leurs chiffres sont dans le tableur que "
                "l'observatoire produit (page « Fichiers »)."
            )
        )
        return blocks
    noun = public_of_row(total).label
    if _view(reading, service_id).measure_id == PUBLIC:
        return [*blocks, *_publics(reading, service_id, noun)]
    named = {**total, "name": f"Ensemble : {reading.selection}"}
    of_communes: list[dict[Any, Any]] = rows.to_dict("records")
    bare = [row for row in of_communes if table_cells.has_no_supply(row)]
    lines = [*(row for row in of_communes if row not in bare), named]
    blocks += [
        table(
            f"{title} : besoin, offre et manque par commune, en {service.unit}",
            [
                "Commune",
                noun,
                f"Besoin ({service.unit})",
                f"Offre ({service.unit})",
                f"{balance.LACK} ({service.unit})",
                f"Taux (pour {numbers.number(service.rate_per)})",
                "Définitions en déficit",
            ],
            [
                [
                    str(row["name"]),
                    table_cells.public(row),
                    table_cells.amount(row, "need", service),
                    table_cells.amount(row, "supply", service),
                    table_cells.amount(row, "gap", service, signed=True),
                    table_cells.rate(row),
                    table_cells.deficits(row),
                ]
                for row in lines
            ],
            widths=[2.3, 1.2, 1, 1, 1, 1.3, 1.2],
            last_is_total=True,
        ),
        *_without([str(row["name"]) for row in bare]),
        note(f"Taux en {service.rate_label}. {table_cells.marks()}"),
    ]
    return blocks


def _publics(reading: Facts, service_id: str, noun: str) -> list[Block]:
    """The public of each commune, where it is all that is known."""
    rows: list[dict[Any, Any]] = reading.rows(service_id).to_dict("records")
    known = [row for row in rows if numbers.is_known(row["public"])]
    left = [str(row["name"]) for row in rows if row not in known]
    total = {**reading.total(service_id), "name": f"Ensemble : {reading.selection}"}
    return [
        table(
            f"{noun} par commune ; l'offre n'est pas recensée",
            ["Commune", noun],
            [[str(row["name"]), table_cells.public(row)] for row in (*known, total)],
            widths=[3, 1.4],
            last_is_total=True,
        ),
        *([note(f"{capital(vocabulary.UNKNOWN)} : {', '.join(left)}.")] if left else []),
    ]


def _without(names: list[str]) -> list[Block]:
    """The communes that have none of a service, together."""
    if not names:
        return []
    count = numbers.plural(len(names), "commune")
    return [note(f"Sans offre, {count} : {', '.join(names)}.")]


def _communes_by_day(reading: Facts, service_id: str) -> list[Block]:
    """The supply of each commune by type of day, side by side: days are never added up."""
    service, names = service_of(service_id), nomenclature()
    by_day = {day: reading.rows(service_id, day).to_dict("records") for day in service.day_types}
    lines, bare = [], []
    for rows in zip(*by_day.values(), strict=True):
        if all(table_cells.has_no_supply(row) for row in rows):
            bare.append(str(rows[0]["name"]))
            continue
        told = [table_cells.amount(row, "supply", service) for row in rows]
        lines.append([str(rows[0]["name"]), table_cells.public(rows[0]), *told])
    noun = public_of_row(reading.total(service_id)).label
    return [
        table(
            f"{service.label} : offre par commune et type de jour, en {service.unit}",
            ["Commune", noun, *(capital(names.day_types[day]) for day in by_day)],
            lines,
        ),
        *_without(bare),
        note(table_cells.marks()),
    ]


def paint_of(reading: Facts, service_id: str) -> MapPaint:
    """The map of a service, as its page opens on it."""
    return painting(_view(reading, service_id), reading.rows(service_id), reading.info)


def picture_of(
    reading: Facts, service_id: str, paint: MapPaint, *, width: float = MAP_WIDTH
) -> str:
    """The picture of that map with the establishments of the service, its title left out."""
    parts = service_of(service_id).parts or (service_id,)
    points = points_among(reading.establishments, parts)
    return map_svg(reading.shapes, paint, width=width, points=points, caption=False)


def alternative(paint: MapPaint) -> str:
    """What a map shows, in words: its question and how many communes in each class."""
    classes = paint.classification
    counted = [
        f"{label} : {count}"
        for label, count in zip(classes.labels, classes.counts, strict=True)
        if count
    ]
    if classes.unknown:
        counted.append(f"{vocabulary.UNKNOWN} : {classes.unknown}")
    if classes.masked:
        counted.append(f"{vocabulary.MASKED} : {classes.masked}")
    if classes.small:
        counted.append(f"{small_words()} : {classes.small}")
    return (
        f"Carte. {paint.title}. Communes par classe, en {paint.unit} : {' ; '.join(counted)}. "
        "Les mêmes chiffres suivent en tableau."
    )


def _view(reading: Facts, service_id: str) -> View:
    measures = measures_of(service_id, needed=_voted(reading, service_id))
    first = measures[0] if _is_told(reading, service_id, measures[0]) else PUBLIC
    question = replace(
        reading.request.question,
        service=service_id,
        day_type=first_day(service_id),
        definition=reading.definition(service_id),
    )
    return View(question, first)


def _voted(reading: Facts, service_id: str) -> bool:
    return any(row["definition"] == VOTED for row in reading.definitions(service_id))


def _is_told(reading: Facts, service_id: str, measure: str) -> bool:
    """Whether a map of that measure says something: a rate without any supply says nothing."""
    rows = reading.rows(service_id)
    if MEASURES[measure].kind == "gap" or rows["masked"].any():
        return True
    return bool(rows["supply"].notna().any())


def _norm(service_id: str) -> str:
    service = service_of(service_id)
    norm = service.norm or service.context
    return f"Repère : {norm.text} ({norm.source})." if norm else ""


def _by_day(reading: Facts, service_id: str) -> Block:
    """The selection by type of day: days are never added up."""
    service, names = service_of(service_id), nomenclature()
    totals = [(day, reading.total(service_id, day)) for day in service.day_types]
    return table(
        f"{service.label} : {reading.selection}, par type de jour, en {service.unit}",
        [
            "Type de jour",
            f"Besoin ({service.unit})",
            f"Offre ({service.unit})",
            f"{balance.LACK} ({service.unit})",
            f"Taux (pour {numbers.number(service.rate_per)})",
        ],
        [
            [
                capital(names.day_types[day]),
                table_cells.amount(total, "need", service),
                table_cells.amount(total, "supply", service),
                table_cells.amount(total, "gap", service, signed=True),
                table_cells.rate(total),
            ]
            for day, total in totals
        ],
    )
