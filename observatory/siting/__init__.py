"""Where to build: the sites and places that close most of the gap, and second opinions."""
