"""The tables of a PDF, read aloud: each figure has the heading of its row and of its column."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

from observatory.report.document import Document, table
from observatory.report.pdf import pdf
from observatory.report.row_headers import with_row_headers

GRID = table("Offre", ["Commune", "Places"], [["Arras", "12"], ["Athies", "3"]])


def elements(content: bytes, kind: str) -> Iterator[Any]:
    """The elements of a kind, in the order of the document."""

    def under(one: Any) -> Iterator[Any]:
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            for each in one:
                yield from under(each)
        elif isinstance(one, dict):
            if one.get("/S") == kind:
                yield one
            if "/K" in one:
                yield from under(one["/K"])

    return under(PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"])


def test_the_first_cell_of_a_row_heads_it_and_the_others_are_figures() -> None:
    made = pdf(Document("Atlas", "Sous-titre", "Territoire", contents=False, blocks=[GRID]))
    told = [
        [
            (str(cell["/S"]), *(str(a.get("/Scope")) for a in cell["/A"] if a["/O"] == "/Table"))
            for cell in row["/K"]
        ]
        for row in elements(made, "/TR")
    ]
    assert told == [
        [("/TH", "/Column"), ("/TH", "/Column")],
        [("/TH", "/Row"), ("/TD", "None")],
        [("/TH", "/Row"), ("/TD", "None")],
    ]


def test_the_same_file_gives_the_same_bytes_and_loses_no_word() -> None:
    made = pdf(Document("Atlas", "Sous-titre", "Territoire", contents=False, blocks=[GRID]))
    assert with_row_headers(made) == with_row_headers(made)
    (page,) = PdfReader(io.BytesIO(with_row_headers(made))).pages
    assert "Athies" in page.extract_text()
    assert PdfReader(io.BytesIO(made)).trailer["/Root"]["/MarkInfo"]["/Marked"]
