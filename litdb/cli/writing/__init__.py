"""Commands for a paper in progress and for who helps to write it."""
