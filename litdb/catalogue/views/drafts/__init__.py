"""What a check of a draft asks of the catalogue."""
