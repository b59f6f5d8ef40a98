"""Long seeded runs over many made-up cases; none is collected by pytest."""
