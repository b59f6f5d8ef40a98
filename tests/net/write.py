"""The net of one territory: build it, ask everything of it, keep the answers as text."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import asked
from .census import write_census
from .command import Command, Said
from .files import as_text, text_hash, version_tables
from .normalise import STAMP, Normaliser, in_order
from .territories import AS_OF, Territory

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Net:
    """A territory at work: its command, where its answers go, and since when."""

    territory: Territory
    folder: Path
    work: Path
    mirror: Path
    env: dict[str, str] = field(init=False)
    started: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=lambda: sum(os.times()[:4]))

    def __post_init__(self) -> None:
        """Give every folder that the product writes a place of the run's own."""
        self.env = {
            "OBSERVATORY_PROCESSED_DIR": str(self.work / "processed"),
            "OBSERVATORY_CENSUS_DIR": str(self.work / "census"),
            "OBSERVATORY_CACHE_DIR": str(self.work / "cache"),
            "OBSERVATORY_OFFLINE": "1",
        }
        self.files = self.work / "files"
        self.files.mkdir()
        self.command = Command(self.env, self.files)

    @property
    def rules(self) -> Normaliser:
        """The rules at this moment: more versions may have been published since."""
        found = sorted((self.work / "processed").glob("*.duckdb"))
        stamps = [m.group() for p in found if (m := STAMP.search(p.name))]
        folders = {
            str(self.files): "<files>",
            str(self.work): "<work>",
            str(self.mirror): "<mirror>",
            str(ROOT): "<root>",
        }
        return Normaliser.of_run(stamps, folders)

    def keep(self, name: str, text: str) -> None:
        """Write a text of the net, to the letter."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))

    def ask(self, log: str, arguments: str, *more: str, put: Callable[[str], str] = str) -> Said:
        """Run a command, and keep what it said under a name, its output put in another form."""
        given = [*arguments.split(), *more]
        said = self.command(*given)
        out = said.out.decode("utf-8")
        out = out if said.code else put(out)
        text = f"$ {' '.join(given)}\nexit {said.code}\n--- stderr\n{said.err}--- stdout\n{out}"
        self.keep(f"commands/{log}.txt", self.rules.log(text))
        return said

    def collect(self, into: str) -> None:
        """Keep every file that the commands wrote since the last time, then remove it."""
        rules = self.rules
        for path in sorted(p for p in self.files.rglob("*") if p.is_file()):
            name = path.relative_to(self.files)
            self.keep(f"{into}/{name}.txt", rules.text(as_text(path)))
            path.unlink()

    def tell(self, step: str) -> None:
        """Say how far the work is."""
        spent = time.monotonic() - self.started
        used = sum(os.times()[:4]) - self.used
        print(f"{self.territory.name}: {spent:4.0f} s, {used:4.0f} s of work  {step}", flush=True)


def write(territory: Territory, folder: Path, mirror: Path, *, quick: bool = False) -> None:
    """Write the net of a territory into a folder, whole or a quick part of it."""
    with tempfile.TemporaryDirectory(prefix="net-") as work:
        net = Net(territory, folder.resolve(), Path(work).resolve(), mirror)
        build(net)
        if quick:
            some_of_each(net)
            return
        if territory.census == "first":
            load_census(net)
        keep_version(net, "version")
        tables(net)
        maps(net)
        reports(net)
        pages(net, territory.choices)
        if territory.census == "last":
            load_census(net)
            keep_version(net, "version-with-census")
        if territory.name == "embedded":
            help_and_refusals(net)


def build(net: Net) -> None:
    """Publish the first version."""
    source = ("--mirror", str(net.mirror)) if net.territory.mirrored else ()
    said = net.ask("refresh", "refresh --territory", net.territory.asked, *source)
    if said.code:
        raise SystemExit(f"{net.territory.name}: no version was built\n{said.err}")
    net.tell("version built")


def some_of_each(net: Net) -> None:
    """A file of each kind, the pages as they open, the version: enough to try the net itself."""
    for name, command in asked.some_of_each(net.territory).items():
        net.ask(name, f"{command} --as-of {AS_OF} --out {name}")
    net.collect("files")
    net.ask("info.json", "info --json")
    keep_version(net, "version")
    pages(net, "none")


def tables(net: Net) -> None:
    """Export the gap tables and layers, and print what can be."""
    files = asked.of_territory(asked.gaps(net.territory), net.territory)
    for name, options in files.items():
        date = "" if "--as-of" in options else f"--as-of {AS_OF}"
        net.ask(f"gaps {name}", f"export gaps {options} {date} --out {name}")
    net.ask("reconcile", "census reconcile --out reconcile.csv")
    net.collect("tables")
    for name, command in asked.printed().items():
        net.ask(name, command)
    net.tell("tables exported")


def maps(net: Net) -> None:
    """Draw the maps."""
    pictures = asked.of_territory(asked.maps(net.territory), net.territory)
    for name, options in pictures.items():
        date = "" if "--as-of" in options else f"--as-of {AS_OF}"
        net.ask(f"map {name}", f"export map {options} {date} --out {name}")
    net.collect("maps")
    net.tell("maps drawn")


def reports(net: Net) -> None:
    """Make the documents."""
    for name, command in asked.reports(net.territory).items():
        net.ask(f"report {name}", f"{command} --as-of {AS_OF} --out {name}")
    net.tell("documents made")
    net.collect("reports")
    net.tell("documents read")


def pages(net: Net, choices: str) -> None:
    """Visit every page in a process of its own; Streamlit keeps much for as long as it lives."""
    sent = net.work / "pages"
    sent.mkdir()
    commune = net.territory.communes[0]
    command = [sys.executable, "-m", "tests.net.pages", str(sent), commune, choices]
    env = {k: v for k, v in os.environ.items() if not k.startswith("OBSERVATORY_")}
    env |= {**net.env, "TZ": "UTC"}
    subprocess.run(command, check=True, cwd=ROOT, env=env)
    rules = net.rules
    for path in sorted(sent.iterdir()):
        net.keep(f"pages/{path.name}", rules.page(path.read_bytes().decode("utf-8")))
    net.tell("pages visited")


def load_census(net: Net) -> None:
    """Check and load the census of the net, take it back, and compare the two versions."""
    net.ask("census template", "census template --out template.xlsx")
    net.ask("census template csv", "census template --out template.csv")
    net.ask("census export nothing", "census export --out nothing.csv")
    names = write_census(net.files, net.territory.communes)
    net.ask("census check", "census check --all", *names)
    net.ask("census load", "census load --all", *names)
    net.ask("census load again", "census load", *names)
    net.ask("census export", "census export --out census.xlsx")
    net.ask("census export csv", "census export --out census.csv")
    net.ask("census reconcile", "census reconcile --out census-reconcile.csv")
    net.ask("diff", f"diff --as-of {AS_OF}")
    net.ask("diff json", f"diff --as-of {AS_OF} --json", put=in_order)
    net.collect("census")
    net.tell("census loaded")


def keep_version(net: Net, name: str) -> None:
    """Keep every table of the version in service, and one list of their hashes."""
    current = (net.work / "processed" / "CURRENT").read_text().strip()
    hashes = []
    rules = net.rules
    for table, text in version_tables(net.work / "processed" / current):
        told = rules.text(text)
        net.keep(f"{name}/{table}.csv", told)
        hashes.append(f"{text_hash(told)} {table} {told.count(chr(10)) + 1} lines")
    net.keep(f"{name}/hashes.txt", "\n".join(hashes))
    net.tell(f"{name}: {len(hashes)} tables")


def help_and_refusals(net: Net) -> None:
    """Keep the help of every command, and what the command says when it refuses."""
    net.ask("help", "--help")
    for name in (*asked.GROUPS, *asked.COMMANDS):
        net.ask(f"help {name}", f"{name} --help")
    for number, command in enumerate(asked.refused(net.territory), 1):
        net.ask(f"refused {number:02}", command)
    net.collect("refused")
    net.tell("refusals heard")
