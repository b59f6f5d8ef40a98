"""French writing: numbers, dates, spelling, spreadsheet cells."""
