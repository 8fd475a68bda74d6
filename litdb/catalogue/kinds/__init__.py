"""Kinds of decisions that are apart from those on results, and what all kinds share."""
