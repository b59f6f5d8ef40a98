"""The open data of a version: its public tables, and their description for a harvester."""
