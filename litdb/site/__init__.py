"""The catalogue in a browser: pages that open from disk, and a desk for review on this machine alone."""
