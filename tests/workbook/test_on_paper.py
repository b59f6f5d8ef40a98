"""A sheet on paper: wide ones go on over the pages beside, and stay readable."""

from __future__ import annotations

import io
import re
import zipfile

from observatory.plan.plan_rows import plan_contract
from observatory.workbook.template import workbook


def test_a_wide_sheet_is_printed_over_several_pages_each_with_its_first_column() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(plan_contract()))) as parts:
        book = parts.read("xl/workbook.xml").decode()
        actions, steps = (
            parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2)
        )  # fmt: skip
    told = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', actions)
    wide = sum((int(last) - int(first) + 1) * float(width) for first, last, width in told)
    assert wide > 400  # on one page, at 10.9 inches, under four points
    assert 'fitToWidth="4"' in actions
    assert "fitToWidth" not in steps
    assert "Actions!$A:$A,Actions!$1:$1" in book
    assert "Étapes!$1:$1" in book
