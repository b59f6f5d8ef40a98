"""What every page shares: the version served, roles, style, building blocks."""
