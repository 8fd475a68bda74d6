"""LaTeX source to grids."""
