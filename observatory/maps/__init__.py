"""What a map says, without a screen: the question, its classes, its words, its picture."""
