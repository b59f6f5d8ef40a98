"""Published versions and their metadata."""
