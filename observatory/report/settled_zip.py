"""An office file whose bytes say nothing of when and where it was written: the same twice."""

from __future__ import annotations

import io
import re
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)
STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")


def settled(content: bytes, made: str) -> bytes:
    """The same file, every date in it that of its data; the workbooks of its charts too.

    Parameters
    ----------
    made : str
        A moment in UTC, in ISO form: ``2026-11-22T09:12:00Z``.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name.endswith(".xlsx"):
                part = settled(part, made)
            elif name == "docProps/core.xml":
                part = STAMP.sub(rb"\g<1>" + made.encode() + rb"\g<3>", part)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return out.getvalue()
