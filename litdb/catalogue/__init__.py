"""The catalogue: one database of papers, readings, decisions and results."""
