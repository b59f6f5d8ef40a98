"""What an intruder reads: the files of a version, and what its pages send, never its tables.

A file is read twice: whole, as a text that two censuses may be compared by, and figure by figure,
as what it tells of a commune or of the territory.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
import duckdb
import pptx
from committee import every_text, every_word
from net.files import as_text
from python_calamine import CalamineWorkbook
from what_if_links import leaving

from observatory.answers.accessible import access_gaps
from observatory.answers.changes import compare
from observatory.answers.explained.explained_change import SinceFormer, since_former
from observatory.answers.explained.explained_figure import explain_figure, explained_from
from observatory.answers.explained.explained_material import read_material
from observatory.answers.gaps import commune_facts
from observatory.answers.reconciliation import reconcile
from observatory.answers.targets import targets
from observatory.answers.territory_parts import grains_of, parts_of
from observatory.commands.diff import as_records
from observatory.commands.explain import explanation_record
from observatory.commands.map import document_of, picture_of, view_of
from observatory.commands.projection import projection_record
from observatory.files.catalog.open_catalog import open_catalog
from observatory.files.formats import FORMATS, Wanted, content
from observatory.files.outlook_columns import outlook_columns, outlook_notes, outlook_rows
from observatory.files.parts_csv import FIGURES, parts_csv
from observatory.files.reconciliation_csv import reconciliation_csv
from observatory.files.scenario_results import results_csv
from observatory.files.side_by_side import table_csv
from observatory.french import balance
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.document.html_map import layers_of
from observatory.maps.measures import measures_of
from observatory.maps.picture.rendering import map_png
from observatory.maps.shapes import shapes
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.maps.what_if_paints import scenario_document, scenario_paints
from observatory.outlook.territory_outlook import territory_outlook
from observatory.plan.followed_plan import FollowedPlan
from observatory.report import atlas as reports
from observatory.report.copil import committee, copil
from observatory.report.copil_scenarios import ShownScenarios
from observatory.report.document_plan import read_plan
from observatory.report.docx_file import docx_file
from observatory.report.facts import read
from observatory.report.pptx_file import pptx_file
from observatory.report.request import ReportRequest
from observatory.report.schema import footer, schema
from observatory.report.slides_pdf import slides_pdf
from observatory.scenario.scenario_in_words import said, toponyms_of
from observatory.scenario.what_if import what_if
from observatory.settings import Settings
from observatory.ui.map.message import payload
from observatory.ui.shell.static import StaticFiles
from observatory.versions import record

AM, HOME = "assistants_maternels", "garde_domicile"
SERVICES = (AM, HOME, "accueil_0_2", "rpe")
"""The services that have masks, one that adds them up, one whose public is one of them."""
MEASURES = ("offre", "ecart", "taux", "acces")
MANY = ("csv", "csv-international", "xlsx")
"""Formats that hold every service in one file."""
PICTURE = re.compile(r"<title>([^<>:]+) : ([^<>]+)</title>")
LAYER = re.compile(r"mapDocument\.measure\(ground, (\{.*\})\);")
NUMBER = re.compile(r"^[+−-]?[\d \u00a0\u202f]+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Tell:
    """A figure that something published tells.

    Attributes
    ----------
    code : str
        INSEE code; several, joined by a plus sign, of a selection; empty for the territory.
    what : str
        ``supply``, ``gap``, ``need``, ``rate``, ``public``.
    """

    where: str
    day: date
    service: str
    code: str
    what: str
    value: float


Read = tuple[str, list[Tell]]
HEADINGS = {
    "offre": "supply", "ecart": "gap", "besoin": "need", "taux": "rate", "enfants": "public",
}  # fmt: skip
OF_COLUMN = {"Offre": "supply", "Besoin": "need", "Public": "public"}
OF_MEASURE = {"offre": "supply", "ecart": "gap", "taux": "rate"}


def number(cell: object) -> float | None:
    """A figure as French or international files write it; None for a word or nothing."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = str(cell or "").strip().replace("\u00a0", " ")
    if text == balance.BALANCED:
        return 0.0
    found = NUMBER.match(re.sub(f"^{balance.LACKING} ", "−", text))
    if not found:
        return None
    text = re.sub(r"[ \u00a0\u202f]", "", found.group()).replace("−", "-").replace(",", ".")
    return float(text)


def of_rows(where: str, day: date, rows: Iterable[Mapping[str, object]]) -> list[Tell]:
    """What the rows of a gap table tell, by its headings."""
    return [
        Tell(where, day, str(row["service"]), str(row["code_insee"] or ""), what, value)
        for row in rows
        if row.get("service") in SERVICES
        for heading, what in HEADINGS.items()
        if (value := number(row.get(heading))) is not None
    ]


def gap_files(
    con: duckdb.DuckDBPyConnection, day: date, folder: Path, names: Iterable[str] = tuple(FORMATS)
) -> Iterator[Read]:
    """The gap table in some formats, whole, then of two communes."""
    codes = tuple(commune_facts(con)["code"])
    for name in names:
        kind = FORMATS[name]
        asked: list[tuple[str | None, tuple[str, ...] | None]] = [(None, None), (AM, codes[:2])]
        if name not in MANY:
            asked = [(AM, None), ("accueil_0_2", None), ("rpe", codes[:2])]
        for service, some in asked:
            path = folder / f"{name}-{service}{kind.suffixes[0]}"
            path.write_bytes(content(con, Wanted(Question(service, as_of=day), some), name))
            where = f"{path.name} {day}"
            yield as_text(path), of_rows(where, day, READERS[path.suffix](path, service))


def open_data(con: duckdb.DuckDBPyConnection, day: date, folder: Path) -> Iterator[Read]:
    """The folder of open data: its tables, what describes them, the catalogue."""
    for name, content_ in open_catalog(con, day, "https://observatoire.ville.example/").items():
        (folder / name).write_bytes(content_)
        rows = READERS[".csv"](folder / name, None) if name == "ecarts.csv" else []
        yield content_.decode("utf-8"), of_rows(f"open data {day}", day, rows)


def parts(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Read]:
    """The EPCI of the territory, each as the selection of its communes, by their file."""
    held = con.execute("SELECT place, string_agg(code, '+') FROM place_part GROUP BY place")
    codes = {str(place): str(of) for place, of in held.fetchall()}
    for level in grains_of(con):
        for service in SERVICES:
            table = parts_of(con, level, Question(service, as_of=day))
            text = parts_csv([table]).decode("utf-8-sig")
            yield (
                text,
                [
                    Tell(f"parts {day}", day, service, codes[row["code"]], what, value)
                    for row in csv.DictReader(io.StringIO(text), delimiter=";")
                    if row["definition_besoin"] == nomenclature().definition_for(service)
                    for column, what in FIGURES.items()
                    if (value := number(row[column])) is not None
                ],
            )


def _csv(path: Path, _: str | None) -> list[dict[str, object]]:
    text = path.read_text("utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    return [dict(row) for row in csv.DictReader(io.StringIO(text), delimiter=delimiter)]


def _xlsx(path: Path, _: str | None) -> list[dict[str, object]]:
    head, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), cells, strict=True)) for cells in lines]


def _geojson(path: Path, service: str | None) -> list[dict[str, object]]:
    told = json.loads(path.read_text("utf-8"))
    return [{"service": service, **f["properties"]} for f in told["features"]]


def _gpkg(path: Path, service: str | None) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        for (table,) in con.execute("SELECT table_name FROM gpkg_contents").fetchall():
            cursor = con.execute(f'SELECT * FROM "{table}"')
            head = [c[0] for c in cursor.description]
            if "code_insee" in head:
                rows += [{"service": service, **dict(zip(head, r, strict=True))} for r in cursor]
    con.close()
    return rows


READERS: dict[str, Callable[[Path, str | None], list[dict[str, object]]]] = {
    ".csv": _csv, ".xlsx": _xlsx, ".geojson": _geojson, ".gpkg": _gpkg,
}  # fmt: skip


def of_masked(tells: Iterable[Tell], hidden: Mapping[str, list[str]]) -> list[Tell]:
    """What is told of a masked commune, when nothing at all may be."""
    kin = {
        service: {i for i, s in nomenclature().services.items() if service in (i, *s.parts)}
        for service in hidden
    }
    return [
        t
        for t in tells
        for service, codes in hidden.items()
        if not set(codes).isdisjoint(t.code.split("+"))
        and (
            (t.service in kin[service] and t.what in ("supply", "gap", "rate"))
            or (nomenclature().services[t.service].public == service and t.what != "supply")
        )
    ]


def pictures(con: duckdb.DuckDBPyConnection, day: date, png: bool = False) -> Iterator[Read]:
    """The maps as pictures: what they show of each commune when it is pointed at."""
    codes = {name: code for code, name in commune_facts(con)[["code", "name"]].values.tolist()}
    for service in SERVICES:
        for measure in sorted(set(MEASURES).intersection(measures_of(service))):
            question = Question(service, as_of=day)
            drawn: tuple[Any, ...] = ("classes", "cercles") if measure == "offre" else ("classes",)
            for style in drawn:
                view = view_of(con, question, measure=measure, representation=style, commune=None)
                svg = picture_of(con, view, establishments=False, width=700)
                where = f"map {service} {measure} {style} {day}"
                yield svg, [
                    Tell(where, day, service, codes[name], OF_MEASURE[measure], value)
                    for name, said in PICTURE.findall(svg)
                    if name in codes and measure in OF_MEASURE
                    and (value := number(said)) is not None
                ]  # fmt: skip
                if png and service == AM:
                    yield map_png(svg).hex(), []


def map_documents(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Read]:
    """The maps as HTML files: what each layer says of each commune."""
    codes = shapes(con).codes
    for service in SERVICES:
        question = Question(service, as_of=day)
        view = view_of(con, question, measure=None, representation="classes", commune=None)
        html = document_of(con, view, establishments=True)
        needed = bool((targets(con)["service"] == service).any())
        measures = [one.measure_id for one in layers_of(view, needed=needed)]
        layers = [json.loads(one) for one in LAYER.findall(html)]
        yield (
            html,
            [
                Tell(f"document {service} {measure} {day}", day, service, code, what, value)
                for measure, layer in zip(measures, layers, strict=False)
                for what, texts in (
                    (OF_MEASURE.get(measure, ""), layer["texts"]),
                    *((OF_COLUMN.get(one["label"], ""), one["texts"]) for one in layer["columns"]),
                )
                if what
                for code, text in zip(codes, texts, strict=True)
                if (value := number(text)) is not None
            ],
        )


def messages(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Read]:
    """What the page of the map sends to the browser."""
    facts = commune_facts(con)
    codes = tuple(facts["code"])
    addresses = [f for f in StaticFiles.__dataclass_fields__ if f != "codes"]
    files = StaticFiles(**dict.fromkeys(addresses, ""), codes=codes)
    population = dict(zip(facts["code"], facts["population"], strict=True))
    for service in SERVICES:
        table = access_gaps(con, Question(service, as_of=day).settled())
        for measure in sorted(set(OF_MEASURE).intersection(measures_of(service))):
            view = View(Question(service, as_of=day).settled(), measure, None, "classes")
            rows = table[table["code"].notna()]
            sent = payload(painting(view, rows, record.info(con), population), files)
            yield (
                json.dumps(sent, ensure_ascii=False, default=str),
                [
                    Tell(f"message {service} {measure} {day}", day, service, code, what, value)
                    for code, text in zip(codes, sent["figures"]["texts"].split(";"), strict=True)
                    if (what := OF_MEASURE[measure]) and (value := number(text)) is not None
                ],
            )


def documents(con: duckdb.DuckDBPyConnection, day: date, folder: Path) -> Iterator[Read]:
    """The atlas with the sheet of every commune, one of these, the slides and the schéma."""
    asked = ReportRequest(Question(as_of=day), services=SERVICES)
    code = str(commune_facts(con)["code"].iloc[0])
    made = (reports.atlas(con, asked), reports.commune_sheet(con, code, asked))
    for n, document in enumerate(made):
        path = folder / f"document-{n}.pdf"
        path.write_bytes(reports.to_pdf(document))
        yield as_text(path), []
    reading = read(con, ReportRequest(Question(as_of=day)))
    plan = read_plan(con, FollowedPlan({}, [], False), day, public=False)
    marked = what_if(con, leaving(code, day), Question(AM, as_of=day).settled())
    shown = ShownScenarios((marked,), (said(marked, toponyms_of(con)),))
    deck = copil(committee(reading, plan, {}, None, public=False, scenarios=shown))
    yield every_text(pptx.Presentation(io.BytesIO(pptx_file(deck)))), []
    path = folder / "copil.pdf"
    path.write_bytes(slides_pdf(deck))
    yield as_text(path), []
    told = docx_file(schema(reading, plan, {}, public=False), footer(reading), deck.made)
    yield every_word(docx.Document(io.BytesIO(told))), []


def explanations(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Read]:
    """How each figure is made, of the territory and of every commune, as a program reads it."""
    codes = tuple(commune_facts(con)["code"])
    for service in SERVICES:
        question = Question(service, as_of=day).settled()
        table = access_gaps(con, question.for_every_need())
        material = read_material(con, question, table)
        told = [explained_from(material, c, str(question.definition)) for c in (None, *codes)]
        told += [explain_figure(con, question, code, table=table) for code in codes[:2]]
        yield (
            json.dumps([explanation_record(one, SinceFormer("", "")) for one in told]),
            [
                Tell(f"explain {day}", day, service, one.code or "", step.figure, step.value)
                for one in told
                for step in one.steps
                if step.figure in HEADINGS.values() and step.value is not None
            ],
        )


def projections(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Read]:
    """The coming years of every place: files as they are downloaded, and what they begin with."""
    for service in SERVICES:
        outlook = territory_outlook(con, Question(service, as_of=day))
        rows = outlook_rows(outlook)
        columns = outlook_columns(nomenclature().services[service])
        now = outlook.table[outlook.table["year"] == day.year].to_dict("records")
        yield (
            table_csv(rows, columns, " ".join(outlook_notes(outlook)), day).decode("utf-8-sig")
            + json.dumps(projection_record(outlook, None)),
            [
                Tell(f"projection {day}", day, service, row["code"], what, row[f"{what}_{side}"])
                for row in now
                for what in ("public", "need", "supply", "gap")
                for side in ("low", "mid", "high")
                if row[f"{what}_{side}"] == row[f"{what}_{side}"]
            ],
        )


def scenarios(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Read]:
    """What departures would change, everywhere and more of them in each of three communes."""
    for code in commune_facts(con)["code"].iloc[:3]:
        for service in (AM, "accueil_0_2"):
            found = what_if(con, leaving(code, day), Question(service, as_of=day).settled())
            text = results_csv([found]).decode("utf-8-sig")
            rows = csv.DictReader(io.StringIO(text), delimiter=";")
            drawn = ""
            if service == AM:  # the maps of the other are drawn from the same table
                told = record.info(con)
                paints = scenario_paints(found, "ecart", told)
                drawn = scenario_document(shapes(con), paints, found, toponyms_of(con), "")
            yield (
                text + drawn,
                [
                    Tell(f"scenario {code} {day}", day, service, row["code_insee"], what, value)
                    for row in rows
                    for column, what in (("offre_avant", "supply"), ("ecart_avant", "gap"))
                    if (value := number(row[column])) is not None
                ],
            )


def comparisons(con: duckdb.DuckDBPyConnection, settings: Settings, day: date) -> Iterator[Read]:
    """The census beside the published figures, and the two last versions side by side."""
    yield reconciliation_csv(reconcile(con)).decode("utf-8-sig"), []
    yield from scenarios(con, day)
    kept = sorted(settings.processed_dir.glob("observatory-*.duckdb"))
    if len(kept) > 1:
        question = Question(AM, as_of=day).settled()
        table = access_gaps(con, question.for_every_need())
        material = read_material(con, question, table)
        for code in (None, *commune_facts(con)["code"]):
            explained = explained_from(material, code, str(question.definition))
            since = since_former(settings.processed_dir, kept[-1].name, explained)
            yield str(since.moved), [
                Tell("explain since", day, AM, code or "", one.figure, one.now)
                for one in since.moved
                if one.now is not None and one.figure in HEADINGS.values()
            ]  # fmt: skip
        told = as_records(compare(settings.processed_dir, as_of=day))
        yield (
            json.dumps(told, ensure_ascii=False),
            [
                Tell("diff", day, row["service"], row["code"] or "", what, row[column])
                for row in told["gaps"]
                for column, what in (("new_supply", "supply"), ("new_gap", "gap"))
                if row["service"] in SERVICES and row[column] is not None
            ],
        )
