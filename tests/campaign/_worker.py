"""A process that runs commands in children of its own, and stops each where it is told to.

``python -m tests.campaign._worker``. It reads a line of JSON, a list of jobs to run at once, and
answers with a line: of each job its exit status (negative: the signal that ended it) and how many
file operations it began. A job is ``{"argv": […], "env": {…}, "folder": …, "raw": …, "log": …}``
and, to stop it: ``at``, the operation before which ``how`` happens (``KILL``, ``TERM``, ``full``:
no room once, ``full-for-good``), or ``after``, seconds; ``largest``, bytes that a file may hold.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any

NAMES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Stop:
    """Counts the file operations of a process under a folder, and stops one of them."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.folder, self.at, self.how = str(job["folder"]), job.get("at"), job.get("how", "")
        self.begun = 0

    def step(self) -> None:
        """One more operation begins."""
        self.begun += 1
        if self.at is None or self.begun < self.at:
            return
        if self.how == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.how == "TERM" and self.begun == self.at:
            os.kill(os.getpid(), signal.SIGTERM)
        if self.how == "full-for-good" or (self.how == "full" and self.begun == self.at):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """See an operation of Python's, before it is done."""
        if event not in NAMES or self.folder not in str(arguments[0]):
            return
        if event == "open" and not (arguments[2] or 0) & WRITING:
            return
        self.step()

    def install(self) -> None:
        """Watch this process from now on."""
        sync = os.fsync

        def synced(handle: int) -> None:
            self.step()
            sync(handle)

        os.fsync = synced
        sys.addaudithook(self.hook)


def run(job: dict[str, Any], told: int) -> None:
    """Run a job to its end, in a process that is its own; never returns."""
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.update(job["env"])
    stop = Stop(job)
    status = 0
    try:
        if largest := job.get("largest"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        if after := job.get("after"):
            number = getattr(signal, f"SIG{job['how']}")
            timer = threading.Timer(after, os.kill, (os.getpid(), number))
            timer.daemon = True
            timer.start()
        stop.install()
        _command(job)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException as error:
        print(f"Traceback: {error!r}", file=sys.stderr)
        status = 99
    sys.stdout.flush()
    os.write(told, f"{stop.begun}\n".encode())
    os._exit(status)


def _command(job: dict[str, Any]) -> None:
    from observatory.commands.main import main
    from observatory.settings import Settings

    asked = Settings.from_env

    def small(environ: Any = None) -> Settings:
        folder = Path(job["folder"])
        return dataclasses.replace(
            asked(environ), raw_dir=Path(job["raw"]), static_dir=folder / "static", offline=True
        )

    Settings.from_env = small  # type: ignore[method-assign, assignment]
    if job["argv"] == ["static"]:
        from observatory.ui.shell.static import Outline, prepare

        try:
            prepare(small().static_dir, "v1", [Outline("62001", "Aval", '{"type":"Point"}')])
        except OSError as error:  # the app's own door says it to the visitor
            sys.exit(f"Erreur : {error}")
        sys.exit(0)
    main(job["argv"])


def main() -> None:
    """Answer every line with what became of its jobs."""
    import pipelines.refresh  # noqa: F401  (read once, for every child)

    print("ready", flush=True)
    for line in sys.stdin:
        children = []
        for job in json.loads(line):
            heard, told = os.pipe()
            child = os.fork()
            if not child:
                run(job, told)
            os.close(told)
            children.append((child, heard))
        answers = []
        for child, heard in children:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with os.fdopen(heard) as pipe:
                answers.append([status, int(pipe.read() or 0)])
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
