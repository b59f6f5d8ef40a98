"""The map component and the controls around it."""
