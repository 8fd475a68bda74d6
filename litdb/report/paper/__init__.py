"""A table as it is printed in a paper: sized for its column, cited, with the footnotes that a reader needs."""
