"""What heads every printed page; the rules of paper are in ``page.css``."""

from __future__ import annotations


def head_of_paper(head: str) -> str:
    """The rule that puts the product and the territory at the top of each page."""
    said = head.replace("\\", "").replace('"', "”").replace("<", "").replace("\n", " ")
    font = "font: 8pt system-ui, sans-serif; color: #333;"
    return f'@page {{ @top-left {{ content: "{said}"; {font} }} }}'
