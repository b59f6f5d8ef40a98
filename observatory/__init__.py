"""Observatory of families' services: need, supply and what is missing, commune by commune.

Start with:

- ``territory``: which communes;
- ``sources``, ``download``: which published files, and how they come in;
- ``warehouse``: the published versions;
- ``gaps``: the questions people ask, as functions that return tables;
- ``export``, ``cli``, ``ui``: how the answers are shown.
"""
