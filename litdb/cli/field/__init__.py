"""Commands on the field: its index, its surveys."""
