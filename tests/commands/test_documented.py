"""What a newcomer needs is written down: every command, option, setting, source and service."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from observatory.commands import main
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.territory import presets
from observatory.settings import ROOT, Settings
from observatory.sources.catalogue import read_sources

README = ROOT / "README.md"


def documents() -> str:
    """The README and every page of docs/."""
    pages = [README, *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(p.read_text(encoding="utf-8") for p in pages if p.is_file())


def missing(wanted: list[str], text: str) -> list[str]:
    return [w for w in wanted if not re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", text)]


@pytest.mark.parametrize(
    "path", [README, *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name
)
def test_a_row_of_a_table_has_the_cells_of_its_head(path: Path) -> None:
    """A row pasted into another breaks both, and a browser shows it without a word."""
    cells = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            cells = 0
            continue
        found = len(re.findall(r"(?<!\\)\|", line))
        assert found == (cells or found), line
        cells = found


@cache
def commands() -> dict[str, list[str]]:
    """Options of every command, sub-commands included, by the command as it is typed."""

    def leaves(command: Any, typed: list[str]) -> Iterator[tuple[str, list[str]]]:
        for name, inner in getattr(command, "commands", {}).items():
            yield from leaves(inner, [*typed, name])
        if not hasattr(command, "commands") or command.invoke_without_command:
            spelled = [o for p in command.params for o in [*p.opts, *p.secondary_opts]]
            yield " ".join(typed), [o for o in spelled if o.startswith("--")]

    return dict(leaves(typer.main.get_command(main.app), ["observatory"]))


@cache
def words_of_the_product() -> dict[str, str]:
    """Every text that is neither a docstring nor a comment, by the file it stands in."""
    found = {}
    for folder in ("observatory", "pipelines"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            notes = {
                id(node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            }
            texts = [
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in notes
            ]
            found[str(path.relative_to(ROOT))] = "\n".join(texts)
    return found


def test_a_mend_is_a_command_of_the_observatory_never_a_target_of_the_makefile() -> None:
    targets = re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert "pipeline" in targets
    named = re.compile(rf"\bmake ({'|'.join(targets)})\b")
    assert [p for p, text in words_of_the_product().items() if named.search(text)] == []


def test_a_command_that_a_message_names_exists() -> None:
    known = {tuple(c.split()[1:]) for c in commands()}
    begun = {c[:n] for c in known for n in range(1, len(c) + 1)}
    wrong = {
        (path, name)
        for path, text in words_of_the_product().items()
        for name in re.findall(r"(?<![\w/])observatory ([a-z]+(?: [a-z]+)?)", text)
        if tuple(name.split()[:1]) not in begun
    }
    assert wrong == set()


def row_of(command: str, text: str) -> str:
    """The line of the README's table that describes a command; empty when there is none."""
    found = re.findall(rf"(?m)^\| `{re.escape(command)}(?=[ `]).*$", text)
    return "".join(found)


def test_the_readme_is_there() -> None:
    assert README.is_file()


@pytest.mark.parametrize(("command", "options"), commands().items())
def test_every_command_and_option_is_in_the_readme(command: str, options: list[str]) -> None:
    row = row_of(command, README.read_text(encoding="utf-8"))
    assert row, "no line of the README's table"
    assert missing(options, row) == []
    assert set(re.findall(r"--[a-z][a-z-]*", row)) <= set(options)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    text = README.read_text(encoding="utf-8")
    named = re.findall(r"(?m)^\| `(observatory [a-z]+(?: [a-z]+){0,2})", text)
    assert len(named) >= len(commands())
    assert {n for n in named if n not in commands() and n.rpartition(" ")[0] not in commands()} == (
        set()
    )


def test_every_target_of_the_makefile_is_in_the_readme() -> None:
    targets = re.findall(r"(?m)^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert {"run", "test", "pipeline", "check", "help"} <= set(targets)
    wanted = [f"make {t}" for t in targets if t != "clean"]
    assert missing(wanted, README.read_text(encoding="utf-8")) == []


def test_every_setting_is_in_the_readme() -> None:
    settings = sorted(set(re.findall(r"OBSERVATORY_[A-Z_]+", inspect.getsource(Settings))))
    assert len(settings) >= 4
    assert missing(settings, README.read_text(encoding="utf-8")) == []


def test_every_named_territory_is_in_the_readme() -> None:
    assert missing(list(presets()), README.read_text(encoding="utf-8")) == []


def test_every_producer_of_a_source_is_documented() -> None:
    producers = {s.producer.split(",")[0] for s in read_sources(Settings().raw_dir).values()}
    territory_own = {"Territoire"}
    assert missing(sorted(producers - territory_own), documents()) == []


def test_every_folder_of_the_pipeline_is_in_the_readme() -> None:
    folders = ["staging", "marts", "checks", "answers"]
    assert missing([f"pipelines/{f}/" for f in folders], documents()) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda p: p.name
)
def test_a_decision_says_its_context_choice_and_cost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# .+", text)
    assert len(text) > 200


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs"])
def test_every_path_that_a_document_names_is_there(page: str) -> None:
    place = ROOT / page
    pages = sorted(place.rglob("*.md")) if place.is_dir() else [place]
    absent = []
    for one in pages:
        text = one.read_text(encoding="utf-8")
        linked = re.findall(r"\]\(((?!http|/|#)[^)#\s]+)", text)
        named = re.findall(r"`((?:observatory|pipelines|data|docs|tests|deploy)/[\w./-]+)`", text)
        absent += [f"{one.name}: {p}" for p in linked if not (one.parent / p).exists()]
        absent += [f"{one.name}: {p}" for p in named if not (ROOT / p).exists()]
    written = re.compile(r"data/(cache|processed|census)\b")  # made by use
    assert [p for p in absent if not written.search(p)] == []


def test_every_service_says_what_it_is_on_the_screens() -> None:
    assert all(s.help and s.label for s in nomenclature().services.values())
