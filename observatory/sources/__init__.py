"""Published files: the catalogue, where each is found, how it comes in."""
