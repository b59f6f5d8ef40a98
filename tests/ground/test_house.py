"""The house: one name for one thing, and a first line that says what each module is."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from observatory.settings import ROOT

MODULES = sorted((ROOT / "observatory").rglob("*.py"))
SQL = sorted((ROOT / "pipelines").rglob("*.sql"))
MOST_COLUMNS = 100
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


@pytest.mark.parametrize("path", SQL, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_sql_fits_the_page_and_says_its_grain(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("-- ")
    # The first line of a check is its promise, in one line, in the words that the operator reads.
    written = lines[1:] if path.parent.name == "checks" else lines
    assert [line for line in written if len(line) > MOST_COLUMNS] == []
    grains = [line for line in lines if re.match(r"-- [\w.]+(\([^)]*\))?: one row", line)]
    assert [line for line in grains if " per " not in line] == []


@pytest.mark.parametrize("path", SQL, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_an_answer_is_one_macro_in_a_file_of_its_name(path: Path) -> None:
    made = re.findall(r"(?m)^CREATE (?:OR REPLACE )?MACRO (\w+)", path.read_text(encoding="utf-8"))
    assert path.parent.name != "answers" or made == [path.stem]


def test_who_serves_the_app_installs_no_tool_of_the_tests() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = {re.split("[=<>]", line)[0] for line in described["optional-dependencies"]["dev"]}
    pinned = {
        name: set(re.findall(r"(?m)^([\w-]+)==", (ROOT / name).read_text(encoding="utf-8")))
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    assert tools & pinned["requirements.txt"] == set()
    assert tools | pinned["requirements.txt"] <= pinned["requirements-dev.txt"]


def test_a_server_installs_the_same_pins_each_with_its_digests_and_no_address() -> None:
    plain = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    digests = (ROOT / "deploy" / "requirements.txt").read_text(encoding="utf-8")
    pins = re.compile(r"(?m)^[\w.-]+==\S+")
    assert pins.findall(digests) == pins.findall(plain)
    for package in re.split(r"\n(?=\S)", digests):
        assert package.startswith("#") or "--hash=sha256:" in package, package[:60]
    assert "//" not in digests
