"""The parts of the page « Et si… »."""
