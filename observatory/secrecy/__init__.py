"""What is masked and why, kept with the census, and the intruder who tries every version."""
