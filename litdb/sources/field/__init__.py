"""What arXiv lists of a field: records of papers from its listing (OAI-PMH) and from files of metadata."""
