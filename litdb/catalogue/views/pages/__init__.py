"""All models, papers and tables at once, each kind in a few queries: what pages on everything are made of."""
