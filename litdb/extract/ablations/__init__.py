"""Ablation tables: base rows, changed rows and what was changed."""
