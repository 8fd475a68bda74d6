"""What a paper takes from the catalogue, written down: macros, tables and figures it names, a lock with every value."""
