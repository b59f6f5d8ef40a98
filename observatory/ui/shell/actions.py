"""Runs at most one background command for a planner: load a census, refresh.

The command line does the work, so that a page that is closed stops nothing, and the app never
imports the pipeline. Each action asks again who acts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import streamlit as st

from observatory.errors import RequestError, VersionError
from observatory.knowledge.territory import DEFAULT
from observatory.settings import ROOT, Settings
from observatory.stores.author import author
from observatory.ui.shell.access import account_id, require_planner
from observatory.versions import record, warehouse
from observatory.versions.record import RefreshRequest

REFRESH = "actualisation"
CHANGE = "changement de territoire"
PLANNER = "planificateur"  # the function of whoever does not say theirs


@dataclass(frozen=True)
class RunningCommand:
    """A command at work, or done.

    Attributes
    ----------
    title : str
        What it does, for the pages.
    process : subprocess.Popen
        The command.
    log : Path
        Where it writes; a file, so that nobody has to read it for the command to go on.
    """

    title: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def status(self) -> int | None:
        """Exit status, None while it works."""
        return self.process.poll()

    def lines(self) -> list[str]:
        """What it said so far."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Outcome:
    """Whether a command failed, and its last word."""

    failed: bool
    text: str


class Bench:
    """Runs at most one command at a time for the whole server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.last: RunningCommand | None = None

    def start(self, title: str, arguments: Sequence[str]) -> RunningCommand:
        """Start a command.

        Raises
        ------
        RequestError
            When another one is still at work.
        """
        with self._lock:
            if self.last and self.last.status is None:
                raise RequestError(
                    f"une autre opération est en cours ({self.last.title})",
                    mend="Attendre qu'elle se termine, puis recommencer.",
                )
            if self.last:
                self.last.log.unlink(missing_ok=True)
            with tempfile.NamedTemporaryFile(suffix=".log", delete=False) as log:
                process = subprocess.Popen(
                    [sys.executable, "-u", "-m", "observatory.commands.main", *arguments],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self.last = RunningCommand(title, process, Path(log.name))
            return self.last


@st.cache_resource(show_spinner=False)
def bench() -> Bench:
    """The server's only bench."""
    return Bench()


def load_census(
    files: Sequence[Path],
    folder: Path,
    mapping: Path | None = None,
    *,
    function: str = PLANNER,
    why: str = "",
) -> RunningCommand:
    """Load the accepted rows of files and publish a version; give the command once it is done.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    own = ["--mapping", str(mapping)] if mapping else []
    whole = [*map(str, files), "--folder", str(folder), f"--why={why}", *own]
    return _done("chargement d'un recensement", ["census", "load", *whole], function)


def publish_edits(draft: Path, function: str, why: str) -> RunningCommand:
    """Publish a draft of edits and a version of them; give the command once it is done.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    asked = ["census", "edit", f"--draft={draft}", f"--why={why}"]
    return _done("publication de modifications", asked, function)


def revert_edits(generation: int) -> RunningCommand:
    """Undo the edits of a generation and publish a version; give the command once it is done.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    function = st.session_state.get("fonction", PLANNER)
    return _done("annulation d'une modification", ["census", "revert", str(generation)], function)


def publish_plan_edits(draft: Path, function: str, why: str) -> RunningCommand:
    """Publish a draft of edits of the plan and a version of them; give the command once it is done.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    asked = ["plan", "edit", f"--draft={draft}", f"--why={why}"]
    return _done("publication du plan", asked, function)


def step_plan(step: Literal["undo", "redo"]) -> RunningCommand:
    """Undo the last change of the plan, or put it back, and publish a version; once it is done.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    function = st.session_state.get("fonction", PLANNER)
    return _done("retour sur un changement du plan", ["plan", step], function)


def _done(title: str, arguments: Sequence[str], function: str) -> RunningCommand:
    """A command of what people wrote, once it is done: signed by the function, account kept."""
    require_planner()
    who = f"--who={author(function, account_id())}"
    job = bench().start(title, [*arguments, who])
    job.process.wait()
    return job


def outcome(job: RunningCommand, otherwise: str) -> Outcome:
    """What a command that is done has to say to the person who asked for it."""
    lines = job.lines()
    failed = [line for line in lines if line.startswith("Erreur")]
    if failed or job.status != 0:
        return Outcome(True, "\n\n".join(failed) or otherwise)
    return Outcome(False, lines[-1] if lines else "")


def refresh(*, network: bool) -> RunningCommand:
    """Start building the version in service again, from newer files; do not wait.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    require_planner()
    return bench().start(REFRESH, refresh_arguments(asked(), network=network))


def change_territory(territory: str, *, network: bool) -> RunningCommand:
    """Start building the version of another territory; do not wait. The one in service stays
    until it is there, and if it never is.

    Raises
    ------
    RequestError
        When the visit has no right to, or another command is at work.
    """
    require_planner()
    _, _, _, *options = refresh_arguments(
        replace(asked(), territory=territory, membership=None), network=network
    )
    return bench().start(CHANGE, ["territory", "use", territory, *options])


def asked() -> RefreshRequest:
    """What the version in service was asked for; the default territory when there is none."""
    try:
        with warehouse.in_service(Settings.from_env()) as con:
            return record.request(con)
    except VersionError:
        return RefreshRequest(DEFAULT, None, None, offline=True)


def refresh_arguments(asked: RefreshRequest, *, network: bool) -> list[str]:
    """The command that builds the same version again; ``OBSERVATORY_*`` settings still hold."""
    arguments = ["refresh", "--territory", asked.territory]
    if asked.membership:
        arguments += ["--membership", asked.membership]
    # The operator's own mirror, when it is set, is read by the command itself.
    if asked.mirror and not Settings.from_env().mirror:
        arguments += ["--mirror", str(asked.mirror)]
    return arguments if network else [*arguments, "--offline"]
