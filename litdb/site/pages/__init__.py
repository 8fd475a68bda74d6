"""The pages of the site, each made from value types; the review desk shares the shell and the tables as they stood."""
