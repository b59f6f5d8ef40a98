"""Names of downloaded files: whose territory they are of, without a sign that a disk refuses."""

from __future__ import annotations

from typing import Any

import pytest

from observatory.ui.shell import data
from observatory.ui.shell.download_name import download_name


@pytest.mark.parametrize(
    ("territory", "name"),
    [
        ("Communauté urbaine d'Arras", "communaute-urbaine-d-arras-atlas-2026-01-01.pdf"),
        ("L'Haÿ-les-Roses", "l-hay-les-roses-atlas-2026-01-01.pdf"),
        ("../<b>CC</b> \u202e/x", "b-cc-b-x-atlas-2026-01-01.pdf"),
        ("", "atlas-2026-01-01.pdf"),
        ("mot " * 30, "mot-" * 10 + "atlas-2026-01-01.pdf"),
        ("m" * 90, "m" * 40 + "-atlas-2026-01-01.pdf"),
    ],
)
def test_a_download_bears_the_name_of_its_territory(
    monkeypatch: pytest.MonkeyPatch, territory: str, name: str
) -> None:
    said: dict[str, Any] = {"territory": {"name": territory}}
    monkeypatch.setattr(data, "info", lambda _: said)
    assert download_name(object(), "atlas-2026-01-01.pdf") == name  # type: ignore[arg-type]
