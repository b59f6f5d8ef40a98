"""Maps without a screen: measures, classes, specification, pictures."""
