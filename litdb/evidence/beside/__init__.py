"""Two printed numbers side by side, and what the way of scoring does to a number."""
