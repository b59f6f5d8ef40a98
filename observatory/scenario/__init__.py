"""What if: dated changes laid over a version, answered by its own SQL."""
