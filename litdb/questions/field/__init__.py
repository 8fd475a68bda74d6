"""Questions about a field as a whole."""
