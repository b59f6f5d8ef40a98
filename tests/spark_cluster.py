"""A standalone Spark master and its workers, each a process of its own on this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = "127.0.0.1"
START_SECONDS = 300.0  # a busy machine starts Java slowly
SETTINGS = """
spark.executor.memory 1g
spark.executor.cores 1
spark.sql.shuffle.partitions 16
spark.eventLog.enabled true
spark.eventLog.rolling.enabled false
spark.eventLog.compress false
spark.ui.showConsoleProgress false
"""


@dataclass
class Cluster:
    """A master and its workers, and what the applications that ran on it noted of their events."""

    folder: Path
    port: int
    env: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def master(self) -> str:
        """The address that ``--master`` takes."""
        return f"spark://{HERE}:{self.port}"

    def start(self, name: str, *arguments: str) -> None:
        """Start a daemon in a session of its own, its words in a file."""
        spec = find_spec("pyspark")
        assert spec is not None
        assert spec.origin is not None
        launcher = Path(spec.origin).parent / "bin" / "spark-class"
        with (self.folder / f"{name}.log").open("wb") as said:
            started = subprocess.Popen(
                [launcher, *arguments],
                env=self.env,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.processes.append(started)

    def says(self, name: str) -> str:
        """What a daemon said so far."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def kill_worker(self, number: int) -> None:
        """Kill a worker and the executor that it started, as a machine that loses its power."""
        os.killpg(self.processes[1 + number].pid, signal.SIGKILL)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Events of that kind in the logs of the applications, as far as they are written."""
        found = []
        for path in (self.folder / "events").iterdir():
            for line in path.read_text(errors="replace").splitlines():
                with suppress(ValueError):  # the last line is being written
                    event = json.loads(line)
                    if event["Event"] == f"SparkListener{kind}":
                        found.append(event)
        return found

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command of the observatory with the settings of this cluster."""
        asked = [sys.executable, "-m", "observatory.commands.main", *arguments]
        return subprocess.Popen(
            asked, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Run a master and workers of one core each; end them all."""
    for name in ("events", "conf"):
        (folder / name).mkdir(parents=True)
    settings = f"{SETTINGS}spark.eventLog.dir {(folder / 'events').as_uri()}\n"
    (folder / "conf" / "spark-defaults.conf").write_text(settings)
    env = {
        **os.environ,
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_IP": HERE,
        "OBSERVATORY_CACHE_DIR": str(folder / "cache"),
    }
    ran = Cluster(folder, free_port(), env)
    deploy = "org.apache.spark.deploy"
    listen = ("--host", HERE, "--webui-port", "0")
    try:
        ran.start("master", f"{deploy}.master.Master", *listen, "--port", str(ran.port))
        wait_for(lambda: "I have been elected leader" in ran.says("master"))
        for n in range(workers):
            own = ("--work-dir", str(folder / f"work{n}"))
            at = (*listen, *own, "--cores", "1", "--memory", "1500m", ran.master)
            ran.start(f"worker{n}", f"{deploy}.worker.Worker", *at)
        wait_for(lambda: ran.says("master").count("Registering worker") == workers)
        yield ran
    finally:
        for process in reversed(ran.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(met: Callable[[], object], seconds: float = START_SECONDS) -> None:
    """Wait until something is so.

    Raises
    ------
    TimeoutError
        When it is not, in that time.
    """
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        return int(taken.getsockname()[1])
