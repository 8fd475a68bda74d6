"""HTML, Markdown and JATS to grids."""
