"""The installed command, run again and again without reading its modules each time."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

LATE = ("pyogrio", "typst")
"""Libraries that the product reads when it needs them: read once too."""
SCRIPT = Path(sys.executable).parent / "observatory"
PLAIN = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LANG": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Said:
    """What a command said: its exit status and its two streams."""

    code: int
    out: bytes
    err: str


class Command:
    """The command with the settings of a run; each call is a process of its own.

    The script is read once here, under another name than a program's, which loads what it imports;
    each call is then a copy of this process that runs it as the program.
    """

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self.env = {**PLAIN, **env}
        self.folder = folder
        runpy.run_path(str(SCRIPT), run_name="read")
        for late in LATE:
            import_module(late)

    def __call__(self, *arguments: str) -> Said:
        """Run it with arguments, in the run's folder."""
        streams = [self.folder / ".out", self.folder / ".err"]
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if not child:
            self._become(arguments, streams)
        _, status = os.waitpid(child, 0)
        out, err = (path.read_bytes() for path in streams)
        for path in streams:
            path.unlink()
        return Said(os.waitstatus_to_exitcode(status), out, err.decode("utf-8"))

    def _become(self, arguments: tuple[str, ...], streams: list[Path]) -> None:
        """Turn this copy of the process into the command; never returns."""
        code = 70
        try:
            for number, path in zip((1, 2), streams, strict=True):
                target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(target, number)
            for name in [n for n in os.environ if n.startswith("OBSERVATORY_")]:
                del os.environ[name]
            os.environ.update(self.env)
            os.chdir(self.folder)
            sys.argv = [str(SCRIPT), *arguments]
            runpy.run_path(str(SCRIPT), run_name="__main__")
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
