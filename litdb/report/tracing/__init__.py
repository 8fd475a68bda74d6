"""Quotations, letters and genealogies as text and figure."""
