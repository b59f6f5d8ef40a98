"""The sheet of a commune, part by part."""
