"""What the pages send to a visitor, by the pages themselves: every element, table and download.

A selection of communes is written as their codes joined by a plus sign, where a file would have
one code: the intruder subtracts one selection from another.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from unittest.mock import patch

import streamlit as st
from app_pages import unfolded
from google.protobuf.message import Message
from net.elements import page_lines
from net.pages import NOISY
from rail import with_choices
from secret_readers import AM, HOME, SERVICES, Read, Tell, number
from streamlit.testing.v1 import AppTest
from what_if_links import leaving_link

from observatory.french import balance
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import ROOT, Settings

TOGETHER = "+"
HEAD = re.compile(r"<dt>([^<]*)</dt><dd><strong>([^<]*)</strong>")
LABELS = {
    "Offre": "supply", "Besoin": "need", "Taux": "rate",
    **dict.fromkeys((balance.LACK, capital(balance.LACKING), capital(balance.BEYOND)), "gap"),
}  # fmt: skip
SHORT = {one.short: name for name, one in nomenclature().services.items()}
ALL = ("carte", "commune", "tableau", "comparer", "deploiement", "demain", "priorites", "et_si",
       "plan", "habitants", "comparables", "changements", "rapprochement", "sources_et_methode",
       "accessibilite", "fichiers")  # fmt: skip
Content = bytes | str | Callable[[], bytes | str]


@dataclass(frozen=True)
class Asked:
    """A page, and the choices that a visitor made on it, by the keys of its menus.

    Attributes
    ----------
    group : tuple of str
        The communes that its sums are of; none where they are the territory's.
    """

    page: str
    service: str
    day: date
    choices: tuple[tuple[str, Any], ...] = ()
    group: tuple[str, ...] = ()

    @property
    def state(self) -> dict[str, Any]:
        """The choices as a session keeps them."""
        theme = nomenclature().services[self.service].theme
        view = {"theme": theme, "service": self.service, "date": self.day, "au": self.day}
        return {**view, **dict(self.choices)}


def selections(codes: tuple[str, ...], service: str, day: date) -> Iterator[Asked]:
    """The pages that add communes up, with and without each of the first of them."""
    for group in (codes[:1] + codes[3:], codes[:2] + codes[3:], codes[3:], codes[:-1], codes):
        chosen = (("groupe", "choisies"), ("communes", list(group)))
        whole = () if len(group) == len(codes) else group
        yield Asked("comparer", service, day, chosen, whole)
    yield Asked(
        "comparer", service, day, (("groupe", "voisines"), ("commune", codes[1])), codes[1:2]
    )
    yield Asked("comparer", service, day, (("groupe", "epci"),))
    yield Asked("tableau", service, day, (("nom", "s"),), ("shown",))
    yield Asked("tableau", service, day, (("manque", True), ("effectif", True)), ("shown",))
    yield Asked("tableau", service, day, (("tri", "offre"), ("decroissant", True)))
    yield Asked("tableau", service, day, (("colonnes", ["essentiel", "acces", "fiabilite"]),))
    yield Asked("tableau", service, day, (("tableau", "tous"), ("mesure_tous", "offre")))


def every_page(codes: tuple[str, ...], day: date) -> Iterator[Asked]:
    """Each page for each service that has masks or is made of them, some with a commune chosen."""
    for service in SERVICES:
        yield from selections(codes, service, day)
        yield Asked("deploiement", service, day, (("du", date(2022, 1, 1)),))
        for code in codes[:3]:
            yield Asked("demain", service, day, (("commune", code),))
        for code in codes:
            yield Asked("commune", service, day, (("commune", code),), (code,))
        for measure in ("offre", "ecart", "taux", "acces"):
            chosen = (("mesure", measure), ("commune", codes[2]), ("presentation", "deux"))
            yield Asked("carte", service, day, chosen)
    for service in SERVICES:
        for code in codes[:3]:
            yield from scenarios(code, service, day)
        yield sited(service, day)
    for page in ALL[5:]:
        yield Asked(page, AM, day)


def scenarios(code: str, service: str, day: date) -> Iterator[Asked]:
    """Departures everywhere and in a commune, for each map."""
    for drawn in ("ecart", "ecart_acces"):
        chosen = (
            ("scenario", leaving_link(code, day)),
            ("jour_regarde", day),
            ("cartes", drawn),
            ("commune", code),
        )
        yield Asked("et_si", service, day, chosen)


def sited(service: str, day: date) -> Asked:
    """Where to open, and what each commune would gain."""
    return Asked("et_si", service, day, (("ou", "places:30,sites:2"), ("jour_regarde", day)))


def few_pages(codes: tuple[str, ...], day: date) -> Iterator[Asked]:
    """Two selections that differ by a commune, then the pages of the places and of the table."""
    for group in (codes[:1] + codes[3:], (codes[0], *codes[2:])):
        chosen = (("groupe", "choisies"), ("communes", list(group)))
        yield Asked("comparer", AM, day, chosen, group)
    yield Asked("tableau", HOME, day, (("nom", "s"),), ("shown",))
    yield Asked("deploiement", AM, day, (("du", date(2022, 1, 1)),))
    yield Asked("demain", AM, day)
    yield Asked("commune", AM, day, (("commune", codes[1]),), (codes[1],))
    yield Asked("carte", AM, day, (("mesure", "offre"),))
    yield from scenarios(codes[1], AM, day)
    yield sited(HOME, day)


def pages(settings: Settings, asked: Iterator[Asked]) -> Iterator[Read]:
    """What a visitor without a role reads on each page: its text, and the figures that it tells."""
    logging.getLogger(NOISY).disabled = True
    for one in asked:
        app, files = opened(settings, one.page, one.state)
        text = "\n".join([*page_lines(app._tree), *files])
        yield text, list(_tells(app, one))


def opened(settings: Settings, page: str, state: Mapping[str, Any]) -> tuple[AppTest, list[str]]:
    """A page run for a visitor, and the content of every file that it offers."""
    files: list[str] = []
    offer = st.download_button

    def noted(label: str, data: Content, *given: Any, **more: Any) -> bool:
        content = data() if callable(data) else data
        told = content if isinstance(content, str) else content.decode("utf-8", "replace")
        binary = isinstance(content, bytes) and content[:2] == b"PK"
        files.append(f"{label}: {_workbook(content) if binary else told}")  # type: ignore[arg-type]
        return offer(label, b"", *given, **more)

    folders = {
        "OBSERVATORY_PROCESSED_DIR": str(settings.processed_dir),
        "OBSERVATORY_CENSUS_DIR": str(settings.census_dir),
        "OBSERVATORY_OPEN_DATA_URL": "https://observatoire.ville.example/donnees/",
    }
    with (
        patch.dict(os.environ, folders),
        patch.object(st, "download_button", noted),
        unfolded(),
    ):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        with_choices(app, state)
        app.switch_page(f"observatory/ui/pages/{page}.py")
        app.run()
    assert not app.exception, app.exception
    assert not any("n'a pas pu être établie" in e.value for e in app.error)
    return app, [f for f in files if "%PDF" not in f]


def _workbook(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if "[Content_Types].xml" not in file.namelist():  # the folder of open data
            return "\n".join(file.read(name).decode() for name in file.namelist())
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return "\n".join(str(book.get_sheet_by_name(n).to_python()) for n in book.sheet_names)


def _tells(app: AppTest, asked: Asked) -> Iterator[Tell]:
    if ("groupe", "epci") in asked.choices:  # read of their file, by the communes of each
        return
    where = f"{asked.page} {dict(asked.choices)} {asked.day}"
    grids = list(_grids(app))
    group: tuple[str, ...] = asked.group
    if group == ("shown",):  # the rows that a filter leaves
        group = tuple(row[0] for grid in grids[:1] for row in grid["rows"])

    def tell(code: str, what: str, figure: object, service: str = asked.service) -> Iterator[Tell]:
        if (value := number(figure)) is not None:
            yield Tell(where, asked.day, service, code, what, value)

    for grid in grids:
        if ("tableau", "tous") in asked.choices:
            break
        labels = [column["label"] for column in grid["columns"]]
        named = [LABELS.get(label) for label in labels]
        if "Service" in labels:  # what lacks, of every service: each row is of its own
            for code, *cells in grid["rows"]:
                if service := SHORT.get(cells[labels.index("Service")]):
                    yield from tell(code, "gap", f"−{cells[named.index('gap')]}", service)
            continue
        for code, *cells in [*grid["rows"], *grid["foot"]]:
            of = code or ("" if not str(cells[0]).startswith(("Sélection", "Voisines")) else None)
            of = TOGETHER.join(group) if of is None and cells[0] == "Sélection (somme)" else of
            for what, cell in zip(named, cells, strict=True):
                if what and of is not None:
                    yield from tell(of, what, cell)
    for label, figure in [pair for body in _html(app)[:1] for pair in HEAD.findall(body)]:
        what = "supply" if label.startswith("Au ") else LABELS.get(label)
        figure = f"−{figure}" if label == capital(balance.LACKING) else figure
        if what and not (asked.page == "deploiement" and label.startswith("Au ") and _early(label)):
            yield from tell(TOGETHER.join(group), what, figure)


def _early(label: str) -> bool:
    """Whether a head of the page of places is of the first day of its period."""
    return "2022" in label


def _grids(app: AppTest) -> Iterator[dict[str, Any]]:
    """The tables of a page, as they are sent to the browser."""
    for node in nodes(app._tree):
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            for _, value in proto.ListFields():
                if isinstance(value, bytes) and value.startswith(b'{"caption"'):
                    yield json.loads(value)


def _html(app: AppTest) -> list[str]:
    """The head of a page, then the answer of a commune: what stands there by its label."""
    bodies = [str(block.proto.body) for block in app.get("html")]
    return [body for body in bodies if "obs-head" in body or "obs-gap" in body]


def nodes(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from nodes(child)
