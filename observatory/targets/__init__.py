"""The targets that a territory voted: a checked file beside its census."""
