"""The map component and what is asked around it."""
