"""The map as a document: one file that any browser opens, without any connection."""
