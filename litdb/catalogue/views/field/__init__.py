"""What people keep of their reading of a field: surveys and notes."""
