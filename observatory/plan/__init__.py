"""The action plan of a territory: what was decided, by when, with what money, followed how."""
