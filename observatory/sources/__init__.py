"""Published files: the catalogue of sources, where each file is found, the download."""
