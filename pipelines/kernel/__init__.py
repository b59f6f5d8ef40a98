"""Accessible supply alone, as five SELECT statements that DuckDB and Spark read alike."""
