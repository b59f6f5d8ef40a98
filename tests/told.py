"""What a component of ours is told, read from its bytes as the browser reads them."""

from __future__ import annotations

import gzip
import json
from typing import Any


def told(sent: bytes) -> dict[str, Any]:
    """The message of a component.

    Raises
    ------
    ValueError
        When these bytes are no message: a table of Arrow, a picture.
    """
    own, _, ready = sent.partition(b"\n")
    return {**json.loads(own), **json.loads(plain(ready) or b"{}")}


def plain(sent: bytes) -> bytes:
    """Bytes that may have been compressed."""
    return gzip.decompress(sent) if sent.startswith(b"\x1f\x8b") else sent


def as_typed(text: str) -> str:
    """A French text as one types it: the spaces that hold signs to their word are plain."""
    return text.replace("\u00a0", " ")
