"""What the observatory knows before any figure: services, perimeters, law, privacy, norms."""
