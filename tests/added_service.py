"""Visits a copy of the product to which files alone added a service.

``added_service.py EXPORTS SERVICE CODE WORD…``, run in the copy, with the copy first on the path:
asks for some exports or for all of them (``every``), and says as JSON where the word is found, page
by page and export by export (there, the service's id too: what is for programs has no other name).
The pages are run by Streamlit's own tester, the exports by the command.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from app_pages import at_the_machine
from fixtures.machine import optimizers_left_out
from printed_pages import page_texts
from rail import nodes
from streamlit.testing.v1 import AppTest
from told import as_typed, told

from observatory.commands.main import main
from observatory.maps.picture import rendering
from observatory.report import docx_file, pptx_file
from observatory.settings import ROOT
from observatory.versions import warehouse

EXPORTS: dict[str, tuple[str, ...]] = {
    "ecarts.csv": ("export", "gaps", "--format", "csv"),
    "gaps.csv": ("export", "gaps", "--format", "csv-international"),
    "ecarts.xlsx": ("export", "gaps", "--format", "xlsx"),
    "ecarts.geojson": ("export", "gaps", "--format", "geojson", "--service", "{service}"),
    "ecarts.gpkg": ("export", "gaps", "--format", "gpkg"),
    "carte.svg": ("export", "map", "--service", "{service}"),
    "carte.html": ("export", "map", "--service", "{service}"),
    "atlas.pdf": ("report", "atlas"),
    "commune.pdf": ("report", "commune", "{code}"),
    "copil.pptx": ("report", "copil"),
    "schema.docx": ("report", "schema"),
    "modele.xlsx": ("census", "template"),
    "objectifs.xlsx": ("targets", "template"),
    "plan.xlsx": ("plan", "template"),
    "explication.json": ("explain", "--service", "{service}", "--format", "json"),
}
TO_SCREEN = ("explication.json",)
"""What has no file of its own."""
EVERY = "every"
DOCUMENTS = ("atlas.pdf", "copil.pptx", "schema.docx", "ecarts.gpkg", "carte.html", "gaps.csv")
"""What is long to write, or holds what another of its kind holds."""


def page_text(app: AppTest) -> str:
    """Everything that a page was made of: what is drawn, and what its components are told."""
    found: list[str] = []
    for node in nodes(app._tree):
        for field, value in getattr(getattr(node, "proto", None), "ListFields", list)():
            is_told = isinstance(value, bytes) and value.startswith(b"{")
            found.append(json.dumps(told(value), ensure_ascii=False) if is_told else str(value))
            found.append(str(field.name))
    return as_typed("\n".join(found))


def pages(service: str, code: str) -> Iterator[tuple[str, str]]:
    """Each page on the service and the commune; the table also with every service."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update({"service": service, "commune": code})
    app.run()
    for path in sorted((ROOT / "observatory" / "ui" / "pages").glob("[a-z]*.py")):
        for name, query in (
            (path.stem, {"service": service, "commune": code}),
            *([("tableau, tous", {"tableau": "tous"})] if path.stem == "tableau" else []),
        ):
            try:
                app.switch_page(str(path.relative_to(ROOT)))
            except ValueError:  # the map is the first page; another may not be listed
                continue
            app.query_params.update(query)
            app.run()
            assert not app.exception, (name, app.exception)
            yield name, page_text(app)


def text_of(path: Path, content: bytes) -> str:
    """The text of a file of any kind."""
    if path.suffix == ".pdf":
        return " ".join(page_texts(content))
    if path.suffix in (".xlsx", ".pptx", ".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(n).decode("utf-8", "ignore") for n in book.namelist())
    return content.decode("utf-8", "ignore")


def run(*arguments: str) -> None:
    """One command, which must end well."""
    code: Any = None
    try:
        main(list(arguments))
    except SystemExit as ended:
        code = ended.code
    assert not code, arguments


def visited(asked: str, service: str, words: tuple[str, ...], code: str) -> dict[str, Any]:
    """Where one of the words stands, or the service's id, among pages and exports."""
    warehouse.CONFIG |= {"threads": 1, "disabled_optimizers": optimizers_left_out()}
    for module in (docx_file, pptx_file):
        module.map_png = partial(rendering.map_png, scale=0.5)
    run("refresh", "--territory", "62001,62002,62003", "--offline")
    exported = {}
    for name, pattern in EXPORTS.items():
        if asked != EVERY and name in DOCUMENTS:
            continue
        path = Path(name)
        arguments = [a.format(service=service, code=code) for a in pattern]
        if name in TO_SCREEN:
            screen, sys.stdout = sys.stdout, io.StringIO()
            try:
                run(*arguments)
                content = sys.stdout.getvalue().encode()
            finally:
                sys.stdout = screen
        else:
            run(*arguments, "--out", name)
            content = path.read_bytes()
        exported[name] = " ".join(text_of(path, content).split())
    with at_the_machine():
        shown = dict(pages(service, code))
    return {
        "product": str(ROOT),
        "pages": {n: any(w in text for w in words) for n, text in shown.items()},
        "exports": {n: any(w in text for w in (service, *words)) for n, text in exported.items()},
    }


if __name__ == "__main__":
    own_exports, own_service, own_code, *own_words = sys.argv[1:]
    Path("found.json").write_text(
        json.dumps(visited(own_exports, own_service, tuple(own_words), own_code)), encoding="utf-8"
    )
