"""The house: one name for one thing, and a first line that says what each module is."""

from __future__ import annotations

import ast
from collections import defaultdict

from observatory.settings import ROOT

MODULES = sorted((ROOT / "observatory").rglob("*.py"))
TYPED = ("commands", "pages")  # named after what a person types or opens


def test_no_two_modules_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        if path.name != "__init__.py" and path.parent.name not in TYPED:
            places[path.name].append(str(path.relative_to(ROOT)))
    assert len(places) > 100
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_two_public_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert len(places) > 50
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
