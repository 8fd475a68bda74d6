"""Evaluation: scoring files in parallel, summaries, comparisons, enhancing files."""
