"""From published files to one complete, checked version (``refresh`` knows the order)."""
