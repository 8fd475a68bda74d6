"""Catalogues as text and between catalogues: dump, load, merge, difference, check."""
