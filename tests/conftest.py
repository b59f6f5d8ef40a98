"""Fixtures by theme: the network, versions to question, the machine, screens."""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = (
    "fixtures.network",
    "fixtures.versions",
    "fixtures.machine",
    "fixtures.screens",
)


# How long a case takes says how busy the machine is: no test fails of it.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# A worker lives for minutes and keeps most of what it makes: to look for the rest costs a tenth.
gc.set_threshold(200_000, 20, 20)

# A worker's main module has no file, as at a prompt: DuckDB would draw the progress of a long query
# on the standard output, where a test reads what a command printed.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: half of their time is waiting for a browser or a server."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that open a browser are spread among the others, which use the time it is waited for.

    The Makefile keeps xdist from putting them all at the end, where nothing is left to do beside.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = {f for f, held in files.items() if any(i.get_closest_marker("browser") for i in held)}
    place: dict[Path, float] = {}
    for kind in (waiting, files.keys() - waiting):
        ordered = [f for f in files if f in kind]
        place |= {f: (n + 0.5) / len(ordered) for n, f in enumerate(ordered)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """What stands for the whole run is looked at no more, however often garbage is collected."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """What stood is let go: whoever counts at the end what is left finds nothing."""
    gc.unfreeze()
