"""The app's pages, one file each; they ask ``observatory`` and show, nothing else."""
