"""Drawings: models in a plane and over time, own runs against each other, conflicts, and who copied from whom."""
