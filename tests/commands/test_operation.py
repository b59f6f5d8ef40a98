"""What the guide tells the operator to type is run as it is written."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from observatory.commands import main
from observatory.settings import ROOT, Settings
from observatory.stores.store import Store
from observatory.versions import warehouse

GUIDE = (ROOT / "docs" / "deploiement.md").read_text(encoding="utf-8")
COMMUNES = "62041,62004"
OFFER = (
    "identifiant;nom;service;statut;gestionnaire;code_insee;adresse;longitude;latitude;jour;"
    "capacite;depuis;ouverture;fermeture;source;date_source;demonstration\n"
    "{0};{0};eaje_psu;public;Ville;62041;;2.77;50.29;;20;;2019-01-01;;Enquête;2024-06-30;non\n"
)


def written_under(heading: str) -> str:
    """The commands of a part of the guide."""
    part = GUIDE.partition(f"### {heading}\n")[2].partition("\n##")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", part, re.S)
    return str(block)


class Machine:
    """A folder that stands for the server."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        self.census, self.processed = folder / "census", folder / "processed"
        for name, value in {
            "PROCESSED_DIR": str(self.processed),
            "CACHE_DIR": str(folder / "cache"),
            "CENSUS_DIR": str(self.census),
            "OFFLINE": "1",
            "TERRITORY": COMMUNES,
        }.items():
            patch.setenv(f"OBSERVATORY_{name}", value)

    def type(self, commands: str) -> str:
        """Type commands, a line each; what ours said. One that fails fails the test."""
        told = io.StringIO()
        lines = commands.replace("/var/lib/observatory", str(self.folder)).replace("\\\n", "")
        for line in lines.splitlines():
            words = [os.path.expandvars(word) for word in shlex.split(line)]
            if words[0] == "cd":
                self.patch.chdir(words[1])
            elif words[0] == "observatory":
                with redirect_stdout(told), redirect_stderr(told):
                    with pytest.raises(SystemExit) as stop:
                        main.main(words[1:])
                    assert not stop.value.code, told.getvalue()
            else:
                subprocess.run(["sh", "-e", "-c", line], check=True)
        return told.getvalue()

    def load(self, name: str) -> None:
        """Put a census of one crèche in service."""
        with Store(self.census).writing() as writing:
            writing.commit("load", {"offre.csv": OFFER.format(name).encode()})

    def served(self) -> bytes:
        """The crèche of the census in service."""
        return Store(self.census).read()[1]["offre.csv"].splitlines()[1].split(b";")[0]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_a_census_is_saved_then_restored(machine: Machine) -> None:
    machine.load("AVANT")
    machine.type(written_under("Sauvegarder le recensement"))
    machine.load("APRES")
    said = machine.type(written_under("Restaurer le recensement d'une sauvegarde"))
    assert "Rien ne manque" in said
    assert machine.served() == b"AVANT"
    assert "dégradé" not in machine.type("observatory info")
    # What stood there is still aside: nothing was thrown away.
    assert Store(machine.folder / "census.avant").head().sequence == 2


@pytest.mark.campaign
def test_a_former_version_is_put_back_then_an_upgrade_goes_on(machine: Machine) -> None:
    # A census as older programs kept it: files directly in the folder.
    machine.census.mkdir()
    (machine.census / "offre.csv").write_text(OFFER.format("ANCIENNE"), encoding="utf-8")
    machine.type('observatory refresh --territory "$OBSERVATORY_TERRITORY"')
    first = warehouse.current(machine.processed)
    said = machine.type(written_under("Mettre à jour l'observatoire"))
    second = warehouse.current(machine.processed)
    assert second != first
    assert f"Version {second}" in said
    said = machine.type(written_under("Revenir à une version publiée"))
    assert f"Version {first}" in said
    assert warehouse.current(machine.processed) == first
    assert warehouse.versions(machine.processed) == [first, second]
    assert [p.name for p in machine.processed.iterdir() if p.name[0] == "."] == []
    machine.load("NOUVELLE")
    assert Store(machine.census).read()[1]["offre.csv"].count(b"NOUVELLE") == 2
    assert [e.kind for e in Store(machine.census).history()] == ["former", "load"]


def names(file: str) -> set[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {m.lower() for m in re.findall(r"(?m)^([A-Za-z][\w.-]*)==", text)}


def test_production_installs_no_test_tool() -> None:
    tools = {"pytest", "pytest-xdist", "hypothesis", "mypy", "ruff", "playwright", "import-linter"}
    assert tools <= names("requirements-dev.txt")
    assert not tools & names("requirements.txt")
    assert len(names("requirements.txt")) > 20


def test_the_proxy_lets_the_health_address_through() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    refused = re.findall(r"(?m)^\s*respond (\S+) \d+", caddy)
    assert refused
    assert not [r for r in refused if "/health".startswith(r.rstrip("*"))]


LEFT_OUT = """
import sys
from pathlib import Path

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in %r:
            raise ImportError(name)

sys.meta_path.insert(0, Absent())
from streamlit.testing.v1 import AppTest

app = AppTest.from_file(%r, default_timeout=60)
app.run()
for page in sorted(Path(%r).glob("[a-z]*.py")):
    if page.stem in ("connexion", "recensement", "modifier", "journal"):  # by name or by role
        continue
    app.switch_page(str(page))
    app.run()
    assert not app.exception, (page, app.exception)
"""


@pytest.mark.campaign
def test_the_app_runs_without_what_make_run_does_not_install(embedded_settings: Settings) -> None:
    """``requirements.txt`` leaves out kinds of charts that Streamlit asks for and nobody uses."""
    charts = ("altair", "jsonschema", "referencing", "rpds", "pydeck", "narwhals")
    assert not names("requirements.txt") & {"altair", "jsonschema", "pydeck", "narwhals"}
    pages = ROOT / "observatory" / "ui" / "pages"
    subprocess.run(
        [sys.executable, "-c", LEFT_OUT % (charts, str(ROOT / "app.py"), str(pages))],
        cwd=ROOT,
        env={**os.environ, "OBSERVATORY_PROCESSED_DIR": str(embedded_settings.processed_dir)},
        check=True,
        timeout=120,
    )
