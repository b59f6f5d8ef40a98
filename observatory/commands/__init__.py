"""The command line: every Typer function and nothing else."""
