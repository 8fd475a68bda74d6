"""Rows of a table beside one another: which stand in one group."""
