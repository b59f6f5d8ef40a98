"""Fixtures by theme: the network, versions to question, the machine, screens."""

pytest_plugins = (
    "fixtures.network",
    "fixtures.versions",
    "fixtures.machine",
    "fixtures.screens",
)
