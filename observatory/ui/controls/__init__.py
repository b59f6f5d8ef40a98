"""The rail: service, measure, need, date, commune."""
