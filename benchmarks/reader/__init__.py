"""Fitting and measuring the reader of tables: gold, changed copies, fit, scores."""
