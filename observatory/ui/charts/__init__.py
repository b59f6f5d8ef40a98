"""Charts in plain HTML, each with its figures in words."""
