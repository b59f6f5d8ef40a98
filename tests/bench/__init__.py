"""Measurements, as ratios in one run: ``make bench`` prints them, no test depends on them."""
