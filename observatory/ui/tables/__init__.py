"""Tables of figures on the pages, and their downloads."""
