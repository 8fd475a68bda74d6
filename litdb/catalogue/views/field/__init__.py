"""What people keep of their reading of a field: surveys, families, notes and watches."""
