"""Drawings: what is loaded for them."""
