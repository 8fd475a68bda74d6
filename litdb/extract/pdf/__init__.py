"""PDF to grids: what stands where on a page, the tables between their rules, cells from white space and rules."""
