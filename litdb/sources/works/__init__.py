"""Works that are not on arXiv: found by DOI or PMC id, and their open text, or where an open PDF lies."""
