"""What a newcomer needs is written down: every command, option, setting, source and service."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from observatory.commands import export, main
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


def commands() -> list[str]:
    """Every command of the command line, as typed."""
    own = [
        f"observatory {c.name or c.callback.__name__}"
        for c in main.app.registered_commands
        if c.callback
    ]
    return own + [
        f"observatory {group.name} {inner.name}"
        for group in main.app.registered_groups
        for inner in group.typer_instance.registered_commands  # type: ignore[union-attr]
    ]


def options() -> list[str]:
    """Every option of the command line."""
    functions = [main.refresh_command, main.info, export.export_gaps, main.serve]
    names = [p for f in functions for p in inspect.signature(f).parameters]
    spelled = {"as_json": "json", "format_": "format"}
    return sorted({"--" + spelled.get(n, n).replace("_", "-") for n in names})


def test_the_readme_is_there() -> None:
    assert README.is_file()


def test_every_command_and_option_is_in_the_readme() -> None:
    found = commands()
    assert len(found) >= 4
    assert missing([*found, *options()], README.read_text(encoding="utf-8")) == []


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
    folders = ["staging", "marts", "checks"]
    assert missing([f"pipelines/{f}/" for f in folders], documents()) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda p: p.name
)
def test_a_decision_says_its_context_choice_and_cost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# .+", text)
    assert len(text) > 200


def test_every_path_that_the_readme_names_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(((?!http)[^)#]+)\)", text)
    named = re.findall(r"`((?:observatory|pipelines|data|docs|tests)/[\w./-]+)`", text)
    assert linked
    absent = [p for p in [*linked, *named] if not (ROOT / p).exists()]
    assert [p for p in absent if p not in ("data/cache", "data/processed", "data/census")] == []


def test_every_service_says_what_it_is_on_the_screens() -> None:
    assert all(s.help and s.label for s in nomenclature().services.values())
