"""PDF of a document."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from observatory.report.document import Document
from observatory.report.row_headers import with_row_headers
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
    return tagged_pdf("atlas.typ", "document", dataclasses.asdict(document))


def tagged_pdf(template: str, name: str, data: Mapping[str, Any]) -> bytes:
    """Typeset data with a template of this room, as PDF/UA-1.

    Parameters
    ----------
    template : str
        Its file.
    name : str
        What the template calls the data, which it reads as JSON.

    Raises
    ------
    ObservatoryError
        When Typst cannot draw it.
    """
    source = resources.files("observatory.report").joinpath(template).read_text("utf-8")
    told = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return with_row_headers(typeset(source, {name: told}, format="pdf", pdf_standards=STANDARD))
