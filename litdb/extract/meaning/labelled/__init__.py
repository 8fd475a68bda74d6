"""The rows of a table: the model each is about, its kind, and what tells rows of one model apart."""
