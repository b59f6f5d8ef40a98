"""The first cell of each row of a tagged PDF as the heading of its row.

Typst tags the headings of columns alone: a screen reader would read a figure without saying whose.
"""

from __future__ import annotations

import io


def with_row_headers(content: bytes) -> bytes:
    """The same file, the first cell of each row of a table's body tagged TH, scope Row.

    The same file gives the same bytes.
    """
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as file:
        for part in file.objects:
            if not isinstance(part, pikepdf.Dictionary) or part.get("/S") != "/TBody":
                continue
            for row in part.K:
                first = row.K[0]
                if first.S == "/TD":
                    first.S = pikepdf.Name.TH
                    told = next(one for one in first.A if one.O == "/Table")
                    told.Scope = pikepdf.Name.Row
        file.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return out.getvalue()
