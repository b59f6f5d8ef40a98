"""What may come: children, supply and what lacks, five years on. A simulation, not a forecast."""
