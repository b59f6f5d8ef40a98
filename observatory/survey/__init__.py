"""What residents answered: coarsened, weighed, and told in tables that expose nobody."""
