"""Questions about what is to be tried, and what was."""
