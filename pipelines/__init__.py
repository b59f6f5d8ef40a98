"""Build of a version: from published files to one complete, checked database."""
