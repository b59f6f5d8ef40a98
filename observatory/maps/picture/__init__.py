"""The map as a picture: marks, legend, overlay, SVG and PNG."""
