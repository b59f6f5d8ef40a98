"""PDF of a document."""

from __future__ import annotations

import dataclasses
import json
from importlib import resources

from observatory.report.document import Document
from observatory.typesetting import typeset

STANDARD = "ua-1"
"""PDF/UA-1: tagged, readable by a screen reader."""


def pdf(document: Document) -> bytes:
    """Draw a document.

    Raises
    ------
    ObservatoryError
        When Typst cannot draw it.
    """
    template = resources.files("observatory.report").joinpath("atlas.typ").read_text("utf-8")
    data = json.dumps(dataclasses.asdict(document), ensure_ascii=False, allow_nan=False)
    return typeset(template, {"document": data}, format="pdf", pdf_standards=STANDARD)
