"""A client folder or workbook, read and checked."""
