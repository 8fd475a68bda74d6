"""Questions whose answer is the whole catalogue."""
