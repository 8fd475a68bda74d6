"""The verbs of the field: its index, surveys, families by approach."""
