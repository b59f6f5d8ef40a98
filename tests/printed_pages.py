"""The text of a PDF as a reader's program finds it, in a thirtieth of pypdf's time.

pypdf, which reads the outline and what a document says of itself, interprets each stroke of each
map in Python.
"""

from __future__ import annotations

import pypdfium2

LINE_END = "\ufffe"
"""Where a line ends on a hyphen."""


def page_texts(content: bytes) -> list[str]:
    """The text of each page, in the order of the document."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [
            page.get_textpage().get_text_range().replace(LINE_END, "-")
            for page in (pdf[n] for n in range(len(pdf)))
        ]
