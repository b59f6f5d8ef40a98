"""Fixtures by theme: the network, versions to question, the machine, screens."""

import os

pytest_plugins = (
    "fixtures.network",
    "fixtures.versions",
    "fixtures.machine",
    "fixtures.screens",
)


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: half of a worker's time is waiting for a browser, a server or a disk."""
    return 2 * (os.cpu_count() or 1)
