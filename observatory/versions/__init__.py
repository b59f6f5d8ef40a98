"""Published versions and what each says of itself."""
