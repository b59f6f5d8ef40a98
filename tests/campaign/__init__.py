"""Long seeded runs over many made-up cases; not collected by pytest: ``python -m tests.campaign``."""
