"""How a figure is made: its steps in words and numbers, each found again from what it adds up."""
