"""The questions people ask, as functions that return tables."""
