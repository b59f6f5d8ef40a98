"""Pages of the app, one file each; they ask ``observatory`` and show, nothing else."""
