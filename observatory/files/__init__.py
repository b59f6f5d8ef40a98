"""The gap table and its companions as files: CSV, workbook, layers, notes."""
