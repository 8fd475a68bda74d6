"""How a table is laid out: the plausible interpretations of a grid, and which of them is the best as a whole."""
